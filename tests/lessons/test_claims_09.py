"""What notebook 09 says in its text, beyond what its cells compare."""

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit

from course_utils import backbones, data, example_folder, findings, inspection, judging, records, sides
from course_utils.commands import your_pictures
from course_utils.similarity_measures import probe_gap
from tests.lessons.prose import NUMBERS, Text

says, readme_says = Text("09_your_pictures"), Text("README.md")


@pytest.fixture(scope="module")
def looks(tmp_path_factory):
    return inspection.look_at(example_folder.write(tmp_path_factory.mktemp("examples") / "flowers"), progress=False)


def test_the_folder_of_a_friend(looks):
    assert says("{} files in {} classes", len(looks), NUMBERS[len(example_folder.CLASSES)])
    assert says("{} bits", 8 * len(looks[0].hash))
    counts = {one.what: len(one.files) for one in findings.judge(looks, 64).findings}
    unread = [what for what in counts if what.startswith(("HEIC", "the file is empty", "damaged", "no known kind"))]
    copies = counts["are exact copies of another"]
    assert says("{} files cannot be read, {} are exact copies", NUMBERS[len(unread)], NUMBERS[copies])
    assert counts["were taken with a turned camera"] == 1
    assert says("one flower lies in two classes") and counts["look the same, but lie in two classes"] == 2
    assert says("You need at least {} pictures of each class", NUMBERS[sides.FEWEST])
    for drawn, _ in example_folder.CLASSES.values():
        assert ("pointed" in drawn, "round" in drawn) in {(True, False), (False, True)}
        assert ("pointed" in drawn) == ("striped" in drawn) and ("round" in drawn) == ("spotted" in drawn)


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
    assert says("the test says {:.0f} %, and the truth is {:.0f} %", tested, truth)
    assert says("said {:.0f} %, where the truth was {:.0f} %", tested, truth)
    by_slide, below = 100 * np.mean(found["slides"], 0)
    assert says("the test says {:.0f} %, much nearer", by_slide) and tested - truth > 5 * abs(by_slide - below)
    assert says("{:,} new slides", len(new))


def test_the_guide_is_nearest_to_the_flowers(looks):
    task = findings.read(findings.judge(looks, 64), 64, "flowers")
    guide, *others = (probe_gap(f"coursenet_{name}", task.train) for name in ("guide", "slides", "photos"))
    assert says("more than half of the errors are gone, with the other two fewer") and guide > 0.5 > max(others)
    assert says("with about forty pictures set aside") and 38 <= len(data.split(task.train, 0.25, 0)[1]) <= 42
    model = backbones.attach_head(backbones.load("coursenet_guide"), 4)
    found = judging.grad_cam(model, backbones.preprocess("coursenet_guide", task.test.images[:1]), 0)
    assert says("has {} x {} places", *found.shape)


def test_the_readme_shows_what_was_recorded():
    assert your_pictures.table() in readme_says.source
    assert {(row["n_samples"], row["n_test"]) for row in records.read(your_pictures.FILE)} == {("400", "400")}


def test_an_accuracy_can_hide_a_class():
    labels = np.repeat([0, 1], [95, 5])
    judged = judging.judged(np.tile([1.0, 0.0], (100, 1)), labels, ("cat", "dog"))
    assert (judged.accuracy, judged.majority, judged.balanced) == (0.95, 0.95, 0.5)
    assert says('says "cat" has an accuracy of {:.0f} %', 100 * judged.accuracy)
