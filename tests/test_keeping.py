"""A network is kept in one file that Keras itself opens, with its preprocessing and all that is known of it."""

import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from course_utils import ROOT, backbones, data, keeping, metrics, strategies, training
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


def test_files_that_are_not_trusted(run, tmp_path, kept):
    cut, other, code = (tmp_path / f"{name}.keras" for name in ("cut", "other", "code"))
    cut.write_bytes(kept.read_bytes()[:-2000])
    run.model.save(other)
    unsafe = replace(run, model=keras.Sequential([run.model, keras.layers.Lambda(lambda x: x + 1)]))
    keeping.keep(unsafe, ["a"] * 8, code)
    for path in (cut, other, code):
        with pytest.raises(CourseError, match="Expected a network that this course has kept"):
            keeping.load(path)
    with pytest.raises(CourseError, match="Found none"):
        keeping.load(tmp_path / "gone.keras")
