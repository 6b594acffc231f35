"""Outlines of petals, leaflets and ribs, and the folding that lays many of them round a centre.

Each outline is a function of positions (across, along) that is negative inside, 0 on the edge, positive outside
and, near the edge, about the distance to it: what `canvas.inside` takes.
"""

import numpy as np

from course_utils.world.canvas import norm, smooth_step


def lens(across, along, width, length):
    """Return the outline of a lens, pointed at both ends: half as wide as 2 `width`, as long as 2 `length`."""
    offset = (length**2 - width**2) / (2 * width)
    return norm(np.abs(across) + offset, along) - (offset + width)


def egg(across, along, width, length, taper=0.0):
    """Return the outline of an ellipse of half-axes `width`, `length`; `taper` above 0 widens its far end."""
    wide = width * (1 + taper * np.clip(along / length, -1.2, 1.2))
    across, along = across / wide, along / length
    share = norm(across, along)
    return share * (share - 1) / (norm(across / wide, along / length) + 1e-6)


def bar(across, along, width, low, high):
    """Return the outline of a straight bar with round ends, from `low` to `high` along its axis."""
    middle = (low + high) / 2
    return norm(across, np.maximum(np.abs(along - middle) - (high - low) / 2 + width, 0)) - width


def fold(radius, angle, count):
    """Fold the plane so that `count` equal sectors lie on one another.

    Returns
    -------
    across, along : ndarray
        Position in the sector: `along` its middle line, outwards; `across` it. Across jumps on the border of two
        sectors, from its largest value to minus that: take its magnitude, or fade it out there.
    """
    sector = 2 * np.pi / count
    phase = angle - sector * np.round(angle / sector)
    across = radius * np.sin(phase)
    return across, np.sqrt(np.maximum(radius * radius - across * across, 0))


def ridges(place, low=0.0, high=1.0):
    """Return soft stripes of period 1 in `place`, from 0 to 1, highest at whole numbers; `low` up to 1 thins them."""
    wave = smooth_step(np.abs(place - np.round(place)), 0.5, 0)
    return wave if (low, high) == (0, 1) else smooth_step(wave, low, high)


def dots(first, second, size):
    """Return round soft dots of radius `size` on the lattice of whole numbers."""
    return smooth_step(norm(first - np.round(first), second - np.round(second)), 1.2 * size, 0.8 * size)
