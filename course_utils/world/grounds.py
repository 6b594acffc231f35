"""Grounds: what lies between the cells of a tissue."""

import numpy as np

from course_utils.world.canvas import smooth_noise, smooth_step
from course_utils.world.section import cover, lattice


# Each ground takes (rng, section) and lays its dyes on the section.
def fibrous(rng, section):
    """Lay wavy collagen fibres with pale clefts between the bundles."""
    phase = section.across / section.unit * rng.uniform(16, 22) + 7 * section.coarse
    strand = np.sin(phase)
    section.eosin += 0.42 + 0.20 * strand + 0.22 * (section.fine - 0.5)
    section.eosin -= 0.22 * smooth_step(-strand, 0.75, 1.0) * section.coarse


def smooth(rng, section):
    """Lay an even, glassy ground."""
    section.eosin += 0.40 + 0.12 * section.coarse + rng.uniform(-0.04, 0.04)


def granular(rng, section):
    """Lay a ground full of fine pink grains."""
    # Two grids of grains and a slow warp hide the rows and columns of the noise.
    grains = smooth_noise(rng, section.side, max(round(23 / section.unit), 8)) + section.fine + 0.4 * section.coarse
    section.eosin += 0.20 + 0.60 * smooth_step(grains, 0.85, 1.65)


def mucoid(rng, section):
    """Lay pale, bluish slime with wisps in it."""
    wisp = np.sin(section.across / section.unit * rng.uniform(5, 7) + 7 * section.coarse)
    section.eosin += 0.10 + 0.10 * section.fine
    section.haem += 0.10 + 0.16 * smooth_step(wisp, -0.2, 1.0) * section.fine


def striated(rng, section):
    """Lay muscle fibres side by side, with bands across each."""
    width = rng.uniform(0.40, 0.50) * section.unit
    fibre = np.cos(2 * np.pi * section.across / width + 1.5 * section.coarse)
    bands = np.sin(section.along / section.unit * 46)
    body = smooth_step(fibre, -0.95, -0.45)
    section.eosin += 0.08 + body * (0.56 + 0.17 * bands)


def foamy(rng, section):
    """Lay a ground full of small bubbles."""
    section.eosin += 0.50 + 0.15 * section.coarse
    x, y = lattice(rng, 0.21 * section.unit, 0.25)
    radius = section.unit * rng.uniform(0.055, 0.105, x.size)
    cover(section, x, y, radius, haem=0.0, eosin=0.06)


def fatty(rng, section):
    """Lay the thin pink walls of fat cells; `fat_drops` empties them once the nuclei are drawn."""
    section.eosin += 0.50 + 0.20 * section.coarse


def fat_drops(rng, section):
    """Clear the large drops of fat, which press the nuclei against the walls."""
    x, y = lattice(rng, 0.66 * section.unit, 0.10)
    cover(section, x, y, section.unit * rng.uniform(0.25, 0.33, x.size), haem=0.0, eosin=0.03)


def no_holes(rng, section):
    """Leave the section as it is."""


# What is laid before the cells and what is done after them.
GROUNDS = {
    "fibrous": (fibrous, no_holes),
    "smooth": (smooth, no_holes),
    "granular": (granular, no_holes),
    "mucoid": (mucoid, no_holes),
    "striated": (striated, no_holes),
    "foamy": (foamy, no_holes),
    "fatty": (fatty, fat_drops),
}
