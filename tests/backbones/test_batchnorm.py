"""Frozen BatchNorm layers keep their statistics (notebook 03 shows that the best-known recipe does not do it)."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from course_utils import ROOT, backbones, batch_norm, strategies, training
from course_utils.cards import CourseWarning, Pictures, Task
from course_utils.quiet import keras

SIZE = 64


@pytest.fixture(scope="module")
def task():
    rng = np.random.default_rng(0)
    pictures = Pictures(rng.integers(0, 255, (16, SIZE, SIZE, 3), dtype=np.uint8), np.arange(16) % 2)
    return Task("noise", ("a", "b"), pictures, pictures)


def statistics(model):
    """Return the running means of every BatchNorm layer: name -> array."""
    return {layer.name: layer.moving_mean.numpy().copy() for layer in batch_norm.layers_of(model)}


def moved(before, after):
    return [name for name in before if not np.array_equal(before[name], after[name])]


@pytest.fixture
def base():
    return backbones.load("MobileNetV2", None, SIZE, alpha=0.35)


@pytest.mark.parametrize(
    ("strategy", "depth", "last", "frozen"),
    [(2, "block_13", "block_13", 42), (2, "block_5_expand", "block_4_add", 15), (3, None, "all", 52)],
)
def test_no_frozen_statistics_move_and_the_others_follow(base, task, tmp_path, strategy, depth, last, frozen):
    path = tmp_path / "base.weights.h5"
    base.save_weights(path)
    before = statistics(base)
    assert {layer.momentum for layer in batch_norm.layers_of(base)} == {0.999}
    options = {"learning_rate": 1e-3, "epochs": 1, "image_size": SIZE, "alpha": 0.35, "weights": path}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CourseWarning)  # of a place where the network cannot be cut
        run = training.train(strategies.find(strategy), "MobileNetV2", task, 16, freeze_depth=depth, **options)
    assert moved(before, statistics(run.model)) == list(before)[frozen:], "all that are not frozen, and no other"
    assert {layer.momentum for layer in batch_norm.layers_of(run.model)} == {0.9}, "so that epochs can be judged"
    assert run.freeze_depth == last


def test_batchnorm_frozen_again_after_the_base_was_thawed_holds(base, task):
    model = backbones.attach_head(backbones.freeze(base), 2)
    base.trainable = True
    for layer in batch_norm.layers_of(base):
        layer.trainable = False
    before = statistics(base)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1e-4), loss, run_eagerly=True)
    model.fit(backbones.preprocess("MobileNetV2", task.train.images), task.train.labels, batch_size=8, verbose=0)
    assert not moved(before, statistics(base))
    assert any(weight.path.endswith("kernel") for weight in base.trainable_weights), "the convolutions are trained"


@pytest.mark.parametrize(
    ("shape", "sizes"),
    [
        ((129, 64, 64, 1), [65, 64]),
        ((1300, 64, 64, 1), [128] * 10),  # ten batches are enough
        ((130, 96, 96, 1), [44, 43, 43]),  # of larger pictures fewer at a time
        ((20, 64, 512, 1), [10, 10]),
        ((200, 192, 192, 1), [16] * 10),
        ((200, 4, 4, 1), [100, 100]),
    ],
)
def test_settled_statistics_are_plain_averages_over_a_few_large_batches(shape, sizes):
    # Each picture has one shade, which tells what was in a batch.
    shades = np.random.default_rng(0).normal(3, 2, shape[0]).astype("float32")
    layer = keras.layers.BatchNormalization(momentum=0.99)
    model = keras.Sequential([keras.Input(shape[1:]), layer])
    batch_norm.settle(model, np.broadcast_to(shades[:, None, None, None], shape))
    parts = np.split(shades[: sum(sizes)], np.cumsum(sizes)[:-1])
    assert layer.moving_mean.numpy() == pytest.approx(np.mean([part.mean() for part in parts]), rel=1e-3)
    assert layer.moving_variance.numpy() == pytest.approx(np.mean([part.var() for part in parts]), rel=1e-3)
    assert layer.momentum == 0.99


def test_layers_of_a_model_inside_a_model_are_settled_and_frozen_ones_are_not():
    layers = keras.layers
    settled, frozen = layers.BatchNormalization(momentum=0.5), layers.BatchNormalization()
    inside = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3), settled, frozen])
    model = keras.Sequential([inside, layers.GlobalAveragePooling2D(), layers.Dense(2)])
    frozen.trainable = False
    inputs = np.random.default_rng(0).normal(size=(20, 8, 8, 3)).astype("float32")
    batch_norm.settle(model, inputs)
    maps = inside.layers[0](inputs).numpy()
    np.testing.assert_allclose(settled.moving_mean, maps.mean(axis=(0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(settled.moving_variance, maps.var(axis=(0, 1, 2)), rtol=1e-4)
    assert not frozen.moving_mean.numpy().any() and (frozen.moving_variance.numpy() == 1).all()
    with pytest.raises(ValueError):  # noqa: PT011 - whatever goes wrong, momenta are as they were
        batch_norm.settle(model, inputs[..., :2])
    batch_norm.quicken(model)
    assert (settled.momentum, frozen.momentum) == (0.5, 0.9), "what is quick already stays as it is"


@pytest.mark.long
def test_settling_stays_within_the_memory_of_a_small_machine():
    program = """
import numpy as np
from course_utils import backbones, batch_norm
base = backbones.load("MobileNetV2", None, 192, alpha=0.35)
batch_norm.settle(base, np.zeros((200, 192, 192, 3), "float32"))
# Not the maximum of `resource`: there a new process starts with the memory of the one that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert int(done.stdout) / 2**20 < 1.6  # GiB
