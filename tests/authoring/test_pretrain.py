"""Pre-training: augmentation, batches, and a run that is stopped and goes on."""

import csv

import numpy as np
import pytest

from course_utils import backbones, course_net, data, manifest, variants
from course_utils.cards import CourseError, Pictures
from course_utils.commands import pretrain
from course_utils.quiet import keras


@pytest.fixture
def pictures():
    """Return 256 noisy pictures, dark and bright."""
    rng = np.random.default_rng(0)
    labels = np.arange(256) % 2
    return Pictures(
        (rng.integers(0, 100, (256, 64, 64, 3)) + 150 * labels[:, None, None, None]).astype(np.uint8), labels
    )


def test_augmentation_flips_and_moves_only():
    image = np.tile(np.arange(20, dtype=np.uint8)[None, None, :, None], (40, 20, 1, 3))
    changed = pretrain.augment(image, np.random.default_rng(0), shift=3)
    assert changed.shape == image.shape and changed.dtype == np.uint8
    rows = changed[:, 0, :, 0].astype(int)
    steps = np.sign(np.diff(rows, axis=1))
    assert {-1, 1} == {int(s) for s in np.unique(steps.sum(axis=1) > 0) * 2 - 1}  # some flipped, some not
    assert all(len(set(row[row != 0])) == 1 for row in steps)  # never both directions in one picture
    assert abs(rows[:, 10] - 10).max() <= 4 and len(set(rows[:, 10])) > 4


def test_epochs_differ_and_a_seed_repeats_them(pictures):
    first, again = pretrain.Batches(pictures, seed=1), pretrain.Batches(pictures, seed=1)
    images, targets = first[0]
    assert len(first) == 2 and images.shape == (128, 64, 64, 3) and targets.shape == (128, 2)
    np.testing.assert_array_equal(images, again[0][0])
    first.start(1)
    assert (first[0][0] != images).any()


def scores_of(model, pictures):
    return model.predict(backbones.preprocess("coursenet_photos", pictures.images[:40]), verbose=0)


