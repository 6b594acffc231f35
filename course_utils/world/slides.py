"""Slides: drawn pictures as of stained tissue under a microscope (haematoxylin and eosin).

What makes a class is in a `Tissue`: the form of the nuclei and how the cells are arranged. Everything else, such as
the strength and hue of the stain, the magnification and the focus, varies from picture to picture.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.world.arrangements import ARRANGEMENTS
from course_utils.world.canvas import inside, light_from, smooth_noise, to_pixels, turn
from course_utils.world.cells import draw_bodies, draw_nuclei
from course_utils.world.grounds import GROUNDS
from course_utils.world.section import blank_section, cover, on_view

FREEDOM = 0.5  # of the source pictures

# Mean radius of a nucleus (the canvas is 2 wide) and spread of the radii about it.
SIZES = {"small": (0.085, 0.08), "middling": (0.112, 0.08), "large": (0.145, 0.08), "mixed": (0.102, 0.30)}
# Distance between neighbouring cells, in radii.
CROWDING = {"packed": 2.35, "close": 2.9, "loose": 3.8}
# Eosin inside the cell and in its wall.
BODIES = {"pink": (0.62, 0.80), "clear": (0.05, 0.62)}
# How strongly the two dyes absorb red, green and blue light.
HAEMATOXYLIN = np.array([1.00, 1.22, 0.58])
EOSIN = np.array([0.10, 0.86, 0.48])


@dataclass(frozen=True)
class Tissue:
    """The visible traits that make a class of tissue.

    Attributes
    ----------
    name : str
        A slug that says the traits.
    arrangement : str
        "scattered", "streaming", "cords", "palisades", "nests", "glands", "rosettes" or "whorls".
    outline : str
        Of the nuclei: "round", "oval", "spindle", "bent", "lobed" or "ragged".
    chromatin : str
        Inside the nuclei: "even", "dense", "open" (pale with a dark rim) or "clumped".
    nucleoli : int
        Dark spots in each nucleus: 0, 1 (large) or more (small).
    ground : str
        Between the cells: "fibrous", "smooth", "granular", "mucoid", "striated", "foamy" or "fatty".
    size : str
        Of the nuclei: "small", "middling", "large" or "mixed".
    crowding : str
        "packed", "close" or "loose".
    body : str
        About each nucleus: "none", "pink" or "clear".
    """

    name: str
    arrangement: str
    outline: str
    chromatin: str
    nucleoli: int
    ground: str
    size: str = "middling"
    crowding: str = "close"
    body: str = "none"


def _named(arrangement, outline, chromatin, nucleoli, ground, *extra):
    """Return a Tissue whose name lists its traits; `extra` holds a size, a crowding or a body."""
    pools = {"size": SIZES, "crowding": CROWDING, "body": BODIES}
    fields = {field: word for word in extra for field, pool in pools.items() if word in pool}
    spots = ("", "spotted", "many-spotted")[min(nucleoli, 2)]
    name = "-".join(word for word in (*extra, spots, chromatin, outline, arrangement, ground) if word)
    return Tissue(name, arrangement, outline, chromatin, nucleoli, ground, **fields)


# Whose nuclei stray into the other tissues; only outline, chromatin and nucleoli count here.
STRAYS = (
    _named("scattered", "round", "dense", 0, "smooth"),
    _named("scattered", "lobed", "dense", 0, "smooth"),
    _named("scattered", "spindle", "even", 0, "smooth"),
    _named("scattered", "oval", "open", 1, "smooth"),
)

# What the networks are pre-trained on.
SOURCE = (
    _named("scattered", "round", "dense", 0, "fibrous", "small"),
    _named("scattered", "round", "clumped", 0, "granular", "pink"),
    _named("scattered", "round", "open", 1, "smooth", "large"),
    _named("scattered", "round", "even", 0, "smooth", "clear", "loose"),
    _named("scattered", "lobed", "dense", 0, "mucoid"),
    _named("scattered", "lobed", "even", 0, "smooth", "pink"),
    _named("scattered", "bent", "even", 0, "foamy"),
    _named("scattered", "ragged", "dense", 0, "granular", "mixed"),
    _named("scattered", "ragged", "open", 1, "fibrous", "mixed"),
    _named("scattered", "spindle", "even", 0, "mucoid", "loose"),
    _named("scattered", "oval", "dense", 0, "fatty", "small"),
    _named("scattered", "round", "clumped", 3, "foamy"),
    _named("streaming", "spindle", "even", 0, "fibrous"),
    _named("streaming", "spindle", "dense", 0, "striated", "loose"),
    _named("streaming", "oval", "open", 2, "smooth"),
    _named("streaming", "oval", "clumped", 0, "fibrous"),
    _named("streaming", "ragged", "clumped", 0, "mucoid", "mixed"),
    _named("streaming", "bent", "dense", 0, "granular"),
    _named("cords", "round", "dense", 0, "fibrous"),
    _named("cords", "round", "open", 1, "mucoid"),
    _named("cords", "oval", "even", 0, "striated"),
    _named("cords", "lobed", "clumped", 0, "granular"),
    _named("palisades", "oval", "even", 0, "fibrous"),
    _named("palisades", "spindle", "dense", 0, "smooth"),
    _named("palisades", "bent", "open", 1, "granular"),
    _named("palisades", "oval", "clumped", 0, "mucoid"),
    _named("nests", "round", "clumped", 0, "fibrous"),
    _named("nests", "round", "even", 3, "mucoid", "clear"),
    _named("nests", "ragged", "open", 1, "fibrous", "mixed"),
    _named("nests", "lobed", "open", 2, "smooth"),
    _named("nests", "bent", "dense", 0, "granular", "pink"),
    _named("glands", "oval", "even", 0, "fibrous"),
    _named("glands", "round", "dense", 0, "mucoid", "small"),
    _named("glands", "round", "open", 1, "fibrous"),
    _named("glands", "ragged", "clumped", 0, "smooth", "mixed"),
    _named("rosettes", "round", "dense", 0, "fibrous"),
    _named("rosettes", "spindle", "even", 0, "granular"),
    _named("rosettes", "bent", "clumped", 0, "mucoid"),
    _named("whorls", "spindle", "dense", 0, "fibrous"),
    _named("whorls", "round", "even", 0, "smooth"),
)

# The task `biopsy`: two arrangements x two outlines x two kinds of chromatin, all on one ground.
TARGET = tuple(
    _named(arrangement, outline, chromatin, nucleoli, "fibrous")
    for arrangement in ("rosettes", "whorls")
    for outline in ("oval", "lobed")
    for chromatin, nucleoli in (("open", 1), ("clumped", 0))
)


def draw(kind, rng, size=64, *, freedom=FREEDOM):
    """Draw a slide of one class of tissue.

    Parameters
    ----------
    kind : Tissue
        The class to draw.
    rng : numpy.random.Generator
        The only source of chance: the same state gives the same picture.
    size : int
        Side of the picture in pixels.
    freedom : float
        How much pictures of one class differ, from 0 (one bench, one stain, perfect order) to 1 (any laboratory):
        stain, magnification, order, focus, thickness, light, folds and stray cells all follow it.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    unit = 1.1 * np.exp(freedom * rng.uniform(-0.42, 0.42))
    section = blank_section(rng, size, unit, disorder=0.04 + 0.20 * freedom)
    lay_ground, make_holes = GROUNDS[kind.ground]
    lay_ground(rng, section)
    _populate(rng, section, kind, freedom)
    _add_red_cells(rng, section, freedom)
    make_holes(rng, section)
    return _develop(rng, section, freedom)


