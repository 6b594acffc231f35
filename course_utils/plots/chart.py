"""Figures of the measured chart: accuracy by size, winners, differences, seconds."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator

from course_utils.cards import way_name
from course_utils.plots.style import LINE_STYLES, MARKERS

WAYS = ("1", "warm start", "2", "3", "2 with augmentation", "SVM")  # each keeps its colour and marker in all figures
_SHAPES = (*MARKERS, "P")
_ASIDE = 1.07  # by which factor the marks of two ways stand apart, so that neither hides the other
_HATCHES = ("", "//", "..", "xx", "\\\\", "++")


def style_of(way):
    """Return the colour, marker and line of a way of training: a dict of keywords for Matplotlib."""
    place = WAYS.index(way)
    return {"color": f"C{place}", "marker": _SHAPES[place], "ls": LINE_STYLES[place % len(LINE_STYLES)]}


def by_size(curves, ax=None):
    """Draw accuracy by number of training pictures: a line for each way of training, with 95 % intervals.

    Parameters
    ----------
    curves : dict of str to dict of int to (float, float)
        Way, of `WAYS` -> pictures -> mean accuracy in percent, and half the width of its interval.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 4))
    sizes = sorted({size for line in curves.values() for size in line})
    for number, (way, line) in enumerate(curves.items()):
        means, halves = zip(*line.values(), strict=True)
        places = np.array(list(line)) * _ASIDE ** (number - (len(curves) - 1) / 2)
        ax.errorbar(places, means, halves, capsize=3, ms=6, label=way_name(way), **style_of(way))
    ax.set(xscale="log", xlabel="training pictures", ylabel="test accuracy (%)", ylim=(0, 103))
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    return ax


def difference_lines(curves, xlabel, ylabel, ax=None, *, order=()):
    """Draw differences along a row of places, with 95 % intervals and a line at zero: one line for each case.

    Parameters
    ----------
    curves : dict of str to dict of str to (float, float)
        Case -> place -> points, and half the width of the interval.
    xlabel, ylabel : str
    ax : matplotlib.axes.Axes, optional
    order : sequence of str, optional
        All cases of several panels: each keeps its colour and marker in all of them.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 4))
    order = list(order or curves)
    ax.axhline(0, color="0.3", lw=1)
    places = list(dict.fromkeys(place for line in curves.values() for place in line))
    ax.set_xticks(range(len(places)), places)
    for case, line in curves.items():
        number = order.index(case)
        means, halves = zip(*line.values(), strict=True)
        at = [places.index(place) + 0.05 * (number - (len(order) - 1) / 2) for place in line]
        style = {"marker": MARKERS[number % len(MARKERS)], "ls": LINE_STYLES[number % len(LINE_STYLES)], "capsize": 3}
        ax.errorbar(at, means, halves, label=case, color=f"C{number % 7}", **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def winner_map(rows, ax=None):
    """Draw which ways of training are best by size: a row for each pair, a box for each size, ties named together.

    Parameters
    ----------
    rows : dict of str to dict of int to list of str
        Pair -> pictures -> the ways that none beats there, the best mean first. The first row is drawn at the top.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(9, 0.55 * len(rows) + 1.2))
    sizes = sorted({size for row in rows.values() for size in row})
    for height, row in enumerate(rows.values()):
        for size, tied in row.items():
            place = sizes.index(size)
            for part, way in enumerate(tied):  # a tie shares the box
                _share(ax, place + part / len(tied), height, 1 / len(tied), way)
            words = {"ha": "center", "va": "center", "fontsize": 8.5}
            ax.text(place + 0.5, height + 0.5, ", ".join(tied), bbox={"fc": "white", "ec": "none", "pad": 1.5}, **words)
    ax.set(xlim=(0, len(sizes)), ylim=(len(rows), 0), xlabel="training pictures")
    ax.set_xticks(np.arange(len(sizes)) + 0.5, [f"{size:,}" for size in sizes])
    ax.set_yticks(np.arange(len(rows)) + 0.5, list(rows))
    ax.tick_params(length=0)
    ax.grid(False)
    return ax


def _share(ax, left, top, width, way):
    """Draw a part of a box in the colour of a way, hatched."""
    place = WAYS.index(way)
    box = {"facecolor": f"C{place}", "alpha": 0.55, "edgecolor": "white", "hatch": _HATCHES[place], "lw": 1.5}
    ax.add_patch(Rectangle((left, top), width, 1, **box))


def accuracy_seconds(points, ax=None):
    """Draw accuracy against the seconds of one training: a marker, with its interval, for each way.

    Parameters
    ----------
    points : dict of str to (float, float, float)
        Way -> seconds, mean accuracy in percent, and half the width of its interval.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.5, 4))
    for way, (seconds, mean, half) in points.items():
        ax.errorbar(seconds, mean, half, capsize=3, ms=8, label=way_name(way), **(style_of(way) | {"ls": "none"}))
    costs = [seconds for seconds, _, _ in points.values()]
    ax.set(xscale="log", xlabel="seconds of training", ylabel="test accuracy (%)")
    ax.set_xlim(min(costs) / 1.6, max(costs) * 1.6)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.minorticks_off()
    return ax


def case_bars(scores, best, ax=None):
    """Draw the accuracies of one case: a bar for each way of training, with its interval; the best are marked.

    Parameters
    ----------
    scores : dict of str to (float, float)
        Way -> mean accuracy in percent, and half the width of its interval.
    best : sequence of str
        The ways that none beats.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Its patches, lines and texts are those of the ways, in the order of `WAYS`: see `set_case_bars`.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.6))
    for height, hatch in enumerate(_HATCHES):
        ax.barh(height, 0, color=f"C{height}", alpha=0.55, edgecolor="white", hatch=hatch)
        ax.plot([0, 0], [height, height], color="0.1", lw=1.8, marker="|", ms=9)
        ax.text(0, height, "", va="center")
    ax.set(xlabel="test accuracy (%)", xlim=(0, 136), ylim=(len(WAYS) - 0.4, -0.6))
    ax.set_yticks(range(len(WAYS)), [way_name(way) for way in WAYS])
    ax.set_xticks(range(0, 101, 20))
    ax.grid(False, axis="y")
    set_case_bars(ax, scores, best)
    return ax


def set_case_bars(ax, scores, best):
    """Let axes that `case_bars` has drawn show another case; what was not measured there gets no bar.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    scores, best
        As for `case_bars`.
    """
    for way, bar, line, note in zip(WAYS, ax.patches, ax.lines, ax.texts, strict=True):
        mean, half = scores.get(way, (0, 0))
        bar.set_width(mean)
        line.set_xdata([mean - half, mean + half] if way in scores else [np.nan, np.nan])
        text = f"{mean:.1f} ± {half:.1f}" + ("   best" if way in best else "")
        note.set(text=text if way in scores else "not measured", weight="bold" if way in best else "normal")
        note.set_x(min(mean + half, 100) + 1.5)
