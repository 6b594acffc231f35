"""How a network is trained: each setting of a recipe does what it says, and what cannot be done is refused."""

import os
import re
import signal
import warnings
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import (
    augmentation,
    backbones,
    batch_norm,
    data,
    depth_rates,
    features,
    fitting,
    notebook,
    schedules,
    store,
    strategies,
    training,
)
from course_utils.batches import Batches
from course_utils.cards import CourseError, CourseWarning, Pictures
from course_utils.quiet import keras


@pytest.fixture(scope="module")
def small():
    """Return a garden with 64 training and 32 test pictures."""
    garden = data.task("garden")
    return replace(garden, train=data.sample(garden.train, 64, 0), test=data.sample(garden.test, 32, 0))


@pytest.fixture
def fitted(monkeypatch):
    """Keep what `fit` was given, call by call."""
    calls = []
    fit = fitting.fit

    def kept(*given, **settings):
        calls.append((given, settings))
        return fit(*given, **settings)

    monkeypatch.setattr(fitting, "fit", kept)
    return calls


def run(task, number, **settings):
    settings = {"learning_rate": 1e-3, "epochs": 1, "progress": False, **settings}
    if number == 2:
        settings.setdefault("freeze_depth", "block3")
    return training.train(strategies.find(number), "coursenet_guide", task, len(task.train), **settings)


def moved(model):
    """Return how far the weights of every convolution have moved at most: layer -> distance."""
    learned = backbones.load("coursenet_guide")
    names = [layer.name for layer in learned.layers if "_conv" in layer.name]
    pairs = {name: (learned.get_layer(name).get_weights()[0], model.get_layer(name).get_weights()[0]) for name in names}
    return {name: float(np.abs(before - after).max()) for name, (before, after) in pairs.items()}


# Schedules

SHAPES = {  # at the start, after 10, 50 and 90 of 100 updates, and at the end
    "constant": (1, 1, 1, 1, 1),
    "cosine": (1, 0.976, 0.5, 0.024, 0),
    "warm-up": (0, 1, 0.587, 0.030, 0),
    "linear": (1, 0.9, 0.5, 0.1, 0),
    "steps": (1, 1, 0.25, 0.0625, 0.0625),
}


@pytest.mark.parametrize("name", schedules.SCHEDULES)
def test_schedule(name):
    rate = schedules.find(name, 0.01, 100)
    found = [float(rate(update)) for update in (0, 10, 50, 90, 100)]
    assert found == pytest.approx([0.01 * share for share in SHAPES[name]], abs=2e-5)
    assert isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    for updates in (1, 2, 3):  # very short trainings have a schedule too
        assert np.isfinite(float(schedules.find(name, 0.01, updates)(0)))


def test_the_schedule_named_is_the_one_used(small, monkeypatch):
    asked = []
    find = schedules.find
    monkeypatch.setattr(schedules, "find", lambda *given: asked.append(given) or find(*given))
    run(small, 3, schedule="linear", epochs=2)
    assert asked[-1] == ("linear", 1e-3, 4)


# A rate for each depth


def test_each_block_moves_by_its_own_rate(small):
    # The first step of Adam moves a weight by its learning rate, however large the gradient is.
    done = run(small, "warm start", batch_size=64, depth_factor=0.5)
    found = moved(done.model)
    for block in range(1, 6):
        wanted = 1e-3 * 0.5 ** (6 - block)
        assert found[f"block{block}_conv1"] == pytest.approx(wanted, rel=0.02), block
    assert moved(run(small, "warm start", batch_size=64).model)["block1_conv1"] == pytest.approx(1e-3, rel=0.02)


def test_the_rates_hold_above_a_frozen_part_too(small):
    found = moved(run(small, 2, batch_size=64, depth_factor=0.1).model)
    assert found["block3_conv2"] == 0
    assert found["block4_conv1"] == pytest.approx(1e-5, rel=0.02)
    assert found["block5_conv2"] == pytest.approx(1e-4, rel=0.02)


def test_many_blocks_are_shared_out_among_five_groups():
    for name in ("MobileNetV2", "MobileNetV3Small"):  # one with named blocks, one without
        base = backbones.load(name, None, 64)
        found = depth_rates.factors(base, 0.5)
        assert set(found) == {weight.path for weight in base.trainable_weights}
        assert sorted(set(found.values())) == [0.5**n for n in (5, 4, 3, 2, 1)]
        by_layer = [found[layer.trainable_weights[0].path] for layer in base.layers if layer.trainable_weights]
        assert by_layer == sorted(by_layer), "towards the input the rates fall"


