"""Strategies: what is trained, what stays, and that running the frozen part once changes nothing."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from course_utils import ROOT, backbones, batch_norm, data, features, fitting, strategies, training
from course_utils.cards import CourseError
from course_utils.quiet import keras


@pytest.fixture(scope="module")
def small():
    """Return a garden with 64 training and 32 test pictures."""
    garden = data.task("garden")
    return replace(garden, train=data.sample(garden.train, 64, 0), test=data.sample(garden.test, 32, 0))


def run(task, number, seed=0, **options):
    settings = {"learning_rate": 8e-3, "epochs": 3, **options}
    return training.train(strategies.find(number), "coursenet_guide", task, len(task.train), seed=seed, **settings)


@pytest.fixture(scope="module")
def head_trained(small):
    """Return a run of strategy 3, long enough to learn."""
    return run(small, 3, epochs=60)


@pytest.fixture(scope="module")
def part_trained(small):
    """Return a short run of strategy 2."""
    return run(small, 2, freeze_depth="block3", learning_rate=1e-4)


def base_weights(model):
    return [np.array(w) for layer in model.layers[:-2] for w in layer.get_weights()]


def test_frozen_base_is_untouched_and_the_head_learns(head_trained):
    done = head_trained
    wanted = backbones.load("coursenet_guide").get_weights()
    assert all((a == b).all() for a, b in zip(base_weights(done.model), wanted, strict=True))
    assert done.train_accuracy > 0.9
    assert (done.strategy, done.task, done.n_samples, done.freeze_depth) == ("3: freeze the base", "garden", 64, "all")
    assert len(done.history["loss"]) == 60
    assert (done.backbone, done.source) == ("coursenet_guide", backbones.find("coursenet_guide").source)
    assert (done.learning_rate, done.seed) == (8e-3, 0) and done.seconds > 0


def test_the_model_of_a_run_is_the_whole_network(small, head_trained):
    answers = head_trained.model.predict(backbones.preprocess("coursenet_guide", small.test.images), verbose=0).argmax(
        axis=1
    )
    assert (answers == small.test.labels).mean() == pytest.approx(head_trained.test_accuracy)


def test_features_once_gives_what_the_whole_network_gives(small):
    # The plain recipe: the frozen base inside the model, run in every epoch.
    keras.utils.set_random_seed(0)
    base = backbones.freeze(backbones.load("coursenet_guide"))
    plain = backbones.attach_head(base, 8)
    chosen = data.sample(small.train, 64, 0)
    fitting.compile_model(plain, 8e-3, 6)
    inputs = backbones.preprocess("coursenet_guide", chosen.images)
    plain.fit(inputs, chosen.labels, batch_size=32, epochs=3, verbose=0)
    ours = run(small, 3).model
    for a, b in zip(plain.layers[-1].get_weights(), ours.layers[-1].get_weights(), strict=True):
        assert np.linalg.norm(a - b) <= 1e-3 * np.linalg.norm(a)


def test_freezing_a_part_gives_what_the_whole_network_gives(small, part_trained):
    keras.utils.set_random_seed(0)
    plain = backbones.attach_head(backbones.load("coursenet_guide"), 8)
    for layer in plain.layers:
        layer.trainable = not layer.name.startswith(("block1", "block2", "block3"))
    chosen = data.sample(small.train, 64, 0)
    fitting.compile_model(plain, 1e-4, 6)
    inputs = backbones.preprocess("coursenet_guide", chosen.images)
    plain.fit(inputs, chosen.labels, batch_size=32, epochs=3, verbose=0)
    batch_norm.settle(plain, inputs)
    for a, b in zip(plain.get_weights(), part_trained.model.get_weights(), strict=True):
        assert np.linalg.norm(a - b) <= 1e-3 * np.linalg.norm(a)


def test_whole_runs_of_the_plain_way_and_of_ours_are_as_good():
    # With Adam, rounding grows over many steps, so that weights differ; what the network can do must not.
    garden = data.task("garden")
    plain, ours = [], []
    for seed in range(3):
        settings = {"learning_rate": 2e-3, "epochs": 8, "freeze_depth": "block3", "seed": seed, "progress": False}
        ours.append(training.train(strategies.find(2), "coursenet_guide", garden, 96, **settings).test_accuracy)
        keras.utils.set_random_seed(seed)
        model = backbones.attach_head(backbones.load("coursenet_guide"), 8)
        for layer in model.layers:
            layer.trainable = not layer.name.startswith(("block1", "block2", "block3"))
        chosen = data.sample(garden.train, 96, seed)
        fitting.compile_model(model, 2e-3, 24)
        inputs = backbones.preprocess("coursenet_guide", chosen.images)
        model.fit(inputs, chosen.labels, batch_size=32, epochs=8, verbose=0)
        batch_norm.settle(model, inputs)
        judged = backbones.preprocess("coursenet_guide", garden.test.images)
        plain.append(fitting.accuracy(model, judged, garden.test.labels))
    assert min(ours) > 0.6
    assert abs(np.mean(plain) - np.mean(ours)) <= np.ptp(plain + ours) / 2


def test_strategy_2_trains_what_stands_behind_the_depth(part_trained):
    done = part_trained
    learned = backbones.load("coursenet_guide")
    same = {
        layer.name: all(np.array_equal(a, b) for a, b in zip(layer.get_weights(), now.get_weights(), strict=True))
        for layer, now in zip(learned.layers, done.model.layers, strict=False)
        if layer.get_weights()
    }
    assert {name.split("_")[0] for name in same if same[name]} == {"block1", "block2", "block3"}
    assert {name.split("_")[0] for name in same if not same[name]} == {"block4", "block5"}
    assert (done.strategy, done.freeze_depth) == ("2: freeze the early part", "block3")


def test_warm_start_trains_everything_from_what_was_learned(small):
    done = run(small, "warm start", learning_rate=1e-5, epochs=1)
    learned = backbones.load("coursenet_guide")
    for layer, now in zip(learned.layers, done.model.layers, strict=False):
        if layer.name.endswith(("conv1", "conv2")):
            before, after = layer.get_weights()[0], now.get_weights()[0]
            assert 0 < np.abs(after - before).max() < 1e-3  # it moved, from where it was
    assert (done.freeze_depth, done.source) == ("none", backbones.find("coursenet_guide").source)


@pytest.mark.parametrize(
    ("strategy", "depth", "words"),
    [
        (2, None, "Expected freeze_depth=.*Received: None"),
        (3, "block2", "Expected no freeze_depth=.*Received: 'block2'"),
        (2, "block9", "block1, block2, block3, block4, block5.*Received: 'block9'"),
    ],
)
def test_a_freeze_depth_that_cannot_be_is_refused(small, strategy, depth, words):
    with pytest.raises(CourseError, match=words):
        run(small, strategy, freeze_depth=depth)


def test_features_are_those_of_the_base(small):
    base = backbones.load("coursenet_guide")
    found = features.extract("coursenet_guide", base, small.test.images[:3])
    wanted = base(backbones.preprocess("coursenet_guide", small.test.images[:3]), training=False)
    assert found.shape == (3, 4, 4, 128)
    np.testing.assert_allclose(found, wanted, atol=1e-3)


def test_from_scratch_trains_everything_and_is_the_same_again(small):
    first, again = run(small, 1, epochs=1), run(small, 1, epochs=1)
    keras.utils.set_random_seed(0)
    untrained = backbones.load("coursenet_guide", weights=None).get_weights()
    assert not any((a == b).all() for a, b in zip(base_weights(first.model), untrained, strict=True))
    assert first.history["loss"] == pytest.approx(again.history["loss"], rel=1e-3)
    assert (first.source, first.freeze_depth) == ("none", "none")
    # BatchNorm's statistics are those of the final weights.
    inputs = backbones.preprocess("coursenet_guide", small.train.images)
    wanted = first.model.get_layer("block1_conv1")(inputs).numpy().mean(axis=(0, 1, 2))
    np.testing.assert_allclose(first.model.get_layer("block1_bn1").moving_mean, wanted, atol=1e-3)


def test_batchnorm_statistics_are_settled(small):
    # With Keras's usual momentum, 0.99, the running averages would still be near their start after 6 steps.
    base = backbones.load("coursenet_guide", weights=None)
    inputs = backbones.preprocess("coursenet_guide", small.train.images)
    layer = base.get_layer("block1_bn1")
    batch_norm.settle(base, inputs)
    wanted = base.get_layer("block1_conv1")(inputs).numpy().mean(axis=(0, 1, 2))
    np.testing.assert_allclose(layer.moving_mean, wanted, atol=1e-3)
    assert layer.momentum == 0.9


def test_layers_of_a_model_inside_a_model_are_settled_and_frozen_ones_are_not(small):
    base = backbones.load("coursenet_guide", weights=None)
    model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
    base.get_layer("block2_bn1").trainable = False
    inputs = backbones.preprocess("coursenet_guide", small.train.images)
    batch_norm.settle(model, inputs)
    wanted = base.get_layer("block1_conv1")(inputs).numpy()
    settled = base.get_layer("block1_bn1")
    np.testing.assert_allclose(settled.moving_mean, wanted.mean(axis=(0, 1, 2)), atol=1e-3)
    np.testing.assert_allclose(settled.moving_variance, wanted.var(axis=(0, 1, 2)), rtol=1e-2)
    assert not base.get_layer("block2_bn1").moving_mean.numpy().any()


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


def test_pictures_of_another_size_are_refused_before_training(small):
    with pytest.raises(CourseError, match="Expected pictures of 96 x 96.*Received 64 x 64"):
        run(small, 3, image_size=96)


def test_unknown_strategy():
    with pytest.raises(CourseError, match="Received: 7"):
        strategies.find(7)


def test_answer_log_keeps_the_answers_of_every_epoch(small):
    base = backbones.load("coursenet_guide")
    model = backbones.attach_head(base, 8)
    fitting.compile_model(model, 1e-3, 4)
    inputs = backbones.preprocess("coursenet_guide", small.train.images)
    log = fitting.AnswerLog(inputs[:5])
    model.fit(inputs, small.train.labels, epochs=2, verbose=0, callbacks=[log])
    assert len(log.answers) == 2
    np.testing.assert_array_equal(log.answers[-1], model.predict(inputs[:5], verbose=0).argmax(axis=1))


class Enough(Exception):
    """Raised once a test has seen what it wanted, so that nothing is trained."""


def test_rate_falls_to_zero_over_the_training(small, monkeypatch):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    fitting.compile_model(model, 8e-3, 6)
    rate = model.optimizer._learning_rate
    assert [float(rate(step)) for step in (0, 3, 6)] == pytest.approx([8e-3, 4e-3, 0], abs=1e-8)

    def asked(model, learning_rate, updates, *_):
        raise Enough(learning_rate, updates)

    monkeypatch.setattr(fitting, "compile_model", asked)
    with pytest.raises(Enough) as enough:
        run(small, 3, epochs=4)
    assert enough.value.args == (8e-3, 4 * 2)  # 64 pictures are two steps an epoch
    with pytest.raises(Enough) as enough:
        run(small, 3, epochs=4, batch_size=10)
    assert enough.value.args == (8e-3, 4 * 7)


def test_seed_decides_the_sample(small, monkeypatch):
    def drawn(seed):
        with pytest.raises(Enough) as enough:
            training.train(strategies.find(3), "coursenet_guide", small, 16, learning_rate=1e-3, epochs=1, seed=seed)
        return enough.value.args[0]

    def extract(name, base, images, progress):
        raise Enough(images)

    monkeypatch.setattr(features, "extract", extract)
    first, again, other = drawn(0), drawn(0), drawn(1)
    assert len(first) == len(other) == 16
    assert (first == again).all() and (first != other).any()


def test_settled_statistics_are_a_plain_average_over_batches(small):
    base = backbones.load("coursenet_guide", weights=None)
    images = small.train.images
    # Three batches of 128, each darker than the one before it.
    shades = np.concatenate([images, images, images // 2, images // 2, images // 4, images // 4])
    inputs = backbones.preprocess("coursenet_guide", shades)
    batch_norm.settle(base, inputs)
    wanted = base.get_layer("block1_conv1")(inputs).numpy().mean(axis=(0, 1, 2))
    np.testing.assert_allclose(base.get_layer("block1_bn1").moving_mean, wanted, atol=1e-3)


def test_features_of_many_pictures_are_in_their_order(small, monkeypatch):
    monkeypatch.setattr(features, "PART", 20)
    base = backbones.load("coursenet_guide")
    found = features.extract("coursenet_guide", base, small.train.images[:50])
    wanted = base.predict(backbones.preprocess("coursenet_guide", small.train.images[:50]), verbose=0)
    np.testing.assert_allclose(found, wanted, atol=1e-3)


def test_only_pretrained_strategies_start_from_pretrained_weights(small, monkeypatch):
    bases = []
    load = backbones.load
    monkeypatch.setattr(backbones, "load", lambda *given, **options: bases.append(load(*given, **options)) or bases[-1])

    def before_training(*_):
        raise Enough

    monkeypatch.setattr(fitting, "compile_model", before_training)
    for number, seed in ((1, 0), (1, 1), (3, 0), ("warm start", 0)):
        with pytest.raises(Enough):
            run(small, number, seed)
    learned, scratch, other, *pretrained = (
        base.get_layer("block1_conv1").get_weights()[0] for base in (load("coursenet_guide"), *bases)
    )
    assert all((weights == learned).all() for weights in pretrained)
    assert not np.isclose(scratch, learned, atol=1e-4).all(), "from scratch is from random weights"
    assert not np.isclose(scratch, other, atol=1e-4).all(), "which the seed decides"


def test_the_base_stays_frozen_in_the_model_of_a_run(head_trained):
    assert [w.name for w in head_trained.model.trainable_weights] == ["kernel", "bias"]
