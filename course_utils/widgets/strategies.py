"""Choose among many on few pictures, and choose a freeze depth, and see what comes of it."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from course_utils import diagrams, plots
from course_utils.widgets.controls import WIDE, emptied, live

N_CLASSES = 8
N_TEST = 1000


def best_of_many(seed=0):
    """Show how good the best of many blind guessers looks on the pictures on which it was chosen, and on others.

    Parameters
    ----------
    seed : int

    Returns
    -------
    ipywidgets.VBox
        Sliders for the number of guessers and of validation pictures, and the figure.
    """
    guessers = ipywidgets.SelectionSlider(options=(1, 3, 10, 30, 100, 300), value=100, description="guessers", **WIDE)
    sizes = (25, 50, 100, 200, 400, 800)
    pictures = ipywidgets.SelectionSlider(options=sizes, value=100, description="validation pictures", **WIDE)
    figure, ax = plt.subplots(figsize=(8.5, 2.6))

    def show(guessers, pictures):
        scores, again = _guesses(guessers, pictures, seed)
        plots.best_of_many(scores, again, 100 / N_CLASSES, emptied(ax))
        return (
            f"{guessers} guessers, each a dot, on {pictures} validation pictures. "
            f"The best has {scores.max():.1f} % right there, and {again:.1f} % on {N_TEST:,} test pictures."
        )

    return live([guessers, pictures], figure, show)


def _guesses(guessers, pictures, seed):
    """Return how much each of the guessers has right on some pictures, and the best of them on the test: in percent."""
    rng = np.random.default_rng(seed)
    scores = 100 * rng.binomial(pictures, 1 / N_CLASSES, guessers) / pictures
    return scores, 100 * rng.binomial(N_TEST, 1 / N_CLASSES) / N_TEST


def freeze_depth(measured, shapes, trained):
    """Show for a freeze depth which blocks train, how many numbers that is, and what was measured.

    Parameters
    ----------
    measured : dict of str to dict
        Name of a task and size -> depth -> "test" and "train", each a mean and half the width of its interval in
        percent, and "seconds", a number.
    shapes : dict of str to (int, int)
        Block -> side and number of its maps.
    trained : dict of str to int
        Depth -> how many parameters are trained.

    Returns
    -------
    ipywidgets.VBox
        A choice of task and size, a slider for the depth, and the figure.
    """
    which = ipywidgets.Dropdown(options=list(measured), description="task, pictures", **WIDE)
    depths = list(trained)
    frozen_blocks = {"none": 0, **{name: place for place, name in enumerate(shapes, start=1)}, "all": len(shapes)}
    depth = ipywidgets.SelectionSlider(options=depths, value=depths[-1], description="freeze", **WIDE)
    figure, axs = plt.subplot_mosaic([["top", "top"], ["left", "right"]], figsize=(9.5, 6.2), height_ratios=(1, 1.2))
    top, left, right = axs.values()
    drawn = {}
    lowest = min(at[part][0] for curves in measured.values() for at in curves.values() for part in ("test", "train"))

    def show(which, depth):
        if which not in drawn:  # another depth only moves the marks
            drawn.clear()
            drawn[which] = _depth_charts(measured[which], lowest, left, right)
        for mark in drawn[which]:
            mark.set_xdata([depths.index(depth)] * 2)
        diagrams.network(shapes, frozen_blocks[depth], ax=emptied(top))
        at = measured[which][depth]
        (test, half), (training, _), seconds = (at[name] for name in ("test", "train", "seconds"))
        titles = (
            f"{trained[depth]:,} of {max(trained.values()):,} parameters are trained",
            f"test {test:.1f} ± {half:.1f} %, training {training:.1f} %: gap {training - test:.0f}",
            f"training takes {seconds:.1f} s",
        )
        for ax, title in zip((top, left, right), titles, strict=True):
            ax.set_title(title)
        return f"{which}, frozen: {depth}. {'. '.join(titles)}."

    for ax in (left, right):
        ax.tick_params(axis="x", rotation=30)
    return live([which, depth], figure, show)


def _depth_charts(at, lowest, left, right):
    """Draw accuracy and seconds by depth, from the lowest accuracy of all cases on; return the marks of the depth."""
    drawn = plots.depth_curves(at, emptied(left))
    drawn.legend(fontsize=8, loc="lower left", frameon=True, framealpha=1, edgecolor="white")  # above the mark
    left.set_ylim(10 * (lowest // 10) - 10, 102)  # the same for all, so that they can be compared
    plots.depth_seconds(at, emptied(right))
    return [ax.axvline(0, color="0.3", lw=1) for ax in (left, right)]
