"""What every notebook needs at its start, and for its figures."""

import base64
import io
import warnings
from html import escape

import matplotlib.pyplot as plt
from IPython.display import HTML
from PIL import Image

from course_utils import ROOT
from course_utils.cards import CourseWarning
from course_utils.painting import Painter
from course_utils.quiet import keras

_show_warning = warnings.showwarning


def start():
    """Fix the seeds of chance, set the style of the figures, and let the course's warnings be one sentence."""
    keras.utils.set_random_seed(0)
    plt.style.use(ROOT / "course_utils" / "course.mplstyle")
    warnings.simplefilter("always", CourseWarning)
    warnings.showwarning = _warn


def _warn(message, category, *where):
    """Print a warning of the course without the line of code that led to it; leave others as they are."""
    if issubclass(category, CourseWarning):
        print(f"⚠ {message}")
    else:
        _show_warning(message, category, *where)


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
    return _img(buffer, alt)


def painter(figure, moving):
    """Return a function that draws a figure again, quickly.

    See `painting.Painter`, which says what is kept.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed for pyplot, so that Jupyter does not show it by itself.
    moving : sequence of matplotlib.artist.Artist
        Artists of the figure whose values will be changed, drawn above all others. If there are none, all is drawn.

    Returns
    -------
    callable
        From an alternative text to the HTML image of the figure as it is then; see `figure_html`.
    """
    plt.close(figure)
    drawn = Painter(figure, moving)

    def paint(alt):
        buffer = io.BytesIO()
        # The default method, 4, takes twice the time.
        Image.fromarray(drawn.pixels()).save(buffer, format="webp", quality=90, method=2)
        return _img(buffer, alt)

    return paint


def _img(buffer, alt):
    """Return a WebP picture as HTML."""
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