def test_a_network_trained_so_can_be_saved_and_loaded(small, tmp_path):
    done = run(small, "warm start", depth_factor=0.5)
    done.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.optimizer.factors == done.model.optimizer.factors != {}


# Head first


def test_head_first_trains_the_head_on_the_base_as_it_was(small):
    settings = {"learning_rate": 1e-9, "epochs": 1}
    first = run(small, "warm start", head_epochs=60, **settings)
    assert len(first.history["head_loss"]) == 60 and len(first.history["loss"]) == 1
    assert first.history["head_accuracy"][-1] > 0.9
    assert first.history["loss"][0] < run(small, "warm start", **settings).history["loss"][0] / 2
    assert max(moved(first.model).values()) < 1e-6


@pytest.mark.parametrize(("number", "frozen"), [("warm start", 0), (2, 4)])
def test_after_head_first_all_is_trained_that_should_be(small, number, frozen):
    found = moved(run(small, number, head_epochs=2, epochs=2).model)
    assert [distance > 0 for distance in found.values()] == [False] * frozen + [True] * (len(found) - frozen)


# Validation and early stopping


def test_validation_pictures_are_set_aside(small, fitted):
    done = run(small, 3, validation=0.25)
    (_, inputs, labels, _), settings = fitted[0]
    held_out, truths = settings["validation"]
    assert (len(inputs), len(labels), len(held_out), len(truths)) == (48, 48, 16, 16)
    assert not {row.tobytes() for row in inputs} & {row.tobytes() for row in held_out}
    assert "val_loss" in done.history and done.n_samples == 64


def test_early_stopping_goes_back_to_the_best_epoch(small):
    noise = replace(small, train=Pictures(small.train.images, np.random.default_rng(0).permutation(small.train.labels)))
    done = run(noise, 3, epochs=100, learning_rate=0.05, schedule="constant", validation=0.5, patience=3)
    losses = done.history["val_loss"]
    assert len(losses) < 100 and int(np.argmin(losses)) == len(losses) - 4
    assert f"after epoch {len(losses) - 3}:" in done.stopped
    _, held_out = data.split(data.sample(noise.train, 64, 0), 0.5, 0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    scores = done.model.predict(backbones.preprocess("coursenet_guide", held_out.images), verbose=0)
    assert float(loss(held_out.labels, scores)) == pytest.approx(min(losses), rel=1e-3)
    assert losses[-1] > 1.02 * min(losses)


def test_what_stopped_early_has_settled_statistics_too(small):
    done = run(small, "warm start", epochs=50, schedule="constant", validation=0.5, patience=1)
    assert len(done.history["loss"]) < 50
    seen, _ = data.split(data.sample(small.train, 64, 0), 0.5, 0)
    inputs = backbones.preprocess("coursenet_guide", seen.images)
    wanted = done.model.get_layer("block1_conv1")(inputs).numpy().mean(axis=(0, 1, 2))
    np.testing.assert_allclose(done.model.get_layer("block1_bn1").moving_mean, wanted, atol=1e-3)


def test_statistics_follow_the_weights_so_that_epochs_can_be_judged():
    base = backbones.load("MobileNetV2", None, 64, alpha=0.35)
    assert base.get_layer("bn_Conv1").momentum == 0.999
    batch_norm.quicken(base)
    assert {layer.momentum for layer in batch_norm.layers_of(base)} == {0.9}


def test_training_follows_them(small, monkeypatch):
    called = []
    monkeypatch.setattr(batch_norm, "quicken", lambda base: called.append(base.name))
    run(small, 3)
    assert called == ["coursenet"]


# What goes wrong on the way


def test_a_loss_that_becomes_nan_stops_the_run_and_is_explained(small):
    with pytest.warns(CourseWarning, match="NaN.*tenth"):
        done = run(small, "warm start", learning_rate=1e20, epochs=10)
    assert "NaN" in done.stopped and 1 <= len(done.history["loss"]) < 10
    assert not np.isfinite(done.history["loss"][-1])


def test_where_epochs_are_judged_nan_goes_back_to_the_best(small, monkeypatch):
    class Breaks(keras.callbacks.Callback):
        def __init__(self, **_):
            super().__init__()

        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                self.model.set_weights([np.full_like(weights, np.nan) for weights in self.model.get_weights()])

    monkeypatch.setattr(fitting, "TqdmCallback", Breaks)
    with pytest.warns(CourseWarning, match="that of the best epoch before"):
        done = run(small, 3, epochs=9, learning_rate=0.03, validation=0.25, patience=9, progress=True)
    assert np.isnan(done.history["loss"][-1]) and done.train_accuracy > 0.3


class Stopper(keras.callbacks.Callback):
    """Stand in for the bar; interrupt the process as Ctrl-C or the stop button does."""

    def __init__(self, **_):
        super().__init__()

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 2:
            os.kill(os.getpid(), signal.SIGINT)


def test_an_interrupt_leaves_the_run_so_far_and_the_next_one_works(small, monkeypatch):
    monkeypatch.setattr(fitting, "TqdmCallback", Stopper)
    with pytest.warns(CourseWarning, match="Interrupted after . of 50 epochs"):
        done = run(small, 3, epochs=50, learning_rate=8e-3, progress=True)
    assert 2 <= len(done.history["loss"]) <= 4 and "Interrupted" in done.stopped
    answers = done.model.predict(backbones.preprocess("coursenet_guide", small.test.images), verbose=0).argmax(axis=1)
    assert (answers == small.test.labels).mean() == pytest.approx(done.test_accuracy)
    assert run(small, 3, epochs=2).stopped == ""


def test_an_interrupt_while_judging_keeps_what_was_trained(small, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "accuracy", interrupted)
    done = run(small, 3, epochs=3)
    assert len(done.history["loss"]) == 3 and np.isnan(done.test_accuracy)


def test_an_interrupt_before_the_first_epoch_has_ended(small, monkeypatch):
    class AtOnce(keras.callbacks.Callback):
        def __init__(self, **_):
            super().__init__()

        def on_train_begin(self, logs=None):
            raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "TqdmCallback", AtOnce)
    with pytest.warns(CourseWarning, match="after 0 of 9"):
        done = run(small, 3, epochs=9, validation=0.5, patience=2, progress=True)
    assert done.history == {} and 0 <= done.test_accuracy <= 1


