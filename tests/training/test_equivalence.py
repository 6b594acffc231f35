"""Training on kept features computes what training through the whole network computes, whatever the architecture."""

import numpy as np
import pytest

from course_utils import backbones, cutting, features
from course_utils.quiet import keras

# Depths inside a branch or beside a skip connection, where a network cannot be cut, and one at a cut point.
CASES = (
    ("branched", 32, "left"),
    ("branched", 32, "around"),
    ("MobileNetV2", 64, "block_15_expand"),
    pytest.param("MobileNetV2", 64, "block_13", marks=pytest.mark.long),
    pytest.param("ResNet50", 64, "conv5_block2_1_conv", marks=pytest.mark.long),
    pytest.param("InceptionV3", 96, "mixed9_0", marks=pytest.mark.long),
)


def branched(size):
    """Return a small base with branches as in InceptionV3, then a skip connection as in ResNet50."""
    layers = keras.layers

    def convolution(x, name, kernel=3):
        x = layers.Conv2D(6, kernel, padding="same", use_bias=False, name=name)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    inputs = keras.Input((size, size, 3))
    stem = convolution(layers.AveragePooling2D(2)(inputs), "stem")
    joined = layers.Concatenate()([convolution(stem, "left", 1), convolution(stem, "right")])
    narrow = convolution(joined, "narrow")
    summed = layers.Add()([narrow, convolution(narrow, "around")])
    return keras.Model(inputs, convolution(summed, "end"))


def network(name, size):
    keras.utils.set_random_seed(0)
    narrow = {"alpha": 0.35} if name == "MobileNetV2" else {}
    base = branched(size) if name == "branched" else backbones.load(name, None, size, **narrow)
    return base, backbones.attach_head(base, 4)


def descend(model, inputs, labels, steps=3):
    """Take a few steps of plain gradient descent, always over the same batches in the same order."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01), loss, run_eagerly=True)  # a graph would take longer to build than to run
    for step in range(steps):
        part = slice(8 * step, 8 * step + 8)
        model.train_on_batch(inputs[part], labels[part])


@pytest.mark.parametrize(("name", "size", "depth"), CASES)
def test_plain_steps_give_the_same_weights_with_and_without_kept_features(name, size, depth, double_precision):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 255, (24, size, size, 3), dtype=np.uint8), rng.integers(0, 4, 24)
    rules = "coursenet_guide" if name == "branched" else name  # of preprocessing
    base, plain = network(name, size)
    before = [weights.copy() for weights in plain.get_weights()]
    place = base.layers.index(cutting.nearest_cut(base, depth))
    for layer in base.layers[: place + 1]:
        layer.trainable = False
    descend(plain, backbones.preprocess(rules, images), labels)
    base, ours = network(name, size)
    below, above = cutting.cut(ours, cutting.nearest_cut(base, depth))
    backbones.freeze(below)
    descend(above, features.extract(rules, below, images), labels)
    moved = 0
    for old, a, b in zip(before, plain.get_weights(), ours.get_weights(), strict=True):
        # The second term is for weights that stay at zero, such as a bias in front of a BatchNorm.
        assert np.linalg.norm(a - b) <= 1e-9 * np.linalg.norm(a) + 1e-12
        moved += not np.array_equal(old, a)
    frozen = sum(len(layer.weights) for layer in base.layers[: place + 1])
    assert frozen > 0 and moved == len(before) - frozen, "the rest was trained, and nothing else"
