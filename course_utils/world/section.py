"""The section of tissue that a slide is made of, and the tools that lay dye on it.

Everything is drawn as two stain maps, haematoxylin (blue-violet, taken up by nuclei) and eosin (pink, taken up by
the rest), whose values are amounts of dye: 0 is clear glass. `slides` turns them into colour. Objects of a kind are
drawn at once, each in a small window of the section, in single precision, and then laid down one after the other.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.world.canvas import grid, inside, norm, smooth_noise, turn


@dataclass
class Section:
    """A slice of tissue in the making.

    Attributes
    ----------
    x, y : ndarray of shape (side, side)
        Positions from -1 to 1.
    along, across : ndarray of shape (side, side)
        The same positions measured along the wavy grain of the tissue and across it.
    haem, eosin : ndarray of shape (side, side)
        Amounts of the two dyes, 0 and up.
    coarse, fine : ndarray of shape (side, side)
        Smooth noise from 0 to 1 that outlines and textures read.
    slant, wave : float, tuple
        Direction of the grain in radians; height, frequency and phase of its waves.
    unit : float
        Magnification: every length is a multiple of it.
    disorder : float
        How far cells stray from their arrangement, in gaps between cells.
    """

    x: np.ndarray
    y: np.ndarray
    along: np.ndarray
    across: np.ndarray
    haem: np.ndarray
    eosin: np.ndarray
    coarse: np.ndarray
    fine: np.ndarray
    slant: float
    wave: tuple
    unit: float
    disorder: float

    @property
    def side(self):
        """Number of canvas pixels in a row."""
        return self.x.shape[0]


def blank_section(rng, size, unit, disorder):
    """Return a section with no dye on it yet, with a random grain and random noise.

    Parameters
    ----------
    rng : numpy.random.Generator
    size : int
        Side of the finished picture in pixels.
    unit, disorder : float
        As in `Section`.

    Returns
    -------
    Section
    """
    x, y = (position.astype(np.float32) for position in grid(size))
    slant = rng.uniform(0, 2 * np.pi)
    wave = (rng.uniform(0.05, 0.14) * unit, rng.uniform(2.5, 4.0) / unit, rng.uniform(0, 2 * np.pi))
    along, across = turn(x, y, slant)
    along, across = (distance.astype(np.float32) for distance in (along, across))
    across = across - wave[0] * np.sin(wave[1] * along + wave[2])
    side = 2 * size
    coarse = smooth_noise(rng, side, max(round(9 / unit), 2), octaves=2).astype(np.float32)
    fine = smooth_noise(rng, side, max(round(33 / unit), 4)).astype(np.float32)
    clear = np.zeros((side, side), np.float32)
    return Section(x, y, along, across, clear, clear.copy(), coarse, fine, slant, wave, unit, disorder)


def lattice(rng, gap, disorder):
    """Return the points of a turned triangular lattice that covers the canvas, each moved at random.

    Parameters
    ----------
    rng : numpy.random.Generator
    gap : float
        Distance between neighbours.
    disorder : float
        Standard deviation of the moves, in gaps.

    Returns
    -------
    x, y : ndarray of shape (n,)
    """
    count = int(np.ceil(1.6 / gap))
    step = np.arange(-count, count + 1) * gap
    column, row = np.meshgrid(step, step * np.sqrt(3) / 2)
    column = column + gap / 2 * (np.arange(2 * count + 1) % 2)[:, None]
    start = rng.uniform(-gap / 2, gap / 2, 2)
    x, y = turn(column.ravel() + start[0], row.ravel() + start[1], rng.uniform(0, np.pi))
    return x + disorder * gap * rng.standard_normal(x.size), y + disorder * gap * rng.standard_normal(x.size)


def on_view(x, y, reach):
    """Tell which objects may reach into the picture; those left out would be invisible.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    reach : float or ndarray of shape (n,)
        How far an object extends from its middle.

    Returns
    -------
    ndarray of shape (n,), bool
    """
    return (np.abs(x) < 1 + reach) & (np.abs(y) < 1 + reach)


def windows(section, x, y, angle, radius, reach):
    """Return each object's own coordinates in a square window of the canvas about it.

    Parameters
    ----------
    section : Section
    x, y, angle, radius : ndarray of shape (n,)
        Middle, direction in radians and size of each object.
    reach : float
        Half the width of a window, in radii of the largest object.

    Returns
    -------
    u, v : ndarray of shape (n, width, width)
        Positions in radii, seen by the turned object.
    rows, columns : ndarray of shape (n, width, 1) and (n, 1, width)
        Where the windows lie on the canvas. Windows are pushed back inside its border.
    """
    side = section.side
    width = min(int(np.ceil(reach * radius.max(initial=0) * side)) + 2, side)
    top, left = (np.clip(((p + 1) * side / 2 - width / 2).astype(int), 0, side - width) for p in (y, x))
    rows = (top[:, None] + np.arange(width))[:, :, None]
    columns = (left[:, None] + np.arange(width))[:, None, :]
    across = (columns + 0.5) * 2 / side - 1 - x[:, None, None]
    down = (rows + 0.5) * 2 / side - 1 - y[:, None, None]
    cosine, sine = (np.cos(angle) / radius)[:, None, None], (np.sin(angle) / radius)[:, None, None]
    # Rows and columns are turned before they meet, in single precision, which halves the time.
    parts = cosine * across, sine * down, cosine * down, sine * across
    first, second, third, fourth = (part.astype(np.float32) for part in parts)
    return first + second, third - fourth, rows, columns


def lay(section, rows, columns, mask, haem, eosin):
    """Set both dyes to the given amounts where the masks say, one window after the other.

    Parameters
    ----------
    section : Section
    rows, columns : ndarray of shape (n, width, 1) and (n, 1, width)
        The windows, as from `windows`.
    mask : ndarray of shape (n, width, width)
        0 keeps what is there, 1 replaces it.
    haem, eosin : float or ndarray of shape (n, width, width)
        The new amounts.
    """
    haem, eosin = (np.broadcast_to(np.asarray(amount, np.float32), mask.shape) for amount in (haem, eosin))
    width = mask.shape[-1]
    for i, (row, column) in enumerate(zip(rows[:, 0, 0], columns[:, 0, 0])):
        window = slice(row, row + width), slice(column, column + width)
        section.haem[window] += mask[i] * (haem[i] - section.haem[window])
        section.eosin[window] += mask[i] * (eosin[i] - section.eosin[window])


def cover(section, x, y, radius, *, haem, eosin):
    """Set both dyes to the given amounts inside soft, slightly crooked discs.

    Parameters
    ----------
    section : Section
    x, y, radius : ndarray of shape (n,)
    haem, eosin : float
    """
    seen = on_view(x, y, 1.3 * radius)
    u, v, rows, columns = windows(section, x[seen], y[seen], np.zeros(seen.sum()), radius[seen], 1.25)
    warp = section.coarse[rows, columns] - 0.5
    lay(section, rows, columns, inside(norm(u, v) + 0.35 * warp - 1, 0.10), haem, eosin)
