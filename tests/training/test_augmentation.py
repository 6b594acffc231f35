"""Augmentation that spoils the pictures is refused; what shifts, tilts and overshoots a little is not."""

from itertools import cycle

import numpy as np
import pytest

from course_utils import augmentation, data, training
from course_utils.cards import CourseError
from course_utils.quiet import keras

layers = keras.layers


def shifted(factor, **settings):
    return layers.RandomTranslation(factor, factor, fill_mode="constant", **settings)


def noise(spread):
    return layers.Lambda(lambda x: x + keras.random.normal(x.shape, stddev=spread))


def overshooting(by):
    """Return a layer that makes pixels black or white, and a little more than that."""
    return layers.Lambda(lambda x: keras.ops.where(x > 90, 255.0 + by, -float(by)))


def blanking(*counts):
    """Return a layer that empties so many pictures of each batch, in turn."""
    counts = cycle(counts)

    def blank(x):
        count = next(counts)
        return keras.ops.concatenate([0 * x[:count] + 128, x[count:]])

    return layers.Lambda(blank)


SPOILS = {
    "light for 0 to 1": (lambda: layers.RandomBrightness(0.2, value_range=(0, 1)), "nearly black. Give layers such as"),
    "contrast for 0 to 1": (lambda: layers.RandomContrast(0.2, value_range=(0, 1)), r"Received 0 to 1 from pictures"),
    "to 0 to 1": (lambda: layers.Rescaling(1 / 255), "nearly black.*take out Rescaling"),
    "from 0 to 1": (lambda: layers.Rescaling(255), "black or white in large part. Take out"),
    "ImageNet's mean": (lambda: layers.Rescaling(1, -124), "black or white in large part"),
    "no numbers": (lambda: layers.Lambda(lambda x: x / 0), "100% that are no finite numbers"),
    "one infinite": (lambda: layers.Lambda(lambda x: 1 / (x - x[:1])), "that are no finite numbers"),
    "out of the picture": (lambda: keras.Sequential([shifted(1), shifted(1)]), "all pixels are equal. Change them"),
    "far out of it": (lambda: layers.RandomTranslation((1, 1), 0.0, fill_mode="constant"), "32 of 32"),
    "into one pixel": (lambda: layers.RandomZoom((-0.9999, -0.9999)), "in which all pixels are equal"),
    "a little too faint": (lambda: layers.Rescaling(0.0499), "nearly black"),
    "overshoots by more than a tenth": (lambda: overshooting(26), "black or white in large part"),
    "one of eight empty": (lambda: blanking(1), "4 of 32 in which all pixels are equal"),
}
KEEPS = {
    "any angle": lambda: layers.RandomRotation(0.5, fill_mode="constant"),
    "cubic, far": lambda: keras.Sequential([layers.RandomZoom(0.5), layers.RandomRotation(0.5)]),
    "half of the picture": lambda: shifted(0.5),
    "strong light": lambda: keras.Sequential([layers.RandomBrightness(0.8), layers.RandomContrast(0.9)]),
    "noise": lambda: noise(40),
    "erasing": lambda: layers.RandomErasing(1.0),
    "faint, but not too faint": lambda: layers.Rescaling(0.0501),
    "overshoots by a tenth": lambda: overshooting(25),
    "three of 32 empty": lambda: blanking(1, 1, 1, 0),
}


@pytest.mark.parametrize("name", SPOILS)
def test_what_spoils_the_pictures_is_refused_before_anything_is_trained(name, run, monkeypatch):
    make, words = SPOILS[name]
    monkeypatch.setattr(training, "_fit", None)
    with pytest.raises(CourseError, match=f"Expected .* Received .*{words.removeprefix('Received ')}"):
        run(3, augmentation=make(), n_samples=32)


@pytest.mark.parametrize("name", KEEPS)
def test_what_keeps_something_to_see_is_accepted(name, garden):
    for seed in range(5):
        made = KEEPS[name]()
        augmentation.restart(made, seed)
        augmentation.check(data.sample(garden.train, 64, seed).images, made)


@pytest.mark.parametrize("shade", [0, 255])
def test_pictures_that_were_empty_before_do_not_count(shade, garden):
    images = np.full((8, 64, 64, 3), shade, np.uint8)
    augmentation.check(images, layers.RandomFlip())
    images[:2] = garden.train.images[:2]
    augmentation.check(images, layers.RandomFlip())
    with pytest.raises(CourseError, match="of 8 in which all pixels"):
        augmentation.check(images, layers.RandomTranslation((1, 1), 0.0, fill_mode="constant"))


def test_white_ground_may_overshoot_and_a_single_picture_is_enough(garden):
    white = np.full((8, 64, 64, 3), 255, np.uint8)
    white[:, 20:30, 20:30] = 0
    augmentation.check(white, keras.Sequential([layers.RandomRotation(0.5), noise(30)]))
    augmentation.check(garden.train.images[:1], layers.RandomFlip())
    with pytest.raises(CourseError, match="nearly black"):
        augmentation.check(garden.train.images[:1], layers.Rescaling(1 / 255))


@pytest.mark.parametrize("settings", [{}, {"views": 2}], ids=["new views", "kept views"])
def test_pictures_are_looked_at_once_which_changes_no_random_number_of_the_training(run, settings, monkeypatch):
    looked = []
    settings |= {"n_samples": 32, "epochs": 2, "seed": 1}
    monkeypatch.setattr(augmentation, "check", lambda *given, check=augmentation.check: looked.append(check(*given)))
    made = shifted(0.3)
    found = [run(3, augmentation=made, **settings)]
    assert len(looked) == 1
    monkeypatch.setattr(augmentation, "check", lambda *given: None)
    found.append(run(3, augmentation=made, **settings))
    monkeypatch.setattr(augmentation, "restart", lambda *given: None)
    found.append(run(3, augmentation=shifted(0.3, seed=99), **settings))
    first, again, other = (done.history["loss"] for done in found)
    assert first == pytest.approx(again, rel=1e-4), "the seed decides, whatever the layer has drawn before"
    assert first != pytest.approx(other, rel=1e-4)
