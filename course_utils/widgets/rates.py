"""Choose a learning rate, and see what comes of it."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from course_utils import fine_tuning, plots
from course_utils.descent import CURVES, descend
from course_utils.widgets.controls import WIDE, emptied, live

RATES = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.5, 2.0)


def descent():
    """Show the steps of a weight downhill, for a learning rate and a start that sliders choose.

    Returns
    -------
    ipywidgets.VBox
        Controls for the curve, the learning rate, the start and the number of steps, and the figure.
    """
    which = ipywidgets.Dropdown(options=list(CURVES), description="loss", **WIDE)
    rate = ipywidgets.SelectionSlider(options=RATES, value=0.1, description="learning rate", **WIDE)
    start = ipywidgets.FloatSlider(3.5, min=-3.5, max=3.5, step=0.25, description="start", **WIDE)
    steps = ipywidgets.IntSlider(10, 1, 40, description="steps", **WIDE)
    figure, ax = plt.subplots(figsize=(8, 3.4))

    def show(which, rate, start, steps):
        curve = CURVES[which]
        path = descend(curve, start, rate, steps)
        plots.descent(curve, path, emptied(ax))
        away = np.flatnonzero(~((path >= curve.low) & (path <= curve.high)))
        if len(away):
            end = f"the weight has left the picture in step {away[0]}"
        else:
            end = f"after {steps} steps: weight {path[-1]:.2f}, loss {curve.loss(path[-1]):.2f}"
        ax.set_title(end)
        return f"The curve of the loss, {which}, with the steps of the weight from {start:g} at rate {rate:g}: {end}."

    return live([which, rate, start, steps], figure, show)


def forgetting(measured):
    """Show for a task, and for what is frozen, how the learning rate decides what is learned and what is forgotten.

    Parameters
    ----------
    measured : dict of str to dict of str to dict
        Task -> way of training -> what `plots.forgetting` draws.

    Returns
    -------
    ipywidgets.VBox
        Choices of task and way, a slider for the rate, and the figure.
    """
    task = ipywidgets.Dropdown(options=list(measured), description="new task", **WIDE)
    ways = next(iter(measured.values()))
    way = ipywidgets.Dropdown(options=list(ways), description="way of training", **WIDE)
    rates = list(next(iter(ways.values())))
    options = [(fine_tuning.decimal(rate), rate) for rate in rates]
    rate = ipywidgets.SelectionSlider(options=options, value=rates[0], description="learning rate", **WIDE)
    figure, ax = plt.subplots(figsize=(9, 3.6))

    def show(task, way, rate):
        curves = measured[task][way]
        plots.forgetting(curves, task, emptied(ax)).legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        ax.axvline(rate, color="0.3", lw=1)
        (new, new_half), (old, old_half), (own, own_half) = curves[rate].values()
        ax.set_title(f"{task} {new:.0f} %, field guide {old:.0f} %, with its own statistics {own:.0f} %")
        return (
            f"Accuracy on the new and on the old task by learning rate; {way}, rate {fine_tuning.decimal(rate)}: "
            f"{task} {new:.1f} ± {new_half:.1f} %, field guide {old:.1f} ± {old_half:.1f} %, "
            f"with its own statistics {own:.1f} ± {own_half:.1f} %."
        )

    return live([task, way, rate], figure, show)
