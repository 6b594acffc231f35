"""One interface to CourseNet and to every network of keras.applications."""

import inspect
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from course_utils import ROOT, backbones, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.networks import BACKBONES
from course_utils.quiet import keras

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
CLASSIFIER = manifest.DATA / "weights/classifier_guide.weights.h5"
APPLICATIONS = [backbone for backbone in BACKBONES if backbone.module]


def test_every_network_of_keras_is_listed_once():
    names = [name for name in dir(keras.applications) if name[0].isupper()]
    assert sorted(backbone.builder for backbone in APPLICATIONS) == sorted(names)


@pytest.mark.parametrize("backbone", APPLICATIONS, ids=lambda backbone: backbone.name)
def test_module_and_size_are_those_of_keras(backbone, monkeypatch):
    def obtain_input_shape(input_shape, default_size, *_, **__):
        raise InterruptedError(default_size)  # before anything is built

    builder = getattr(keras.applications, backbone.builder)
    assert inspect.getmodule(builder).__name__.endswith(f".{backbone.module}")
    assert callable(getattr(keras.applications, backbone.module).preprocess_input)
    if backbone.module == "mobilenet_v3":  # it takes any size; that of its training is in the name of its weights
        assert f"_{backbone.image_size}_" in backbone.weights_file
        return
    monkeypatch.setattr("keras.src.applications.imagenet_utils.obtain_input_shape", obtain_input_shape)
    with pytest.raises(InterruptedError, match=f"^{backbone.image_size}$"):
        builder(weights=None)


# Keras asks for weights only after the whole network is built, which takes minutes for the large ones; so these names
# are looked up in its source. MobileNets put names together from several numbers: see the next test.
@pytest.mark.parametrize("backbone", [b for b in APPLICATIONS if "MobileNet" not in b.name], ids=lambda one: one.name)
def test_weights_file_is_named_in_the_source_of_keras(backbone):
    builder = getattr(keras.applications, backbone.builder)
    source = inspect.getmodule(builder)
    if backbone.module == "resnet_v2":  # built by the functions of resnet
        source = keras.applications.resnet.ResNet50.__globals__["ResNet"]
    text = re.sub(r'"\s+f?"', "", inspect.getsource(source))  # strings over several lines are joined
    stem = inspect.signature(builder).parameters["name"].default
    assert backbone.weights_file.startswith(stem)
    assert backbone.weights_file in text or f'{backbone.weights_file.removeprefix(stem)}"' in text


