"""The folder that stands in for the learner's, and the widgets of notebook 09."""

import datetime
import io
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import escape
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

from course_utils import data, example_folder, findings, inspection, judging, strategies, training, widgets
from course_utils.cards import CourseError, Pictures, Task
from course_utils.widgets import own_pictures

matplotlib.use("Agg")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return example_folder.write(tmp_path_factory.mktemp("examples") / "flowers")


@pytest.fixture(scope="module")
def plan(folder):
    return findings.judge(inspection.look_at(folder, progress=False), 64)


def test_whatever_goes_wrong_in_folders_is_in_the_example(plan):
    counts = {one.what: len(one.files) for one in plan.findings}
    assert sum(count for what, count in counts.items() if "look the same, but lie in two classes" in what) == 2
    words = ("HEIC", "empty", "truncated", "no known kind", "below 16", "exact copies", "look like another")
    words += ("another format", "turned camera", "not plain RGB", "unequal size")
    assert not [word for word in words if not any(word in what for what in counts)]
    task = findings.read(plan, 64, "flowers")
    assert task.class_names == tuple(example_folder.CLASSES)
    assert len(task.train) + len(task.test) == len(plan.kept) > 200


def test_what_will_be_read_is_said_before(plan):
    task = findings.read(plan, 64, "flowers")
    says = plan.overview()
    assert f"{len(plan.kept)} pictures" in says and "six round 20" in says and "64 to 64 pixels" in says
    assert f"{len(task.test)} of them are the test" in says and f"; {len(task.train)} are there" in says
    assert len(plan.test_files) == len(task.test)
    assert replace(plan, findings=[]).table() == "Nothing is odd."


def test_copies_stay_on_one_side_of_every_split(plan):
    train = findings.read(plan, 64, "flowers").train
    assert len(set(train.groups.tolist())) < len(train)
    for seed in range(8):
        kept, aside = data.split(data.sample(train, len(train), seed), 0.25, seed)
        assert not set(kept.groups.tolist()) & set(aside.groups.tolist())
        assert len(kept) + len(aside) == len(train) and 0.24 < len(aside) / len(train) < 0.3


def test_groups_of_several_classes_stay_whole():
    rng = np.random.default_rng(0)
    groups, labels = rng.integers(0, 30, 240), rng.integers(0, 3, 240)  # thirty patients, each with all three classes
    pictures = Pictures(np.zeros((240, 1, 1, 3), np.uint8), labels, groups)
    for seed in range(8):
        kept, aside = data.split(pictures, 0.25, seed)
        assert not set(kept.groups.tolist()) & set(aside.groups.tolist())
        assert len(kept) + len(aside) == 240 and 0.2 < len(aside) / 240 < 0.4