def test_an_interrupt_while_the_head_trains_ends_the_run(small, monkeypatch):
    monkeypatch.setattr(fitting, "TqdmCallback", Stopper)
    with pytest.warns(CourseWarning, match="Interrupted"):
        done = run(small, "warm start", head_epochs=50, epochs=50, progress=True)
    assert len(done.history["head_loss"]) < 5 and "loss" not in done.history
    learned = backbones.load("coursenet_guide").get_weights()
    assert all((a == b).all() for a, b in zip(done.model.get_weights(), learned, strict=False)), "statistics too"


def test_an_interrupt_goes_back_to_the_best_epoch_so_far(small, monkeypatch):
    class Worse(keras.callbacks.Callback):
        def __init__(self, **_):
            super().__init__()

        def on_epoch_end(self, epoch, logs=None):
            if epoch == 0:
                Worse.best = self.model.get_weights()
            self.model.optimizer.learning_rate = 10.0
            if epoch == 3:
                raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "TqdmCallback", Worse)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1e-3), loss)
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(20, 3)), rng.integers(0, 2, 20)
    with pytest.warns(CourseWarning):
        done = fitting.fit(model, inputs, labels, 9, validation=(inputs, 1 - labels), patience=9, progress=True)
    best = int(np.argmin(done.history["val_loss"]))
    assert best < 3
    assert float(loss(1 - labels, model(inputs))) == pytest.approx(done.history["val_loss"][best], rel=1e-4)


def test_progress_is_shown_if_it_is_wanted(small, capsys, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    run(small, 3, progress=True)
    shown = capsys.readouterr().err
    assert "features" in shown and "epoch" in shown
    run(small, 3)
    assert capsys.readouterr().err == ""


def test_a_notebook_shows_a_warning_as_one_sentence(capsys):
    with warnings.catch_warnings():
        notebook.start()
        for _ in range(2):  # also the second time
            warnings.warn("The loss became NaN.", CourseWarning, stacklevel=2)
    assert capsys.readouterr().out == "⚠ The loss became NaN.\n" * 2


def test_letters_that_no_font_has_are_told_once(capsys, monkeypatch):
    monkeypatch.setattr(notebook.font_manager, "get_font_names", lambda: ["DejaVu Sans"])
    monkeypatch.setattr(notebook, "_told", set())
    with warnings.catch_warnings(), plt.rc_context():
        warnings.simplefilter("always")  # as in a notebook: tests make errors of them
        notebook.start()
        figure, ax = plt.subplots()
        ax.set_title("고양이 $5 and $6")  # money, no formula
        notebook.figure_html(figure, "")
    said = capsys.readouterr()
    assert said.out.count("⚠") == 1 and "no font on this machine has them" in said.out and "Glyph" not in said.err


def test_a_font_with_more_letters_is_used_where_it_is(monkeypatch):
    monkeypatch.setattr(notebook.font_manager, "get_font_names", lambda: ["DejaVu Sans", "NanumGothic"])
    with warnings.catch_warnings(), plt.rc_context():
        notebook.start()
        assert plt.rcParams["font.family"] == ["DejaVu Sans", "NanumGothic"]


def test_nothing_is_said_of_bold_letters_that_are_not_as_bold(monkeypatch, caplog):
    """Of NanumGothic, whose bold letters have another weight, Matplotlib would tell so in the notebook."""
    fonts = notebook.font_manager.fontManager
    half_bold = replace(next(font for font in fonts.ttflist if font.name == "DejaVu Sans"), name="Nanum", weight=600)
    monkeypatch.setattr(fonts, "ttflist", [*fonts.ttflist, half_bold])
    with warnings.catch_warnings(), plt.rc_context():
        notebook.start()
    found = fonts.findfont(notebook.font_manager.FontProperties(family=["Nanum"], weight="bold"))
    assert found == half_bold.fname and not caplog.records


# Augmentation


def flips():
    return keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomTranslation(0.1, 0.1)])


