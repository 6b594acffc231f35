"""Pre-training: augmentation, batches, and a run that is stopped and goes on."""

import csv

import numpy as np
import pytest

from course_utils import manifest
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


def test_a_stopped_run_goes_on_and_everything_is_written(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "CACHE", tmp_path / "cache")
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
    accuracy = pretrain.pretrain("tiny", pictures, pictures, epochs=3)
    with open(tmp_path / "data/results/pretrain_tiny.csv") as file:
        curve = list(csv.DictReader(file))
    assert [row["epoch"] for row in curve] == ["0", "1", "2"]
    assert float(curve[-1]["val_accuracy"]) == pytest.approx(accuracy)
    assert set(manifest.read()) == {"weights/coursenet_tiny.weights.h5", "weights/classifier_tiny.weights.h5"}
    assert not (tmp_path / "cache/pretrain/tiny").exists()


def test_photos_need_a_place():
    with pytest.raises(CourseError, match="--pictures"):
        pretrain.source_pictures("photos")


def test_schedule_warms_up_and_ends_at_zero():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    pretrain.compile_for(model, steps=10, epochs=5)
    rate = model.optimizer._learning_rate
    assert float(rate(0)) == 0 and float(rate(50)) == pytest.approx(0, abs=1e-6)
    assert float(rate(20)) == pytest.approx(pretrain.PEAK_RATE)