@pytest.mark.parametrize(
    ("name", "options", "file"),
    [
        ("MobileNet", {"alpha": 0.25}, "mobilenet_2_5_224_tf_no_top.h5"),
        ("MobileNetV2", {"alpha": 0.35}, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"),
        ("MobileNetV3Small", {}, "weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5"),
    ],
)
def test_weights_files_have_the_names_that_keras_gives_them(name, options, file, tmp_path, monkeypatch):
    asked = []

    def get_file(fname, *_, **__):
        asked.append(fname)
        raise Exception("URL fetch failure on somewhere: no network")  # as Keras says it

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    monkeypatch.setattr(weights_files, "model_folders", lambda: [tmp_path])
    with pytest.raises(CourseError, match="Expected the ImageNet weights of"):
        backbones.load(name, **options)
    assert asked == [file]
    (tmp_path / file).touch()
    assert weights_files.offline_file(name, **options) == tmp_path / file


@pytest.mark.parametrize("name", ["VGG16", "ResNet50V2", "DenseNet121", "EfficientNetB0"])  # one of each rule
@pytest.mark.parametrize("kind", ["uint8", "float32"])  # Keras's own functions write into the latter
def test_preprocessing_is_the_networks_own_and_leaves_the_pictures_alone(name, kind):
    given = IMAGES.astype(kind)
    own = getattr(keras.applications, backbones.find(name).module).preprocess_input
    np.testing.assert_array_equal(backbones.preprocess(name, given), own(IMAGES.astype("float32")))
    np.testing.assert_array_equal(given, IMAGES)


def test_coursenet_pixels_become_minus_one_to_one():
    pixels = backbones.preprocess("coursenet_guide", np.array([0, 51, 255]).reshape(1, 1, 3, 1))
    assert pixels.dtype == np.float32 and pixels.ravel().tolist() == pytest.approx([-1, -0.6, 1])


@pytest.mark.parametrize(("source", "classes"), [("guide", 64), ("slides", 40), ("photos", 200)])
def test_coursenet_and_its_source_classifier(source, classes):
    name = f"coursenet_{source}"
    base, whole = backbones.load(name), backbones.load_source_model(name)
    assert (base.output_shape, whole.output_shape) == ((None, 4, 4, 128), (None, classes))
    assert base.count_params() == 459_120
    assert {"block1_conv1", "block3_bn2", "block4_pool", "block5_relu2"} <= {layer.name for layer in base.layers}
    assert all((a == b).all() for a, b in zip(base.get_weights(), whole.get_weights()[:-2], strict=True))
    random = backbones.load(name, weights=None)
    assert np.abs(base.get_weights()[0] - random.get_weights()[0]).max() > 0.01
    assert backbones.load("coursenet_guide", weights=None, width=0.5, image_size=96).output_shape == (None, 6, 6, 64)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: backbones.load("VGG17"), "VGG16, .*Received: 'VGG17'"),
        (lambda: backbones.load("VGG16", weights="nowhere.h5"), "nowhere.h5.*Check the path"),
        (lambda: backbones.load("coursenet_guide", weights=ROOT / "README.md"), "README.md.*cannot be read"),
        (lambda: backbones.load("coursenet_guide", weights=CLASSIFIER), "for coursenet in .*cannot be read"),
        (lambda: backbones.load_source_model("VGG16"), "Expected a CourseNet.*Received: 'VGG16'"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_sentence(call, words):
    with pytest.raises(CourseError, match=words) as error:
        call()
    assert "\n" not in str(error.value)


def test_damaged_weights_of_the_course(tmp_path, monkeypatch):
    (tmp_path / "weights").mkdir()
    (tmp_path / "manifest.json").write_bytes((manifest.DATA / "manifest.json").read_bytes())
    good = (manifest.DATA / "weights/coursenet_guide.weights.h5").read_bytes()
    (tmp_path / "weights/coursenet_guide.weights.h5").write_bytes(good[:5000] + b"?" + good[5001:])
    monkeypatch.setattr(manifest, "DATA", tmp_path)
    with pytest.raises(CourseError, match="damaged"):
        backbones.load("coursenet_guide")
    with pytest.raises(CourseError, match="missing"):
        backbones.load("coursenet_slides")


def test_weights_are_asked_of_a_network_only_if_they_are_not_on_this_machine_at_any_size(tmp_path):
    # Keras reads KERAS_HOME when it is imported, so it needs a process of its own. The file is as Keras would have
    # downloaded it for 224 pixels, but with random weights; it serves for 96 pixels too.
    file = tmp_path / "models" / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    file.parent.mkdir()
    program = f"""
from course_utils import backbones, weights_files
from course_utils.cards import CourseError
from course_utils.quiet import keras
def load():
    return backbones.load("MobileNetV2", image_size=96, alpha=0.35)
try:
    load()
except CourseError as error:
    print(error)
saved = keras.applications.MobileNetV2(weights=None, include_top=False, alpha=0.35, input_shape=(96, 96, 3))
saved.save({str(file)!r})
print(all((a == b).all() for a, b in zip(saved.get_weights(), load().get_weights(), strict=True)))
print(*weights_files.offline_names())
"""
    closed, home = "http://127.0.0.1:9", str(tmp_path)  # nothing listens there
    places = {"COURSE_WEIGHTS": "", "KERAS_HOME": home, "HOME": home, "https_proxy": closed, "http_proxy": closed}
    command, around = [sys.executable, "-c", program], os.environ | places
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *_, refused, same, names = done.stdout.splitlines()
    assert refused.startswith("Expected the ImageNet weights of MobileNetV2")
    assert "Connect" in refused and refused.endswith("coursenet_guide, coursenet_slides, coursenet_photos.")
    assert (same, names) == ("True", "coursenet_guide coursenet_slides coursenet_photos MobileNetV2")


@pytest.mark.parametrize(
    ("steps", "thawed"),
    [((), False), (("outer", True), False), (("outer", False, "outer", True), True), (("base", True), True)],
)
def test_batchnorm_statistics_of_a_frozen_base_stay_still_until_it_is_thawed(steps, thawed):
    # On TensorFlow, Keras ignores an assignment of the value that is there already; only a change reaches the layers.
    base = backbones.freeze(backbones.load("coursenet_guide"))
    outer = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)])
    for model, value in zip(steps[::2], steps[1::2], strict=True):
        {"outer": outer, "base": base}[model].trainable = value
    assert len(outer.trainable_weights) == (26 if thawed else 2)
    statistics = [w for w in base.weights if "moving" in w.name]
    before = [w.numpy() for w in statistics]
    outer(backbones.preprocess("coursenet_guide", IMAGES), training=True)
    assert sum((a != w.numpy()).any() for a, w in zip(before, statistics, strict=True)) == (16 if thawed else 0)


def test_the_weights_file_of_the_wanted_size_is_preferred(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_files, "model_folders", lambda: [tmp_path])
    name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_{}_no_top.h5"
    for size in (96, 160, 224):
        (tmp_path / name.format(size)).touch()
    for size, found in ((96, 96), (160, 160), (224, 224), (None, 224), (192, 160)):  # of 192 there is none
        assert weights_files.offline_file("MobileNetV2", size, alpha=0.35) == tmp_path / name.format(found)
    assert weights_files.offline_file("MobileNetV2", 96, alpha=0.5) is None


def test_other_errors_are_not_called_a_missing_network(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_files, "model_folders", lambda: [tmp_path])
    with pytest.raises(ValueError, match="alpha"):
        backbones.load("MobileNetV2", alpha=0.123)
