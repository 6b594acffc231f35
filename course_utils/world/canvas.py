"""The drawing tools that every family of pictures shares.

A picture in the making is a float array of shape (side, side, 3) with values from 0 to 1. Its coordinates run
from -1 (left, top) to 1 (right, bottom), whatever its side. Families draw at twice the final size;
`to_pixels` halves it, which smooths the edges.

Every edge is a soft mask and never a comparison, so that a rounding error on another processor moves a pixel by
far less than one grey level.
"""

import colorsys

import numpy as np


def grid(size):
    """Return the coordinates of a canvas that becomes a picture of `size` pixels.

    Parameters
    ----------
    size : int
        Side of the finished picture in pixels.

    Returns
    -------
    x, y : ndarray of shape (2 * size, 2 * size)
        Positions from -1 to 1; x grows to the right, y downwards.
    """
    line = (np.arange(2 * size) + 0.5) / size - 1
    return np.meshgrid(line, line)


def turn(x, y, angle):
    """Return the coordinates (x, y), of any shape, as seen by an object that is turned by `angle` radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return cosine * x + sine * y, cosine * y - sine * x


def norm(x, y):
    """Return the distance of (x, y), of any shape, from the origin, as numpy.hypot does but three times as fast."""
    return np.sqrt(x * x + y * y)


def polar(x, y):
    """Return radius (0 and up) and angle (-pi to pi) of each position."""
    return norm(x, y), np.arctan2(y, x)


def smooth_step(value, low, high):
    """Rise from 0 at `low` to 1 at `high` along 3t^2 - 2t^3; `low` above `high` makes it fall."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def inside(distance, softness=0.03):
    """Return a mask that is 1 where `distance` is negative, 0 where it is positive, and soft between."""
    return smooth_step(distance, softness, -softness)


def rgb(hue, saturation, value):
    """Return the colour of hue, saturation and value (each 0 to 1; the hue wraps) as an array of shape (3,)."""
    return np.array(colorsys.hsv_to_rgb(hue % 1.0, min(max(saturation, 0), 1), min(max(value, 0), 1)))


def blend(first, second, share):
    """Blend two colours or pictures, pixel by pixel.

    Working plane by plane takes a quarter of the time that arrays of shape (side, side, 3) take.

    Parameters
    ----------
    first, second : ndarray of shape (3,) or (side, side, 3)
        Values from 0 to 1.
    share : ndarray of shape (side, side)
        0 gives `first`, 1 gives `second`.

    Returns
    -------
    ndarray of shape (side, side, 3)
        Its memory holds one colour plane after another.
    """
    first, second = (part[:, None, None] if part.ndim == 1 else np.moveaxis(part, -1, 0) for part in (first, second))
    blended = (second - first) * share
    blended += first
    return np.moveaxis(blended, 0, -1)


def smooth_noise(rng, side, cells, octaves=1):
    """Return smooth random hills (value noise, Perlin 1985).

    Parameters
    ----------
    rng : numpy.random.Generator
    side : int
        Side of the canvas in canvas pixels.
    cells : int
        About how many hills lie in a row.
    octaves : int
        Each octave after the first adds hills of half the size and half the height.

    Returns
    -------
    ndarray of shape (side, side)
        Values from 0 to 1.
    """
    total, weight = np.zeros((side, side)), 0.0
    for octave in range(octaves):
        count = cells * 2**octave
        place = np.linspace(0, count, side, endpoint=False)
        cell = place.astype(int)
        part = smooth_step(place - cell, 0, 1)
        step = np.zeros((side, count + 1))
        step[np.arange(side), cell] = 1 - part
        step[np.arange(side), cell + 1] = part
        total += step @ rng.random((count + 1, count + 1)) @ step.T / 2**octave
        weight += 1 / 2**octave
    return total / weight


def light_from(rng, x, y, strength):
    """Return a brightness factor that falls slowly across the picture away from a random side.

    Parameters
    ----------
    rng : numpy.random.Generator
    x, y : ndarray of shape (side, side)
        Coordinates of the canvas, as from `grid`.
    strength : float
        The factor runs at most from 1 - strength to 1 + strength.

    Returns
    -------
    ndarray of shape (side, side)
    """
    angle = rng.uniform(0, 2 * np.pi)
    return 1 + strength * (np.cos(angle) * x + np.sin(angle) * y) / np.sqrt(2)


def halve(values):
    """Average squares of 2 by 2 in an array of shape (2 * rows, 2 * columns, ...)."""
    return (values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]) / 4


def to_bytes(picture, rng, grain=0.015):
    """Turn a picture at its final resolution into bytes, with a little sensor noise.

    Parameters
    ----------
    picture : ndarray of shape (size, size, 3)
        Values are clipped to 0..1.
    rng : numpy.random.Generator
    grain : float
        Standard deviation of the noise, as a share of the full range.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    noisy = np.clip(picture, 0, 1) + grain * rng.standard_normal(picture.shape)
    return np.clip(np.round(noisy * 255), 0, 255).astype(np.uint8)


def to_pixels(picture, rng, grain=0.015):
    """Halve a finished canvas and turn it into bytes, with a little sensor noise.

    Parameters
    ----------
    picture : ndarray of shape (2 * size, 2 * size, 3)
        Values are clipped to 0..1.
    rng : numpy.random.Generator
    grain : float
        Standard deviation of the noise, as a share of the full range.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    return to_bytes(halve(np.clip(picture, 0, 1)), rng, grain)


def keep_memory():
    """Ask the C library to keep the memory of freed arrays for the next ones, which halves the time of a picture.

    glibc gives blocks above a limit back to the system at once, and each new array pays for fresh pages; the limit
    rises to the size of the largest block freed so far. The block asked for here is never touched: it costs nothing.
    """
    np.empty(24 << 20, np.uint8)
