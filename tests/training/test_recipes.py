"""How a network is trained: each setting of a recipe does what it says, and what cannot be done is refused."""

import os
import re
import signal
import warnings
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import augmentation, backbones, batch_norm, data, depth_rates, features, fitting, notebook, schedules
from course_utils.batches import Batches
from course_utils.cards import CourseError, CourseWarning, Pictures
from course_utils.quiet import keras


@pytest.fixture
def fitted(monkeypatch):
    """Keep what `fit` was given, call by call."""
    calls = []

    def kept(*given, fit=fitting.fit, **settings):
        calls.append((given, settings))
        return fit(*given, **settings)

    monkeypatch.setattr(fitting, "fit", kept)
    return calls


@pytest.fixture
def bar(monkeypatch):
    """Return a function that puts something else in the place of the bar: what happens when."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in a shell's background ignores it
    callback = keras.callbacks.LambdaCallback
    return lambda **events: monkeypatch.setattr(fitting, "TqdmCallback", lambda **_: callback(**events))


def stop(epoch, logs):
    """Interrupt the process as Ctrl-C or the stop button does."""
    if epoch == 2:
        os.kill(os.getpid(), signal.SIGINT)


def interrupted(*_):
    raise KeyboardInterrupt


def moved(model):
    """Return how far the weights and statistics of every layer of the base have moved at most: name -> distance."""
    found = {}
    for layer in backbones.load("coursenet_guide").layers:
        pairs = zip(layer.get_weights(), model.get_layer(layer.name).get_weights(), strict=True)
        if layer.weights:
            found[layer.name] = float(max(np.abs(before - after).max() for before, after in pairs))
    return found


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
        short = schedules.find(name, 0.01, updates)
        assert 0 <= min(map(short, range(updates + 1))) <= max(map(short, range(updates + 1))) <= np.float32(0.01)


def test_the_schedule_named_is_the_one_used(run, fitted):
    run(3, schedule="linear", epochs=2)
    ((model, *_), _), *_ = fitted
    assert [float(model.optimizer._learning_rate(step)) for step in (0, 2, 4)] == pytest.approx([1e-3, 5e-4, 0])


@pytest.mark.parametrize(
    ("number", "factor", "wanted"),
    [
        ("warm start", 1, {"block1_conv1": 1e-3, "block5_conv2": 1e-3}),
        ("warm start", 0.5, {f"block{block}_conv1": 1e-3 * 0.5 ** (6 - block) for block in range(1, 6)}),
        (2, 0.1, {"block3_conv2": 0, "block4_conv1": 1e-5, "block5_conv2": 1e-4}),
    ],
)
def test_each_block_moves_by_its_own_rate(run, number, factor, wanted):
    # The first step of Adam moves a weight by its learning rate, however large the gradient is.
    found = moved(run(number, batch_size=64, depth_factor=factor).model)
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("name", ["MobileNetV2", "MobileNetV3Small"])  # one with named blocks, one without
def test_many_blocks_are_shared_out_among_five_groups(name):
    base = backbones.load(name, None, 64)
    found = depth_rates.factors(base, 0.5)
    assert set(found) == {weight.path for weight in base.trainable_weights}
    assert sorted(set(found.values())) == [0.5**n for n in (5, 4, 3, 2, 1)]
    by_layer = [found[layer.trainable_weights[0].path] for layer in base.layers if layer.trainable_weights]
    assert by_layer == sorted(by_layer), "towards the input the rates fall"
    if name == "MobileNetV2":  # 16 blocks: 4, 3, 3, 3 and 3
        ends = {"Conv1": 5, "block_4_project": 5, "block_5_expand": 4, "block_13_project": 2, "block_14_expand": 1}
        assert {layer: found[f"{layer}/kernel"] for layer in ends} == {layer: 0.5**n for layer, n in ends.items()}


def test_a_network_trained_so_can_be_saved_and_loaded(run, tmp_path):
    done = run("warm start", depth_factor=0.5)
    done.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.optimizer.factors == done.model.optimizer.factors
    assert set(loaded.optimizer.factors) == {weight.path for weight in loaded.trainable_weights[:-2]}  # not the head


def test_head_first_trains_the_head_on_the_base_as_it_was(run, head_trained):
    first = run("warm start", head_epochs=20, head_rate=0.03, learning_rate=1e-9)
    assert first.history["head_loss"] == pytest.approx(head_trained.history["loss"], rel=1e-2), "as strategy 3 does"
    assert len(first.history["loss"]) == 1 and first.history["loss"][0] < first.history["head_loss"][0] / 2
    assert max(distance for name, distance in moved(first.model).items() if "conv" in name) < 1e-6


@pytest.mark.parametrize("settings", [{"head_epochs": 2}, {"augmentation": keras.layers.RandomFlip()}])
@pytest.mark.parametrize(("number", "frozen"), [("warm start", 0), (2, 8)])
def test_whatever_the_recipe_all_is_trained_that_should_be_and_no_more(run, number, settings, frozen):
    found = moved(run(number, epochs=2, **settings).model)
    assert [distance > 0 for distance in found.values()] == [False] * frozen + [True] * (len(found) - frozen)


def test_validation_pictures_are_set_aside(small, run, fitted):
    done = run(3, validation=0.25)
    (_, inputs, labels, _), settings = fitted[0]
    held_out, truths = settings["validation"]
    assert (len(inputs), len(labels), len(held_out), len(truths)) == (48, 48, 16, 16)
    assert np.array_equal(truths, data.split(data.sample(small.train, 64, 0), 0.25, 0)[1].labels)
    assert not {row.tobytes() for row in inputs} & {row.tobytes() for row in held_out}
    assert "val_loss" in done.history and done.n_samples == 64


def test_early_stopping_goes_back_to_the_best_epoch(small, run):
    noise = replace(small, train=Pictures(small.train.images, np.random.default_rng(0).permutation(small.train.labels)))
    done = run(3, noise, epochs=100, learning_rate=0.05, schedule="constant", validation=0.5, patience=3)
    losses = done.history["val_loss"]
    assert len(losses) < 100 and int(np.argmin(losses)) == len(losses) - 4
    assert f"after epoch {len(losses) - 3}:" in done.stopped
    _, held_out = data.split(data.sample(noise.train, 64, 0), 0.5, 0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    scores = done.model.predict(backbones.preprocess("coursenet_guide", held_out.images), verbose=0)
    assert float(loss(held_out.labels, scores)) == pytest.approx(min(losses), rel=1e-3)
    assert losses[-1] > 1.02 * min(losses)


def test_what_stopped_early_has_settled_statistics_too(small, run):
    done = run("warm start", epochs=50, schedule="constant", validation=0.5, patience=1)
    assert len(done.history["loss"]) < 50
    seen, _ = data.split(data.sample(small.train, 64, 0), 0.5, 0)
    inputs = backbones.preprocess("coursenet_guide", seen.images)
    wanted = done.model.get_layer("block1_conv1")(inputs).numpy().mean(axis=(0, 1, 2))
    np.testing.assert_allclose(done.model.get_layer("block1_bn1").moving_mean, wanted, atol=1e-3)


def test_a_loss_that_becomes_nan_stops_the_run_and_is_explained(run):
    with pytest.warns(CourseWarning, match="NaN.*tenth"):
        done = run("warm start", learning_rate=1e20, epochs=10)
    assert "NaN" in done.stopped and 1 <= len(done.history["loss"]) < 10
    assert not np.isfinite(done.history["loss"][-1])


def test_where_epochs_are_judged_nan_goes_back_to_the_best(run, fitted, bar):
    def spoil(epoch, logs):
        model = fitted[0][0][0]
        if epoch == 2:
            model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])

    bar(on_epoch_begin=spoil)
    with pytest.warns(CourseWarning, match="that of the best epoch before"):
        done = run(3, epochs=9, learning_rate=0.03, validation=0.25, patience=9, progress=True)
    assert np.isnan(done.history["loss"][-1]) and done.train_accuracy > 0.3


def test_an_interrupt_leaves_the_run_so_far_and_the_next_one_works(small, run, bar):
    bar(on_epoch_end=stop)
    with pytest.warns(CourseWarning, match="Interrupted after . of 50 epochs"):
        done = run(3, epochs=50, learning_rate=8e-3, progress=True)
    assert 2 <= len(done.history["loss"]) <= 4 and "Interrupted" in done.stopped
    answers = done.model.predict(backbones.preprocess("coursenet_guide", small.test.images), verbose=0).argmax(axis=1)
    assert (answers == small.test.labels).mean() == pytest.approx(done.test_accuracy)
    assert run(3).stopped == ""


@pytest.mark.parametrize(
    ("module", "step", "number", "words"),
    [(fitting, "accuracy", 3, ""), (batch_norm, "settle", "warm start", "Interrupted after the last epoch.*settled")],
)
def test_an_interrupt_after_the_last_epoch_keeps_what_was_trained(run, monkeypatch, module, step, number, words):
    monkeypatch.setattr(module, step, interrupted)
    done = run(number, epochs=3)
    assert len(done.history["loss"]) == 3 and re.match(words, done.stopped)
    assert np.isnan(done.test_accuracy) == (step == "accuracy")


def test_an_interrupt_before_the_first_epoch_has_ended(run, bar):
    bar(on_train_begin=interrupted)
    with pytest.warns(CourseWarning, match="after 0 of 9"):
        done = run(3, epochs=9, validation=0.5, patience=2, progress=True)
    assert done.history == {} and 0 <= done.test_accuracy <= 1


def test_an_interrupt_while_the_head_trains_ends_the_run(run, bar):
    bar(on_epoch_end=stop)
    with pytest.warns(CourseWarning, match="Interrupted"):
        done = run("warm start", head_epochs=50, epochs=50, progress=True)
    assert len(done.history["head_loss"]) < 5 and "loss" not in done.history
    assert not any(moved(done.model).values()), "statistics too"


def test_an_interrupt_goes_back_to_the_best_epoch_so_far(bar):
    kept = []

    def worse(epoch, logs):
        kept.append(model.get_weights())
        model.optimizer.learning_rate = 10.0
        if epoch == 3:
            raise KeyboardInterrupt

    bar(on_epoch_end=worse)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.SGD(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(20, 3)), rng.integers(0, 2, 20)
    with pytest.warns(CourseWarning):
        done = fitting.fit(model, inputs, labels, 9, validation=(inputs, 1 - labels), patience=9, progress=True)
    best = int(np.argmin(done.history["val_loss"]))
    assert best < 3 and len(kept) == 4
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), kept[best], strict=True))


def test_progress_is_shown_if_it_is_wanted(run, capsys, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    run(3, progress=True)
    shown = capsys.readouterr().err
    assert "features" in shown and "epoch" in shown
    run(3)
    assert capsys.readouterr().err == ""


def test_a_notebook_shows_each_warning_as_one_sentence_and_tells_of_missing_letters_once(capsys, monkeypatch):
    monkeypatch.setattr(notebook.font_manager, "get_font_names", lambda: ["DejaVu Sans"])
    monkeypatch.setattr(notebook, "_told", set())
    with warnings.catch_warnings(), plt.rc_context():
        warnings.simplefilter("default")  # as in a notebook: tests make errors of them
        notebook.start()
        for _ in range(2):  # also the second time
            warnings.warn("The loss became NaN.", CourseWarning, stacklevel=2)
        figure, ax = plt.subplots()
        ax.set_title("고양이 $5 and $6")  # money, no formula
        notebook.figure_html(figure, "")
    said = capsys.readouterr()
    *lost, letters = said.out.splitlines()
    assert lost == ["⚠ The loss became NaN."] * 2
    assert "⚠" in letters and "no font on this machine has them" in letters and "Glyph" not in said.err


def test_a_font_with_more_letters_is_used_and_nothing_is_said_of_bold_ones_that_are_not_as_bold(monkeypatch, caplog):
    fonts = notebook.font_manager.fontManager
    half_bold = replace(next(font for font in fonts.ttflist if font.name == "DejaVu Sans"), name="Nanum", weight=600)
    monkeypatch.setattr(fonts, "ttflist", [*fonts.ttflist, half_bold])
    monkeypatch.setattr(notebook, "_FONTS", ("Nanum", "a font that nobody has"))
    with warnings.catch_warnings(), plt.rc_context():
        notebook.start()
        assert plt.rcParams["font.family"] == ["DejaVu Sans", "Nanum"]
    found = fonts.findfont(notebook.font_manager.FontProperties(family=["Nanum"], weight="bold"))
    assert found == half_bold.fname and not caplog.records


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


def test_each_epoch_has_its_own_kept_view(run, fitted, monkeypatch):
    used = []

    def get(batches, index, get=Batches.__getitem__):
        used.append((batches.epoch, batches.epoch % len(batches.views)))
        return get(batches, index)

    drawn, view = [], augmentation.view
    monkeypatch.setattr(augmentation, "view", lambda images, *given: drawn.append(given[-1]) or view(images, *given))
    monkeypatch.setattr(Batches, "__getitem__", get)
    run(2, augmentation=flips(), views=3, epochs=3, seed=5)
    batches = fitted[0][0][1]
    assert len(batches.views) == 3 and not np.array_equal(batches.views[0], batches.views[1])
    trained_on = used[2:]  # Keras looks at two batches beforehand
    assert len(trained_on) == 6 and sorted(view for _, view in set(trained_on)) == [0, 1, 2]
    run(2, augmentation=flips(), views=3, epochs=3, seed=6)
    assert len(set(drawn)) == 6, "of another seed all views are others"


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


def test_without_kept_views_pictures_are_changed_anew_each_time(run, fitted):
    done = run(2, augmentation=flips())
    (model, batches, *_), _ = fitted[0]
    assert model is done.model, "the whole network is run"
    assert not np.array_equal(batches[0][0], batches[0][0])


def test_views_that_together_are_large_are_kept_on_disk(run, fitted, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    monkeypatch.setattr(features, "IN_MEMORY", 2 * 64 * 8 * 8 * 64 * 4)  # the features of one view take half of it
    run(2, augmentation=flips(), views=1, epochs=1, seed=7)
    # More epochs than views can be allowed.
    done = run(2, augmentation=flips(), views=2, epochs=3, seed=8, reuse_views=True)
    assert len(done.history["loss"]) == 3
    assert [{type(view) for view in given[1].views} for given, _ in fitted] == [{np.ndarray}, {np.memmap}]


def test_features_on_disk_are_read_batch_by_batch_and_train_as_well(run, monkeypatch):
    monkeypatch.setattr(features, "_memory", features.OrderedDict())
    monkeypatch.setattr(features, "IN_MEMORY", 0)
    fed = []
    monkeypatch.setattr(fitting, "_feed", lambda *given, feed=fitting._feed: fed.append(feed(*given)) or fed[-1])
    done = run(2, epochs=8)
    assert len(fed) == 3 and all(isinstance(feed, Batches) for feed in fed), "to train, and to judge twice"
    assert done.train_accuracy > 0.9


def test_features_that_are_too_large_are_refused(run, monkeypatch):
    monkeypatch.setattr("course_utils.store.AT_MOST", 1000)
    with pytest.raises(CourseError, match="at most .* GiB.*Freeze up to a later block"):
        run(2)


LAYERS = keras.layers.RandomFlip()
VALUES = {  # a setting: what is expected of it, and values that are wrong
    "learning_rate": ("learning_rate= above zero", (0, -1e-3, float("nan"), float("inf"), "fast", True)),
    "head_rate": ("head_rate= above zero", (0.0,)),
    "epochs": ("epochs=, a whole number from 1 on", (0, 2.5, True)),
    "batch_size": ("batch_size=, a whole number from 1 on", (0,)),
    "head_epochs": ("head_epochs=, a whole number from 0 on", (-1,)),
    "patience": ("patience=, a whole number from 1 on, or None", (0,)),
    "views": ("views=, a whole number from 1 on, or None", (0,)),
    "validation": ("validation= from 0 to below 1", (-0.1, 1)),
    "depth_factor": ("depth_factor= above 0, at most 1", (0, 1.1)),
    "schedule": ("the name of a schedule: constant, cosine, warm-up, linear, steps", ("quick",)),
    "freeze_depth": ("freeze_depth=, such as 'block3', for strategy '2: freeze the early part'", ("all", "none", None)),
}
BAD = [
    (2, {name: value}, f"Expected {wanted}. Received: {value!r}")
    for name, (wanted, values) in VALUES.items()
    for value in values
] + [
    (2, {"patience": 3}, "Expected validation=.*beside patience="),
    (3, {"head_epochs": 3}, "Expected head_epochs=0 for strategy '3"),
    (1, {"head_epochs": 3}, "Expected head_epochs=0 for strategy '1"),
    (3, {"depth_factor": 0.5}, "Expected depth_factor=1 for strategy '3"),
    (2, {"validation": 0.01}, "leave 64 and 0. Take more"),
    (2, {"augmentation": "flip"}, "a Keras layer such as .*Received: 'flip'"),
    (2, {"views": 3}, "Expected augmentation= beside views="),
    (1, {"views": 3, "augmentation": LAYERS}, "nothing is frozen"),
    (2, {"views": 3, "epochs": 4, "augmentation": LAYERS}, "as many epochs as kept views, 3. Received 4 epochs"),
    (2, {"augmentation": keras.layers.Resizing(32, 32)}, r"shape \(64, 64, 3\) from the augm.* Received \(32, 32"),
    (3, {"freeze_depth": "block2"}, "Expected no freeze_depth=.*Received: 'block2'"),
    (2, {"freeze_depth": "block9"}, "block1, block2, block3, block4, block5.*Received: 'block9'"),
    (3, {"image_size": 96}, "Expected pictures of 96 x 96.*Received 64 x 64"),
    (3, {"patiense": 3}, "Expected settings of a recipe .*patiense"),
    (7, {}, "Expected a strategy: 1, warm start, 2, 3. Received: 7"),
]


@pytest.mark.parametrize(("number", "settings", "words"), BAD, ids=[words for *_, words in BAD])
def test_what_cannot_be_is_refused_in_one_sentence(run, number, settings, words, fitted):
    with pytest.raises(CourseError, match=words):
        run(number, **settings)
    assert not fitted, "before anything is trained"


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize(("labels", "found"), [([0, -1, 7], "-1 to 7"), ([0, 8], "0 to 8"), ([], "no pictures")])
def test_labels_that_are_no_class_are_refused(small, run, part, labels, found):
    pictures = Pictures(small.train.images[: len(labels)], np.array(labels, int))
    with pytest.raises(CourseError, match=f"Expected labels from 0 to 7, since garden has 8.* Received {found}"):
        run(3, replace(small, **{part: pictures}), n_samples=1)
