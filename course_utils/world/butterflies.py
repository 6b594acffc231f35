"""Butterflies: the task of a family that no source shows, in the style of the same field guide.

A butterfly is two pairs of wings, mirrored about a body. What makes a class are the two outlines and the pattern; hues,
light, size, place, tilt and surroundings are free in every picture.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_utils.world.canvas import grid, halve, inside, norm, rgb, smooth_step, to_bytes
from course_utils.world.outlines import egg
from course_utils.world.page import CLUTTER, background, finish, front_matter, place
from course_utils.world.wings import open_wings, window, wing_space


@dataclass(frozen=True)
class Butterfly:
    """The visible traits that make a class.

    Attributes
    ----------
    name : str
        A readable slug.
    fore : {"rounded", "pointed", "hooked"}
        Outline of the upper wings.
    hind : {"round", "tailed", "scalloped"}
        Outline of the lower wings.
    pattern : {"eyespots", "spots", "bands", "veins"}
        What all four wings bear: a ringed eye each, rows of plain dots, two stripes along the margin, or strong rays.
    """

    name: str
    fore: str
    hind: str
    pattern: str


# In each half, two pairs of outlines meet two patterns, so that no single trait names a class.
TARGET = (
    Butterfly("ringlet", "rounded", "round", "eyespots"),
    Butterfly("apollo", "rounded", "round", "spots"),
    Butterfly("peacock", "hooked", "scalloped", "eyespots"),
    Butterfly("comma", "hooked", "scalloped", "spots"),
    Butterfly("admiral", "pointed", "scalloped", "bands"),
    Butterfly("monarch", "pointed", "scalloped", "veins"),
    Butterfly("swallowtail", "pointed", "tailed", "bands"),
    Butterfly("kite", "pointed", "tailed", "veins"),
)

EYES = ((0.54, 0.33), (0.45, -0.31))  # centres on the upper and the lower wing


class Palette(NamedTuple):
    """The colours of one butterfly, each of shape (3,)."""

    ground: np.ndarray
    glow: np.ndarray
    dark: np.ndarray
    pale: np.ndarray
    accent: np.ndarray
    ink: np.ndarray  # of the pattern: dark or pale


# Each pattern takes (wings, palette, rng, slack) and returns layers (colour, mask), bottom first; `slack`, 0 to 1, says
# how far it may stray from its place.
def eyespots(wings, palette, rng, slack):
    """Return the layers of one ringed eye on each wing."""
    layers, size = [], 1 + slack * rng.uniform(-0.2, 0.1)
    for centre in EYES:
        across, up = (centre + slack * rng.uniform(-0.05, 0.05, 2)).tolist()
        away = norm(wings.across - across, wings.up - up) / size
        for colour, radius in ((palette.pale, 0.175), (palette.dark, 0.14), (palette.accent, 0.095)):
            layers.append((colour, wings.whole * inside(away - radius, wings.soft)))
        layers.append((np.ones(3), _blob(wings, across - 0.03, up + 0.03, 0.03, 0.03)))
    return layers


def spots(wings, palette, rng, slack):
    """Return the layer of two rows of plain dots along the margin."""
    phase, mask = slack * rng.random(), 0
    for row, count, size in ((0.72, 3.3, 0.062), (0.40, 2.2, 0.05)):
        along = np.abs((wings.angle * count + phase) % 1 - 0.5) / count * wings.radius
        mask = mask + inside(norm(along, 0.85 * (wings.reach - row)) - size, wings.soft)
    return [(palette.ink, _visible(wings, mask))]


def bands(wings, palette, rng, slack):
    """Return the layer of two stripes that follow the margin."""
    rows = [row + slack * rng.uniform(-0.05, 0.05) for row in (0.44, 0.74)]
    mask = sum(inside(np.abs(wings.reach - row) - 0.065, wings.soft) for row in rows)
    return [(palette.ink, _visible(wings, mask))]


def veins(wings, palette, rng, slack):
    """Return the layer of strong rays."""
    wide = 0.022 * (1 + slack * rng.uniform(-0.3, 0.2))
    rays = inside(_ray_distance(wings) - wide, wings.soft) * smooth_step(wings.radius, 0.15, 0.3)
    return [(palette.ink, wings.whole * rays)]


PATTERNS = {"eyespots": eyespots, "spots": spots, "bands": bands, "veins": veins}


def draw(kind, rng, size=64, *, clutter=CLUTTER):
    """Draw one butterfly.

    Parameters
    ----------
    kind : Butterfly
    rng : numpy.random.Generator
        Source of all that is free; the same state gives the same picture.
    size : int
        Side of the picture in pixels.
    clutter : float
        Difficulty, 0 to 1. From 0, a flat, nearly upright, centred specimen, it grows smoothly to smaller, tilted and
        turned butterflies, wings half closed, patterns shifted, in a crowded meadow behind leaves and grass.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    x, y = grid(size)
    # All but the butterfly is soft, so the finished picture's own grid is fine enough for it.
    picture = background(rng, x[::2, ::2], y[::2, ::2], clutter)
    u, v, soft = place(rng, x, y, clutter, spin=0.15 + 1.1 * clutter)
    picture = _paint_butterfly(picture, kind, rng, (*open_wings(rng, u, v, clutter), soft), clutter)
    page_x, page_y = halve(x), halve(y)
    picture = front_matter(picture, rng, page_x, page_y, clutter)
    return to_bytes(finish(picture, rng, page_x, page_y), rng)


