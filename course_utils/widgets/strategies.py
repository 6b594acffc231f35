"""Choose a freeze depth and see what was measured there."""

import ipywidgets
import matplotlib.pyplot as plt

from course_utils import diagrams, plots
from course_utils.widgets.controls import WIDE, live


def freeze_depth(measured, shapes, trained):
    """Show for a freeze depth which blocks train, how many numbers that is, and what was measured.

    Parameters
    ----------
    measured : dict of str to dict
        Name of a task and size -> depth -> "test", "train" and "seconds" -> mean and half the width of its interval.
    shapes : dict of str to (int, int)
        Block -> side and number of its maps.
    trained : dict of str to int
        Depth -> how many numbers are trained.

    Returns
    -------
    ipywidgets.VBox
        A choice of task and size, a slider for the depth, and the figure.
    """
    which = ipywidgets.Dropdown(options=list(measured), description="task, pictures", **WIDE)
    depths = list(trained)
    depth = ipywidgets.SelectionSlider(options=depths, value=depths[-1], description="freeze", **WIDE)
    figure, axs = plt.subplot_mosaic([["top", "top"], ["left", "right"]], figsize=(9.5, 6.2), height_ratios=(1, 1.2))
    top, left, right = axs.values()

    def show(which, depth):
        curves, place = measured[which], depths.index(depth)
        for ax in (top, left, right):
            ax.clear()
        diagrams.network(shapes, place, ax=top)
        plots.depth_curves(curves, left)
        left.axvline(place, color="0.3", lw=1)
        left.legend(fontsize=8, loc="lower right")
        left.tick_params(axis="x", rotation=30)
        seconds = [curves[name]["seconds"][0] for name in depths]
        bars = right.bar(left.get_xticks(), seconds, color="0.8")
        bars[place].set(color="C0", hatch="//")
        right.set_xticks(left.get_xticks(), [label.get_text() for label in left.get_xticklabels()], rotation=30)
        right.set(xlabel="frozen", ylabel="training time (s)")
        values = {name: curves[depth][name] for name in ("test", "train")}
        gap = values["train"][0] - values["test"][0]
        text = (
            f"{trained[depth]:,} numbers trained   test {values['test'][0]:.1f} ± {values['test'][1]:.1f} %   "
            f"training {values['train'][0]:.1f} %   gap {gap:.0f} points   {seconds[place]:.1f} s"
        )
        top.set_title(text)
        return f"{which}, frozen: {depth}. {text}."

    return live([which, depth], figure, show)
