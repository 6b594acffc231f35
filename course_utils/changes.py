"""Changed views of one picture, by Keras's layers and a few plain settings; and how much of it can still be seen."""

from dataclasses import dataclass

import numpy as np

from course_utils import augmentation
from course_utils.cards import CourseError
from course_utils.quiet import keras

FLIPS = ("none", "horizontal", "vertical", "horizontal_and_vertical")
FILLS = ("reflect", "constant", "nearest", "wrap")
# The value from which on a pixel of a white picture, brought to another place, counts as a pixel of the picture.
WHITE = 254.5


@dataclass(frozen=True)
class Changes:
    """How far pictures are changed at most; each view draws its own change.

    Attributes
    ----------
    flip : {"none", "horizontal", "vertical", "horizontal_and_vertical"}
        In both directions means: in both at once, half a turn. Keras's layer draws one number for the two.
    turn : float
        Degrees, to both sides, from 0 to 180.
    zoom, shift : float
        Percent of the side, from 0 to 90.
    contrast, brightness : float
        Percent, from 0 to 90.
    fill : {"reflect", "constant", "nearest", "wrap"}
        What is put where there was no picture; "constant" is black.
    """

    flip: str = "none"
    turn: float = 0
    zoom: float = 0
    shift: float = 0
    contrast: float = 0
    brightness: float = 0
    fill: str = "reflect"


def places(changes, fill=None):
    """Return the layers that bring pixels to other places: flip, turn, zoom and shift, those that do something.

    Parameters
    ----------
    changes : Changes
    fill : str, optional
        In place of that of the changes.

    Returns
    -------
    list of keras.layers.Layer
        For pixels from 0 to 255.
    """
    layers, outside = keras.layers, {"fill_mode": fill or changes.fill}
    zoom, shift = changes.zoom / 100, changes.shift / 100
    return [
        *([layers.RandomFlip(changes.flip)] if changes.flip != "none" else []),
        *([layers.RandomRotation(changes.turn / 360, **outside)] if changes.turn else []),
        *([layers.RandomZoom(zoom, **outside)] if zoom else []),
        *([layers.RandomTranslation(shift, shift, **outside)] if shift else []),
    ]


def light(changes):
    """Return the layers that change contrast and brightness, those that do something."""
    contrast, brightness = changes.contrast / 100, changes.brightness / 100
    return [
        # One number would only raise the contrast, in Keras 3.15 at least.
        *([keras.layers.RandomContrast((contrast, contrast))] if contrast else []),
        *([keras.layers.RandomBrightness(brightness)] if brightness else []),
    ]


def views(image, changes, n, seed):
    """Return changed views of a picture.

    Parameters
    ----------
    image : ndarray of shape (side, side, 3), uint8
    changes : Changes
    n : int
    seed : int

    Returns
    -------
    ndarray of shape (n, side, side, 3), uint8
    """
    if changes.flip not in FLIPS or changes.fill not in FILLS:
        raise CourseError(
            f"Expected flip= one of {', '.join(FLIPS)} and fill= one of {', '.join(FILLS)}. "
            f"Received: {changes.flip!r} and {changes.fill!r}."
        )
    shown = _through(np.repeat(image[None], n, axis=0).astype(np.float32), places(changes), seed)
    return np.rint(_through(shown, light(changes), seed)).clip(0, 255).astype(np.uint8)


def seen(side, changes, n, seed):
    """Return how much of the picture can be seen in each view that `views` draws with the same seed.

    A picture whose colours are its own coordinates goes through the same layers. Where it arrives, the area of the
    triangle between neighbouring pixels says how much of the picture one pixel of the view stands for.

    Parameters
    ----------
    side : int
        Of the picture, in pixels.
    changes : Changes
    n, seed : int

    Returns
    -------
    ndarray of shape (n,)
        Shares, from 0 to 1.
    """
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    picture = np.stack([across, down, np.full_like(across, 255)], axis=-1).astype(np.float32)
    moved = _through(np.repeat(picture[None], n, axis=0), places(changes, "constant"), seed)
    inside = moved[..., 2] > WHITE
    right, below = np.diff(moved[:, :-1], axis=2), np.diff(moved[:, :, :-1], axis=1)
    area = np.abs(right[..., 0] * below[..., 1] - right[..., 1] * below[..., 0])
    whole = inside[:, :-1, :-1] & inside[:, 1:, :-1] & inside[:, :-1, 1:]
    found = np.array([np.median(part[where]) if where.any() else 0 for part, where in zip(area, whole, strict=True)])
    return (found * inside.sum(axis=(1, 2)) / side**2).clip(0, 1)


def _through(images, layers, seed):
    """Return the pictures behind the layers, whose random numbers begin anew."""
    if not layers:
        return images
    stack = keras.Sequential(layers)
    augmentation.restart(stack, seed)
    return np.asarray(stack(images, training=True))