def test_what_belongs_together_can_be_told(folder):
    looks = inspection.look_at(folder, progress=False)
    fours = findings.judge(looks, 64, together=lambda path: int(path.stem[6:8]) // 4)  # "photo 00" to "photo 03"
    names = np.array([int(look.path.stem[6:8]) // 4 for look in fours.kept])
    assert not set(names[fours.aside]) & set(names[~fours.aside]) and 0.1 < fours.aside.mean() < 0.4
    assert len(set(fours.groups.tolist())) <= len(set(names.tolist())) < 20


def test_classes_that_look_alike_can_be_told_apart(tmp_path):
    rng, scene = np.random.default_rng(0), np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    for name in ("whole", "cracked"):  # one scene, and little in it differs
        (tmp_path / name).mkdir()
        for number in range(8):
            image = scene.copy()
            image[:4, :4] = rng.integers(0, 255, (4, 4, 3))
            Image.fromarray(image).save(tmp_path / name / f"{number}.png")
    looks = inspection.look_at(tmp_path, progress=False)
    with pytest.raises(CourseError, match="lie in two classes: 16.*alike=False"):
        findings.judge(looks, 64)
    assert len(findings.judge(looks, 64, alike=False).kept) == 16


def test_the_example_is_written_anew(folder):
    (folder / "mine.txt").touch()
    before = {path.name: path.read_bytes() for path in folder.rglob("*.png")}
    assert example_folder.write(folder) == folder and not (folder / "mine.txt").exists()
    assert {path.name: path.read_bytes() for path in folder.rglob("*.png")} == before


def uploaded(name, color="red"):
    content = io.BytesIO()
    Image.new("RGB", (80, 80), color).save(content, "PNG")
    content = memoryview(content.getvalue())
    changed = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return {"name": name, "type": "image/png", "size": len(content), "content": content, "last_modified": changed}


def test_pictures_are_put_into_the_folder_of_their_class(tmp_path):
    box = widgets.bring_pictures(tmp_path / "mine")
    name, upload, answer = box.children
    upload.value = (uploaded("a.png"),)
    assert "Expected the name of a class" in answer.value and not (tmp_path / "mine").exists()
    name.value = " 고양이 "
    upload.value = (uploaded("a.png"), uploaded("../b.png"), uploaded("C:\\c.png"), uploaded(".d.png"))
    assert "4 of 고양이" in answer.value and upload.value == ()
    assert {path.name for path in (tmp_path / "mine" / "고양이").iterdir()} == {"a.png", "b.png", "c.png", "d.png"}
    name.value = "dogs"
    upload.value = (uploaded("a.png"),)
    assert "1 of dogs" in answer.value


def test_nothing_is_replaced(tmp_path):
    own_pictures.added(tmp_path, "cats", [uploaded("a.png")])
    own_pictures.added(tmp_path, "cats", [uploaded("a.png"), uploaded("a.png", "blue")])
    assert {path.name for path in (tmp_path / "cats").iterdir()} == {"a.png", "a 2.png"}
    for name in ("", "..", "a/b", "a\\b"):
        with pytest.raises(CourseError, match="Expected the name of a class"):
            own_pictures.added(tmp_path, name, [uploaded("a.png")])


def drawn(box):
    """Return the titles and pictures in the figure of a widget."""
    titles = [ax.get_title() or ax.get_title("left") for ax in box.figure.axes]
    images = [[image.get_array().tobytes() for image in ax.images] for ax in box.figure.axes]
    return [(title, *shown) for title, shown in zip(titles, images, strict=True)]


def test_odd_files_can_be_looked_at(plan):
    box = widgets.odd_files(plan)
    chosen = box.children[0]
    seen = {}
    for label, one in chosen.options.items():
        chosen.value = one
        seen[label] = drawn(box)
        assert sum(bool(title) for title, *_ in seen[label]) == min(len(one.paths), own_pictures.SHOWN)
        assert one.files[0] in box.children[-1].value
        assert f'alt="Finding: {escape(one.what)}. ' in box.children[-1].value
    assert max(Counter(map(str, seen.values())).values()) == 1
    assert widgets.odd_files(replace(plan, findings=[])).children[0].value == "No file is odd."


def test_odd_files_are_shown_as_they_will_be_read(tmp_path, monkeypatch):
    Image.new("LA", (40, 40), (0, 0)).save(tmp_path / "clear.png")
    assert own_pictures._thumbnail(tmp_path / "clear.png").min() == 255
    assert (own_pictures._thumbnail(tmp_path / "gone.png") == own_pictures._GREY).all()
    (tmp_path / "film.mov").write_bytes(b"x")
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} may be large"))
    assert (own_pictures._thumbnail(tmp_path / "film.mov") == own_pictures._GREY).all()


def test_two_kernels_write_the_example_at_once(tmp_path, monkeypatch):
    def exists(path, real=Path.exists):
        found = real(path)
        time.sleep(0.1 if path.name == "flowers" else 0)  # time for another one to come between
        return found

    monkeypatch.setattr(Path, "exists", exists)
    with ThreadPoolExecutor(4) as kernels:
        places = list(kernels.map(example_folder.write, [tmp_path / "flowers"] * 4))
    assert set(places) == {tmp_path / "flowers"} and len(inspection.look_at(places[0], progress=False)) == 227
    assert {path.name for path in tmp_path.iterdir()} == {"flowers", "flowers.lock"}


@pytest.fixture(scope="module")
def trained(plan):
    task = findings.read(plan, 64, "flowers")
    run = training.train(
        strategies.find(3), "coursenet_guide", task, len(task.train), learning_rate=0.008, epochs=30, progress=False
    )
    return run, task


def test_where_a_network_looks(trained):
    run, task = trained
    box = widgets.where_it_looks(run, Task(task.name, task.class_names, task.train, task.test))
    number, upload, use, name = box.children[:4]
    states = [drawn(box)]
    for control, value in ((number, 3), (name, "six round"), (name, "five pointed")):
        control.value = value
        states.append(drawn(box))
    assert all(first != second for first, second in zip(states, states[1:], strict=False))
    upload.value = (uploaded("mine.png"),)
    assert use.value == "your own" and drawn(box) != states[-1]
    assert "it is:" not in drawn(box)[0][0]


def test_petal_numbers_are_confused_more_than_shapes(trained):
    run, task = trained
    judged = judging.judge(run, task)
    shape = np.array([name.split()[1] for name in task.class_names])
    same = shape[:, None] == shape
    wrong = judged.confusion * ~np.eye(len(shape), dtype=bool)
    assert wrong[same].sum() > wrong[~same].sum()