def test_a_view_is_decided_by_its_seed_and_is_another_for_another(small):
    layers, images = flips(), small.train.images
    first, again, other = (augmentation.view(images, layers, seed) for seed in (1, 1, 2))
    assert first.dtype == np.uint8 and (first == again).all()
    assert (first != other).any() and (first != images).any()
    assert (augmentation.view(images, flips(), 1) == first).all(), "whatever the layers drew before"


def test_two_layers_do_not_draw_the_same_numbers():
    layers = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomFlip("vertical")])
    images = np.zeros((64, 8, 8, 3), np.uint8)
    images[:, 0, 0] = 255
    corners = augmentation.view(images, layers, 0)[:, [0, 0, 7, 7], [0, 7, 0, 7], 0].argmax(axis=1)
    assert set(corners) == {0, 1, 2, 3}


def test_each_epoch_has_its_own_kept_view(small, fitted, monkeypatch):
    used = []

    def get(batches, index, get=Batches.__getitem__):
        used.append((batches.epoch, batches.epoch % len(batches.views)))
        return get(batches, index)

    monkeypatch.setattr(Batches, "__getitem__", get)
    run(small, 2, augmentation=flips(), views=3, epochs=3, seed=5)
    batches = fitted[0][0][1]
    assert len(batches.views) == 3 and not np.array_equal(batches.views[0], batches.views[1])
    trained_on = used[2:]  # Keras looks at two batches beforehand
    assert len(trained_on) == 6 and sorted(view for _, view in set(trained_on)) == [0, 1, 2]


def test_batches_go_from_view_to_view_in_an_order_of_their_own():
    views = [np.arange(10) + 100 * number for number in range(2)]
    batches = Batches(views, np.arange(10), 4, seed=0)
    orders = []
    for epoch in range(3):
        inputs, labels = (np.concatenate(part) for part in zip(*[batches[n] for n in range(len(batches))], strict=True))
        assert (inputs == labels + 100 * (epoch % 2)).all() and sorted(labels) == list(range(10))
        orders.append(list(labels))
        batches.on_epoch_end()
    assert len({tuple(order) for order in orders}) == 3
    assert [*Batches(views, np.arange(10), 4)[0][1]] == [0, 1, 2, 3], "in order without a seed"


@pytest.mark.parametrize(("number", "views"), [(2, 2), (3, None)])
def test_augmented_training_is_decided_by_the_seed(small, number, views):
    layers = flips()
    first, again, other = (
        run(small, number, augmentation=layers, views=views, epochs=2, seed=seed).history["loss"] for seed in (1, 1, 2)
    )
    assert first == pytest.approx(again, rel=1e-3) and first != pytest.approx(other, rel=1e-3)


def test_without_kept_views_pictures_are_changed_anew_in_every_epoch(small, fitted):
    done = run(small, 2, augmentation=flips(), epochs=2)
    (model, batches, *_), _ = fitted[0]
    assert model is done.model, "the whole network is run"
    assert not np.array_equal(batches[0][0], batches[0][0])
    found = moved(done.model)
    assert found["block3_conv2"] == 0 < found["block4_conv1"]
    before = backbones.load("coursenet_guide").get_layer("block2_bn1").moving_mean
    assert np.array_equal(before, done.model.get_layer("block2_bn1").moving_mean), "frozen statistics stay"


def test_what_is_trained_whole_can_be_augmented_too(small):
    assert len(run(small, "warm start", augmentation=flips(), epochs=2).history["loss"]) == 2


