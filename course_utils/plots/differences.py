"""Figures of differences: how far one way is ahead of another, and how far pictures are apart."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import LINE_STYLES, MARKERS


def gains(found, ax=None, *, xlabel="difference (points)"):
    """Draw by how many points something is ahead, with 95 % intervals: a row for each case, a marker for each group.

    Parameters
    ----------
    found : dict of str to dict of str to (float, float)
        Group -> case -> difference in points, and half the width of its interval. A group may lack cases.
    ax : matplotlib.axes.Axes, optional
    xlabel : str
        Best says what is taken from what: then the sign can be read.

    Returns
    -------
    matplotlib.axes.Axes
    """
    rows = list(dict.fromkeys(case for cases in found.values() for case in cases))
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 0.7 * len(rows) + 1))
    ax.axvline(0, color="0.3", lw=1)
    for number, (group, cases) in enumerate(found.items()):
        heights = [rows.index(case) + 0.2 * (number - (len(found) - 1) / 2) for case in cases]
        points, halves = zip(*cases.values(), strict=True)
        ax.errorbar(points, heights, xerr=halves, fmt=MARKERS[number % len(MARKERS)], capsize=3, label=group)
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(False, axis="y")
    return ax


def spreads(groups, xlabel, ax=None):
    """Draw how values are spread in a few groups, each as a curve of shares, and their means as vertical lines.

    Parameters
    ----------
    groups : dict of str to ndarray of shape (n,)
    xlabel : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.2))
    edges = np.linspace(0, max(values.max() for values in groups.values()), 31)
    for number, (name, values) in enumerate(groups.items()):
        shares = 100 * np.histogram(values, edges)[0] / len(values)
        style = {"color": f"C{number}", "ls": LINE_STYLES[number % len(LINE_STYLES)]}
        ax.stairs(shares, edges, lw=2, label=f"{name}: mean {values.mean():.1f}", **style)
        ax.axvline(values.mean(), lw=1, **style)
    ax.set(xlabel=xlabel, ylabel="share (%)")
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0))
    return ax
