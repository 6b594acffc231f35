"""The arithmetic of layers agrees with Keras, and linear probes measure what they say."""

import numpy as np
import pytest

from course_utils import anatomy, backbones, data, measuring, probes
from course_utils.cards import CourseError, Pictures, Strategy, Task
from course_utils.quiet import keras, tensorflow


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("side", "kernel"), [(64, 3), (7, 7), (12, 5), (9, 2), (3, 1)])
def test_shapes_and_parameters_are_those_of_keras(side, kernel, stride, padding):
    layer = keras.layers.Conv2D(6, kernel, stride, padding)
    shape = layer.compute_output_shape((None, side, side, 3))
    out = anatomy.output_side(side, kernel, stride, padding)
    assert shape == (None, out, out, 6)
    layer.build((None, side, side, 3))
    assert layer.count_params() == anatomy.convolution_parameters(kernel, 3, 6)
    dense = keras.layers.Dense(kernel)
    dense.build((None, side))
    assert dense.count_params() == anatomy.dense_parameters(side, kernel)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((8, 9, 1, "valid"), "kernel of 9 x 9 does not fit into a picture of 8 x 8"),
        ((0, 3, 1, "same"), "side of at least 1. Received: 0"),
        ((8, 0, 1, "same"), "kernel of at least 1. Received: 0"),
        ((8, 3, 0, "same"), "stride of at least 1. Received: 0"),
        ((8, 3, 1, "none"), 'padding "same" or "valid". Received: \'none\''),
    ],
)
def test_what_cannot_be_is_refused(given, words):
    with pytest.raises(CourseError, match=words):
        anatomy.output_side(*given)


def test_receptive_fields_are_what_units_answer_to():
    # The pixels that have any influence on the middle unit of a layer, for a few random pictures.
    base = backbones.load("coursenet_guide", image_size=128)
    fields = anatomy.receptive_fields(base)
    pictures = tensorflow.constant(np.random.default_rng(0).normal(size=(6, 128, 128, 3)).astype("float32"))
    for name in ("block1_conv1", "block2_pool", "block3_conv2", "block3_pool"):
        output = base.get_layer(name).output
        part = keras.Model(base.input, output)
        middle = output.shape[1] // 2
        with tensorflow.GradientTape() as tape:
            tape.watch(pictures)
            unit = tensorflow.reduce_sum(part(pictures, training=False)[:, middle, middle])
        seen = np.abs(tape.gradient(unit, pictures).numpy()).sum(axis=(0, 2, 3)) > 0
        rows = np.flatnonzero(seen)
        assert fields[name] == (rows[-1] - rows[0] + 1, 128 // output.shape[1]), name


def test_block_features_are_the_means_of_the_last_maps():
    base = backbones.load("coursenet_guide")
    images = data.task("garden").test.images[:257]  # they are taken 256 at a time
    found = probes.block_features("coursenet_guide", base, images)
    assert list(found) == ["block1", "block2", "block3", "block4", "block5"]
    few = [0, 1, 255, 256]
    inputs = backbones.preprocess("coursenet_guide", images[few])
    for block, last in zip(found, ("relu1", "pool", "pool", "pool", "relu2"), strict=True):
        maps = keras.Model(base.input, base.get_layer(f"{block}_{last}").output)(inputs, training=False)
        assert len(found[block]) == 257
        np.testing.assert_allclose(found[block][few], np.mean(maps, axis=(1, 2)), atol=1e-4)


def test_a_probe_learns_what_a_line_can_tell_and_no_more():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    told = rng.normal(size=(400, 3)) * (1, 100, 1) + np.outer(labels * 2 - 1, (0, 300, 0))
    hidden = rng.normal(size=(400, 3)) * np.where(labels, 1, 3)[:, None]  # only the spread differs
    strategy = Strategy("linear probe", pretrained=True, freeze="part")
    for features, low, high in ((told, 0.98, 1.0), (hidden, 0.3, 0.7)):
        part = [Pictures(features[rows].astype("float32"), labels[rows]) for rows in (slice(300), slice(300, 400))]
        case = measuring.Case(strategy, Task("toy", ("a", "b"), *part), 200, 20, freeze_depth="block3")
        run = probes.run_once(case, 0.03, seed=0)
        assert low <= run.test_accuracy <= high
        assert (run.freeze_depth, run.n_samples, run.strategy) == ("block3", 200, "linear probe")
