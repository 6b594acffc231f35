"""Controls for the notebooks: each is a slider or two, and a short callback that draws recorded values again."""

import ipywidgets
import matplotlib.pyplot as plt

from course_utils import notebook, plots


def prediction(question, labels):
    """Show a slider from 0 to 100 % for each label, to write a prediction down before a result is shown.

    Nothing reads the prediction: it is there for the learner to compare.

    Parameters
    ----------
    question : str
    labels : sequence of str

    Returns
    -------
    ipywidgets.VBox
        Its children after the first are the sliders.
    """
    sliders = [ipywidgets.IntSlider(50, 0, 100, 5, description=label, readout_format="d", **_WIDE) for label in labels]
    return ipywidgets.VBox([ipywidgets.HTML(f"<b>{question}</b>"), *sliders])


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
    slider = ipywidgets.IntSlider(1, 1, epochs, description="after epoch", continuous_update=False, **_WIDE)
    return _drawn(slider, lambda epoch: _learning_at(epoch, histories, answers, pictures, class_names))


_WIDE = {"style": {"description_width": "10em"}, "layout": {"width": "32em"}}
SHOWN = 8


def _drawn(slider, draw):
    """Put a slider above the picture that `draw` makes of its value: a figure and its alternative text."""
    picture = ipywidgets.HTML()

    def redraw(_=None):
        picture.value = notebook.figure_html(*draw(slider.value))

    slider.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([slider, picture])


def _learning_at(epoch, histories, answers, pictures, class_names):
    """Draw the curves with a line at `epoch`, and below them a row of answers for each network."""
    heights = [3.6] + [1.9] * (1 + len(answers))
    fig, axs = plt.subplots(len(heights), figsize=(11, sum(heights)), height_ratios=heights)
    plots.learning_curves(histories, 1 / len(class_names), epoch, axs[0])
    truths = pictures.labels[:SHOWN]
    plots.answers(pictures.images[:SHOWN], truths, truths, class_names, axs[1])
    axs[1].set_title("true names")
    scores = []
    for ax, (name, given) in zip(axs[2:], answers.items(), strict=True):
        guesses = given[epoch - 1][:SHOWN]
        plots.answers(pictures.images[:SHOWN], guesses, truths, class_names, ax)
        scores.append(f"{name}: {(guesses == truths).sum()} of {SHOWN} right")
        ax.set_title(scores[-1])
    return fig, f"Learning curves up to epoch {epoch}, and {SHOWN} new pictures with the answers. {'; '.join(scores)}."
