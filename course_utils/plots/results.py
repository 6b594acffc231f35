"""Figures of numbers: curves and bars."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import LINE_STYLES, MARKERS


def learning_curves(curves, chance=None, ax=None):
    """Draw accuracy by epoch: one colour a network, thick on new pictures, thin and dotted on training ones.

    Parameters
    ----------
    curves : dict of str to dict of str to sequence of float
        Name of the network -> a Keras history with "accuracy" and "val_accuracy", shares from 0 to 1.
    chance : float, optional
        Accuracy of a guess, drawn as a grey line.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(10, 4))
    for number, (name, history) in enumerate(curves.items()):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        style = {"color": f"C{number}"}
        ax.plot(epochs, 100 * np.array(history["accuracy"]), ":", lw=1.5, label=f"{name}: training pictures", **style)
        line = LINE_STYLES[number % 3]
        ax.plot(epochs, 100 * np.array(history["val_accuracy"]), line, label=f"{name}: new pictures", **style)
    if chance is not None:
        ax.axhline(100 * chance, color="0.6", lw=1)
        ax.annotate("guessing", (0.99, 100 * chance + 1), xycoords=("axes fraction", "data"), ha="right", color="0.4")
    ax.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 103))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return ax


def block_probes(curves, ax=None):
    """Draw how well linear probes do behind each block: one line a task, with 95 % intervals.

    Parameters
    ----------
    curves : dict of str to dict of str to (float, float)
        Task -> block -> mean accuracy in percent, and half the width of its interval.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 4))
    for number, (task, blocks) in enumerate(curves.items()):
        means, halves = zip(*blocks.values(), strict=True)
        style = {"marker": MARKERS[number % len(MARKERS)], "ls": LINE_STYLES[number % len(LINE_STYLES)], "capsize": 3}
        ax.errorbar(list(blocks), means, halves, label=task, **style)
    ax.set(xlabel="probe behind", ylabel="test accuracy (%)", ylim=(0, 103))
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def parameter_bars(sizes, ax=None):
    """Draw how many parameters each part of a network has, input first.

    Parameters
    ----------
    sizes : dict of str to int
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 0.42 * len(sizes) + 0.8))
    bars = ax.barh(list(sizes), [count / 1e6 for count in sizes.values()])
    ax.bar_label(bars, [f"{count:,}" for count in sizes.values()], padding=4)
    ax.set(xlabel="million parameters", xlim=(0, 1.25 * max(sizes.values()) / 1e6))
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    return ax


def depth_curves(curves, ax=None):
    """Draw accuracy by freeze depth: test pictures thick with 95 % intervals, training pictures dotted.

    Parameters
    ----------
    curves : dict of str to dict of str to (float, float)
        Depth -> "test" and "train" -> mean in percent, and half the width of its interval. The depth "scratch", if it
        is there, is drawn as a grey line with its interval: strategy 1.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 4))
    depths = [depth for depth in curves if depth != "scratch"]
    names = [{"none": "nothing", "all": "the base"}.get(depth, f"to {depth}") for depth in depths]
    means, halves = zip(*(curves[depth]["test"] for depth in depths), strict=True)
    ax.errorbar(names, means, halves, marker="o", capsize=3, color="C0", label="test pictures")
    trained = [curves[depth]["train"][0] for depth in depths]
    ax.plot(names, trained, ":", marker="^", color="C1", label="training pictures")
    if "scratch" in curves:
        mean, half = curves["scratch"]["test"]
        ax.axhspan(mean - half, mean + half, color="0.9")
        ax.axhline(mean, color="0.5", ls="--", lw=1.5, label="strategy 1, test pictures")
    ax.set(xlabel="frozen", ylabel="accuracy (%)", ylim=(0, 103))
    return ax
