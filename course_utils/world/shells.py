"""Shells of the field guide: a kind is the form it grows in and the marks on it."""

from dataclasses import dataclass

import numpy as np

from course_utils.world.canvas import blend, inside, norm, polar, rgb, smooth_step
from course_utils.world.outlines import bar, dots, egg, lens, ridges
from course_utils.world.page import CLUTTER, cast_shadow, plate


@dataclass(frozen=True)
class Shell:
    """The visible traits that make a kind of shell; colour, size, place, light and backdrop are free.

    Attributes
    ----------
    name : str
        A readable slug.
    form : str
        A key of `FORMS`.
    marks : str
        A key of `MARKS`.
    count : int
        Ribs, bands or whorls.
    """

    name: str
    form: str
    marks: str
    count: int


SOURCE = (
    Shell("scallop-ribbed", "scallop", "ribs", 6),
    Shell("cockle-ribbed", "cockle", "ribs", 11),
    Shell("clam-banded", "clam", "bands", 3),
    Shell("limpet-rayed", "limpet", "ribs", 12),
    Shell("spiral-smooth", "spiral", "smooth", 0),
    Shell("spiral-ribbed", "spiral", "ribs", 18),
    Shell("spiral-banded", "spiral", "bands", 1),
    Shell("cone-banded", "cone", "bands", 3),
    Shell("cone-spotted", "cone", "spots", 4),
    Shell("turret-whorled", "turret", "smooth", 7),
    Shell("top-whorled", "top", "smooth", 4),
    Shell("cowrie-toothed", "cowrie", "smooth", 9),
)


# Each form takes (shell, across, along) and returns the outline, a position (turn, growth) in which ribs lie at whole
# values of turn * count and bands at those of growth * count, the relief (0 in a furrow, 1 on a ridge) and the opening.
def scallop(shell, across, along):
    """Return a fan with two ears at its hinge."""
    valve, turn, growth, relief, opening = cockle(shell, across, along - 0.06)
    ears = bar(along + 0.70, across, 0.13, -0.42, 0.42)
    sides = 0.75 * np.abs(across) - 0.62 * (along + 0.98)
    return np.minimum(np.maximum(valve, sides), ears), turn, growth, relief, opening


def cockle(shell, across, along):
    """Return a round fan whose edge follows its ribs."""
    up = along + 0.85
    growth, turn = norm(across, up) / 1.6, across / (np.maximum(up, 0) + 0.35) / 1.2
    edge = egg(across, along, 0.86, 0.80, 0.12) - 0.05 * ridges(turn * shell.count) * smooth_step(growth, 0.4, 0.9)
    return edge, turn, growth, smooth_step(edge, 0.0, -0.3), 0.0 * along


def clam(shell, across, along):
    """Return a smooth oval valve that has grown in bands."""
    growth = norm(0.85 * across, along + 0.70) / 1.4
    edge = egg(across, along, 0.92, 0.72, -0.12)
    return edge, across, growth, smooth_step(edge, 0.0, -0.4) * (0.85 + 0.15 * ridges(growth * 14)), 0.0 * along


def limpet(shell, across, along):
    """Return a low cone seen from above, ribs running down from its tip."""
    radius, angle = polar(across, along - 0.12)
    turn = angle / (2 * np.pi)
    edge = egg(across, along, 0.72, 0.86) - 0.08 * ridges(turn * shell.count)
    return edge, turn, radius, smooth_step(radius, 0.9, 0.0), inside(radius - 0.08, 0.05) * 0.6


def spiral(shell, across, along):
    """Return a flat logarithmic spiral, twice as wide after each turn; its mouth is where the outline steps in."""
    radius, angle = polar(across, along)
    turn = angle / (2 * np.pi)
    step = smooth_step(turn, 0.40, 0.5)
    rim = 0.98 * np.exp2(turn - 0.5 - step)
    whorl = np.log2(radius / 0.98 + 0.02) - turn + 0.5
    growth = whorl - np.floor(whorl)
    relief = smooth_step(4 * growth * (1 - growth), 0.0, 0.9)
    mouth = egg(across + 0.62, along - 0.30, 0.20, 0.17)
    return radius - rim, turn, growth, relief, inside(mouth, 0.06)


def cone(shell, across, along):
    """Return a cone that stands on its tip, under a low spire, with a slit of a mouth."""
    side = np.abs(across)
    wide = 0.10 + 0.36 * (along + 0.95) - 0.05 * (along + 0.2) ** 2
    body = np.maximum(np.maximum(0.93 * (side - wide), norm(across, along + 0.43) - 1.05), -along - 0.9)
    edge = np.minimum(body, lens(across, along - 0.52, 0.26, 0.40))
    slit = lens(across - 0.26 * (along + 0.9) - 0.04, along + 0.25, 0.05, 0.6)
    return edge, across / wide / 2, 0.56 * along + 0.3, smooth_step(side / wide, 1.05, 0.2), inside(slit, 0.03)


