"""Figures of choosing a network: accuracy against cost, what pre-training was worth, preprocessed pictures."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

from course_utils.plots.style import LINE_STYLES, MARKERS

_SHAPES = (*MARKERS, "P", "X", "<", ">", "p")


def accuracy_cost(points, front, cost, ax=None, *, named=None, legend=True, families=None, every=None):
    """Draw the accuracy of networks against what they cost, with a line through those that none beats.

    Parameters
    ----------
    points : dict of str to (float, float, str)
        Network -> cost, accuracy in percent, family.
    front : sequence of str
        The networks on the line, the Pareto front, from the cheapest on; they are named in the figure.
    cost : str
        What the cost is called.
    ax : matplotlib.axes.Axes, optional
    named : dict of str to {"left", "right"}, optional
        Other networks to name, and on which side of the point the name stands.
    legend : bool
    families : sequence of str, optional
        All families there are, if only some are shown: so that each keeps its colour and its marker.
    every : sequence of float, optional
        The costs of all networks, if only some are shown: so that each keeps its place.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(10, 5.2))
    shown = {family for _, _, family in points.values()}
    for number, family in enumerate(families or sorted(shown)):
        if family not in shown:
            continue
        members = [(x, y) for x, y, of in points.values() if of == family]
        style = {"marker": _SHAPES[number % len(_SHAPES)], "color": f"C{number % 7}", "ms": 7, "ls": "none"}
        ax.plot(*zip(*members, strict=True), label=family, mec="white", mew=0.5, **style)
    xs, ys = zip(*(points[name][:2] for name in front), strict=True) if front else ((), ())
    ax.step(xs, ys, where="post", color="0.3", lw=1.2, label="Pareto front", zorder=1)
    costs = every or [x for x, _, _ in points.values()] or [1.0]
    room = (min(costs) / 8, 1.3 * max(costs))  # on the left, room for the longest name
    _name_front({name: points[name][:2] for name in front}, room, ax)
    for name, side in (named or {}).items():
        place = {"left": {"xytext": (-6, 0), "ha": "right"}, "right": {"xytext": (5, -4), "va": "top"}}[side]
        ax.annotate(name, points[name][:2], textcoords="offset points", fontsize=8, **place)
    if ax.get_xscale() != "log":  # setting it makes new ticks, which takes longer than most drawings
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.xaxis.set_minor_formatter("")
    ax.set(xlabel=cost, ylabel="published top-1 on ImageNet (%)", xlim=room)
    if legend:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    return ax


def _name_front(front, room, ax):
    """Write the names of the networks on the front: to the left and above, where no others are, each with a line.

    Where points are near, names move up until none stands on the one below. Annotations with arrows would do the same,
    and take several times as long to draw.

    Parameters
    ----------
    front : dict of str to (float, float)
        Network -> cost, accuracy in percent.
    room : (float, float)
        The limits of the cost.
    ax : matplotlib.axes.Axes
    """
    low, high = ax.get_ylim()
    figure, share = ax.figure, ax.get_position()
    step = 10 * (high - low) / (0.85 * 72 * figure.get_figheight())  # 10 points of 1/72 inch
    aside = (room[1] / room[0]) ** (12 / (72 * figure.get_figwidth() * share.width))
    height, lines = -np.inf, []
    for name, (cost, top_1) in front.items():
        height = max(top_1, height + step)
        ax.text(cost / aside, height, name, fontsize=8, ha="right", va="center")
        lines.append([(cost / aside, height), (cost, top_1)])
    ax.add_collection(LineCollection(lines, colors="0.5", lw=0.7, zorder=1), autolim=False)


def transfer(curves, source, ax=None):
    """Draw accuracy on new tasks against the accuracy of the pre-trained network on its own, with 95 % intervals.

    The networks stand at equal steps, since good ones differ by few points: to scale, one would hide the other.

    Parameters
    ----------
    curves : dict of str to dict of int to (float, float)
        Task -> epochs of pre-training -> mean accuracy in percent, and half the width of its interval.
    source : dict of int to float
        Epochs of pre-training -> accuracy on the source in percent, rising.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 4))
    for number, (task, points) in enumerate(curves.items()):
        shift = 0.12 * (number - (len(curves) - 1) / 2)  # side by side, so that all intervals can be seen
        places = [list(source).index(epochs) + shift for epochs in points]
        means, halves = zip(*points.values(), strict=True)
        style = {"marker": MARKERS[number % len(MARKERS)], "ls": LINE_STYLES[number % len(LINE_STYLES)], "capsize": 3}
        ax.errorbar(places, means, halves, label=task, **style)
    names = [f"{accuracy:.1f}\n{epochs} epoch{'s' * (epochs != 1)}" for epochs, accuracy in source.items()]
    ax.set_xticks(range(len(source)), names)
    ax.set(xlabel="pages of the guide that the network names (%)", ylabel="new task, test pictures (%)", ylim=(0, 103))
    ax.legend(loc="lower right")
    return ax


def by_source(scores, ax=None, *, guessing=None):
    """Draw accuracies on a task by what the network was pre-trained on: a group of bars for each way of training.

    Parameters
    ----------
    scores : dict of str to dict of str to (float, float)
        Way -> source -> mean accuracy in percent, and half the width of its interval.
    ax : matplotlib.axes.Axes, optional
    guessing : float, optional
        Accuracy by guessing, in percent: a dotted line.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 3.6))
    if guessing is not None:
        ax.axhline(guessing, color="0.2", lw=1.5, ls=":", label="guessing", zorder=3)
    width = 0.8 / len(scores)
    for number, (way, found) in enumerate(scores.items()):
        means, halves = zip(*found.values(), strict=True)
        places = np.arange(len(found)) + width * (number - (len(scores) - 1) / 2)
        ax.bar(places, means, width, yerr=halves, capsize=3, label=way, hatch=("", "//", "..")[number % 3], ec="white")
        ax.set_xticks(range(len(found)), found)
    ax.set(xlabel="pre-trained on", ylabel="test accuracy (%)", ylim=(0, 103))
    ax.grid(False, axis="x")
    return ax


def as_seen(pictures, axs=None):
    """Draw pictures as numbers make them look: each brought from its own lowest and highest value to the screen's.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (height, width, 3)
        Preprocessing -> the numbers that the network gets. Below each its range is written.
    axs : sequence of matplotlib.axes.Axes, optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    if axs is None:
        _, axs = plt.subplots(1, len(pictures), figsize=(2.3 * len(pictures), 2.9))
    for ax, (name, numbers) in zip(np.atleast_1d(axs), pictures.items(), strict=True):
        low, high = float(numbers.min()), float(numbers.max())
        ax.imshow((numbers - low) / max(high - low, 1e-6))
        ax.set_title(name, fontsize=10)
        ax.set_xlabel(f"{low:.1f} to {high:.1f}", fontsize=9)
        ax.set(xticks=[], yticks=[])
    return np.atleast_1d(axs)
