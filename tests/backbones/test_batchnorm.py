"""Frozen BatchNorm layers keep their statistics. The best-known recipe to that end does not do it."""

import numpy as np
import pytest

from course_utils import backbones, batch_norm, strategies, training
from course_utils.cards import Pictures, Task
from course_utils.quiet import keras

SIZE = 64


@pytest.fixture(scope="module")
def task():
    rng = np.random.default_rng(0)
    pictures = Pictures(rng.integers(0, 255, (16, SIZE, SIZE, 3), dtype=np.uint8), np.arange(16) % 2)
    return Task("noise", ("a", "b"), pictures, pictures)


def statistics(model):
    """Return the running means of every BatchNorm layer: name -> array."""
    layers = batch_norm.layers_of(model)
    return {layer.name: layer.moving_mean.numpy().copy() for layer in layers}


def moved(before, after):
    return [name for name in before if not np.array_equal(before[name], after[name])]


@pytest.fixture
def base():
    return backbones.load("MobileNetV2", None, SIZE, alpha=0.35)


def fit_once(model, task):
    inputs = backbones.preprocess("MobileNetV2", task.train.images)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1e-4), loss, run_eagerly=True)
    model.fit(inputs, task.train.labels, batch_size=8, verbose=0)


def test_the_well_known_recipe_moves_most_statistics(base, task):
    # keras.io's guide: call the base with training=False, train the head, then unfreeze the base.
    inputs = keras.Input((SIZE, SIZE, 3))
    features = keras.layers.GlobalAveragePooling2D()(base(inputs, training=False))
    model = keras.Model(inputs, keras.layers.Dense(2)(features))
    base.trainable = False
    before = statistics(base)
    fit_once(model, task)
    assert not moved(before, statistics(base)), "as long as it is frozen, nothing moves"
    base.trainable = True
    fit_once(model, task)
    assert len(before) == 52 and len(moved(before, statistics(base))) > 40


@pytest.mark.parametrize(("strategy", "depth", "frozen"), [(2, "block_13", 42), (2, "block_5", 18), (3, None, 52)])
def test_no_frozen_statistics_move(base, task, tmp_path, strategy, depth, frozen):
    path = tmp_path / "base.weights.h5"
    base.save_weights(path)
    before = statistics(base)
    options = {"learning_rate": 1e-3, "epochs": 1, "image_size": SIZE, "alpha": 0.35, "weights": path}
    run = training.train(strategies.find(strategy), "MobileNetV2", task, 16, freeze_depth=depth, **options)
    after = statistics(run.model)
    assert moved(before, after) == list(before)[frozen:], "all that are not frozen, and no other"


def test_unfreezing_the_whole_base_thaws_batchnorm_and_freezing_it_again_holds(base, task):
    model = backbones.attach_head(backbones.freeze(base), 2)
    base.trainable = True
    for layer in batch_norm.layers_of(base):
        layer.trainable = False
    before = statistics(base)
    fit_once(model, task)
    assert not moved(before, statistics(base))
    assert any(weight.path.endswith("kernel") for weight in base.trainable_weights), "the convolutions are trained"