def test_a_stopped_run_goes_on_and_everything_is_written(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(variants, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(pretrain, "DATA", tmp_path / "data")
    monkeypatch.setattr(manifest, "DATA", tmp_path / "data")
    (tmp_path / "data").mkdir()

    def stop(self, epoch, logs=None):
        if epoch == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr(pretrain.Clock, "on_epoch_begin", stop)
        stopping.setattr(pretrain.Clock, "on_epoch_end", lambda self, epoch, logs=None: logs.update(seconds=0.0))
        with pytest.raises(KeyboardInterrupt):
            pretrain.pretrain("tiny", pictures, pictures, epochs=3)
    started, trained = [], []
    save = pretrain.save

    def saved(source, base, model):
        trained.append(scores_of(model, pictures))
        save(source, base, model)

    monkeypatch.setattr(pretrain, "save", saved)
    start = pretrain.Batches.start
    monkeypatch.setattr(pretrain.Batches, "start", lambda self, epoch: (started.append(epoch), start(self, epoch)))
    accuracy = pretrain.pretrain("tiny", pictures, pictures, epochs=3)
    assert started == [0, 1, 2]  # 0 when the batches are made, then what was still to do, in its own order
    with open(tmp_path / "data/results/pretrain_tiny.csv") as file:
        curve = list(csv.DictReader(file))
    assert [row["epoch"] for row in curve] == ["0", "1", "2"]
    assert float(curve[-1]["val_accuracy"]) == pytest.approx(accuracy)
    assert "\r" not in (tmp_path / "data/results/pretrain_tiny.csv").read_bytes().decode()
    base = course_net.build()
    base.load_weights(tmp_path / "data/weights/coursenet_tiny.weights.h5")
    model = backbones.attach_head(base, 2)
    backbones.head_of(model, base).load_weights(tmp_path / "data/weights/classifier_tiny.weights.h5")
    np.testing.assert_allclose(scores_of(model, pictures), trained[0], atol=1e-4)
    assert set(manifest.read()) == {"weights/coursenet_tiny.weights.h5", "weights/classifier_tiny.weights.h5"}
    assert not (tmp_path / "cache/pretrain/tiny").exists()


def test_photos_need_a_place():
    with pytest.raises(CourseError, match="--pictures"):
        pretrain.source_pictures("photos")


def test_weights_of_another_width_stay_in_the_cache(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(variants, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(pretrain, "DATA", tmp_path / "data")
    pretrain.pretrain("tiny", pictures, pictures, epochs=3, width=0.5)
    assert [path.name for path in (tmp_path / "data").rglob("*.*")] == ["pretrain_tiny_0.5.csv"]
    base = course_net.build(0.5)
    base.load_weights(variants.narrow_weights("tiny", 0.5))


def test_another_number_of_epochs_never_touches_the_shipped_weights(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(variants, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(pretrain, "DATA", tmp_path / "data")
    pretrain.pretrain("guide", pictures, pictures, epochs=1)
    assert [path.name for path in (tmp_path / "data").rglob("*.*")] == ["pretrain_guide_1_epochs.csv"]
    base = course_net.build()
    base.load_weights(variants.short_weights("guide", 1))
    others = [course_net.build(), keras.models.clone_model(base)]
    assert all((base.get_weights()[0] != other.get_weights()[0]).any() for other in others), "trained, not random"
    assert not variants.short_weights("guide", 20).exists() and variants.variant("guide", 20) == "guide"


@pytest.mark.parametrize(("epochs", "warm_up"), [(20, 20), (12, 20), (45, 20), (1, 2)])  # the shipped ones, and one
def test_schedule_warms_up_and_ends_at_zero(epochs, warm_up):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    pretrain.compile_for(model, steps=10, epochs=epochs)
    rate = model.optimizer._learning_rate
    assert float(rate(0)) == 0 and float(rate(10 * epochs)) == pytest.approx(0, abs=1e-6)
    assert float(rate(warm_up)) == pytest.approx(pretrain.PEAK_RATE) and float(rate(warm_up - 1)) < pretrain.PEAK_RATE


def test_augmentation_keeps_pictures_upright_and_only_moves_pixels():
    # Every pixel has a value of its own, so that each result can be found in the picture that it came from.
    image = np.stack(np.divmod(np.arange(400).reshape(20, 20), 20) + (np.full((20, 20), 7),), axis=-1).astype(np.uint8)
    changed = pretrain.augment(image[None].repeat(60, axis=0), np.random.default_rng(1), shift=3).astype(int)
    rows, columns = changed[..., 0], changed[..., 1]
    assert (changed[..., 2] == 7).all()
    assert (np.diff(rows, axis=1) >= 0).all(), "never upside down"
    assert (rows == rows[:, :, :1]).all() and (columns == columns[:, :1]).all()
    assert set(rows[:, 10, 0] - 10) == set(range(-3, 4)), "moved up and down by up to 3"
    flipped = columns[:, 0, 5] > columns[:, 0, 15]
    assert set(columns[~flipped, 0, 10] - 10) == set(range(-3, 4)) and 15 < flipped.sum() < 45
    assert not (np.diff(rows, axis=1).max() > 1 or np.abs(np.diff(columns, axis=2)).max() > 1), "the edge is repeated"


def test_targets_belong_to_their_pictures(pictures):
    images, targets = pretrain.Batches(pictures, seed=1)[1]
    bright = images.mean(axis=(1, 2, 3)) > 0
    np.testing.assert_array_equal(targets.argmax(axis=1), bright)


def test_every_epoch_has_its_own_order(pictures, monkeypatch):
    monkeypatch.setattr(pretrain, "augment", lambda images, rng: images)
    batches = pretrain.Batches(pictures, seed=1)
    first = batches[0][0]
    batches.start(1)
    assert (batches[0][0] != first).any()


def test_a_tenth_of_the_photos_is_held_out(monkeypatch, pictures):
    monkeypatch.setattr(data, "read_pictures", lambda *given: (pictures, ("dark", "bright")))
    train, held_out = pretrain.source_pictures("photos", "anywhere")
    assert (len(train), len(held_out)) == (230, 26)


def test_batchnorm_and_biases_do_not_decay():
    model = backbones.attach_head(course_net.build(), 2)
    pretrain.compile_for(model, steps=10, epochs=5)
    model.optimizer.build(model.trainable_variables)
    decays = {w.name for w in model.trainable_variables if model.optimizer._use_weight_decay(w)}
    assert decays == {"kernel"}


def test_every_epoch_changes_the_same_pictures_otherwise(pictures):
    batches = pretrain.Batches(pictures, seed=1)
    first, order = batches[0][0], batches.order
    batches.start(1)
    batches.order = order
    assert (batches[0][0] != first).any()
