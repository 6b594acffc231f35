"""Leaves of the field guide: a kind is its form, its margin and the course of its veins."""

from dataclasses import dataclass

import numpy as np

from course_utils.world.blades import FORMS, MARGINS, VEINS
from course_utils.world.canvas import blend, inside, rgb, smooth_step
from course_utils.world.outlines import bar
from course_utils.world.page import CLUTTER, cast_shadow, plate


@dataclass(frozen=True)
class Leaf:
    """The visible traits that make a kind of leaf; colour, size, place, light and backdrop are free.

    Attributes
    ----------
    name : str
        A readable slug.
    form : str
        A key of `blades.FORMS`.
    parts : int
        Teeth or lobes on each side, or leaflets.
    breadth : float
        Half the breadth of the blade, or of one lobe or leaflet.
    margin : str
        A key of `blades.MARGINS`.
    veins : str
        A key of `blades.VEINS`.
    """

    name: str
    form: str
    parts: int
    breadth: float
    margin: str
    veins: str


SOURCE = (
    Leaf("oval-smooth", "blade", 0, 0.42, "smooth", "feathered"),
    Leaf("oval-toothed", "blade", 8, 0.46, "toothed", "feathered"),
    Leaf("oval-parallel", "blade", 0, 0.36, "smooth", "parallel"),
    Leaf("willow-narrow", "blade", 0, 0.15, "smooth", "feathered"),
    Leaf("heart-smooth", "heart", 0, 0.66, "smooth", "feathered"),
    Leaf("heart-toothed", "heart", 7, 0.70, "toothed", "feathered"),
    Leaf("oak-lobed", "blade", 4, 0.56, "lobed", "feathered"),
    Leaf("holly-spiny", "blade", 4, 0.56, "spiny", "feathered"),
    Leaf("maple-lobed", "hand", 5, 0.27, "toothed", "rays"),
    Leaf("ivy-lobed", "hand", 3, 0.40, "smooth", "rays"),
    Leaf("clover-three", "leaflets", 3, 0.42, "smooth", "feathered"),
    Leaf("chestnut-seven", "leaflets", 7, 0.17, "smooth", "single"),
    Leaf("ash-paired", "feather", 4, 0.42, "smooth", "single"),
    Leaf("fern-paired", "fern", 8, 0.42, "smooth", "single"),
    Leaf("ginkgo-fan", "fan", 4, 0.80, "smooth", "rays"),
    Leaf("arrow-smooth", "arrow", 0, 0.28, "smooth", "feathered"),
)


def draw(kind, rng, size=64, *, clutter=CLUTTER):
    """Draw one picture of a leaf.

    Parameters
    ----------
    kind : Leaf
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
    return plate(_paint_leaf, kind, rng, size, clutter)


def _paint_leaf(picture, kind, rng, placing, clutter):
    """Paint shadow, stalk and blade."""
    u, v, soft = placing
    across, along = u + rng.uniform(-0.12, 0.12) * (v * v - 0.3), -v
    edge, sideways, forwards = FORMS[kind.form](kind, across, along)
    whole = smooth_step(np.abs(forwards - 0.1), 0.85, 0.4) * smooth_step(edge, 0.25, 0.1)  # or it cuts the tip off
    edge = edge + whole * MARGINS[kind.margin](kind.parts, sideways, forwards)
    stalk = bar(across, along, 0.03, -1.0, 0.5 if kind.form in ("feather", "fern") else -0.2)
    picture = cast_shadow(picture, np.minimum(edge, stalk))
    hue, depth, bright = rng.uniform(-0.08, 0.44), rng.uniform(0.4, 0.7), rng.uniform(0.55, 0.9)
    picture = blend(picture, rgb(hue + 0.03, depth, bright * 0.65), inside(stalk, soft))
    colour = _leaf_colours(rng, hue, depth, bright, edge, along)
    veins = VEINS[kind.veins](sideways, forwards)
    colour = blend(colour, rgb(hue + 0.02, 0.5 * depth, min(1, bright + 0.22)), 0.75 * veins)
    light = 0.9 + 0.12 * smooth_step(edge, 0.0, -0.15) + 0.10 * smooth_step(across, -0.15, 0.15)
    return blend(picture, colour * light[..., None], inside(edge, soft))


def _leaf_colours(rng, hue, depth, bright, edge, along):
    """Shade the blade from foot to tip and towards its edge, in neighbouring hues."""
    foot, tip = rgb(hue + rng.uniform(-0.06, 0.06), depth, bright * 0.8), rgb(hue, depth, bright)
    rim = rgb(hue + rng.uniform(-0.1, 0.1), depth + 0.1, bright * rng.uniform(0.6, 1.0))
    return blend(blend(foot, tip, smooth_step(along, -0.8, 0.8)), rim, 0.7 * smooth_step(edge, -0.12, 0.0))
