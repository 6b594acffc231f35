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

from course_utils import ROOT, backbones, data, keeping, kept_files, metrics, strategies, training
from course_utils.cards import CourseError
from course_utils.quiet import keras

CONVENTIONS = ("coursenet_guide", "MobileNetV2", "DenseNet121", "VGG16", "EfficientNetB0")


@pytest.fixture(scope="module")
def garden():
    return data.task("garden")


@pytest.fixture(scope="module")
def run(garden):
    settings = {"learning_rate": 0.032, "epochs": 20, "progress": False}
    return training.train(strategies.find(3), "coursenet_guide", garden, 64, **settings)


@pytest.fixture(scope="module")
def kept(run, garden, tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "꽃 garden.keras"
    keeping.keep(run, garden.class_names, path, n_test=1024, folder="my flowers")
    return path


def test_the_same_answers_from_pixels(run, kept, garden):
    inputs = backbones.preprocess("coursenet_guide", garden.test.images[:32])
    logits = run.model.predict(inputs, verbose=0)
    shares = keeping.load(kept).model.predict(garden.test.images[:32], verbose=0)
    assert np.allclose(shares, np.exp(logits) / np.exp(logits).sum(1, keepdims=True), atol=1e-4)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_preprocessing_is_in_the_file(name):
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    found = np.asarray(keeping._preprocessing(name)(images.astype("float32")))
    assert np.allclose(found, backbones.preprocess(name, images), atol=1e-3)
    assert not keeping._preprocessing(name).trainable_weights


def test_keras_opens_it_without_the_course(kept, garden, tmp_path):
    np.save(tmp_path / "picture.npy", garden.test.images[:1])
    code = (
        "import sys, keras, numpy as np\n"
        f"model = keras.saving.load_model({str(kept)!r})\n"
        f"print(model.predict(np.load({str(tmp_path / 'picture.npy')!r}), verbose=0).sum())\n"
        "assert not any('course_utils' in name for name in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and float(done.stdout) == pytest.approx(1, abs=1e-4), done.stderr
    with zipfile.ZipFile(kept) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]


def test_pictures_are_named(kept, garden, tmp_path):
    for number in range(3):
        Image.fromarray(garden.test.images[number]).resize((200, 200)).save(tmp_path / f"꽃 {number}.png")
    loaded = keeping.load(kept)
    named = loaded.predict(sorted(tmp_path.glob("*.png")))
    assert loaded.class_names == garden.class_names and loaded.facts["n_samples"] == 64
    assert all(list(shares.values()) == sorted(shares.values(), reverse=True) for shares in named)
    assert all(sum(shares.values()) == pytest.approx(1, abs=1e-4) for shares in named)
    command = [sys.executable, "-m", "course_utils.commands.predict", kept, tmp_path / "꽃 0.png"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, encoding="utf-8")
    best = next(iter(named[0]))
    assert done.returncode == 0 and f"꽃 0.png: {best} " in done.stdout
    missing = subprocess.run([*command[:-1], "gone.png"], capture_output=True, text=True, cwd=ROOT)
    assert missing.returncode == 1 and missing.stderr.strip().endswith("Found none. Check the path.")


def test_the_card_says_what_it_is(run, kept):
    card = kept.with_suffix(".md").read_text(encoding="utf-8")
    low, high = metrics.share_interval(run.test_accuracy, 1024)
    assert f"{run.test_accuracy:.1%} of 1,024 test pictures (95 % interval {low:.1%} to {high:.1%})" in card
    for words in (
        "# garden",
        "Names one of 8 classes",
        "64 pictures of 64 x 64",
        "- **Folder:** my flowers",
        "keras 3",
    ):
        assert words in card
    assert "None" not in card and card.count("**") % 2 == 0


def test_nothing_is_overwritten(run, kept, garden, tmp_path):
    with pytest.raises(CourseError, match="is there already"):
        keeping.keep(run, garden.class_names, kept)
    with pytest.raises(CourseError, match="ends in .keras"):
        keeping.keep(run, garden.class_names, tmp_path / "network.h5")
    assert not list(tmp_path.iterdir())


def test_a_name_taken_in_the_meantime_stays_theirs(run, garden, tmp_path, monkeypatch):
    path = tmp_path / "network.keras"

    def save_model(model, part):
        Path(part).touch()
        (tmp_path / "network.md").write_text("theirs")

    monkeypatch.setattr(keras.saving, "save_model", save_model)
    with pytest.raises(CourseError, match=r"network.md is there already.*replace=True"):
        keeping.keep(run, garden.class_names, path)
    assert [file.name for file in tmp_path.iterdir()] == ["network.md"]
    assert (tmp_path / "network.md").read_text() == "theirs"


def test_another_is_replaced_when_asked(run, kept, garden, tmp_path):
    path = tmp_path / "new" / "network.keras"
    for owner in ("Ada", "Ben"):
        keeping.keep(run, garden.class_names, path, replace=True, owner=owner)
    assert sorted(file.name for file in path.parent.iterdir()) == ["network.keras", "network.md"]
    assert keeping.load(path).facts["owner"] == "Ben" and "Ben" in path.with_suffix(".md").read_text(encoding="utf-8")


def test_facts_of_any_kind(run, garden, tmp_path):
    facts = {"folder": tmp_path, "day": date(2026, 1, 2), "n_test": np.int64(1024), "least": np.float32(0.5)}
    keeping.keep(run, np.array(garden.class_names), tmp_path / "network.keras", **facts)
    wanted = {"folder": str(tmp_path), "day": "2026-01-02", "n_test": 1024, "least": 0.5}
    found = keeping.load(tmp_path / "network.keras").facts
    assert {name: found[name] for name in wanted} == wanted


def test_nothing_is_left_of_what_cannot_be_kept(run, garden, tmp_path, monkeypatch):
    path, names = tmp_path / "network.keras", garden.class_names
    less = SimpleNamespace(**{name: value for name, value in vars(run).items() if name != "test_accuracy"})
    for one, some, facts, words in (
        (run, names[:7], {}, "Expected 8 different names.*Received 7"),
        (run, ["a"] * 8, {}, "Expected 8 different names"),
        (less, names, {}, "missing.*test_accuracy"),
        (run, names, {"n_test": "many"}, "of another kind"),
    ):
        with pytest.raises(CourseError, match=words):
            keeping.keep(one, some, path, **facts)
        assert not list(tmp_path.iterdir())

    def interrupted(model, part):
        Path(part).touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(keras.saving, "save_model", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeping.keep(run, names, path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="folder that can be written to"):
        keeping.keep(run, names, tmp_path / "file" / "more" / "network.keras")


def _changed(kept, path, member, content):
    """Write a kept network once more, with another content of one member."""
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return path


def test_files_that_are_not_trusted(run, tmp_path, kept, garden):
    cut, text, other, code, few = (tmp_path / f"{name}.keras" for name in ("cut", "text", "other", "code", "few"))
    cut.write_bytes(kept.read_bytes()[:-2000])
    text.write_text("hello")
    run.model.save(other)
    unsafe = replace(run, model=keras.Sequential([run.model, keras.layers.Lambda(lambda x: x + 1)]))
    keeping.keep(unsafe, garden.class_names, code)
    _changed(kept, few, kept_files.FACTS, '{"class_names": ["a"]}')
    wrong = {path: "is damaged, or of another kind" for path in (cut, text)} | {
        other: "without the course's facts",
        code: "has others: Lambda",
        few: "Expected 8 different names",
    }
    wrong |= {
        _changed(kept, tmp_path / f"facts {number}.keras", kept_files.FACTS, facts): "without the course's facts"
        for number, facts in enumerate(("{}", "[]", '{"class_names": [1, 2, 3, 4, 5, 6, 7, 8]}'))
    }
    for path, words in wrong.items():
        with pytest.raises(CourseError, match=words):
            keeping.load(path)
    with pytest.raises(CourseError, match="Found none"):
        keeping.load(tmp_path / "gone.keras")


def _load_unsafely(path):
    """Load a kept network in a thread of its own, for which Keras's safe mode is switched off, as some tutorials do."""

    def load():
        keras.config.enable_unsafe_deserialization()
        return keeping.load(path)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(load).result()


def test_code_is_refused_though_safe_mode_is_off(run, kept, tmp_path, garden):
    layer, function = tmp_path / "layer.keras", tmp_path / "function.keras"
    doubled = keras.Sequential([run.model, keras.layers.Lambda(lambda x: 2 * x)])
    keeping.keep(replace(run, model=doubled), garden.class_names, layer)
    with zipfile.ZipFile(kept) as archive:
        config = archive.read("config.json").decode()
    lambda_ = '{"class_name": "__lambda__", "config": {"value": ["4wE=", null, null]}}'
    _changed(kept, function, "config.json", config.replace('"activation": "linear"', f'"activation": {lambda_}'))
    for path in (layer, function):
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
    with zipfile.ZipFile(kept) as archive:
        config = archive.read("config.json").decode()
    assert '"activation": "linear"' in config
    content = config.replace('"activation": "linear"', f'"activation": {json.dumps(ATTACKS[name])}', 1)
    with pytest.raises(CourseError, match=f"has others: {re.escape(name)}. Such parts could hold code"):
        keeping.load(_changed(kept, tmp_path / "attack.keras", "config.json", content))


def test_a_folder_with_some_that_cannot_be_read(kept, garden, tmp_path):
    folder = tmp_path / "my pictures"
    (folder / "more").mkdir(parents=True)
    for number in (2, 1):
        Image.fromarray(garden.test.images[number]).save(folder / f"{number}.png")
    for name in ("0 broken.jpg", "phone.HEIC", "notes.txt", ".hidden.png"):
        (folder / name).write_text("no picture")

    def predict(*places):
        command = [sys.executable, "-m", "course_utils.commands.predict", kept, *places]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, encoding="utf-8")

    done = predict(folder, "gone.png")
    assert done.returncode == 0
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [str(folder / f"{n}.png") for n in (1, 2)]
    refused = done.stderr.strip().splitlines()
    assert len(refused) == 3 and all(
        name in line for name, line in zip(("0 broken.jpg", "phone.HEIC", "gone.png"), refused, strict=True)
    )
    for places, words in (([folder / "0 broken.jpg", "gone.png"], "0 broken.jpg"), ([folder / "more"], "Found none")):
        done = predict(*places)
        assert done.returncode == 1 and not done.stdout and words in done.stderr and "Traceback" not in done.stderr
