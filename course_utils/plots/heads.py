"""Figures of classifier heads: losses by signed score, separating lines, where a class is seen."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import LINE_STYLES, MARKERS


def margin_losses(ax=None):
    """Draw what one answer costs by its signed score: cross-entropy of two classes, hinge, squared hinge.

    The signed score is the score of a class, with its sign turned for pictures of other classes. Of two classes with
    softmax it is how far the score of the true one is ahead.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 3.4))
    signed = np.linspace(-1.5, 3, 300)
    losses = {
        "squared hinge": np.maximum(1 - signed, 0) ** 2,
        "hinge": np.maximum(1 - signed, 0),
        "cross-entropy": np.log1p(np.exp(-signed)),
    }
    for style, (name, values) in zip(LINE_STYLES, losses.items()):
        ax.plot(signed, values, style, label=name)
    ax.axvspan(-1.5, 0, color="0.93")
    ax.axvline(1, color="0.5", lw=1)
    ax.annotate("wrong side", (-0.06, 4.6), ha="right")
    ax.annotate("correct side", (0.06, 4.6))
    ax.annotate("edge of the margin", (1.05, 2.4), color="0.4")
    ax.set(xlabel="signed score", ylabel="loss", ylim=(0, 5))
    ax.legend(loc="upper right")
    return ax


def margin_plane(points, labels, names, machine, ax=None):
    """Draw points of two classes, the line between them, and the margin of a linear SVM.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
    labels : ndarray of shape (n,), 0 or 1
    names : sequence of two str
    machine : sklearn.svm.LinearSVC
        Trained on these points.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.5, 4.6))
    inside = np.abs(machine.decision_function(points)) < 1
    for label, name in enumerate(names):
        of = labels == label
        ax.plot(*points[of].T, MARKERS[label], ms=5, color=f"C{label}", label=name)
    ax.plot(*points[inside].T, "o", ms=11, mfc="none", mec="0.3", mew=1, label="inside the margin")
    (across, up), shift = machine.coef_[0], machine.intercept_[0]
    low, high = points.min(0) - 0.5, points.max(0) + 0.5
    for value, style in ((0, "-"), (-1, "--"), (1, "--")):
        ends = np.array([low[0], high[0]])
        ax.plot(ends, (value - shift - across * ends) / (up or 1e-9), style, color="0.2", lw=1.5)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="first direction", ylabel="second direction")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def activation(image, scores, top, ax=None):
    """Draw where a class is seen in a picture: the class's score at every place of the maps, laid over the picture.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), uint8
    scores : ndarray of shape (rows, columns)
        Of one class; see `heads.activations`. What speaks against the class, below zero, is not shown.
    top : float
        The score that is shown brightest.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(3, 3))
    height, width = image.shape[:2]
    place = (-0.5, width - 0.5, height - 0.5, -0.5)
    ax.imshow(image.mean(axis=2), cmap="gray", vmin=0, vmax=255, extent=place)
    ax.imshow(scores, cmap="inferno", vmin=0, vmax=max(top, 1e-6), alpha=0.6, interpolation="bilinear", extent=place)
    ax.set_axis_off()
    return ax
