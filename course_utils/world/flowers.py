"""Flowers of the field guide: a species is its number of petals, their shape and their pattern."""

from dataclasses import dataclass

import numpy as np

from course_utils.world.canvas import blend, inside, norm, polar, rgb, smooth_step
from course_utils.world.outlines import fold, ridges
from course_utils.world.page import CLUTTER, cast_shadow, plate
from course_utils.world.petals import PATTERNS, SHAPES


@dataclass(frozen=True)
class Flower:
    """The visible traits that make a species; colour, size, place, light and backdrop are free.

    Attributes
    ----------
    name : str
        A slug that says the traits, such as "five-petal-heart-spotted".
    petals : int
        3 to 12.
    shape : str
        A key of `petals.SHAPES`.
    pattern : str
        A key of `petals.PATTERNS`.
    """

    name: str
    petals: int
    shape: str
    pattern: str


WORDS = {3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 12: "twelve"}


def _species(petals, shape, pattern):
    """Return the Flower with these traits, named after them."""
    return Flower(f"{WORDS[petals]}-petal-{shape}-{pattern}", petals, shape, pattern)


# A shape and a pattern leave two neighbouring numbers of petals, so that a network has to look at all three.
BLOCKS = (
    ((3, 4), {"spotted": ("round", "pointed"), "ringed": ("heart", "spoon"), "striped": ("strap", "fringed")}),
    ((5, 6), {"edged": ("round", "spoon"), "plain": ("pointed", "heart"), "tipped": ("strap", "fringed")}),
    (
        (8, 12),
        {
            "ringed": ("round",),
            "striped": ("pointed",),
            "spotted": ("heart",),
            "edged": ("strap",),
            "tipped": ("spoon",),
            "plain": ("fringed",),
        },
    ),
)
SOURCE = tuple(
    _species(petals, shape, pattern)
    for numbers, block in BLOCKS
    for pattern, shapes in block.items()
    for shape in shapes
    for petals in numbers
)
# Four combinations of shape and pattern, each with five petals and with six: the number is the fine trait.
TARGET = tuple(
    _species(petals, shape, pattern)
    for shape, pattern in (("round", "spotted"), ("pointed", "striped"), ("spoon", "striped"), ("strap", "ringed"))
    for petals in (5, 6)
)


def draw(kind, rng, size=64, *, clutter=CLUTTER):
    """Draw one picture of a species.

    Parameters
    ----------
    kind : Flower
    rng : numpy.random.Generator
        All that is free (colour, tilt, scale, place, light, backdrop, matter in front) comes from it.
    size : int
        Side of the picture in pixels.
    clutter : float
        Difficulty, smoothly from 0 (nothing else on the page, seen from above, centred, clear marks) to 1 (crowded,
        small, strongly tilted, partly hidden, fainter marks).

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    return plate(_paint_flower, kind, rng, size, clutter)


def _paint_flower(picture, kind, rng, placing, clutter):
    """Paint shadow, petals and disc."""
    u, v, soft = placing
    outline, share, limit = SHAPES[kind.shape]
    width = min(limit, share * np.tan(np.pi / kind.petals))
    radius, angle = _uneven(rng, u, v, kind.petals)
    across, along = fold(radius, angle, kind.petals)
    edge = outline(across, along, width)
    marks = PATTERNS[kind.pattern](across, along, edge, width)
    light = _petal_light(rng, u, v, across / (along + 0.05) / np.tan(np.pi / kind.petals), edge)
    colour = _petal_colours(rng, clutter, along, marks) * light[..., None]
    picture = blend(cast_shadow(picture, edge), colour, inside(edge, soft))
    return _paint_disc(picture, rng, u, v, soft)


def _uneven(rng, u, v, petals):
    """Return radius and angle, bent a little: no two petals are the same length or quite evenly set."""
    radius, angle = polar(u, v)
    sine, cosine = v / (radius + 1e-6), u / (radius + 1e-6)
    a, b, c, d, e = rng.uniform(-0.05, 0.05, 5)
    double = sine * cosine
    return radius * (1 + a * sine + b * cosine + c * double), angle + (d * sine + e * double) * 6 / petals


def _petal_colours(rng, clutter, along, marks):
    """Shade the petals from foot to tip, and lay dark or pale marks on; more clutter, fainter marks."""
    hue = 0.47 + rng.uniform(0, 0.72)  # all but leaf green
    depth, bright = rng.uniform(0.12, 0.7), rng.uniform(0.84, 0.98)
    mark = rgb(hue + rng.uniform(-0.15, 0.15), 0.85, 0.36)
    if rng.random() < 0.3:
        depth, bright = rng.uniform(0.6, 0.8), rng.uniform(0.6, 0.8)
        mark = rgb(hue + rng.uniform(-0.1, 0.2), 0.15, 1.0)
    foot = rgb(hue + rng.uniform(-0.08, 0.08), depth + 0.2, bright * 0.78)
    ground = blend(foot, rgb(hue, depth, bright), smooth_step(along, 0.1, 0.8))
    return blend(ground, mark, (1 - 0.35 * clutter) * marks)


def _petal_light(rng, u, v, side, edge):
    """Return the brightness; `side` runs from -1 to 1 across a petal, which lies over the next one there."""
    sun = rng.uniform(0, 2 * np.pi)
    bulge = 0.14 * smooth_step(edge, 0.0, -0.2)
    over = side * (1 - np.minimum(side * side, 1) ** 6)  # back to 0 at the border, so that it has no hard edge
    groove = 0.25 * smooth_step(np.abs(side), 0.7, 1.0)
    return 0.86 + bulge - groove + 0.14 * over + 0.08 * (np.cos(sun) * u + np.sin(sun) * v)


def _paint_disc(picture, rng, u, v, soft):
    """Paint the stamen disc: a dome with grains, in yellow, green or brown."""
    size = rng.uniform(0.13, 0.20)
    radius = norm(u, v)
    grains = ridges(u / 0.055) * ridges(v / 0.055)
    dome = 0.75 + 0.35 * grains + 0.3 * smooth_step(radius, size, 0)
    colour = rgb(rng.uniform(0.07, 0.17), 0.75, rng.uniform(0.6, 0.95)) * dome[..., None]
    return blend(cast_shadow(picture, radius - size, 0.4, 0.12), colour, inside(radius - size, soft))
