"""The course's style for figures: what its file says of its colours."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import colors

from course_utils import ROOT


def luminance(color):
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    shares = np.array(colors.to_rgb(color))
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_of_a_line_stands_out_from_white():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)
    with plt.style.context(ROOT / "course_utils/course.mplstyle"):
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        assert plt.rcParams["axes.facecolor"] == plt.rcParams["figure.facecolor"] == "white"
    assert len(cycle) == 7 and not [color for color in cycle if contrast(color, "white") < 3]
