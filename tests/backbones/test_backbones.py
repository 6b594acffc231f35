"""One interface to CourseNet and to every network of keras.applications."""

import inspect
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from course_utils import ROOT, backbones, cutting, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.networks import BACKBONES
from course_utils.quiet import keras

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
APPLICATIONS = [backbone for backbone in BACKBONES if backbone.module]


def in_a_new_python(program, **environment):
    """Keras reads KERAS_HOME when it is imported, so each home needs a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "COURSE_WEIGHTS": "", **environment},  # weights that are at hand have no part in these tests
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def test_every_network_of_keras_is_listed_once():
    names = [name for name in dir(keras.applications) if name[0].isupper()]
    assert sorted(backbone.builder for backbone in APPLICATIONS) == sorted(names)


@pytest.mark.parametrize("backbone", APPLICATIONS, ids=lambda backbone: backbone.name)
def test_module_and_size_are_those_of_keras(backbone):
    assert callable(getattr(keras.applications, backbone.module).preprocess_input)
    text = inspect.getsource(inspect.getmodule(getattr(keras.applications, backbone.builder)))
    assert str(backbone.image_size) in text


@pytest.mark.parametrize(
    ("name", "options", "file"),
    [
        ("MobileNet", {"alpha": 0.25}, "mobilenet_2_5_224_tf_no_top.h5"),
        ("MobileNetV2", {"alpha": 0.35}, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"),
        ("MobileNetV3Small", {}, "weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5"),
        ("VGG16", {}, "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"),
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
def test_preprocessing_is_the_networks_own(name):
    before = IMAGES.copy()
    own = getattr(keras.applications, backbones.find(name).module).preprocess_input
    np.testing.assert_array_equal(backbones.preprocess(name, IMAGES), own(IMAGES.astype("float32")))
    np.testing.assert_array_equal(IMAGES, before)


def test_coursenet_pixels_become_minus_one_to_one():
    pixels = backbones.preprocess("coursenet_guide", np.array([0, 255]).reshape(1, 1, 2, 1).repeat(3, axis=3))
    assert pixels.dtype == np.float32 and (pixels.min(), pixels.max()) == (-1, 1)


@pytest.mark.parametrize("source", ["guide", "slides", "photos"])
def test_coursenet(source):
    base = backbones.load(f"coursenet_{source}")
    assert base.output_shape == (None, 4, 4, 128)
    assert base.count_params() == 459_120
    assert {"block1_conv1", "block3_bn2", "block4_pool", "block5_relu2"} <= {layer.name for layer in base.layers}
    random = backbones.load(f"coursenet_{source}", weights=None)
    assert np.abs(base.get_weights()[0] - random.get_weights()[0]).max() > 0.01


def test_width_and_size_of_coursenet():
    assert backbones.load("coursenet_guide", weights=None, width=0.5, image_size=96).output_shape == (None, 6, 6, 64)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: backbones.load("VGG17"), ["VGG16", "Received: 'VGG17'"]),
        (lambda: backbones.load("VGG16", weights="nowhere.h5"), ["nowhere.h5", "Check the path"]),
        (lambda: backbones.load("coursenet_guide", weights=ROOT / "README.md"), ["README.md", "cannot be read"]),
        (
            lambda: backbones.load("coursenet_guide", weights=manifest.DATA / "weights/classifier_guide.weights.h5"),
            ["coursenet", "cannot be read"],
        ),
        (lambda: backbones.load_source_model("VGG16"), ["CourseNet", "Received: 'VGG16'"]),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_sentence(call, words):
    with pytest.raises(CourseError) as error:
        call()
    assert all(word in str(error.value) for word in words)
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


def test_without_a_network_the_message_says_what_can_be_done(tmp_path):
    closed = "http://127.0.0.1:9"  # nothing listens there
    program = "from course_utils import backbones\nbackbones.load('MobileNetV2', alpha=0.35, image_size=96)"
    said = in_a_new_python(program, KERAS_HOME=str(tmp_path), HOME=str(tmp_path), https_proxy=closed, http_proxy=closed)
    last = said.strip().splitlines()[-1]
    assert last.startswith("course_utils.cards.CourseError: Expected the ImageNet weights of MobileNetV2")
    assert "coursenet_guide" in last and "Connect" in last


def test_weights_on_this_machine_are_used_at_any_size(tmp_path):
    # A file as Keras would have downloaded it for 224 pixels, here with random weights, serves for 96 pixels too.
    file = tmp_path / "models" / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    file.parent.mkdir()
    program = f"""
