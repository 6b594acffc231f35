"""Cut points are the layers that lie on every path; blocks and depths are found by the names of layers."""

import numpy as np
import pytest

from course_utils import backbones, cutting, outlines, strategies, training
from course_utils.cards import Pictures, Task
from course_utils.quiet import keras


@pytest.fixture
def branched():
    """Return a net with two branches side by side, then a connection past a layer, then a plain end."""
    layers = keras.layers
    inputs = keras.Input((8, 8, 3), name="pictures")
    x = layers.Conv2D(4, 3, padding="same", name="stem")(inputs)
    left, right = layers.Conv2D(4, 1, name="left")(x), layers.Conv2D(4, 3, padding="same", name="right")(x)
    x = layers.Concatenate(name="joined")([left, right])
    around = layers.Conv2D(8, 1, name="around")(x)
    x = layers.Add(name="summed")([x, around + 3.0])  # a bare operation among the layers
    return keras.Model(inputs, layers.Conv2D(2, 1, name="end")(x))


def names(layers):
    return [layer.name for layer in layers]


def test_cut_points_lie_on_every_path(branched):
    assert names(cutting.cut_points(branched)) == ["pictures", "stem", "joined", "summed", "end"]


@pytest.mark.parametrize(
    ("depth", "found"),
    [("stem", "stem"), ("left", "stem"), ("right", "stem"), ("around", "joined"), ("summed", "summed"), ("end", "end")],
)
def test_the_nearest_cut_is_the_layer_or_one_below(branched, depth, found):
    assert cutting.nearest_cut(branched, depth).name == found


def test_both_parts_together_compute_the_whole(branched):
    pictures = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    for layer in cutting.cut_points(branched)[1:-1]:
        below, above = cutting.cut(branched, layer)
        np.testing.assert_allclose(above(below(pictures)), branched(pictures), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "size", "first", "last", "count"),
    [
        ("MobileNetV2", 64, "block_1", "block_16", 16),
        ("ResNet50", 64, "conv2_block1", "conv5_block3", 16),
        ("InceptionV3", 96, "mixed0", "mixed10", 11),  # mixed9_1 belongs to the last block
        ("EfficientNetB0", 64, "block1a", "block7a", 16),
    ],
)
def test_blocks_of_known_networks_can_all_be_cut(name, size, first, last, count):
    base = backbones.load(name, None, size)
    blocks = cutting.blocks(base)
    assert (blocks[0], blocks[-1], len(blocks)) == (first, last, count)
    for block in (blocks[0], blocks[len(blocks) // 2]):
        below, above = cutting.cut(base, cutting.last_layer(base, block))
        assert above.output_shape == base.output_shape


def test_a_layer_of_just_that_name_comes_before_longer_names():
    base = outlines.outline("InceptionV3")
    assert cutting.last_layer(base, "mixed9").name == cutting.nearest_cut(base, "mixed9").name == "mixed9"
    assert cutting.last_layer(base, "mixed10") is base.layers[-1]


def test_structure_is_the_same_when_a_network_is_built_again_and_only_then():
    texts = [cutting.structure(backbones.load("ConvNeXtTiny", None, size)) for size in (32, 32, 64)]
    assert texts[0] == texts[1] != texts[2]


def test_where_the_network_cannot_be_cut_less_is_frozen_and_it_is_said(tmp_path):
    keras.utils.set_random_seed(0)
    backbones.load("MobileNetV2", None, 64, alpha=0.35).save_weights(tmp_path / "base.weights.h5")
    pictures = Pictures(np.zeros((4, 64, 64, 3), np.uint8), np.arange(4) % 2)
    task = Task("toy", ("a", "b"), pictures, pictures)
    options = {"image_size": 64, "alpha": 0.35, "weights": tmp_path / "base.weights.h5"}
    with pytest.warns(UserWarning, match="It is frozen up to 'block_14_add'"):
        settings = {"learning_rate": 1e-3, "epochs": 1, "freeze_depth": "block_15_depthwise"}
        run = training.train(strategies.find(2), "MobileNetV2", task, 4, **settings, **options)
    assert run.freeze_depth == "block_14_add"
