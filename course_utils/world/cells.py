"""Cells: the outlines and chromatin of nuclei, which a tissue refers to, and how cells are drawn."""

import numpy as np

from course_utils.world.canvas import inside, norm, smooth_step
from course_utils.world.section import lay, windows

# The middles of a lobed nucleus's lobes.
LOBES = ((0.66, 0.0), (-0.30, 0.60), (-0.36, -0.57))


# Each outline takes (u, v), positions in radii, and returns the distance to the rim: -1 at the middle, 0 at the rim.
def round_outline(u, v):
    """Return the distance to a circle."""
    return norm(u, v) - 1


def oval_outline(u, v):
    """Return the distance to an oval, long along u."""
    return norm(u / 1.42, v * 1.42) - 1


def spindle_outline(u, v):
    """Return the distance to a narrow spindle with pointed ends."""
    return 0.6 * ((u / 2.05) ** 2 + np.abs(v) * 1.9 - 1)


def bent_outline(u, v):
    """Return the distance to a bean."""
    return norm(u / 1.4, (v - 0.34 * u * u + 0.3) * 1.55) - 1


def lobed_outline(u, v):
    """Return the distance to three lobes that hang together."""
    pull = sum(1 / ((u - a) ** 2 + (v - b) ** 2 + 0.03) for a, b in LOBES)
    return 2.1 * np.sqrt(1 / pull) - 1.06


def ragged_outline(u, v):
    """Return the distance to an irregular, angular shape."""
    radius = norm(u, v)
    cosine, sine = u / (radius + 1e-3), v / (radius + 1e-3)
    # Sines and cosines of two to six times the angle, by their product rules.
    cosine2, sine2 = cosine * cosine - sine * sine, 2 * cosine * sine
    cosine4, sine4 = cosine2 * cosine2 - sine2 * sine2, 2 * cosine2 * sine2
    cosine5, sine6 = cosine4 * cosine - sine4 * sine, sine4 * cosine2 + cosine4 * sine2
    return radius - 0.98 - 0.11 * cosine5 - 0.13 * sine6 - 0.17 * sine2


# The second value is how far the outline reaches from its middle, in radii.
OUTLINES = {
    "round": (round_outline, 1.2),
    "oval": (oval_outline, 1.65),
    "spindle": (spindle_outline, 2.2),
    "bent": (bent_outline, 1.7),
    "lobed": (lobed_outline, 1.5),
    "ragged": (ragged_outline, 1.65),
}


# Each kind of chromatin takes (depth, coarse, fine), the distance to the rim and two kinds of noise from 0 to 1, and
# returns the amount of haematoxylin.
def even(depth, coarse, fine):
    """Return the chromatin of a nucleus with fine, even grains and a faint rim."""
    return 0.72 + 0.45 * (fine - 0.5) + 0.22 * smooth_step(depth, -0.35, -0.05)


def dense(depth, coarse, fine):
    """Return chromatin that fills the nucleus with one dark mass."""
    return 1.12 + 0.20 * (coarse - 0.5)


def open_chromatin(depth, coarse, fine):
    """Return the chromatin of a pale nucleus with a dark rim and few threads."""
    return 0.33 + 0.50 * (fine - 0.5) + (0.42 + 0.60 * coarse) * smooth_step(depth, -0.36, -0.10)


def clumped(depth, coarse, fine):
    """Return chromatin in coarse dark clumps with clear gaps."""
    return 0.27 + 0.80 * smooth_step(fine, 0.42, 0.62) + 0.22 * smooth_step(depth, -0.25, -0.05)


CHROMATIN = {"even": even, "dense": dense, "open": open_chromatin, "clumped": clumped}


def draw_bodies(section, x, y, radius, body):
    """Draw the cells' bodies: a soft disc inside a thin wall.

    Parameters
    ----------
    section : Section
    x, y, radius : ndarray of shape (n,)
    body : tuple of two floats
        Eosin in the disc and in the wall.
    """
    inner, wall = body
    u, v, rows, columns = windows(section, x, y, np.zeros(x.size), radius, 1.2)
    distance = norm(u, v) + 0.3 * (section.coarse[rows, columns] - 0.5) - 1
    mask = inside(distance, 0.08)
    eosin = inner + (wall - inner) * smooth_step(distance, -0.22, -0.02)
    lay(section, rows, columns, mask, 0.03, eosin)


def draw_nuclei(rng, section, x, y, angle, radius, kind):
    """Draw nuclei with the outline, chromatin and nucleoli of a tissue.

    Parameters
    ----------
    rng : numpy.random.Generator
    section : Section
    x, y, angle, radius : ndarray of shape (n,)
        Middle, direction in radians and size of each nucleus.
    kind : Tissue
    """
    outline, reach = OUTLINES[kind.outline]
    u, v, rows, columns = windows(section, x, y, angle, radius, reach)
    coarse, fine = section.coarse[rows, columns], section.fine[rows, columns]
    depth = outline(u, v) + 0.30 * (coarse - 0.5)
    haem = CHROMATIN[kind.chromatin](depth, coarse, fine) * rng.uniform(0.88, 1.12, (x.size, 1, 1)).astype(np.float32)
    spot = _nucleoli(rng, u, v, kind.nucleoli)
    haem, eosin = haem + spot * (1.15 - 0.6 * haem), 0.25 + 0.45 * spot
    lay(section, rows, columns, inside(depth, 0.10), haem, eosin)


def _nucleoli(rng, u, v, count):
    """Return the mask of one large or several small spots in each nucleus."""
    radius, spread = (0.32, 0.16) if count == 1 else (0.24, 0.42)
    spot = np.zeros_like(u)
    for _ in range(count):
        a, b = (spread * rng.standard_normal((2, len(u), 1, 1)).clip(-1, 1)).astype(np.float32)
        spot = np.maximum(spot, inside(norm(u - a, v - b) - radius, 0.12))
    return spot
