"""The table of speeds: what it computes from the records, and how its clock and its recipe work."""

from dataclasses import replace

import numpy as np
import pytest

from course_utils import anatomy, data, records, speeds
from course_utils.commands import speed
from course_utils.quiet import keras


@pytest.fixture
def recorded(monkeypatch):
    """Let two rounds be recorded in which the course takes 2 and 4 seconds, and the recipe 10 and 20 times that."""
    ways = (*speed.WAYS, speeds.AGAIN, speeds.FLOOR, speeds.PLAIN_FLOOR)
    factors = dict(zip(ways, ((10, 20), (5, 5), (1, 1), (0.5, 0.5), (0.8, 0.8), (2, 2)), strict=True))
    rows = [
        {"network": name, "frozen": depth, "way": way, "round": str(number), "accuracy": str(0.9 - factor[0] / 100)}
        | {"seconds": str(factor[number] * taken)}
        for name, setting in speeds.SETTINGS.items()
        for depth in setting.depths
        for way, factor in factors.items()
        for number, taken in ((1, 4), (0, 2))
    ]
    monkeypatch.setattr(records, "read", lambda name: rows)


def test_ratios_are_taken_within_rounds(recorded, monkeypatch):
    monkeypatch.setattr(speeds, "ceiling", lambda name, depth: {"all": 9.96}.get(depth, 2.5))
    assert speeds.seconds("CourseNet", "all", speeds.COURSE) == [2, 4]
    assert speeds.ratio("CourseNet", "all", speeds.RECIPE_FILES, speeds.COURSE) == 15
    lines = speeds.table().split("\n")
    seconds = "50.0 s | 15.0 s | 3.0 s"
    assert len(lines) == 2 + 2 * 4 and lines[2] == (
        f"| CourseNet | the base | {seconds} | 1.5 s | 15.0 times | 5.0 times | 10.0 | 80.0 % | 85.0 % | 89.0 % |"
    )
    assert lines[3].startswith(f"| CourseNet | to block4 | {seconds} |  | 15.0 times | 5.0 times | 2.5 |")
    assert "| CourseNet | 6.0 s | 2.4 s | 3.0 s | 1.25 times |" in speeds.floor_table().split("\n")


def test_ceiling_by_hand():
    # Frozen whole, the head costs next to nothing: ten epochs become one forward pass.
    assert speeds.ceiling("CourseNet", "all") == pytest.approx(10, abs=0.02)
    # CourseNet behind block 4, by hand: two convolutions on 4 x 4 places, and the head of eight classes.
    behind = 16 * (9 * 96 * 128 + 9 * 128 * 128) + 8 * 128
    before = 32**2 * (27 * 16 + 9 * 16 * 32) + 16**2 * (9 * 32 * 64 + 9 * 64 * 64) + 8**2 * (9 * 64 * 96 + 9 * 96 * 96)
    wanted = 10 * (before + 3 * behind) / (before + 10 * 3 * behind)
    assert speeds.ceiling("CourseNet", "block4") == pytest.approx(wanted)


def test_multiply_adds_of_layers_of_every_kind():
    inputs = keras.Input((8, 8, 4))
    layers = {
        keras.layers.Conv2D(6, 3, strides=2, padding="same"): 4 * 4 * 9 * 4 * 6,
        keras.layers.DepthwiseConv2D(3, padding="same"): 8 * 8 * 9 * 4,
        keras.layers.Conv2D(6, 3, groups=2, padding="valid"): 6 * 6 * 9 * 2 * 6,
        keras.layers.BatchNormalization(): 0,
    }
    for layer, wanted in layers.items():
        layer(inputs)
        assert anatomy.multiply_adds(layer) == wanted
    dense = keras.layers.Dense(5)
    dense(keras.Input((7,)))
    assert anatomy.multiply_adds(dense) == 35


@pytest.mark.parametrize("cached", [False, True])
def test_the_recipe_reads_the_pictures_of_the_task(tmp_path, cached):
    garden = data.task("garden")
    speed.write_folder(replace(garden, test=data.sample(garden.test, 8, seed=0)), 2, tmp_path)
    batches = list(speed.plain_pictures(tmp_path, 64, cached, seed=0))
    images = np.concatenate([images for images, _ in batches]).astype(np.uint8)
    assert images.shape == (16, 64, 64, 3)
    labels = np.concatenate([labels for _, labels in batches])
    wanted = {image.tobytes(): label for image, label in zip(garden.train.images, garden.train.labels, strict=True)}
    assert [wanted[image.tobytes()] for image in images] == list(labels)
