"""What every picture of the field guide has besides its subject: backdrop, placing, shadow, and matter in front.

`clutter` runs smoothly from 0 (nothing else on the page, the subject seen flat and centred) to 1 (a crowded page, the
subject small, tilted and partly hidden). Colours, places and light come from `rng` and never tell the class.
"""

from typing import NamedTuple

import numpy as np

from course_utils.world.canvas import (
    blend,
    grid,
    inside,
    light_from,
    norm,
    rgb,
    smooth_noise,
    smooth_step,
    to_pixels,
    turn,
)
from course_utils.world.outlines import lens

CLUTTER = 0.35  # of the source pictures


class Placing(NamedTuple):
    """The coordinates a subject is drawn in: it fills about the unit disc there."""

    u: np.ndarray  # (side, side), across the subject
    v: np.ndarray  # (side, side), along the subject
    soft: float  # width of one final pixel, for edges


def plate(paint_subject, kind, rng, size, clutter):
    """Draw one whole picture: backdrop, subject, matter in front, light.

    Parameters
    ----------
    paint_subject : callable
        Called as paint_subject(picture, kind, rng, placing, clutter); returns the picture with the subject on it.
    kind : Flower, Leaf, Shell or the like
    rng : numpy.random.Generator
    size : int
        Side of the picture in pixels.
    clutter : float
        0 to 1.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    x, y = grid(size)
    # Soft as it is, the backdrop is painted at the final resolution, in a quarter of the time.
    picture = _double(background(rng, x[::2, ::2], y[::2, ::2], clutter))
    picture = paint_subject(picture, kind, rng, place(rng, x, y, clutter), clutter)
    picture = front_matter(picture, rng, x, y, clutter)
    return to_pixels(finish(picture, rng, x, y), rng)


def place(rng, x, y, clutter, *, spin=np.pi):
    """Put a subject on the page: tilt (a squash in a random direction), spin, scale and shift.

    Parameters
    ----------
    rng : numpy.random.Generator
    x, y : ndarray of shape (side, side)
        Coordinates of the page, as from `canvas.grid`.
    clutter : float
        0 to 1; more gives smaller subjects, larger shifts and stronger tilt.
    spin : float
        The subject is turned by at most this many radians to either side.

    Returns
    -------
    Placing
    """
    scale = rng.uniform(0.86 - 0.34 * clutter, 0.92 - 0.1 * clutter)
    reach = (0.02 + 0.5 * clutter) * (1 - scale)
    shift_x, shift_y = rng.uniform(-reach, reach, 2)
    direction, angle = rng.uniform(0, np.pi), rng.uniform(-spin, spin)
    squash = 1 - rng.uniform(0, 0.6) * clutter
    u, v = turn((x - shift_x) / scale, (y - shift_y) / scale, direction)
    u, v = turn(u, v / squash, angle - direction)
    return Placing(u, v, 4 / (len(x) * scale))


def background(rng, x, y, clutter):
    """Paint the backdrop: tinted paper or an out-of-focus meadow, with blurred blooms and blades of grass.

    Parameters
    ----------
    rng : numpy.random.Generator
    x, y : ndarray of shape (side, side)
        Coordinates of the page, as from `canvas.grid`.
    clutter : float
        0 to 1; more gives more blurred matter, sharper and in stronger colours.

    Returns
    -------
    ndarray of shape (side, side, 3)
        Values from 0 to 1.
    """
    first, second = _backdrop_colours(rng, clutter)
    hills = smooth_noise(rng, len(x), 3, octaves=3)
    picture = blend(first, second, smooth_step(hills, 0.2, 0.8))
    for _ in range(rng.poisson(5 * clutter)):
        picture = _blurred_bloom(picture, rng, x, y, clutter)
    for _ in range(rng.poisson(5 * clutter)):
        picture = _grass_blade(picture, rng, x, y, clutter)
    return picture


def _double(picture):
    """Return the picture with each pixel twice in both directions, in planes of memory as `canvas.blend` likes it."""
    planes = np.moveaxis(picture, -1, 0)
    return np.moveaxis(planes.repeat(2, axis=1).repeat(2, axis=2), 0, -1)


def _backdrop_colours(rng, clutter):
    """Draw two neighbouring colours: pale paper, or (the more clutter, the likelier) meadow green or dusk blue."""
    hue = rng.uniform(0, 1)
    shade = rng.uniform(-0.1, 0.1)
    kind = rng.random() + 0.3 * (clutter - CLUTTER)
    if kind < 0.4:  # paper
        return rgb(hue, 0.10, 0.90 + shade / 2), rgb(hue + 0.06, 0.20, 0.80 + shade)
    if kind < 0.8:  # meadow
        green = 0.20 + 0.16 * hue
        return rgb(green, 0.45, 0.62 + shade), rgb(green + 0.07, 0.60, 0.34 + shade)
    return rgb(0.52 + 0.2 * hue, 0.32, 0.66 + shade), rgb(0.55 + 0.2 * hue, 0.50, 0.36 + shade)


def _blurred_bloom(picture, rng, x, y, clutter):
    """Paint one out-of-focus flower head or leaf behind the subject."""
    shift_x, shift_y = rng.uniform(-1.05, 1.05, 2)
    radius, blur = rng.uniform(0.12, 0.32), rng.uniform(0.30, 0.55) * (1 - 0.6 * clutter)
    u, v = turn(x - shift_x, y - shift_y, rng.uniform(0, np.pi))
    distance = norm(u, v * rng.uniform(1, 2.2)) - radius
    colour = rgb(rng.uniform(0, 1), rng.uniform(0.25, 0.65), rng.uniform(0.45, 0.95))
    return blend(picture, colour, rng.uniform(0.45, 0.9) * inside(distance, blur * radius * 2))


def _grass_blade(picture, rng, x, y, clutter, hold=0.75):
    """Paint one bent blade or stem that crosses the page; `hold` is how much it covers."""
    u, v = turn(x, y, rng.normal(0, 0.5))
    bend, wide = rng.uniform(-0.5, 0.5), rng.uniform(0.02, 0.06)
    root = rng.uniform(-1.0, 1.0)
    line = u - root - bend * v * v
    mask = inside(np.abs(line) - wide * (1.1 + v) / 2, 0.03 + 0.07 * (1 - clutter))
    colour = rgb(rng.uniform(0.16, 0.42), rng.uniform(0.35, 0.65), rng.uniform(0.3, 0.75))
    return blend(picture, colour, hold * mask)


def cast_shadow(picture, distance, strength=0.35, reach=0.25):
    """Darken the page softly round a subject.

    Parameters
    ----------
    picture : ndarray of shape (side, side, 3)
    distance : ndarray of shape (side, side)
        To the subject's outline, negative inside; of shifted coordinates, to move the shadow away from the light.
    strength : float
        Share of the light taken away, 0 to 1.
    reach : float
        Width of the shadow, in the units of `distance`.

    Returns
    -------
    ndarray of shape (side, side, 3)
    """
    return picture * (1 - strength * inside(distance - reach / 3, reach))[..., None]


def front_matter(picture, rng, x, y, clutter):
    """Let a leaf tip or a blade of grass hide a part of the subject.

    Parameters
    ----------
    picture : ndarray of shape (side, side, 3)
    rng : numpy.random.Generator
    x, y : ndarray of shape (side, side)
        Coordinates of the page, as from `canvas.grid`.
    clutter : float
        0 to 1; the more, the more often.

    Returns
    -------
    ndarray of shape (side, side, 3)
    """
    for _ in range(rng.poisson(1.2 * clutter)):
        picture = _front_leaf(picture, rng, x, y, rng.uniform(0.75, 0.98) - 0.18 * clutter)
    for _ in range(rng.poisson(1.0 * clutter)):
        picture = _grass_blade(picture, rng, x, y, clutter, hold=0.95)
    return picture


def _front_leaf(picture, rng, x, y, depth):
    """Paint a leaf that reaches in from outside the page and ends `depth` from the middle."""
    u, v = turn(x, y, rng.uniform(0, 2 * np.pi))
    v = v - rng.uniform(-0.5, 0.5)
    distance = lens(v, u - depth - 0.6, 0.25, 0.6)
    hue, value = rng.uniform(0.18, 0.42), rng.uniform(0.35, 0.7)
    vein = smooth_step(np.abs(v), 0.03, 0.0)
    side = smooth_step(v, -0.2, 0.2)
    colour = blend(rgb(hue, 0.6, value), rgb(hue + 0.04, 0.55, value * 0.75), side)
    colour = blend(colour, rgb(hue, 0.35, min(value + 0.2, 1)), 0.6 * vein)
    picture = cast_shadow(picture, distance, 0.3, 0.16)
    return blend(picture, colour, inside(distance, 0.03))


def finish(picture, rng, x, y):
    """Light the finished page, of shape (side, side, 3), from a random side."""
    return picture * light_from(rng, x, y, 0.22)[..., None]
