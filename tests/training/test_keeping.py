"""A network is kept in one file that Keras itself opens, with its preprocessing and all that is known of it."""

import json
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from course_utils import ROOT, backbones, keeping, kept_files, metrics, records
from course_utils.cards import CourseError
from course_utils.commands import predict
from course_utils.quiet import keras


@pytest.fixture(scope="module")
def kept(head_trained, garden, tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "꽃 garden.keras"
    card = keeping.keep(head_trained, garden.class_names, path, n_test=1024, folder="my flowers")
    assert card == path.with_suffix(".md")
    return path


@pytest.mark.parametrize("name", ["coursenet_guide", "MobileNetV2", "DenseNet121", "VGG16", "EfficientNetB0"])
def test_preprocessing_is_in_the_file(name):
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    found = np.asarray(keeping._preprocessing(name)(images.astype("float32")))
    assert np.allclose(found, backbones.preprocess(name, images), atol=1e-3)
    assert not keeping._preprocessing(name).trainable_weights


def test_keras_opens_it_without_the_course_and_the_command_names_its_pictures(head_trained, kept, garden, tmp_path):
    paths = [tmp_path / f"꽃 {number}.png" for number in range(3)]
    for path, image in zip(paths, garden.test.images, strict=False):
        Image.fromarray(image).save(path)
    np.save(tmp_path / "pictures.npy", garden.test.images[:3])
    code = f"""
import keras, numpy, runpy, sys
model = keras.saving.load_model({str(kept)!r})
print(model.predict(numpy.load({str(tmp_path / "pictures.npy")!r}), verbose=0).tolist())
assert not any("course_utils" in name for name in sys.modules)
sys.argv = ["predict", {str(kept)!r}, *{[*map(str, paths)]}]
runpy.run_module("course_utils.commands.predict", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    shares, *said = done.stdout.splitlines()
    logits = head_trained.model.predict(backbones.preprocess("coursenet_guide", garden.test.images[:3]), verbose=0)
    assert np.allclose(json.loads(shares), np.exp(logits) / np.exp(logits).sum(1, keepdims=True), atol=1e-4)
    loaded = keeping.load(kept)
    assert loaded.class_names == garden.class_names and loaded.facts["n_samples"] == 64
    for path, row, line, named in zip(paths, json.loads(shares), said, loaded.predict(paths), strict=True):
        assert named == pytest.approx(dict(zip(garden.class_names, row, strict=True)), abs=1e-4)
        assert list(named.values()) == sorted(named.values(), reverse=True)
        best, second, *_ = named.items()
        assert line.startswith(f"{path}: {best[0]} {best[1]:.0%}, {second[0]} {second[1]:.0%}, ")
    with zipfile.ZipFile(kept) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]
    for places, words in (([], "Expected one picture or more"), (["gone.png"], "Found none. Check the path")):
        with pytest.raises(CourseError, match=words):
            loaded.predict(places)


def test_the_card_says_what_it_is(head_trained, kept):
    card = kept.with_suffix(".md").read_text(encoding="utf-8")
    low, high = metrics.share_interval(head_trained.test_accuracy, 1024)
    right = f"{head_trained.test_accuracy:.1%} of 1,024 test pictures (95 % interval {low:.1%} to {high:.1%})"
    assert {
        "# garden",
        f"- **Right:** {right}. It was not trained on these.",
        "- **Trained on:** 64 pictures of 64 x 64 pixels.",
        f"- **How:** {head_trained.strategy}; coursenet_guide, which had learned {head_trained.source}; frozen: all; "
        "learning rate 0.03, 20 epochs.",
        f"- **Made:** {date.today()}, with {records.versions()}.",
        "- **Folder:** my flowers",
    } <= set(card.splitlines())
    assert "Names one of 8 classes" in card and "None" not in card and card.count("**") % 2 == 0


def test_a_name_taken_in_the_meantime_stays_theirs(head_trained, garden, tmp_path, monkeypatch):
    path = tmp_path / "network.keras"

    def save_model(model, part):
        Path(part).touch()
        (tmp_path / "network.md").write_text("theirs")

    monkeypatch.setattr(keras.saving, "save_model", save_model)
    with pytest.raises(CourseError, match=r"network.md is there already.*replace=True"):
        keeping.keep(head_trained, garden.class_names, path)
    assert [file.name for file in tmp_path.iterdir()] == ["network.md"]
    assert (tmp_path / "network.md").read_text() == "theirs"


def test_another_is_replaced_when_asked_with_facts_of_any_kind(head_trained, garden, tmp_path):
    path = tmp_path / "new" / "network.keras"
    facts = {"folder": tmp_path, "day": date(2026, 1, 2), "n_test": np.int64(1024), "least": np.float32(0.5)}
    for owner in ("Ada", "Ben"):
        keeping.keep(head_trained, np.array(garden.class_names), path, replace=True, owner=owner, **facts)
    assert sorted(file.name for file in path.parent.iterdir()) == ["network.keras", "network.md"]
    wanted = {"folder": str(tmp_path), "day": "2026-01-02", "n_test": 1024, "least": 0.5, "owner": "Ben"}
    assert keeping.load(path).facts.items() >= wanted.items()
    assert "- **Owner:** Ben" in path.with_suffix(".md").read_text(encoding="utf-8").splitlines()


def test_nothing_is_left_of_what_cannot_be_kept(head_trained, kept, garden, tmp_path, monkeypatch):
    path, names = tmp_path / "network.keras", garden.class_names
    less = SimpleNamespace(**{name: value for name, value in vars(head_trained).items() if name != "test_accuracy"})
    for one, some, place, facts, words in (
        (head_trained, names, kept, {}, "is there already"),
        (head_trained, names, tmp_path / "network.h5", {}, "ends in .keras"),
        (head_trained, names[:7], path, {}, "Expected 8 different names.*Received 7"),
        (head_trained, ["a"] * 8, path, {}, "Expected 8 different names"),
        (less, names, path, {}, "missing.*test_accuracy"),
        (head_trained, names, path, {"n_test": "many"}, "of another kind"),
    ):
        with pytest.raises(CourseError, match=words):
            keeping.keep(one, some, place, **facts)
        assert not list(tmp_path.iterdir())

    def interrupted(model, part):
        Path(part).touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(keras.saving, "save_model", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeping.keep(head_trained, names, path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="folder that can be written to"):
        keeping.keep(head_trained, names, tmp_path / "file" / "more" / "network.keras")


def _changed(kept, path, member, change):
    """Write a kept network once more, with one member changed."""
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name).decode()) if name == member else old.read(name))
    return path


@pytest.fixture
def unsafe(head_trained, garden, tmp_path):
    """Keep a network with a layer that holds code."""
    doubled = keras.Sequential([head_trained.model, keras.layers.Lambda(lambda x: 2 * x)])
    keeping.keep(replace(head_trained, model=doubled), garden.class_names, tmp_path / "unsafe.keras")
    return tmp_path / "unsafe.keras"


def test_files_that_are_not_trusted(head_trained, kept, unsafe, tmp_path):
    cut, text, other = (tmp_path / f"{name}.keras" for name in ("cut", "text", "other"))
    cut.write_bytes(kept.read_bytes()[:-2000])
    text.write_text("hello")
    head_trained.model.save(other)
    wrong = dict.fromkeys((cut, text), "is damaged, or of another kind")
    wrong |= {other: "without the course's facts", unsafe: "has others: Lambda", tmp_path / "gone.keras": "Found none"}
    for number, facts in enumerate(('{"class_names": ["a"]}', '{"class_names": [1, 2, 3, 4, 5, 6, 7, 8]}', "{}", "[]")):
        path = _changed(kept, tmp_path / f"facts {number}.keras", kept_files.FACTS, lambda _, facts=facts: facts)
        wrong[path] = "without the course's facts" if number else "Expected 8 different names"
    for path, words in wrong.items():
        with pytest.raises(CourseError, match=words):
            keeping.load(path)


def _load_unsafely(path):
    """Load a kept network in a thread of its own, for which Keras's safe mode is switched off, as some tutorials do."""

    def load():
        keras.config.enable_unsafe_deserialization()
        return keeping.load(path)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(load).result()


def _activated(part):
    """Return a change of a network's description: a part of Keras, or of others, as its first linear activation."""
    return lambda config: config.replace('"activation": "linear"', f'"activation": {json.dumps(part)}', 1)


def test_code_is_refused_though_safe_mode_is_off(kept, unsafe, garden, tmp_path):
    part = {"class_name": "__lambda__", "config": {"value": ["4wE=", None, None]}}
    function = _changed(kept, tmp_path / "function.keras", "config.json", _activated(part))
    for path in (unsafe, function):
        with pytest.raises(CourseError, match="network made of known layers alone"):
            _load_unsafely(path)
    assert _load_unsafely(kept).class_names == garden.class_names


ATTACKS = {
    "os.function": {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"},
    "function": {"module": "keras.utils", "class_name": "function", "config": "get_file"},
    "TFSMLayer": {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "other"}},
    "evil.Dense": {"module": "evil", "class_name": "Dense", "config": {}},
}


@pytest.mark.parametrize("name", ATTACKS)
def test_only_known_parts_of_keras_are_opened(kept, tmp_path, monkeypatch, name):
    monkeypatch.setattr(keras.saving, "load_model", lambda *_, **__: pytest.fail("it was opened"))
    path = _changed(kept, tmp_path / "attack.keras", "config.json", _activated(ATTACKS[name]))
    with pytest.raises(CourseError, match=f"has others: {re.escape(name)}. Such parts could hold code"):
        keeping.load(path)


def test_a_folder_with_some_that_cannot_be_read(kept, garden, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "my pictures"
    (folder / "more").mkdir(parents=True)
    for number in (2, 1):
        Image.fromarray(garden.test.images[number]).save(folder / f"{number}.png")
    for name in ("0 broken.jpg", "phone.HEIC", "notes.txt", ".hidden.png"):
        (folder / name).write_text("no picture")
    monkeypatch.setattr(sys, "argv", ["predict", str(kept), str(folder), "gone.png"])
    predict.main()
    said = capsys.readouterr()
    assert [line.split(":")[0] for line in said.out.splitlines()] == [str(folder / f"{n}.png") for n in (1, 2)]
    for name, line in zip(("0 broken.jpg", "phone.HEIC", "gone.png"), said.err.splitlines(), strict=True):
        assert name in line
    for places, words in (([folder / "0 broken.jpg", "gone.png"], "0 broken.jpg"), ([folder / "more"], "Found none")):
        monkeypatch.setattr(sys, "argv", ["predict", str(kept), *map(str, places)])
        with pytest.raises(SystemExit, match="^1$"):
            predict.main()
        said = capsys.readouterr()
        assert not said.out and words in said.err.splitlines()[0]
