"""What all widgets share: controls, and a figure or a sentence that answers them."""

import gc
from html import escape

import ipywidgets

from course_utils import notebook
from course_utils.cards import CourseError

# Wide enough for the longest label of the notebooks, which would end in dots otherwise.
WIDE = {"style": {"description_width": "18em"}, "layout": {"width": "40em"}}


# A button that opens the computer's files: as wide as its words, below the other controls and not below their labels.
UPLOAD = {"accept": "image/*", "layout": {"width": "max-content", "margin": "2px 2px 2px 18.5em"}}


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
    sliders = [ipywidgets.IntSlider(50, 0, 100, 5, description=label, readout_format="d", **WIDE) for label in labels]
    return ipywidgets.VBox([ipywidgets.HTML(f"<b>{question}</b>"), *sliders])


def choice(question, labels, options):
    """Show a choice among options for each label, to write a prediction down before a result is shown.

    Parameters
    ----------
    question : str
    labels, options : sequence of str

    Returns
    -------
    ipywidgets.VBox
        Its children after the first are the choices.
    """
    choices = [ipywidgets.Dropdown(options=["?", *options], description=label, **WIDE) for label in labels]
    return ipywidgets.VBox([ipywidgets.HTML(f"<b>{question}</b>"), *choices])


def live(controls, figure, show, moving=()):
    """Put controls above a figure, and let them change it.

    Parameters
    ----------
    controls : sequence of ipywidgets.Widget
        With a `value`.
    figure : matplotlib.figure.Figure
    show : callable
        Takes the controls' values, changes the figure's artists, and returns the alternative text. A CourseError that
        it raises when a control is moved is shown in place of the figure.
    moving : sequence of matplotlib.artist.Artist
        The artists that `show` changes, if they are few; see `notebook.painter`.

    Returns
    -------
    ipywidgets.VBox
        The controls, then the picture. Its attribute `figure` is the figure.
    """
    picture = ipywidgets.HTML()
    show(*(control.value for control in controls))  # so that the painter finds room for everything
    paint = notebook.painter(figure, moving)

    def redraw(_=None):
        collecting = gc.isenabled()
        gc.disable()  # beside TensorFlow a search for garbage takes a quarter of a second: not before the answer
        try:
            picture.value = paint(show(*(control.value for control in controls)))
        except CourseError as error:
            picture.value = f"<p><b>✗</b> {escape(str(error))}</p>"
        finally:
            if collecting:
                gc.enable()

    for control in controls:
        control.observe(redraw, "value")
    redraw()
    box = ipywidgets.VBox([*controls, picture])
    box.figure = figure
    return box


def emptied(ax):
    """Take out of axes what was drawn into them, their title too, and return them.

    Names and ticks stay: `ax.clear()` makes new ticks, which takes longer than most drawings.

    Parameters
    ----------
    ax : matplotlib.axes.Axes

    Returns
    -------
    matplotlib.axes.Axes
    """
    legend = [ax.get_legend()] if ax.get_legend() else []
    for artist in [*legend, *ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts]:
        artist.remove()
    ax.containers.clear()
    ax.set_title("")
    ax.set_prop_cycle(None)
    ax.relim()
    ax.set_autoscale_on(True)
    return ax
