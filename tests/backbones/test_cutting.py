"""Cut points are the layers that lie on every path; blocks and depths are found by the names of layers."""

import pytest

from course_utils import backbones, cutting, outlines, parts
from course_utils.cards import CourseError, CourseWarning
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


def test_cut_points_lie_on_every_path_and_others_are_refused(branched):
    assert names(cutting.cut_points(branched)) == ["pictures", "stem", "joined", "summed", "end"]
    nearest = {"stem": "stem", "left": "stem", "right": "stem", "around": "joined", "summed": "summed", "end": "end"}
    assert {depth: cutting.nearest_cut(branched, depth).name for depth in nearest} == nearest
    for name in ("left", "right", "around"):
        with pytest.raises(CourseError, match=f"Past '{name}' goes another connection"):
            cutting.cut(branched, branched.get_layer(name))


@pytest.mark.parametrize(("depth", "last"), [("right", "stem"), ("around", "joined")])
def test_where_the_network_cannot_be_cut_less_is_frozen_and_it_is_said(branched, depth, last):
    with pytest.warns(CourseWarning, match=f"cannot be cut behind '{depth}'.*It is frozen up to '{last}'"):
        part = parts.split("coursenet_guide", branched, backbones.attach_head(branched, 2), depth)
    assert part.depth == last
    places = names(branched.layers)
    assert names(layer for layer in branched.layers if not layer.trainable) == places[: places.index(last) + 1]


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
    assert {cutting.last_layer(base, block) for block in blocks} <= set(cutting.cut_points(base))


def test_a_layer_of_just_that_name_comes_before_longer_names():
    base = outlines.outline("InceptionV3")
    assert cutting.last_layer(base, "mixed9").name == cutting.nearest_cut(base, "mixed9").name == "mixed9"
    assert cutting.last_layer(base, "mixed10") is base.layers[-1]


def test_structure_is_the_same_when_a_network_is_built_again_and_only_then():
    def built(side=8, kind="relu", skip=True):
        layers = keras.layers
        inputs = keras.Input((side, side, 3))
        # ConvNeXt has such a chain inside.
        inside = keras.Sequential([layers.Conv2D(3, 3, padding="same", activation=kind), layers.BatchNormalization()])
        x = inside(inputs)
        return keras.Model(inputs, layers.Add()([x, inputs if skip else x]))

    first, again, *others = (
        cutting.structure(built(**settings)) for settings in ({}, {}, {"side": 9}, {"kind": "tanh"}, {"skip": False})
    )
    assert first == again and len({first, *others}) == 4
