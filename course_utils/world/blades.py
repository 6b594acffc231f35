"""Forms, margins and veins of leaves: the three tables that a kind of leaf refers to."""

import numpy as np

from course_utils.world.canvas import norm, polar, smooth_step
from course_utils.world.outlines import egg, fold, lens, ridges


# Each form takes (leaf, across, along); the leaf's tip is at along = 0.95, its foot at -0.75.
# It returns the outline and the position (sideways, forwards) in the blade or in one of its parts.
def blade(leaf, across, along):
    """Return one lens, broadest below its middle."""
    sideways = across / (1 - 0.25 * along)
    return lens(sideways, along - 0.10, leaf.breadth, 0.86), across, along


def heart(leaf, across, along):
    """Return one broad blade with a notch at its foot."""
    notch = 0.45 * smooth_step(np.abs(across), 0.3, 0.0) * smooth_step(along, -0.2, -0.75)
    tip = lens(across, along - 0.05, 0.80 * leaf.breadth, 0.92)
    return np.minimum(egg(across, along + 0.12, leaf.breadth, 0.62, -0.25), tip) + notch, across, along


def _hand_sectors(parts, across, along):
    """Fold the lobes of a hand on one another: the upper ones longer, and none where the stalk is."""
    radius, angle = polar(along + 0.30, across)
    cosine = (along + 0.30) / (radius + 1e-6)
    sideways, forwards = fold(radius / (0.84 + 0.34 * cosine), angle, parts + 1)
    return sideways, forwards, 0.5 * smooth_step(cosine, -0.70, -0.95)


def hand(leaf, across, along):
    """Return pointed lobes that have grown together."""
    sideways, forwards, gap = _hand_sectors(leaf.parts, across, along)
    lobe = lens(sideways, forwards - 0.42, leaf.breadth, 0.62)
    return np.minimum(lobe, norm(across, along + 0.25) - 0.30) + gap, sideways, forwards


def leaflets(leaf, across, along):
    """Return separate leaflets set like the fingers of a hand."""
    sideways, forwards, gap = _hand_sectors(leaf.parts, across, along)
    return egg(sideways, forwards - 0.53, leaf.breadth, 0.47, 0.35) + gap, sideways, forwards


def _pairs(leaf, across, along, reach, slant):
    """Return pairs of leaflets along the stalk, `reach` (an array) long, and each leaflet's own position."""
    gap = 1.5 / leaf.parts
    place = (along - slant * np.abs(across)) / gap
    row = np.clip(np.round(place - 0.5), -leaf.parts / 2, leaf.parts / 2 - 1) + 0.5
    sideways, forwards = (place - row) * gap, np.abs(across) / reach
    return egg(sideways, (forwards - 0.52) * 0.6, leaf.breadth * gap, 0.29, 0.0), sideways, forwards


def feather(leaf, across, along):
    """Return a few pairs of leaflets and one at the end."""
    outline, sideways, forwards = _pairs(leaf, across, along + 0.2, 0.72, 0.45)
    return np.minimum(outline, egg(across, along - 0.68, 0.17, 0.29)), sideways, forwards


def fern(leaf, across, along):
    """Return many narrow pairs that grow shorter towards the tip."""
    reach = 0.10 + 0.48 * smooth_step(along, 1.1, -0.6)
    outline, sideways, forwards = _pairs(leaf, across, along - 0.05, reach, 0.25)
    return np.minimum(outline, lens(across, along - 0.78, 0.07, 0.2)), sideways, forwards


def fan(leaf, across, along):
    """Return a fan with a cleft and a wavy end."""
    up = along + 0.75
    radius = norm(across, up)
    sides = 0.8 * np.abs(across) - 0.72 * up
    cleft = 0.35 * smooth_step(np.abs(across), 0.10, 0.0) * smooth_step(up, 0.7, 1.4)
    end = radius - 1.45 + 0.07 * ridges(leaf.parts * across / (up + 0.3))
    return np.maximum(np.maximum(sides, end * 0.9) + cleft, -up), across / (up + 0.3), 0.2 + 0.0 * up


def arrow(leaf, across, along):
    """Return a slim blade with two lobes that point back."""
    side = np.abs(across)
    middle = lens(across / (1 - 0.3 * along), along - 0.15, leaf.breadth, 0.80)
    back = lens(0.85 * (side - 0.33) + 0.5 * (along + 0.45), 0.85 * (along + 0.45) - 0.5 * (side - 0.33), 0.15, 0.48)
    return np.minimum(middle, back), across, along


FORMS = {
    "blade": blade,
    "heart": heart,
    "hand": hand,
    "leaflets": leaflets,
    "feather": feather,
    "fern": fern,
    "fan": fan,
    "arrow": arrow,
}


# Each margin takes (parts, sideways, forwards) and says how far the edge draws back.
def smooth(parts, sideways, forwards):
    """Return no change."""
    return 0.0 * forwards


def toothed(parts, sideways, forwards):
    """Return small teeth that point forwards."""
    return 0.12 * _saw(parts * (0.62 * forwards - 0.35 * np.abs(sideways)))


def lobed(parts, sideways, forwards):
    """Return deep round bays."""
    return 0.27 * ridges(parts * 0.55 * (forwards - 0.3 * np.abs(sideways)))


def spiny(parts, sideways, forwards):
    """Return round bays between sharp spines."""
    place = parts * 0.55 * forwards
    return 0.26 * np.sqrt(np.maximum(2 * np.abs(place - np.round(place)), 0.01))


def _saw(place):
    """Return teeth of period 1, from 0 to 1: a straight rise and, within a quarter of it, a fall."""
    part = place - np.floor(place)
    return np.minimum(part / 0.75, (1 - part) / 0.25)


MARGINS = {"smooth": smooth, "toothed": toothed, "lobed": lobed, "spiny": spiny}


# Each course of veins takes (sideways, forwards) and says where the veins are.
def feathered(sideways, forwards):
    """Return a midrib with side veins that leave it slantwise."""
    side = np.abs(sideways)
    return np.maximum(smooth_step(side, 0.045, 0.0), 0.7 * ridges(4.5 * (forwards - 0.7 * side), 0.75))


def single(sideways, forwards):
    """Return a midrib alone."""
    return smooth_step(np.abs(sideways), 0.045, 0.0)


def parallel(sideways, forwards):
    """Return veins that run from foot to tip."""
    return ridges(sideways / (0.13 * (1.06 - (forwards - 0.1) ** 2)), 0.5)


def rays(sideways, forwards):
    """Return veins that spread from the foot."""
    return np.maximum(smooth_step(np.abs(sideways), 0.045, 0.0), 0.6 * ridges(6 * sideways / (0.4 + forwards), 0.7))


VEINS = {"feathered": feathered, "single": single, "parallel": parallel, "rays": rays}
