"""The folder that stands in for the learner's, and what is done with it in notebook 09."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import data, example_folder, findings, inspection, judging, strategies, training, widgets
from course_utils.cards import CourseError, Pictures
from course_utils.widgets import own_pictures
from tests.show.conftest import uploaded


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
    assert widgets.odd_files(replace(plan, findings=[])).children[0].value == "No file is odd."


def test_patients_with_pictures_of_all_classes_stay_on_one_side_of_every_split():
    rng = np.random.default_rng(0)
    groups, labels = rng.integers(0, 30, 240), rng.integers(0, 3, 240)
    train = Pictures(np.zeros((240, 1, 1, 3), np.uint8), labels, groups)
    for seed in range(8):
        kept, aside = data.split(data.sample(train, len(train), seed), 0.25, seed)
        assert not set(kept.groups.tolist()) & set(aside.groups.tolist())
        assert len(kept) + len(aside) == len(train) and 0.2 < len(aside) / len(train) < 0.4


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


def test_pictures_are_put_into_the_folder_of_their_class(tmp_path):
    box = widgets.bring_pictures(tmp_path / "mine")
    name, upload, answer = box.children
    upload.value = (uploaded("a.png"),)
    assert "Expected the name of a class" in answer.value and not (tmp_path / "mine").exists()
    name.value = " 고양이 "
    upload.value = (uploaded("a.png"), uploaded("../b.png"), uploaded("C:\\c.png"), uploaded(".d.png"))
    assert "4 of 고양이" in answer.value and upload.value == ()
    assert {path.name for path in (tmp_path / "mine" / "고양이").iterdir()} == {"a.png", "b.png", "c.png", "d.png"}


def test_nothing_is_replaced(tmp_path):
    own_pictures.added(tmp_path, "cats", [uploaded("a.png")])
    own_pictures.added(tmp_path, "cats", [uploaded("a.png"), uploaded("a.png", "blue")])
    colours = {path.name: Image.open(path).getpixel((0, 0)) for path in (tmp_path / "cats").iterdir()}
    assert colours == {"a.png": (255, 0, 0), "a 2.png": (0, 0, 255)}
    for name in ("", "..", *(f"a{sign}b" for sign in '/\\:*?"<>|')):
        with pytest.raises(CourseError, match="Expected the name of a class"):
            own_pictures.added(tmp_path, name, [uploaded("a.png")])


def test_odd_files_are_shown_as_they_will_be_read(tmp_path, monkeypatch):
    Image.new("LA", (40, 40), (0, 0)).save(tmp_path / "clear.png")
    assert own_pictures._thumbnail(tmp_path / "clear.png").min() == 255
    (tmp_path / "film.mov").write_bytes(b"x")
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} may be large"))
    assert (own_pictures._thumbnail(tmp_path / "film.mov") == own_pictures._GREY).all()


def test_two_kernels_write_the_example_at_once(tmp_path, monkeypatch):
    def exists(path, real=Path.exists):
        found = real(path)
        time.sleep(0.1 if path.name == "flowers" else 0)  # time for another one to come between
        return found

    monkeypatch.setattr(Path, "exists", exists)
    with ThreadPoolExecutor(2) as kernels:
        places = list(kernels.map(example_folder.write, [tmp_path / "flowers"] * 2))
    assert set(places) == {tmp_path / "flowers"} and len(inspection.look_at(places[0], progress=False)) == 227
    assert {path.name for path in tmp_path.iterdir()} == {"flowers", "flowers.lock"}


def test_petal_numbers_are_confused_more_than_shapes(plan):
    task = findings.read(plan, 64, "flowers")
    how = {"learning_rate": 0.008, "epochs": 30, "progress": False}
    run = training.train(strategies.find(3), "coursenet_guide", task, len(task.train), **how)
    shape = np.array([name.split()[1] for name in task.class_names])
    same = shape[:, None] == shape
    wrong = judging.judge(run, task).confusion * ~np.eye(len(shape), dtype=bool)
    assert wrong[same].sum() > wrong[~same].sum()
