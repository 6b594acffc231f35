"""Choose a pre-trained network within limits."""

import ipywidgets
import matplotlib.pyplot as plt

from course_utils import plots, zoo
from course_utils.widgets.controls import WIDE, emptied, live

ANY = "any"
LIMITS = {
    "megabytes": ("download at most", "MB", (10, 20, 50, 100, 200, 500)),
    "milliseconds": ("a picture at most", "ms", (5, 10, 20, 50, 100, 200, 500)),
    "memory": ("memory at most", "MiB", (100, 200, 300, 500, 1000, 2000)),
}


def networks(found):
    """Show accuracy against a cost for the networks that keep all limits, and name those that none beats.

    Parameters
    ----------
    found : list of zoo.Network

    Returns
    -------
    ipywidgets.VBox
        A choice of the cost, of the family, sliders for the three limits, and the figure.
    """
    cost = ipywidgets.Dropdown(options=list(zoo.COSTS), description="cost", **WIDE)
    families = sorted({network.family for network in found})
    family = ipywidgets.Dropdown(options=["all", *families], description="family", **WIDE)
    figure, ax = plt.subplots(figsize=(10, 5))
    plots.accuracy_cost(_points(found, cost.value), [], cost.value, ax, families=families, legend=False)
    figure.legend(*ax.get_legend_handles_labels(), loc="outside right upper", fontsize=9)

    def show(cost, family, *most):
        kept = zoo.within(found, family, **dict(zip(LIMITS, most, strict=True)))
        front = [network.name for network in zoo.front(kept, zoo.COSTS[cost])]
        emptied(ax).set(ylim=(66, 89))  # before the names find their places
        every = [getattr(one, zoo.COSTS[cost]) for one in found]
        plots.accuracy_cost(_points(kept, cost), front, cost, ax, families=families, legend=False, every=every)
        if not kept:
            ax.set_title("no network keeps all these limits")
            return "No network keeps all these limits."
        best = zoo.most_accurate(kept)
        ax.set_title(f"{len(kept)} of {len(found)} networks; the most accurate: {best.name}, {best.top_1:.1f} %")
        return (
            f"Top-1 accuracy against {cost} for {len(kept)} of {len(found)} networks. The most accurate is "
            f"{best.name}, {best.top_1:.1f} %. On the Pareto front: {', '.join(front)}."
        )

    sliders = [_limit(*limit) for limit in LIMITS.values()]
    return live([cost, family, *sliders], figure, show)


def _limit(title, unit, steps):
    """Return a slider for a limit, the last of whose steps is none."""
    options = [(f"{most} {unit}", most) for most in steps] + [(ANY, float("inf"))]
    return ipywidgets.SelectionSlider(options=options, value=float("inf"), description=title, **WIDE)


def _points(found, cost):
    """Return name -> cost, accuracy, family."""
    return {one.name: (getattr(one, zoo.COSTS[cost]), one.top_1, one.family) for one in found}