def test_views_that_together_are_large_are_kept_on_disk(small, fitted, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    size = 64 * 8 * 8 * 64 * 4
    monkeypatch.setattr(features, "IN_MEMORY", 3 * size)
    run(small, 2, augmentation=flips(), views=1, epochs=1, seed=7)
    run(small, 2, augmentation=flips(), views=2, epochs=2, seed=8)
    kinds = [{type(view) for view in given[1].views} for given, _ in fitted]
    assert kinds == [{np.ndarray}, {np.memmap}]


def test_features_on_disk_are_read_batch_by_batch_and_train_as_well(small, fitted, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    monkeypatch.setattr(features, "IN_MEMORY", 0)
    fed = []
    monkeypatch.setattr(fitting, "_feed", lambda *given, feed=fitting._feed: fed.append(feed(*given)) or fed[-1])
    done = run(small, 2, epochs=8)
    assert len(fed) == 3 and all(isinstance(feed, Batches) for feed in fed), "to train, and to judge twice"
    assert done.train_accuracy > 0.9


def test_features_that_are_too_large_are_refused(small, monkeypatch):
    monkeypatch.setattr(store, "AT_MOST", 1000)
    with pytest.raises(CourseError, match="at most .* GiB.*Freeze up to a later block"):
        run(small, 2)


# Bad input

LAYERS = keras.layers.RandomFlip()
BAD = [
    (2, {"learning_rate": 0}, "learning_rate= above zero. Received: 0"),
    (2, {"learning_rate": -1e-3}, "learning_rate= above zero. Received: -0.001"),
    (2, {"learning_rate": float("nan")}, "learning_rate= above zero. Received: nan"),
    (2, {"learning_rate": "fast"}, "learning_rate= above zero. Received: 'fast'"),
    (2, {"epochs": 0}, "epochs=, a whole number from 1 on. Received: 0"),
    (2, {"epochs": 2.5}, "epochs=, a whole number from 1 on. Received: 2.5"),
    (2, {"batch_size": 0}, "batch_size=, a whole number from 1"),
    (2, {"schedule": "quick"}, "constant, cosine, warm-up, linear, steps. Received: 'quick'"),
    (2, {"validation": 1}, "validation= from 0 to below 1. Received: 1"),
    (2, {"patience": 3}, "Expected validation=.*beside patience="),
    (2, {"patience": 0, "validation": 0.5}, "patience=, a whole number from 1"),
    (3, {"head_epochs": 3}, "Expected head_epochs=0 for strategy '3"),
    (1, {"head_epochs": 3}, "Expected head_epochs=0 for strategy '1"),
    (2, {"depth_factor": 0}, "depth_factor= above 0, at most 1. Received: 0"),
    (3, {"depth_factor": 0.5}, "Expected depth_factor=1 for strategy '3"),
    (2, {"validation": 0.01}, "leave 64 and 0. Take more"),
    (2, {"augmentation": "flip"}, "a Keras layer such as .*Received: 'flip'"),
    (2, {"freeze_depth": "all"}, "freeze_depth=, such as 'block3',.*Received: 'all'"),
    (2, {"views": 3}, "Expected augmentation= beside views="),
    (1, {"views": 3, "augmentation": LAYERS}, "nothing is frozen"),
    (2, {"views": 3, "epochs": 4, "augmentation": LAYERS}, "as many epochs as kept views, 3. Received 4 epochs"),
    (
        2,
        {"augmentation": keras.layers.Resizing(32, 32)},
        r"shape \(64, 64, 3\) from the augmentation. Received \(32, 32",
    ),
    (2, {"freeze_depth": "block9"}, "Received: 'block9'"),
    (3, {"patiense": 3}, "Expected settings of a recipe .*patiense"),
]


@pytest.mark.parametrize(("number", "settings", "words"), BAD, ids=[f"{n} {list(s.items())[0]}" for n, s, _ in BAD])
def test_what_cannot_be_is_refused_in_one_sentence(small, number, settings, words, fitted):
    with pytest.raises(CourseError, match=words):
        run(small, number, **settings)
    assert not fitted, "before anything is trained"


def test_more_epochs_than_kept_views_can_be_allowed(small):
    done = run(small, 3, views=2, epochs=4, augmentation=flips(), reuse_views=True)
    assert len(done.history["loss"]) == 4


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize("label", [-1, 8])
def test_labels_that_are_no_class_are_refused(small, part, label):
    pictures = getattr(small, part)
    labels = pictures.labels.copy()
    labels[3] = label
    wrong = replace(small, **{part: Pictures(pictures.images, labels)})
    with pytest.raises(CourseError, match=re.escape("labels from 0 to 7") + ".*Received.*" + str(label)):
        run(wrong, 3)