def _spire(shell, across, along, slope):
    """Return a spire of bulging whorls that grow from the tip down; `slope` is half its breadth over its height."""
    down = np.maximum(0.98 - along, 0.03)
    growth = shell.count * np.log2(down / 1.8 + 0.12) / 2.9 - 0.14 * across / (slope * down + 0.05)
    bulge = ridges(growth)
    wide = slope * (0.94 - along) * (0.86 + 0.16 * bulge)
    base = 0.75 * slope
    edge = np.maximum(np.abs(across) - wide, -along - 0.90 + base * smooth_step(np.abs(across), 0.0, 1.8 * slope))
    relief = (0.25 + 0.75 * smooth_step(bulge, 0.0, 0.6)) * smooth_step(np.abs(across) / (slope * down), 1.2, 0.2)
    mouth = egg(across - 0.45 * slope, along + 0.80 - 0.25 * base, 0.36 * slope + 0.03, 0.14)
    return edge, across, growth, relief, inside(mouth, 0.05)


def turret(shell, across, along):
    """Return a tall, slim spire."""
    return _spire(shell, across, along, 0.22)


def top(shell, across, along):
    """Return a broad, low spire."""
    return _spire(shell, across, 1.12 * along - 0.05, 0.47)


def cowrie(shell, across, along):
    """Return a glossy egg with a toothed slit down its middle."""
    edge = egg(across, along, 0.60, 0.88, 0.10)
    slit = inside(lens(across - 0.1 * along * along, along, 0.08, 0.80), 0.04)
    teeth = ridges(along * shell.count / 1.6, 0.4, 0.8) * inside(lens(across, along, 0.26, 0.76), 0.08)
    return edge, across, along, smooth_step(edge, 0.0, -0.45), np.maximum(slit, 0.8 * teeth)


FORMS = {
    "scallop": scallop,
    "cockle": cockle,
    "clam": clam,
    "limpet": limpet,
    "spiral": spiral,
    "cone": cone,
    "turret": turret,
    "top": top,
    "cowrie": cowrie,
}


# Each kind of marks takes (count, turn, growth) and says where the second colour is.
def smooth(count, turn, growth):
    """Return no mark at all."""
    return 0.0 * growth


def ribs(count, turn, growth):
    """Return furrows between ribs; they fade at the ends of growth."""
    return (1 - ridges(turn * count, 0.1, 0.8)) * smooth_step(growth, 0.0, 0.15)


def bands(count, turn, growth):
    """Return bands across the growth."""
    return ridges(growth * count + 0.5, 0.45, 0.75)


def spots(count, turn, growth):
    """Return rows of spots."""
    return dots(turn * count, growth * count * 1.1, 0.28)


MARKS = {"smooth": smooth, "ribs": ribs, "bands": bands, "spots": spots}


def draw(kind, rng, size=64, *, clutter=CLUTTER):
    """Draw one picture of a shell.

    Parameters
    ----------
    kind : Shell
    rng : numpy.random.Generator
        All that is free (colour, tilt, scale, place, light, backdrop, matter in front) comes from it.
    size : int
        Side of the picture in pixels.
    clutter : float
        Difficulty, smoothly from 0 (nothing else on the page, centred) to 1 (crowded, small, tilted, partly hidden).

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    return plate(_paint_shell, kind, rng, size, clutter)


def _paint_shell(picture, kind, rng, placing, clutter):
    """Paint shadow, body, marks and mouth."""
    u, v, soft = placing
    edge, turn, growth, relief, opening = FORMS[kind.form](kind, u, -v)
    marks = MARKS[kind.marks](kind.count, turn, growth)
    hue, pale, bright = rng.uniform(0, 1), rng.uniform(0.12, 0.5), rng.uniform(0.85, 0.98)
    second = rgb(hue + rng.uniform(-0.12, 0.12), rng.uniform(0.5, 0.8), rng.uniform(0.35, 0.6))
    ground = blend(rgb(hue + rng.uniform(-0.1, 0.1), pale + 0.2, 0.8 * bright), rgb(hue, pale, bright), relief)
    colour = blend(blend(ground, second, 0.85 * marks), rgb(hue, 0.6, 0.22), 0.9 * opening)
    sun = rng.uniform(0, 2 * np.pi)
    gloss = smooth_step(norm(u - 0.35 * np.cos(sun), v - 0.35 * np.sin(sun)), 0.45, 0.0)
    light = 0.55 + 0.42 * relief + 0.10 * (np.cos(sun) * u + np.sin(sun) * v) + 0.12 * gloss
    return blend(cast_shadow(picture, edge, 0.4), colour * light[..., None], inside(edge, soft))
