"""The wings of a butterfly: their outlines, and the coordinates that patterns on them are drawn in.

A wing is a polar curve about its root, so radius and angle there serve as the wing's own coordinates: bands follow the
margin, veins are rays.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_utils.world.canvas import inside, norm, polar, smooth_step

# Outlines: how far their points lie sideways and upwards from the root, along the front edge, round the tip and back.
FORE_OUTLINES = {
    "rounded": (
        (0.08, 0.26, 0.52, 0.76, 0.86, 0.78, 0.56, 0.20),
        (0.18, 0.45, 0.66, 0.62, 0.40, 0.14, -0.04, -0.06),
    ),
    "pointed": (
        (0.08, 0.28, 0.58, 0.76, 0.77, 0.73, 0.70, 0.55, 0.20),
        (0.20, 0.52, 0.81, 0.91, 0.74, 0.42, 0.08, -0.06, -0.06),
    ),
    "hooked": (
        (0.08, 0.30, 0.58, 0.86, 0.91, 0.71, 0.66, 0.74, 0.50, 0.20),
        (0.18, 0.48, 0.69, 0.73, 0.58, 0.38, 0.18, 0.00, -0.08, -0.06),
    ),
}
HIND_OUTLINE = (
    (0.20, 0.50, 0.70, 0.73, 0.60, 0.38, 0.17, 0.05),
    (0.08, 0.06, -0.10, -0.34, -0.58, -0.70, -0.60, -0.30),
)
# Radians from straight sideways, upwards positive, at which the tables below hold a value.
ANGLES = np.radians(np.linspace(-95, 95, 381))


# Each margin takes the plain lower wing's radius at each of ANGLES and returns that of the wing.
def round_margin(radius):
    """Return the plain outline."""
    return radius


def tailed(radius):
    """Return the outline with a long tail."""
    return radius + 0.36 * np.exp(-(((np.degrees(ANGLES) + 61) / 5.5) ** 4))


def scalloped(radius):
    """Return the outline with notches along the lower edge."""
    degrees = np.degrees(ANGLES)
    notch = (1 - np.abs(np.sin(np.radians((degrees + 75) * 180 / 21)))) ** 1.5
    notch = notch * smooth_step(degrees, -78, -70) * smooth_step(degrees, 5, -2)
    return radius * (1.04 - 0.24 * notch)


HIND_MARGINS = {"round": round_margin, "tailed": tailed, "scalloped": scalloped}


class Wings(NamedTuple):
    """The window of the page that holds the butterfly, in coordinates that lay its left side on its right."""

    across: np.ndarray  # (rows, columns), distance from the body's axis
    up: np.ndarray  # (rows, columns), towards the head
    radius: np.ndarray  # (rows, columns), from the root
    angle: np.ndarray  # (rows, columns), from straight sideways, upwards positive
    distance: np.ndarray  # (2, rows, columns), to the outline of the upper and the lower wing, negative inside
    reach: np.ndarray  # (2, rows, columns), 0 at the root, 1 at the margin
    cover: np.ndarray  # (2, rows, columns), what shows of each wing
    whole: np.ndarray  # (rows, columns), what shows of either
    soft: float  # width of one final pixel


def open_wings(rng, u, v, clutter):
    """Fold the plane along the body's axis, each side closed by a free amount.

    Parameters
    ----------
    rng : numpy.random.Generator
    u, v : ndarray of shape (side, side)
        Coordinates of the butterfly, as in `page.Placing`.
    clutter : float
        0 (both sides flat) to 1 (each up to half closed).

    Returns
    -------
    across, up : ndarray of shape (side, side)
        Distance from the body's axis, 0 and up, and position towards the head.
    """
    left, right = 1 - clutter * rng.uniform(0, 0.5, 2)
    return 1.06 * (np.maximum(u, 0) / right + np.maximum(-u, 0) / left), -1.06 * (v + 0.02)


def window(across, up):
    """Return the two slices, of the half-sized picture, outside which no wing or feeler reaches."""
    near = (across[::2, ::2] < 1.0) & (np.abs(up[::2, ::2]) < 1.15)
    return tuple(slice(max(hits[0] - 1, 0), hits[-1] + 2) for hits in map(np.flatnonzero, (near.any(1), near.any(0))))


def wing_space(kind, across, up, soft):
    """Find each position's coordinates in the upper and the lower wing.

    Parameters
    ----------
    kind : Butterfly
    across, up : ndarray of shape (rows, columns)
        Positions in a window, as from `open_wings`.
    soft : float
        Width of one final pixel.

    Returns
    -------
    Wings
    """
    across, up = across.astype(np.float32), up.astype(np.float32)  # halves the time, exact to far below a grey level
    radius, angle = polar(across, up)
    distance, reach = [], []
    for table in _wing_tables(kind.fore, kind.hind):
        edge, slope, margin = (np.interp(angle, ANGLES, column).astype(np.float32) for column in table)
        distance.append((radius - edge) / np.sqrt(1 + (slope / (radius + 0.02)) ** 2))
        reach.append(radius / margin)
    upper, lower = inside(distance[0], soft), inside(distance[1], soft)
    cover = np.stack([upper, lower * (1 - upper)])
    return Wings(across, up, radius, angle, np.stack(distance), np.stack(reach), cover, cover.sum(axis=0), soft)


@lru_cache
def _wing_tables(fore, hind):
    """Return outline, its slope and the pattern's margin at each of `ANGLES`, for the upper and the lower wing."""
    upper, plain = _outline_radius(FORE_OUTLINES[fore]), _outline_radius(HIND_OUTLINE)
    lower = HIND_MARGINS[hind](plain)
    # The pattern ignores tails and scallops and runs out straight over the front and the inner edge.
    margins = np.maximum.accumulate(upper), np.maximum.accumulate(plain[::-1])[::-1]
    return [
        (edge, np.gradient(edge, ANGLES), np.maximum(margin, 0.62)) for edge, margin in zip((upper, lower), margins)
    ]


def _outline_radius(points):
    """Return the outline's radius at each of `ANGLES`; it falls to zero within 4 degrees of either end."""
    curve = _smooth_curve(np.transpose(points))
    angle = np.arctan2(curve[:, 1], curve[:, 0])
    order = np.argsort(angle)
    angle, radius = angle[order], norm(*curve[order].T)
    return np.interp(ANGLES, [angle[0] - 0.07, *angle, angle[-1] + 0.07], [0, *radius, 0])


def _smooth_curve(points, steps=40):
    """Return a dense curve of shape (n, 2) through `points` of shape (m, 2) (Catmull & Rom 1974)."""
    padded = np.vstack([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    a, b, c, d = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    t = np.linspace(0, 1, steps)[:, None]
    curve = b + t * (c - a) / 2 + t**2 * (a - 2.5 * b + 2 * c - d / 2) + t**3 * (d - a + 3 * (b - c)) / 2
    return curve.reshape(-1, 2)
