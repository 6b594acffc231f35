"""Figures of numbers: curves and bars."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import LINE_STYLES, MARKERS

_DEPTHS = {"none": "nothing", "all": "the base"}  # as recorded -> as shown


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
        # The colour is not the only cue: both lines of a network carry its marker.
        style = {"color": f"C{number}", "marker": MARKERS[number % 3], "ms": 5, "markevery": max(len(epochs) // 5, 1)}
        ax.plot(epochs, 100 * np.array(history["accuracy"]), ":", lw=1.5, label=f"{name}: training pictures", **style)
        line = LINE_STYLES[number % 3]
        ax.plot(epochs, 100 * np.array(history["val_accuracy"]), line, label=f"{name}: new pictures", **style)
    if chance is not None:
        ax.axhline(100 * chance, color="0.5", lw=1)
        ax.annotate("guessing", (0.99, 100 * chance + 1), xycoords=("axes fraction", "data"), ha="right", color="0.4")
    ax.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 103))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return ax


def overfitting(history, ax=None):
    """Draw the accuracy of one network by epoch, and how far training and validation pictures are apart at the end.

    Parameters
    ----------
    history : dict of str to sequence of float
        A Keras history with "accuracy" and "val_accuracy", shares from 0 to 1.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(4, 3))
    training, validation = (100 * np.array(history[name]) for name in ("accuracy", "val_accuracy"))
    epochs = np.arange(1, len(training) + 1)
    ax.plot(epochs, training, ":", color="C1", label="training pictures")
    ax.plot(epochs, validation, color="C0", label="validation pictures")
    ax.fill_between(epochs, validation, training, where=training > validation, color="0.92", interpolate=True)
    ends = sorted((training[-1], validation[-1]))
    ax.annotate(
        f"gap {training[-1] - validation[-1]:.0f}",
        (epochs[-1], sum(ends) / 2 if ends[1] - ends[0] > 12 else ends[0] - 8),  # between the lines, if there is room
        (-6, 0),
        textcoords="offset points",
        ha="right",
        va="center",
    )
    ax.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 103))
    ax.xaxis.get_major_locator().set_params(integer=True)
    return ax


def accuracy_lines(curves, xlabel, ax=None):
    """Draw accuracies along a row of places in a network, with 95 % intervals: one line for each of a few cases.

    Parameters
    ----------
    curves : dict of str to dict of str to (float, float)
        Case -> place -> mean accuracy in percent, and half the width of its interval.
    xlabel : str
        What happens at a place, such as "probe behind" or "frozen".
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 4))
    for number, (case, places) in enumerate(curves.items()):
        means, halves = zip(*places.values(), strict=True)
        style = {"marker": MARKERS[number % len(MARKERS)], "ls": LINE_STYLES[number % len(LINE_STYLES)], "capsize": 3}
        ax.errorbar([_DEPTHS.get(place, place) for place in places], means, halves, label=case, **style)
    ax.set(xlabel=xlabel, ylabel="test accuracy (%)", ylim=(0, 103))
    ax.label_outer()  # in a row of panels the first one's label is enough
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
    names = _depth_names(curves)
    means, halves = zip(*(curves[depth]["test"] for depth in names), strict=True)
    ax.errorbar(names.values(), means, halves, marker="o", capsize=3, color="C0", label="test pictures")
    trained = [curves[depth]["train"][0] for depth in names]
    ax.plot(names.values(), trained, ":", marker="^", color="C1", label="training pictures")
    if "scratch" in curves:
        mean, half = curves["scratch"]["test"]
        ax.axhspan(mean - half, mean + half, facecolor="0.9", edgecolor="0.5", lw=0.5)
        ax.axhline(mean, color="0.5", ls="--", lw=1.5, label="strategy 1, test pictures")
    lowest = min(curves[depth][part][0] for depth in curves for part in ("test", "train"))
    ax.set(xlabel="frozen", ylabel="accuracy (%)", ylim=(max(10 * (lowest // 10) - 10, 0), 102))
    return ax


def depth_seconds(curves, ax=None):
    """Draw how long training takes by freeze depth, as bars.

    Parameters
    ----------
    curves : dict of str to dict of str to float
        Depth -> "seconds" -> a number; "scratch" is left out.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 3))
    names = _depth_names(curves)
    ax.bar(names.values(), [curves[depth]["seconds"] for depth in names], color="0.8", edgecolor="0.3")
    ax.set(xlabel="frozen", ylabel="training time (s)")
    return ax


def _depth_names(curves):
    """Return how each depth is named on an axis."""
    return {depth: _DEPTHS.get(depth, f"to {depth}") for depth in curves if depth != "scratch"}


def best_of_many(scores, again, chance, ax=None):
    """Draw the accuracies of many guessers as dots, and mark the best one and what it does on other pictures.

    Parameters
    ----------
    scores : ndarray of shape (n_guessers,)
        Percent right on the validation pictures.
    again, chance : float
        Percent right of the best one on test pictures; percent right of a blind guess in the long run.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8.5, 2.6))
    values, counts = np.unique(scores, return_counts=True)
    heights = np.concatenate([np.arange(count) for count in counts])  # equal scores are piled up
    ax.plot(np.repeat(values, counts), heights, "o", ms=4, color="0.55", label="a guesser, validation pictures")
    best = scores.max()
    ax.plot(best, 0, "D", color="C1", ms=9, label=f"the best, validation pictures: {best:.1f} %")
    ax.plot(again, 0, "s", color="C0", ms=9, label=f"the same one, test pictures: {again:.1f} %")
    ax.axvline(chance, color="0.4", lw=1, ls="--", label=f"one in eight: {chance:.1f} %")
    ax.set(xlabel="accuracy (%)", xlim=(0, max(40, best + 4)), ylim=(-1, max(10, 1.1 * heights.max())))
    ax.set_yticks([])
    ax.legend(loc="upper right", fontsize=9)
    return ax
