"""What notebook 09 says in its text, beyond what its cells compare."""

import json

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit

from course_utils import ROOT, backbones, data, example_folder, findings, inspection, judging, records, sides
from course_utils.commands import your_pictures
from course_utils.similarity_measures import probe_gap

CELLS = json.loads((ROOT / "notebooks" / "09_your_pictures.ipynb").read_text(encoding="utf-8"))["cells"]
SENTENCES = " ".join(" ".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown").split())


@pytest.fixture(scope="module")
def looks(tmp_path_factory):
    return inspection.look_at(example_folder.write(tmp_path_factory.mktemp("examples") / "flowers"), progress=False)


def test_the_folder_of_a_friend(looks):
    assert f"{len(looks)} files in four classes" in SENTENCES and len(example_folder.CLASSES) == 4
    assert f"{8 * len(looks[0].hash)} bits" in SENTENCES
    counts = {one.what: len(one.files) for one in findings.judge(looks, 64).findings}
    unread = [what for what in counts if what.startswith(("HEIC", "the file is empty", "damaged", "no known kind"))]
    assert len(unread) == 4 and "four files cannot be read, three are exact copies" in SENTENCES
    assert counts["are exact copies of another"] == 3 and counts["were taken with a turned camera"] == 1
    assert counts["look the same, but lie in two classes"] == 2 and "one flower lies in two classes" in SENTENCES
    assert "You need at least six pictures of each class" in SENTENCES and sides.FEWEST == 6
    drawn = dict(example_folder.CLASSES.values())
    assert all(
        ("pointed" in name) == ("striped" in name) and ("round" in name) == ("spotted" in name) for name in drawn
    )
    assert "All pointed ones are striped, and all round ones are spotted" in SENTENCES


def test_pictures_divided_at_random_leak():
    biopsy = data.task("biopsy")
    few = data.sample(biopsy.train, 80, seed=0)
    turn = keras.Sequential([keras.layers.RandomRotation(0.02, seed=0), keras.layers.RandomBrightness(0.05, seed=0)])
    images = np.concatenate([np.asarray(turn(few.images.astype("float32"), training=True)) for _ in range(4)])
    labels, groups = np.tile(few.labels, 4), np.tile(np.arange(80), 4)
    pooled = keras.Sequential([backbones.load("coursenet_photos"), keras.layers.GlobalAveragePooling2D()])
    features, new = (
        pooled.predict(backbones.preprocess("coursenet_photos", one), verbose=0) for one in (images, biopsy.test.images)
    )
    found = {}
    for name, together in {"random": np.arange(320), "slides": groups}.items():
        for train, test in GroupShuffleSplit(10, test_size=0.25, random_state=0).split(features, labels, together):
            learned = LogisticRegression(max_iter=1000).fit(features[train], labels[train])
            scores = learned.score(features[test], labels[test]), learned.score(new, biopsy.test.labels)
            found.setdefault(name, []).append(scores)
    tested, truth = 100 * np.mean(found["random"], 0)
    assert f"the test says {tested:.0f} %, and the truth is {truth:.0f} %" in SENTENCES
    assert f"said {tested:.0f} %, where the truth was {truth:.0f} %" in SENTENCES
    by_slide, below = 100 * np.mean(found["slides"], 0)
    assert f"the test says {by_slide:.0f} %, much nearer" in SENTENCES
    assert tested - truth > 5 * abs(by_slide - below) and f"{len(new):,} new slides" in SENTENCES


def test_the_guide_is_nearest_to_the_flowers(looks):
    task = findings.read(findings.judge(looks, 64), 64, "flowers")
    guide, *others = (probe_gap(f"coursenet_{name}", task.train) for name in ("guide", "slides", "photos"))
    assert guide > 0.5 > max(others) and "more than half of the errors are gone, with the other two fewer" in SENTENCES
    assert 38 <= len(data.split(task.train, 0.25, 0)[1]) <= 42 and "with about forty pictures set aside" in SENTENCES
    model = backbones.attach_head(backbones.load("coursenet_guide"), 4)
    found = judging.grad_cam(model, backbones.preprocess("coursenet_guide", task.test.images[:1]), 0)
    assert found.shape == (4, 4) and "has 4 x 4 places" in SENTENCES


def test_the_readme_shows_what_was_recorded():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert your_pictures.table() in readme
    assert {(row["n_samples"], row["n_test"]) for row in records.read(your_pictures.FILE)} == {("400", "400")}


def test_an_accuracy_can_hide_a_class():
    labels = np.repeat([0, 1], [95, 5])
    judged = judging.judged(np.tile([1.0, 0.0], (100, 1)), labels, ("cat", "dog"))
    assert (judged.accuracy, judged.majority, judged.balanced) == (0.95, 0.95, 0.5)
    assert 'says "cat" has an accuracy of 95 %' in SENTENCES
