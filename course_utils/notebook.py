"""What every notebook needs at its start, and for its figures."""

import base64
import io
import logging
import warnings
from html import escape
from itertools import chain, repeat

import matplotlib.pyplot as plt
from IPython.display import HTML
from matplotlib import font_manager
from PIL import Image

from course_utils import ROOT
from course_utils.cards import CourseWarning
from course_utils.painting import Painter
from course_utils.quiet import keras

# WebP: a tenth of the size of PNG for figures that hold pictures. JPEG: half as large again, in a fifth of the time.
_SMALL = {"format": "webp", "quality": 90}
_QUICK = {"format": "jpeg", "quality": 85, "subsampling": 2}

# Fonts with letters that Matplotlib's own lacks, such as Korean ones: those that systems bring, and free ones.
_FONTS = (
    *("Malgun Gothic", "Apple SD Gothic Neo", "AppleGothic", "NanumGothic", "Noto Sans CJK KR", "Noto Sans CJK JP"),
    *("Noto Sans KR", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Yu Gothic", "WenQuanYi Zen Hei"),
)
_NO_LETTERS = (
    "Some letters are drawn as empty boxes, since no font on this machine has them. Install one that has, such as Noto "
    "Sans CJK or Nanum Gothic, and restart the kernel."
)

_show_warning = warnings.showwarning
_told = set()


def start():
    """Fix the seeds of chance, set the style of the figures, and let the course's warnings be one sentence."""
    keras.backend.clear_session()  # up to 3.12, Keras does not fix the seed of a generator that it has made already
    keras.utils.set_random_seed(0)
    plt.style.use(ROOT / "course_utils" / "course.mplstyle")
    installed = set(font_manager.get_font_names())
    plt.rcParams["font.family"] = ["DejaVu Sans", *(name for name in _FONTS if name in installed)]
    logging.getLogger(font_manager.__name__).setLevel(logging.ERROR)  # or it tells of bold letters that are not as bold
    warnings.simplefilter("always", CourseWarning)
    warnings.showwarning = _warn


def _warn(message, category, *where):
    """Print a warning of the course without the line of code that led to it; leave others as they are."""
    if str(message).startswith("Glyph ") and "missing from" in str(message):  # Matplotlib's, one for each letter
        message, category = CourseWarning(_NO_LETTERS), CourseWarning
        if _NO_LETTERS in _told:
            return
        _told.add(_NO_LETTERS)
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
    figure.savefig(buffer, format=_SMALL["format"], bbox_inches="tight", pil_kwargs={"quality": _SMALL["quality"]})
    plt.close(figure)
    return _img(buffer, alt, _SMALL)


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
    drawn, settings = Painter(figure, moving), chain([_SMALL], repeat(_QUICK))  # the first one is kept in the notebook

    def paint(alt):
        buffer, setting = io.BytesIO(), next(settings)
        pixels = drawn.pixels()
        image = Image.frombuffer("RGBX", pixels.shape[1::-1], pixels, "raw", "RGBX", 0, 1)  # nothing is copied
        (image if setting is _QUICK else image.convert("RGB")).save(buffer, **setting)
        return _img(buffer, alt, setting)

    return paint


def _img(buffer, alt, setting):
    """Return an encoded picture as HTML."""
    picture = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="{escape(alt)}" style="max-width:100%" src="data:image/{setting["format"]};base64,{picture}">'


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
