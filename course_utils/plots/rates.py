"""Figures of learning rates: steps downhill, schedules, forgetting, ways to fine-tune."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import LINE_STYLES, MARKERS


def descent(curve, path, ax=None):
    """Draw a loss, and the steps of a weight on it.

    Parameters
    ----------
    curve : Curve
        See `course_utils.descent`.
    path : ndarray of shape (steps + 1,)
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.4))
    weights = np.linspace(curve.low, curve.high, 300)
    top = 1.05 * curve.loss(weights).max()
    ax.plot(weights, curve.loss(weights), color="0.55")
    shown = path[np.abs(path) < 1e6]  # what is farther away has left the figure long before
    ax.plot(shown, curve.loss(shown), "o-", ms=5, lw=1, color="C1")
    ax.plot(shown[0], curve.loss(shown[0]), "s", ms=10, color="C0", label="start")
    if curve.low <= path[-1] <= curve.high:
        ax.plot(path[-1], curve.loss(path[-1]), "D", ms=9, color="C3", label="end")
    ax.set(xlabel="weight", ylabel="loss", xlim=(curve.low, curve.high), ylim=(-0.05 * top, top))
    ax.legend(loc="upper center")
    return ax


def rate_finder(rates, losses, ax=None):
    """Draw the loss of one batch after another, while the learning rate grows.

    Parameters
    ----------
    rates, losses : sequence of float
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.4))
    ax.plot(rates, losses, ".", color="0.55", label="one batch")
    smooth = np.convolve(np.pad(losses, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    ax.plot(rates, smooth, color="C0", label="mean of five")
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss", ylim=(0, 1.6 * max(losses[0], 1.0)))
    ax.xaxis.set_major_formatter(lambda rate, _: np.format_float_positional(rate, trim="-"))
    ax.xaxis.set_minor_formatter("")
    ax.legend(loc="upper left")
    return ax


def schedules(rates, ax=None):
    """Draw how learning rates change during a training.

    Parameters
    ----------
    rates : dict of str to sequence of float
        Name of the schedule -> the rate at every update.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3))
    for number, (name, values) in enumerate(rates.items()):
        ax.plot(values, LINE_STYLES[number % len(LINE_STYLES)], label=name)
    ax.set(xlabel="update", ylabel="learning rate")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def forgetting(curves, target, ax=None):
    """Draw what fine-tuning at different rates did to the new task and to the old one, with 95 % intervals.

    Parameters
    ----------
    curves : dict of float to dict of str to (float, float)
        Rate -> "target", "source" and "own statistics" -> mean accuracy in percent, and half the width of its interval;
        see `fine_tuning.forgetting`.
    target : str
        What the new task is called in the legend.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 3.6))
    lines = {
        "target": (target, "o-C0"),
        "source": ("field guide, as it is", "s--C1"),
        "own statistics": ("field guide, its own statistics", "^:C2"),
    }
    for part, (name, style) in lines.items():
        means, halves = zip(*(found[part] for found in curves.values()), strict=True)
        ax.errorbar(list(curves), means, halves, fmt=style[:-2], color=style[-2:], capsize=3, label=name)
    ax.set(xscale="log", xlabel="learning rate", ylabel="accuracy (%)", ylim=(0, 103))
    ax.xaxis.set_major_formatter(lambda rate, _: np.format_float_positional(rate, trim="-"))
    return ax


def ways(scores, places, ax=None):
    """Draw how ways to train did on a few kinds of pictures: a row for each kind, a marker for each way.

    Parameters
    ----------
    scores : dict of str to dict of str to (float, float)
        Way -> kind of pictures -> mean accuracy in percent, and half the width of its interval.
    places : dict of str to str
        Kind of pictures -> how it is shown, from top to bottom.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 0.9 * len(places) + 1))
    for number, (way, found) in enumerate(scores.items()):
        heights = np.arange(len(places)) + 0.18 * (number - (len(scores) - 1) / 2)
        means, halves = zip(*(found[place] for place in places), strict=True)
        ax.errorbar(means, heights, xerr=halves, fmt=MARKERS[number % len(MARKERS)], capsize=3, label=way)
    ax.set(xlabel="accuracy (%)", xlim=(0, 103), ylim=(len(places) - 0.5, -0.5))
    ax.set_yticks(range(len(places)), places.values())
    ax.grid(False, axis="y")
    return ax
