"""The preprocessing contract: the conventions of `keras.applications`, and what the wrong one was measured to cost."""

import numpy as np

from course_utils import backbones, comparisons, metrics, records

MEAN, SPREAD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])  # of ImageNet, pixels 0 to 1
CAFFE_MEAN = np.float32([103.939, 116.779, 123.68])  # blue, green, red

# What is done to float pixels from 0 to 255. Networks that hold their preprocessing want pixels as they are; 0 to 1 is
# the convention of no network of Keras, but of many tutorials.
CONVENTIONS = {
    "-1 to 1": lambda pixels: pixels / 127.5 - 1,
    "mean and spread": lambda pixels: (pixels / 255 - MEAN) / SPREAD,
    "BGR minus mean": lambda pixels: pixels[..., ::-1] - CAFFE_MEAN,
    "as they are": lambda pixels: pixels,
    "0 to 1": lambda pixels: pixels / 255,
}

# What `commands.preprocessing` measures.
BACKBONE, OPTIONS, RIGHT = "MobileNetV2", {"alpha": 0.35, "image_size": 160}, "-1 to 1"
WAYS = (RIGHT, "0 to 1", "as they are", "BGR minus mean")
TASKS = ("cats_vs_dogs", "malaria_cells", "aerial")
TITLES = {"cats_vs_dogs": "cats and dogs", "malaria_cells": "malaria cells", "aerial": "aerial scenes"}
N, EPOCHS = 256, 25


def convention(name):
    """Return the convention that a backbone's preprocessing follows, found by trying it on some pixels.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        A key of `CONVENTIONS`.

    Examples
    --------
    >>> convention("VGG16"), convention("MobileNetV2"), convention("EfficientNetB0")
    ('BGR minus mean', '-1 to 1', 'as they are')
    """
    pixels = np.random.default_rng(0).integers(0, 256, (1, 4, 4, 3)).astype(np.float32)
    found = backbones.preprocess(name, pixels)
    return next(key for key, rule in CONVENTIONS.items() if np.allclose(found, rule(pixels), atol=1e-3))


def scores(task, trained, judged=None):
    """Return recorded accuracies, one a seed, in percent.

    Parameters
    ----------
    task : str
    trained, judged : str
        With which preprocessing the head was trained, and judged; by default the same.

    Returns
    -------
    list of float
    """
    rows = records.select(records.read("preprocessing"), task=task, trained_with=trained, judged_with=judged or trained)
    return comparisons.percent(sorted(rows, key=lambda row: int(row["seed"])))


def cost(task, trained, judged=None):
    """Return how many points a wrong preprocessing costs against the right one: mean and half its interval, paired."""
    return metrics.paired_difference(scores(task, RIGHT), scores(task, trained, judged))


def costs():
    """Return what every wrong preprocessing costs on every task, in points, for `plots.gains`.

    Returns
    -------
    dict of str to dict of str to (float, float)
        Where it is wrong -> task and preprocessing -> mean and half its interval.
    """
    cases = [(task, way, f"{TITLES[task]}: {way}") for task in TASKS for way in WAYS if way != RIGHT]
    return {
        "wrong in both": {row: cost(task, way) for task, way, row in cases},
        "wrong only in use": {row: cost(task, RIGHT, way) for task, way, row in cases},
    }


def table():
    """Return the recorded accuracies in Markdown: wrong all along, and wrong only when the network is used."""
    titles = [f"{TITLES[task]}: in both | {TITLES[task]}: only in use" for task in TASKS]
    lines = [f"| preprocessing | {' | '.join(titles)} |"]
    lines.append("| --- " * (1 + 2 * len(TASKS)) + "|")
    for way in WAYS:
        cells = []
        for task in TASKS:
            cells.append("{:.1f} ± {:.1f}".format(*metrics.mean_interval(scores(task, way))))
            cells.append("{:.1f} ± {:.1f}".format(*metrics.mean_interval(scores(task, RIGHT, way))))
        lines.append(f"| {way}{' (right)' if way == RIGHT else ''} | {' | '.join(cells)} |")
    return "\n".join(lines)
