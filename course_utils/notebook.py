"""What every notebook needs at its start, and for its figures."""

import base64
import io
import warnings
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course_utils import ROOT
from course_utils.cards import CourseWarning
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

    The place of everything is found once and kept. If only some artists move, the rest is kept as well.

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
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # finds the place of everything
    figure.set_layout_engine("none")
    for artist in moving:
        artist.set_animated(True)
    canvas.draw()  # without what moves
    still = canvas.copy_from_bbox(figure.bbox)

    def paint(alt):
        if moving:
            canvas.restore_region(still)
            for artist in moving:
                figure.draw_artist(artist)
        else:
            canvas.draw()
        buffer = io.BytesIO()
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        picture.save(buffer, format="webp", quality=90, method=2)  # the default method, 4, takes twice the time
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
