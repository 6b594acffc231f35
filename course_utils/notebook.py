"""What every notebook needs at its start, and for its figures."""

import base64
import io
from html import escape

import matplotlib.pyplot as plt
from IPython.display import HTML

from course_utils import ROOT
from course_utils.quiet import keras


def start():
    """Fix the seeds of chance, and set the style of the figures."""
    keras.utils.set_random_seed(0)
    plt.style.use(ROOT / "course_utils" / "course.mplstyle")


def figure_html(figure, alt):
    """Return a figure as an HTML image with its alternative text.

    Notebooks have no place for the alternative text of an ordinary figure, so a screen reader would only say
    "image". As HTML the text travels with the picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed afterwards.
    alt : str
        What a reader who cannot see the figure should know: one or two sentences.
    """
    buffer = io.BytesIO()
    # WebP: a tenth of the size of PNG for figures that hold pictures.
    figure.savefig(buffer, format="webp", bbox_inches="tight", pil_kwargs={"quality": 90})
    plt.close(figure)
    picture = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="{escape(alt)}" style="max-width:100%" src="data:image/webp;base64,{picture}">'


def show(axes, alt):
    """Show the figure that holds `axes` under the cell, with its alternative text; see `figure_html`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    alt : str

    Returns
    -------
    IPython.display.HTML
    """
    return HTML(figure_html(axes.figure, alt))
