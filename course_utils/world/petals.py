"""Shapes of petals and patterns on them: the two tables that a species of flower refers to."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.world.canvas import norm, smooth_step
from course_utils.world.outlines import bar, dots, egg, lens, ridges


# Each outline takes (across, along, width); a petal reaches from 0 to 1, `width` is half its breadth.
def round_petal(across, along, width):
    """Return the outline of a broad petal with a round end."""
    return egg(across, along - 0.50, width, 0.50, 0.35)


def pointed_petal(across, along, width):
    """Return the outline of a petal that ends in a point."""
    return lens(across, along - 0.50, width, 0.52)


def heart_petal(across, along, width):
    """Return the outline of a broad petal with a deep notch in its end."""
    notch = 0.20 * smooth_step(np.abs(across), 0.62 * width, 0.0) * smooth_step(along, 0.45, 0.9)
    return egg(across, along - 0.50, width, 0.50, 0.55) + notch


def strap_petal(across, along, width):
    """Return the outline of a narrow, straight petal with a blunt end."""
    return bar(across, along, width, 0.0, 1.0)


def spoon_petal(across, along, width):
    """Return the outline of a thin claw with a round blade at its end."""
    return np.minimum(norm(across, along - 1 + width) - width, bar(across, along, 0.28 * width, 0.0, 0.9))


def fringed_petal(across, along, width):
    """Return the outline of a wedge-shaped petal with a toothed end."""
    teeth = 0.15 * ridges(across / (0.55 * width) + 0.5) * smooth_step(along, 1.15, 1.0)
    return np.maximum(np.abs(across) - width * (0.12 + 0.95 * along), 0.7 * (norm(across, along) - 0.98 + teeth))


class Shape(NamedTuple):
    """A petal's outline and its half-width: a share of the room in its sector, up to a limit."""

    outline: Callable
    share: float
    limit: float


SHAPES = {
    "round": Shape(round_petal, 0.60, 0.44),
    "pointed": Shape(pointed_petal, 0.48, 0.30),
    "heart": Shape(heart_petal, 0.46, 0.36),
    "strap": Shape(strap_petal, 0.48, 0.17),
    "spoon": Shape(spoon_petal, 0.74, 0.29),
    "fringed": Shape(fringed_petal, 1.0, 0.60),
}


# Each pattern takes (across, along, edge, width), `edge` being the petal's outline, and says where the marks are.
def plain(across, along, edge, width):
    """Return no mark at all."""
    return 0.0 * along


def spotted(across, along, edge, width):
    """Return rows of round spots."""
    return dots(along / 0.25 + 0.1, across / 0.25, 0.27) * smooth_step(edge, 0.0, -0.05)


def striped(across, along, edge, width):
    """Return lines along the petal that spread from its foot."""
    apart = 0.75 * width * (0.25 + along)
    lines = ridges(across / apart, 0.35, 0.75) * smooth_step(np.abs(across), 1.4 * apart, 1.2 * apart)
    return lines * smooth_step(along + np.abs(across), 0.92, 0.80)


def edged(across, along, edge, width):
    """Return a border along the petal's edge."""
    return smooth_step(edge, -0.11, -0.05)


def ringed(across, along, edge, width):
    """Return one band round the flower, half-way out."""
    return smooth_step(np.abs(norm(across, along) - 0.58), 0.15, 0.08)


def tipped(across, along, edge, width):
    """Return marked petal ends."""
    return smooth_step(norm(across, along), 0.66, 0.78)


PATTERNS = {
    "plain": plain,
    "spotted": spotted,
    "striped": striped,
    "edged": edged,
    "ringed": ringed,
    "tipped": tipped,
}
