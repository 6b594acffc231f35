"""Watch networks learn, epoch by epoch."""

import ipywidgets
import matplotlib.pyplot as plt

from course_utils import plots
from course_utils.widgets.controls import WIDE, live

SHOWN = 8


def watch_learning(histories, answers, pictures, class_names):
    """Show learning curves and, for the epoch that a slider chooses, what each network answers.

    Parameters
    ----------
    histories : dict of str to dict of str to sequence of float
        Name of the network -> its Keras history, with "accuracy" and "val_accuracy".
    answers : dict of str to ndarray of shape (n_epochs, n_samples), int
        Name of the network -> the class that it gives to each picture after each epoch.
    pictures : Pictures
        The first eight are shown.
    class_names : sequence of str

    Returns
    -------
    ipywidgets.VBox
        A slider and the figure.
    """
    epochs = min(len(given) for given in answers.values())
    slider = ipywidgets.IntSlider(1, 1, epochs, description="after epoch", **WIDE)
    truths = pictures.labels[:SHOWN]
    fig, axs, line = _learning_figure(histories, answers, pictures, class_names)
    titles = [ax.set_title(name) for ax, name in zip(axs[2:], answers, strict=True)]

    def show(epoch):
        line.set_xdata([epoch, epoch])
        for ax, title, (name, given) in zip(axs[2:], titles, answers.items(), strict=True):
            guesses = given[epoch - 1][:SHOWN]
            plots.set_answers(ax, guesses, truths, class_names)
            title.set_text(f"{name}: {(guesses == truths).sum()} of {SHOWN} right")
        scores = "; ".join(title.get_text() for title in titles)
        return f"Learning curves up to epoch {epoch}, and {SHOWN} new pictures with the answers. {scores}."

    moving = [line, *titles, *(artist for ax in axs[2:] for artist in (*ax.patches, *ax.texts))]
    return live([slider], fig, show, moving)


def _learning_figure(histories, answers, pictures, class_names):
    """Draw the curves, and below them rows of pictures: true names, and the answers of each network."""
    heights = [3.0] + [1.5] * (1 + len(answers))
    fig, axs = plt.subplots(len(heights), figsize=(8.5, sum(heights)), height_ratios=heights)
    plots.learning_curves(histories, 1 / len(class_names), ax=axs[0])
    line = axs[0].axvline(1, color="0.3", lw=1)
    truths = pictures.labels[:SHOWN]
    plots.answers(pictures.images[:SHOWN], None, truths, class_names, axs[1]).set_title("true names")
    for ax in axs[2:]:
        plots.answers(pictures.images[:SHOWN], truths, truths, class_names, ax)
    return fig, axs, line
