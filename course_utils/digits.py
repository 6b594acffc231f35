"""Drawn sixes and nines: a task in which the class is a direction, since a 9 is a 6 that stands on its head."""

import numpy as np
from PIL import Image, ImageDraw

from course_utils.cards import Pictures

CLASS_NAMES = ("six", "nine")
SCALE = 4  # drawn so many times as large: smooth edges
TILT, SHIFT = 12, 6  # degrees and pixels (of 64), at most


def pictures(n, seed, size=64):
    """Draw sixes and nines in turn, each in its own ink, on its own paper, a little tilted and shifted.

    Parameters
    ----------
    n : int
    seed : int
    size : int
        Side in pixels.

    Returns
    -------
    Pictures
        Label 0 is a six, 1 a nine.
    """
    rng = np.random.default_rng([7, seed])
    labels = np.arange(n) % len(CLASS_NAMES)
    return Pictures(np.stack([_draw(label, rng, size) for label in labels]), labels)


def _draw(label, rng, size):
    """Draw one digit; returns an array of shape (size, size, 3), uint8."""
    shape = _shape(SCALE * size, label)
    shift = tuple(SCALE * size / 64 * rng.uniform(-SHIFT, SHIFT, 2))
    shape = shape.rotate(rng.uniform(-TILT, TILT), Image.Resampling.BILINEAR, translate=shift)
    ink = np.asarray(shape.resize((size, size), Image.Resampling.BOX), np.float32)[..., None] / 255
    dark, light = rng.uniform(0, 110, 3), rng.uniform(165, 255, 3)
    picture = light + ink * (dark - light) + rng.normal(0, 8, (size, size, 3))
    return picture.clip(0, 255).astype(np.uint8)


def _shape(side, label):
    """Return the strokes of a six, or of the same on its head, white on black."""
    shape = Image.new("L", (side, side))
    pen, width = ImageDraw.Draw(shape), round(0.085 * side)
    pen.ellipse([share * side for share in (0.31, 0.45, 0.69, 0.83)], outline=255, width=width)
    pen.arc([share * side for share in (0.31, 0.17, 0.95, 1.0)], 170, 265, fill=255, width=width)
    return shape.rotate(180) if label else shape
