"""Training on kept features computes what training through the whole network computes, whatever the architecture."""

import numpy as np
import pytest

from course_utils import backbones, cutting, features
from course_utils.quiet import keras

# A network, its size, and depths: one at a cut point, one inside a branch or beside a skip connection.
NETWORKS = (
    ("coursenet_guide", 64, ("block3", "block4_conv1")),
    ("MobileNetV2", 64, ("block_13", "block_15_expand")),
    ("ResNet50", 64, ("conv5_block2_1_conv",)),
    ("InceptionV3", 96, ("mixed9_0",)),
)
CASES = [(name, size, depth) for name, size, depths in NETWORKS for depth in depths]


@pytest.fixture(autouse=True)
def double_precision():
    """Compute with 64 bits, so that what differs by more than rounding is seen.

    Rounding alone makes some weights of a network that trains with BatchNorm differ by a thousandth after three steps:
    many gradients are small differences of large sums.
    """
    for name in ("float64", "float32"):
        keras.config.set_floatx(name)
        keras.config.set_dtype_policy(name)
        if name == "float64":
            yield
    keras.backend.clear_session()  # the networks


def network(name, size):
    keras.utils.set_random_seed(0)
    base = backbones.load(name, None, size, **({"alpha": 0.35} if name == "MobileNetV2" else {}))
    return base, backbones.attach_head(base, 4)


def descend(model, inputs, labels, steps=3):
    """Take a few steps of plain gradient descent, always over the same batches in the same order."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01), loss, run_eagerly=True)  # a graph would take longer to build than to run
    for step in range(steps):
        part = slice(8 * step, 8 * step + 8)
        model.train_on_batch(inputs[part], labels[part])


@pytest.mark.parametrize(("name", "size", "depth"), CASES, ids=[f"{name}-{depth}" for name, _, depth in CASES])
def test_plain_steps_give_the_same_weights_with_and_without_kept_features(name, size, depth):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 255, (24, size, size, 3), dtype=np.uint8), rng.integers(0, 4, 24)
    base, plain = network(name, size)
    before = [weights.copy() for weights in plain.get_weights()]
    place = base.layers.index(cutting.nearest_cut(base, depth))
    for layer in base.layers[: place + 1]:
        layer.trainable = False
    descend(plain, backbones.preprocess(name, images), labels)
    base, ours = network(name, size)
    below, above = cutting.cut(ours, cutting.nearest_cut(base, depth))
    backbones.freeze(below)
    descend(above, features.extract(name, below, images), labels)
    moved = 0
    for old, a, b in zip(before, plain.get_weights(), ours.get_weights(), strict=True):
        # The second term is for weights that stay at zero, such as a bias in front of a BatchNorm.
        assert np.linalg.norm(a - b) <= 1e-9 * np.linalg.norm(a) + 1e-12
        moved += not np.array_equal(old, a)
    frozen = sum(len(layer.weights) for layer in base.layers[: place + 1])
    assert moved == len(before) - frozen, "the rest was trained, and nothing else"