from course_utils import backbones, weights_files
from course_utils.quiet import keras
saved = keras.applications.MobileNetV2(weights=None, include_top=False, alpha=0.35, input_shape=(96, 96, 3))
saved.save({str(file)!r})
found = backbones.load("MobileNetV2", image_size=96, alpha=0.35)
print(all((a == b).all() for a, b in zip(saved.get_weights(), found.get_weights())), weights_files.offline_names())
"""
    said = in_a_new_python(program, KERAS_HOME=str(tmp_path), HOME=str(tmp_path))
    assert said.startswith("True"), said
    assert "'MobileNetV2'" in said


@pytest.mark.parametrize(("thaw", "moved"), [(False, 0), (True, 16)])
def test_batchnorm_statistics_of_a_frozen_base_stay_still_until_it_is_thawed(thaw, moved):
    base = backbones.freeze(backbones.load("coursenet_guide"))
    statistics = [w for w in base.weights if "moving" in w.name]
    before = [w.numpy() for w in statistics]
    model = backbones.attach_head(base, 2)
    model.trainable = thaw or model.trainable
    backbones.freeze(base).trainable = thaw
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(backbones.preprocess("coursenet_guide", IMAGES), np.array([0, 1]), verbose=0)
    assert sum((a != w.numpy()).any() for a, w in zip(before, statistics, strict=True)) == moved


def source_of_keras(backbone):
    """Return the text of a network's builder, and of its module with strings over several lines joined."""
    builder = getattr(keras.applications, backbone.builder)
    return inspect.getsource(builder), re.sub(r'"\s+f?"', "", inspect.getsource(inspect.getmodule(builder)))


# Keras asks for weights only after the whole network is built, which takes minutes for the large ones; so these names
# are looked up in its source. MobileNets put names together from several numbers: see the test above.
@pytest.mark.parametrize(
    "backbone", [b for b in APPLICATIONS if not b.builder.startswith("MobileNet")], ids=lambda backbone: backbone.name
)
def test_weights_file_is_named_in_the_source_of_keras(backbone):
    builder, module = source_of_keras(backbone)
    stem = inspect.signature(getattr(keras.applications, backbone.builder)).parameters["name"].default
    ending = backbone.weights_file.removeprefix(stem)
    if backbone.module == "resnet_v2":  # built by the functions of resnet
        module = inspect.getsource(keras.applications.resnet.ResNet50.__globals__["ResNet"])
    assert backbone.weights_file in module or (ending != backbone.weights_file and f'{ending}"' in module)


@pytest.mark.parametrize(
    "backbone",
    [b for b in APPLICATIONS if b.module.startswith(("efficientnet", "inception", "xception", "nasnet", "vgg"))],
    ids=lambda backbone: backbone.name,
)
def test_picture_size_is_in_the_builder_itself(backbone):
    builder, _ = source_of_keras(backbone)
    assert re.search(rf"\b{backbone.image_size}\b", builder)


@pytest.mark.parametrize("backbone", APPLICATIONS, ids=lambda backbone: backbone.name)
def test_preprocessing_comes_from_the_module_of_the_builder(backbone):
    assert inspect.getmodule(getattr(keras.applications, backbone.builder)).__name__.endswith(f".{backbone.module}")


@pytest.mark.parametrize("name", ["coursenet_guide", "VGG16", "ResNet50V2"])
def test_preprocessing_leaves_floating_point_pictures_alone(name):
    given = IMAGES.astype("float32")  # Keras's own functions write into these
    backbones.preprocess(name, given)
    np.testing.assert_array_equal(given, IMAGES)


@pytest.mark.parametrize(("steps", "thawed"), [((True,), False), ((False, True), True)], ids=["again", "off and on"])
def test_when_an_outer_model_thaws_a_frozen_base(steps, thawed):
    # On TensorFlow, Keras ignores an assignment of the value that is there already; only a change reaches the layers.
    base = backbones.freeze(backbones.load("coursenet_guide"))
    outer = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)])
    for value in steps:
        outer.trainable = value
    assert base.get_layer("block1_bn1").trainable is thawed
    assert len(outer.trainable_weights) == (26 if thawed else 2)


def test_the_weights_file_of_the_wanted_size_is_preferred(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_files, "model_folders", lambda: [tmp_path])
    files = {
        size: tmp_path / f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_{size}_no_top.h5"
        for size in (96, 160, 224)
    }
    for file in files.values():
        file.touch()
    for size, file in files.items():
        assert weights_files.offline_file("MobileNetV2", size, alpha=0.35) == file
    assert weights_files.offline_file("MobileNetV2", 192, alpha=0.35) in files.values()
    assert weights_files.offline_file("MobileNetV2", 96, alpha=0.5) is None


def test_other_errors_are_not_called_a_missing_network(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_files, "model_folders", lambda: [tmp_path])
    with pytest.raises(ValueError, match="alpha"):
        backbones.load("MobileNetV2", alpha=0.123)


@pytest.mark.parametrize(("source", "classes"), [("guide", 64), ("slides", 40), ("photos", 200)])
def test_source_classifiers_have_a_score_for_every_class(source, classes):
    assert backbones.load_source_model(f"coursenet_{source}").output_shape == (None, classes)


def test_a_cut_past_which_a_connection_goes_is_refused():
    model = keras.applications.Xception(weights=None, include_top=False, input_shape=(96, 96, 3))
    with pytest.raises(CourseError, match="Past 'block5_sepconv2_bn' goes another connection"):
        cutting.cut(model, model.get_layer("block5_sepconv2_bn"))
    sums = [layer for layer in model.layers if isinstance(layer, keras.layers.Add)]
    below, above = cutting.cut(model, sums[3])
    picture = np.ones((1, 96, 96, 3), "float32")
    np.testing.assert_allclose(above(below(picture)), model(picture), atol=1e-4)