def _paint_butterfly(picture, kind, rng, position, clutter):
    """Paint shadow, wings, pattern and body at `position`: across, up and soft as in `Wings`."""
    across, up, soft = position
    # No wing reaches beyond this part of the picture, or of the canvas, which is twice as fine.
    spot = window(across, up)
    fine = tuple(slice(2 * part.start, 2 * part.stop) for part in spot)
    wings, palette = wing_space(kind, across[fine], up[fine], soft), _draw_palette(rng)
    pattern = PATTERNS[kind.pattern](wings, palette, rng, clutter)
    left, colour = _stack(_wing_layers(wings, palette, rng) + pattern + _body_layers(wings, palette))
    alone, blur = np.zeros(picture.shape[:2]), _blur_matrix(len(picture))
    alone[spot] = 1 - halve(left)
    # Distances are known in that part only, so the shadow is the blurred silhouette and not `page.cast_shadow`.
    picture = picture * ((1 - 0.4 * blur @ alone @ blur.T) * (1 - alone))[..., None]
    picture[spot] += halve(colour)
    return picture


def _draw_palette(rng):
    """Draw colours about one free hue; a pale ink gets a deeper ground, so that it shows."""
    hue, side, deep = rng.random(), rng.choice([-1, 1]), rng.integers(2)
    ground = rgb(hue, rng.uniform(0.45, 0.72) + 0.08 * deep, rng.uniform(0.72, 0.88) - 0.18 * deep)
    glow = rgb(hue + side * rng.uniform(0.04, 0.12), rng.uniform(0.3, 0.5) + 0.15 * deep, 0.96 - 0.16 * deep)
    dark = rgb(hue + rng.uniform(-0.15, 0.15), rng.uniform(0.35, 0.7), rng.uniform(0.12, 0.24))
    pale = rgb(hue + side * rng.uniform(0, 0.2), rng.uniform(0.06, 0.22), 0.98)
    accent = rgb(hue + rng.uniform(0.35, 0.65), 0.6, 0.75)
    return Palette(ground, glow, dark, pale, accent, (dark, pale)[deep])


def _wing_layers(wings, palette, rng):
    """Return the layers beneath the pattern: radial shading, faint veins and a darker rim of free width."""
    rim = rng.uniform(0.04, 0.11)
    middle = smooth_step(wings.reach, 0.1, 0.55) * smooth_step(wings.reach, 1.0, 0.55)
    return [
        (palette.ground, wings.whole),
        (palette.glow, 0.75 * _visible(wings, middle)),
        (palette.dark, 0.7 * wings.whole * smooth_step(wings.radius, 0.42, 0.05)),
        (palette.dark, 0.15 * wings.whole * inside(_ray_distance(wings) - 0.006, wings.soft)),
        (palette.dark, rng.uniform(0.55, 0.9) * _visible(wings, smooth_step(wings.distance, -rim - 0.05, -rim / 3))),
    ]


def _body_layers(wings, palette):
    """Return the layers of feelers, abdomen, thorax, head and the light on the back."""
    feeler = inside(np.abs(wings.across - 0.02 - 0.32 * np.maximum(wings.up - 0.2, 0) ** 0.8) - 0.01, wings.soft)
    feeler = feeler * smooth_step(wings.up, 0.2, 0.22) * smooth_step(wings.up, 0.72, 0.69)
    parts = ((0.2, 0.71, 0.028, 0.028), (0, -0.22, 0.055, 0.36), (0, 0.08, 0.08, 0.18), (0, 0.26, 0.055, 0.055))
    for part in parts:
        feeler = np.maximum(feeler, _blob(wings, *part))
    return [(palette.dark, feeler), (palette.glow, 0.35 * _blob(wings, 0, -0.05, 0.035, 0.3))]


def _blob(wings, across, up, wide, tall):
    """Return the mask of an upright ellipse on either side of the body."""
    return inside(egg(wings.across - across, wings.up - up, wide, tall), wings.soft)


def _visible(wings, mask):
    """Return what shows of a mask of shape (2, rows, columns), given for both wings."""
    return (wings.cover * mask).sum(axis=0)


def _ray_distance(wings):
    """Return about the distance to the nearest vein; veins are rays, 20 degrees apart."""
    return np.abs(np.sin(9 * wings.angle)) * wings.radius / 9


def _stack(layers):
    """Merge (colour, mask) layers, bottom first, into the share left of what is below and the colour laid over it."""
    left, weights = 1.0, []
    for _, mask in reversed(layers):
        weights.append(left * mask)
        left = left * (1 - mask)
    colours = np.array([colour for colour, _ in reversed(layers)], weights[0].dtype)
    return left, np.stack(weights, axis=-1) @ colours


@lru_cache
def _blur_matrix(side, shift=0.09, width=0.08):
    """Return the matrix that blurs a line of `side` positions from -1 to 1 and moves it by `shift`."""
    line = np.linspace(-1, 1, side)
    return np.exp(-(((line[:, None] - shift - line) / width) ** 2)) * (2 / side / width / np.sqrt(np.pi))
