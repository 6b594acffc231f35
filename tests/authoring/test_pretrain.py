"""Pre-training: augmentation, batches, and a run that is stopped and goes on."""

import csv

import numpy as np
import pytest

from course_utils import backbones, course_net, data, manifest, variants
from course_utils.cards import CourseError, Pictures
from course_utils.commands import pretrain
from course_utils.quiet import keras, tensorflow


@pytest.fixture
def pictures(monkeypatch):
    """Return two batches of noisy pictures, dark and bright."""
    monkeypatch.setattr(pretrain, "BATCH", 32)
    labels = np.arange(64) % 2
    noise = np.random.default_rng(0).integers(0, 100, (64, 64, 64, 3))
    return Pictures((noise + 150 * labels[:, None, None, None]).astype(np.uint8), labels)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Let everything be written into a folder of its own, and run a few steps sooner than they are prepared to be."""
    for module, name in ((pretrain, "CACHE"), (variants, "CACHE"), (pretrain, "DATA"), (manifest, "DATA")):
        monkeypatch.setattr(module, name, tmp_path / name.lower())
    (tmp_path / "data").mkdir()
    tensorflow.config.run_functions_eagerly(True)
    yield tmp_path
    tensorflow.config.run_functions_eagerly(False)


def scores_of(model, pictures):
    return model.predict(backbones.preprocess("coursenet_photos", pictures.images[:40]), verbose=0)


def test_a_stopped_run_goes_on_as_if_it_had_not_been_and_everything_is_written(pictures, folder, monkeypatch):
    trained, save = [], pretrain.save
    monkeypatch.setattr(pretrain, "save", lambda *given: (trained.append(scores_of(given[2], pictures)), save(*given)))
    whole = pretrain.pretrain("tiny", pictures, pictures, epochs=3)

    def stop(self, epoch, logs=None):
        if epoch == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr(pretrain.Clock, "on_epoch_begin", stop)
        stopping.setattr(pretrain.Clock, "on_epoch_end", lambda self, epoch, logs=None: logs.update(seconds=0.0))
        with pytest.raises(KeyboardInterrupt):
            pretrain.pretrain("tiny", pictures, pictures, epochs=3)
    started, start = [], pretrain.Batches.start
    monkeypatch.setattr(pretrain.Batches, "start", lambda self, epoch: (started.append(epoch), start(self, epoch)))
    accuracy = pretrain.pretrain("tiny", pictures, pictures, epochs=3)
    assert started == [0, 1, 2]  # 0 when the batches are made, then what was still to do, in its own order
    assert accuracy == pytest.approx(whole)
    np.testing.assert_allclose(*trained, atol=1e-3)
    text = (folder / "data/results/pretrain_tiny.csv").read_bytes().decode()
    curve = list(csv.DictReader(text.splitlines()))
    assert [row["epoch"] for row in curve] == ["0", "1", "2"] and "\r" not in text
    assert float(curve[-1]["val_accuracy"]) == pytest.approx(accuracy)
    base = course_net.build()
    base.load_weights(folder / "data/weights/coursenet_tiny.weights.h5")
    model = backbones.attach_head(base, 2)
    backbones.head_of(model, base).load_weights(folder / "data/weights/classifier_tiny.weights.h5")
    np.testing.assert_allclose(scores_of(model, pictures), trained[1], atol=1e-4)
    assert set(manifest.read()) == {"weights/coursenet_tiny.weights.h5", "weights/classifier_tiny.weights.h5"}
    assert not (folder / "cache/pretrain/tiny").exists()


@pytest.mark.parametrize(
    ("source", "width", "name", "place"),
    [
        ("tiny", 0.5, "tiny_0.5", lambda: variants.narrow_weights("tiny", 0.5)),
        ("guide", 1.0, "guide_1_epochs", lambda: variants.short_weights("guide", 1)),
    ],
)
def test_weights_of_another_width_or_length_stay_in_the_cache(pictures, folder, source, width, name, place):
    pretrain.pretrain(source, pictures, pictures, epochs=1, width=width)
    assert [path.name for path in (folder / "data").rglob("*.*")] == [f"pretrain_{name}.csv"]
    assert [path.name for path in (folder / "cache").rglob("*.h5")] == [f"coursenet_{name}.weights.h5"]
    base = course_net.build(width)
    keras.utils.set_random_seed(pretrain.SEED)
    first = course_net.build(width)
    base.load_weights(place())
    assert (base.get_weights()[0] != first.get_weights()[0]).any(), "trained, not random"


@pytest.mark.parametrize(("epochs", "warm_up"), [(20, 20), (12, 20), (45, 20), (1, 2)])  # the shipped ones, and one
def test_schedule_warms_up_and_ends_at_zero(epochs, warm_up):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    pretrain.compile_for(model, steps=10, epochs=epochs)
    rate = model.optimizer._learning_rate
    assert float(rate(0)) == 0 and float(rate(10 * epochs)) == pytest.approx(0, abs=1e-6)
    assert float(rate(warm_up)) == pytest.approx(0.1) and float(rate(warm_up - 1)) < 0.0999
    assert float(rate((warm_up + 10 * epochs) / 2)) == pytest.approx(0.05), "a cosine, half-way down"


def test_batchnorm_and_biases_do_not_decay():
    model = backbones.attach_head(course_net.build(), 2)
    pretrain.compile_for(model, steps=10, epochs=5)
    model.optimizer.build(model.trainable_variables)
    decays = {w.name for w in model.trainable_variables if model.optimizer._use_weight_decay(w)}
    assert decays == {"kernel"} and model.optimizer.weight_decay == 5e-3


def test_augmentation_keeps_pictures_upright_and_only_moves_pixels():
    # Every pixel has a value of its own, so that each result can be found in the picture that it came from.
    image = np.stack(np.divmod(np.arange(400).reshape(20, 20), 20) + (np.full((20, 20), 7),), axis=-1).astype(np.uint8)
    changed = pretrain.augment(image[None].repeat(60, axis=0), np.random.default_rng(1), shift=3)
    assert changed.shape == (60, 20, 20, 3) and changed.dtype == np.uint8
    rows, columns, third = np.moveaxis(changed.astype(int), -1, 0)
    assert (third == 7).all()
    assert (np.diff(rows, axis=1) >= 0).all(), "never upside down"
    assert (rows == rows[:, :, :1]).all() and (columns == columns[:, :1]).all()
    assert set(rows[:, 10, 0] - 10) == set(range(-3, 4)), "moved up and down by up to 3"
    flipped = columns[:, 0, 5] > columns[:, 0, 15]
    assert set(columns[~flipped, 0, 10] - 10) == set(range(-3, 4)) and 15 < flipped.sum() < 45
    assert not (np.diff(rows, axis=1).max() > 1 or np.abs(np.diff(columns, axis=2)).max() > 1), "the edge is repeated"


def test_batches_are_decided_by_seed_and_epoch_and_targets_belong_to_their_pictures(pictures, monkeypatch):
    first, again = pretrain.Batches(pictures, seed=1), pretrain.Batches(pictures, seed=1)
    images, targets = first[1]
    assert len(first) == 2 and images.shape == (32, 64, 64, 3) and targets.shape == (32, 2)
    np.testing.assert_array_equal(images, again[1][0])
    np.testing.assert_array_equal(targets.argmax(axis=1), images.mean(axis=(1, 2, 3)) > 0)
    order = first.order
    assert sorted(order) == list(range(64)) and (pretrain.Batches(pictures, seed=2).order != order).any()
    first.start(1)
    assert (first.order != order).any(), "every epoch has its own order"
    first.order = order
    assert (first[1][0] != images).any(), "and changes the same pictures otherwise"


def test_pictures_of_a_source_are_drawn_and_photos_need_a_place(monkeypatch, pictures):
    monkeypatch.setattr(pretrain, "draw_pictures", lambda collection, *given: (collection.name, *given))
    drawn = {source: pretrain.source_pictures(source) for source in ("guide", "slides")}
    assert {source: train for source, (train, _) in drawn.items()} == {
        "guide": ("guide", 0, 400),
        "slides": ("slides", 0, 640),
    }
    assert {source: len(held_out) for source, (_, held_out) in drawn.items()} == {"guide": 1024, "slides": 1000}
    with pytest.raises(CourseError, match="--pictures"):
        pretrain.source_pictures("photos")
    monkeypatch.setattr(data, "read_pictures", lambda *given: (pictures, ("dark", "bright")))
    train, held_out = pretrain.source_pictures("photos", "anywhere")
    assert np.bincount(train.labels).tolist() == [29, 29] and np.bincount(held_out.labels).tolist() == [3, 3]