def _populate(rng, section, kind, freedom):
    """Put the cells of a Tissue into the section."""
    mean, spread = SIZES[kind.size]
    mean = mean * section.unit * np.exp(freedom * rng.uniform(-0.2, 0.2))
    gap = CROWDING[kind.crowding] * mean * np.exp(freedom * rng.uniform(-0.20, 0.30))
    x, y, angle = ARRANGEMENTS[kind.arrangement](rng, section, gap)
    seen = on_view(x, y, 2 * mean)
    x, y, angle = x[seen], y[seen], angle[seen]
    radius = mean * np.exp(spread * rng.standard_normal(x.size).clip(-1.6, 1.6))
    if kind.body != "none":
        draw_bodies(section, x, y, np.maximum(1.7 * radius, 0.5 * gap), BODIES[kind.body])
    # Some of the cells are of another kind.
    order = rng.permutation(x.size)
    strangers, own = np.split(order, [round(0.5 * freedom * rng.random() * x.size)])
    other = STRAYS[rng.integers(len(STRAYS))]
    for part, drawn in ((strangers, other), (own, kind)):
        draw_nuclei(rng, section, x[part], y[part], angle[part], radius[part], drawn)


def _add_red_cells(rng, section, freedom):
    """Add red blood cells."""
    count = rng.integers(0, 2 + round(4 * freedom))
    x, y = rng.uniform(-1.1, 1.1, (2, count))
    cover(section, x, y, np.full(count, 0.085 * section.unit), haem=0.0, eosin=1.15)


def _develop(rng, section, freedom):
    """Turn the two dyes into a picture, through thickness, focus, stain and light."""
    side = section.side
    thickness = 1 + freedom * (0.9 * smooth_noise(rng, side, 2) - 0.45) + _crease(rng, section, freedom)
    focus = _blurring(side, 0.012 + 0.034 * freedom * rng.random())
    haem, eosin = (focus.T @ (dye * thickness).astype(np.float32) @ focus for dye in (section.haem, section.eosin))
    haematoxylin = HAEMATOXYLIN * np.exp(freedom * (rng.uniform(-0.55, 0.35) + 0.30 * rng.uniform(-1, 1, 3)))
    eosin_colour = EOSIN * np.exp(freedom * (rng.uniform(-0.7, 0.5) + 0.45 * rng.uniform(-1, 1, 3)))
    light = 0.97 * light_from(rng, section.x, section.y, 0.20 * freedom)
    tint = 1 - 0.10 * freedom * rng.random(3)
    dyes = np.stack((haem, eosin), axis=-1)
    picture = np.exp(dyes @ -np.stack((haematoxylin, eosin_colour)).astype(np.float32))
    return to_pixels(picture * (light[..., None] * tint).astype(np.float32), rng, grain=0.010)


def _crease(rng, section, freedom):
    """Return the extra thickness of a fold in the section; most sections have none to speak of."""
    _, across = turn(section.x, section.y, rng.uniform(0, 2 * np.pi))
    height = freedom * max(rng.uniform(-2.0, 0.9), 0)
    return height * inside(np.abs(across - rng.uniform(-1, 1)) - 0.07, 0.10)


def _blurring(side, width):
    """Return the matrix that blurs the rows (or columns) of a canvas by a Gaussian of the given width."""
    place = np.arange(side)
    weight = np.exp(-((place * 2 / side / width) ** 2) / 2)[np.abs(place[:, None] - place)]
    return (weight / weight.sum(0)).astype(np.float32)
