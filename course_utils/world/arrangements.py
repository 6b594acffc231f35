"""Arrangements: where the cells of a tissue lie and which way they point."""

import numpy as np

from course_utils.world.canvas import inside, norm, smooth_step, turn
from course_utils.world.section import cover, lattice, lay, on_view, windows

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


# Each arrangement takes (rng, section, gap), `gap` being the distance between neighbouring cells, lays what holds its
# cells together on the section, and returns their x, y and direction in radians, each of shape (n,).
def scattered(rng, section, gap):
    """Spread the cells evenly, pointing anywhere."""
    x, y = lattice(rng, gap, 0.10 + 0.6 * section.disorder)
    return x, y, rng.uniform(0, 2 * np.pi, x.size)


def streaming(rng, section, gap):
    """Spread the cells along the grain, all pointing its way."""
    along, across = _rows_of_cells(rng, section, 1.5 * gap, 0.72 * gap)
    x, y, angle = _from_grain(section, along, across)
    return x, y, angle + section.disorder * rng.standard_normal(x.size)


def cords(rng, section, gap):
    """Line the cells up in single file, in narrow pink cords."""
    distance = 2.2 * gap
    along, across = _rows_of_cells(rng, section, 0.95 * gap, distance)
    cord = np.cos(2 * np.pi * (section.across - across.mean()) / distance)
    section.eosin += 0.30 * smooth_step(cord, -0.2, 0.6) - 0.18 * smooth_step(-cord, 0.3, 1.0)
    x, y, angle = _from_grain(section, along, across)
    return x, y, angle + section.disorder * rng.standard_normal(x.size)


def palisades(rng, section, gap):
    """Stand the cells side by side in rows, like the stakes of a fence."""
    along, across = _rows_of_cells(rng, section, 0.75 * gap, 2.4 * gap)
    x, y, angle = _from_grain(section, along, across)
    return x, y, angle + np.pi / 2 + section.disorder * rng.standard_normal(x.size)


def nests(rng, section, gap):
    """Pack the cells into round nests with a pale cleft about each."""
    count = 9
    middle_x, middle_y = _centres(rng, 4.3 * gap)
    nest = np.full(middle_x.size, (np.sqrt(count) * 0.52 + 0.35) * gap)
    cover(section, middle_x, middle_y, 1.16 * nest, haem=0.0, eosin=0.10)
    cover(section, middle_x, middle_y, nest, haem=0.10, eosin=0.50)
    turns = np.arange(count) * GOLDEN_ANGLE + rng.uniform(0, 2 * np.pi, (middle_x.size, 1))
    distance = 0.54 * gap * np.sqrt(np.arange(count) + 0.4)
    x, y = middle_x[:, None] + distance * np.cos(turns), middle_y[:, None] + distance * np.sin(turns)
    return _shaken(rng, section, gap, x, y, rng.uniform(0, 2 * np.pi, x.shape))


def glands(rng, section, gap):
    """Stand the cells in rings about empty holes, pointing at the hole."""
    distance = 1.55 * gap
    middle_x, middle_y = _centres(rng, 2 * distance + 1.1 * gap)
    every = np.ones(middle_x.size)
    cover(section, middle_x, middle_y, (distance + 0.6 * gap) * every, haem=0.10, eosin=0.55)
    cover(section, middle_x, middle_y, (distance - 0.65 * gap) * every, haem=0.0, eosin=0.02)
    return _shaken(rng, section, gap, *_ring(rng, middle_x, middle_y, distance, 12))


def rosettes(rng, section, gap):
    """Stand the cells in rings about a core of pink fibrils, pointing at it."""
    middle_x, middle_y = _centres(rng, 3.9 * gap)
    _spokes(section, middle_x, middle_y, 1.5 * gap)
    return _shaken(rng, section, gap, *_ring(rng, middle_x, middle_y, 1.4 * gap, 10))


def whorls(rng, section, gap):
    """Wind the cells about each other like the skins of an onion."""
    middle_x, middle_y = _centres(rng, 3.9 * gap)
    _onions(section, middle_x, middle_y, 1.9 * gap)
    inner = _ring(rng, middle_x, middle_y, 0.55 * gap, 3)
    outer = _ring(rng, middle_x, middle_y, 1.45 * gap, 7)
    x, y, angle = (np.concatenate(pair, axis=1) for pair in zip(inner, outer))
    return _shaken(rng, section, gap, x, y, angle + np.pi / 2)


ARRANGEMENTS = {
    "scattered": scattered,
    "streaming": streaming,
    "cords": cords,
    "palisades": palisades,
    "nests": nests,
    "glands": glands,
    "rosettes": rosettes,
    "whorls": whorls,
}


def _from_grain(section, along, across):
    """Return x, y and the direction of the grain at positions measured along and across it."""
    height, frequency, phase = section.wave
    x, y = turn(along, across + height * np.sin(frequency * along + phase), -section.slant)
    return x, y, section.slant + np.arctan(height * frequency * np.cos(frequency * along + phase))


def _rows_of_cells(rng, section, gap, distance):
    """Return positions along and across the grain of cells in parallel rows."""
    rows, cells = int(np.ceil(1.6 / distance)), int(np.ceil(1.6 / gap))
    along, across = np.meshgrid(np.arange(-cells, cells + 1) * gap, np.arange(-rows, rows + 1) * distance)
    along = along + gap * rng.random((along.shape[0], 1))
    shake = section.disorder * gap * rng.standard_normal((2, along.size))
    return along.ravel() + shake[0], across.ravel() + rng.uniform(0, distance) + 0.5 * shake[1]


def _centres(rng, distance):
    """Return the middles of the groups that reach into the picture."""
    x, y = lattice(rng, distance, 0.06)
    seen = on_view(x, y, 0.5 * distance)
    return x[seen], y[seen]


def _ring(rng, middle_x, middle_y, distance, count):
    """Return `count` cells about each middle: positions and directions, each of shape (middles, count)."""
    turns = 2 * np.pi * np.arange(count) / count + rng.uniform(0, 2 * np.pi, (middle_x.size, 1))
    return middle_x[:, None] + distance * np.cos(turns), middle_y[:, None] + distance * np.sin(turns), turns


def _shaken(rng, section, gap, x, y, angle):
    """Flatten the positions and directions and move each a little."""
    shake = section.disorder * rng.standard_normal((3, x.size))
    return x.ravel() + 0.6 * gap * shake[0], y.ravel() + 0.6 * gap * shake[1], angle.ravel() + shake[2]


def _spokes(section, x, y, radius):
    """Paint fibrils that run together at each middle."""
    u, v, rows, columns = windows(section, x, y, np.zeros(x.size), np.full(x.size, radius), 1.1)
    rays = np.sin(15 * np.arctan2(v, u) + 9 * section.coarse[rows, columns])
    mask = inside(norm(u, v) - 0.75, 0.35)
    lay(section, rows, columns, mask, 0.02, 0.46 + 0.14 * rays)


def _onions(section, x, y, radius):
    """Paint fibrils that run in circles about each middle."""
    u, v, rows, columns = windows(section, x, y, np.zeros(x.size), np.full(x.size, radius), 1.1)
    distance = norm(u, v)
    circles = np.sin(22 * distance + 6 * section.coarse[rows, columns])
    mask = inside(distance - 0.8, 0.3)
    lay(section, rows, columns, mask, 0.02, 0.44 + 0.26 * circles)
