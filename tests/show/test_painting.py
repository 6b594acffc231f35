"""What is drawn quickly is what Matplotlib would draw: pixel by pixel, whatever changed."""

import base64
import gc
import io
import re

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course_utils import ROOT, notebook, painting, plots, words
from course_utils.cards import CourseError
from course_utils.widgets import controls
from tests.show.conftest import HISTORIES


@pytest.fixture(autouse=True)
def style():
    with plt.style.context(ROOT / "course_utils" / "course.mplstyle"):
        yield


def whole(figure):
    """Return the pixels of a painter's figure as Matplotlib draws it, without a memory."""
    kept, moving = figure.canvas, figure.findobj(lambda artist: artist.get_animated())
    plain = FigureCanvasAgg(figure)
    plt.setp(moving, animated=False)
    plain.draw()
    plt.setp(moving, animated=True)
    figure.set_canvas(kept)
    return np.asarray(plain.buffer_rgba())[..., :3].astype(int)


def pixels(html):
    """Return the picture in an HTML image."""
    file = io.BytesIO(base64.b64decode(re.search('base64,([^"]*)', html).group(1)))
    return np.asarray(Image.open(file).convert("RGB")).astype(int)


def wrong_by(painter, other=None):
    """Return by how many of 255 steps what is painted differs from what is right, where it differs most."""
    right = whole(painter._figure) if other is None else other.pixels()[..., :3]
    return np.abs(painter.pixels()[..., :3].astype(int) - right).max()


def figure(empty=plt.Axes.clear):
    """Return a painter of two axes with all that the course's figures have, and a function that draws into them."""
    shown, (left, right) = plt.subplots(1, 2, figsize=(7, 3))

    def draw(top=1.0, names=("a", "b"), rotation=0, scale="linear", label="x", off=False):
        for ax in (left, right):
            empty(ax)
        left.bar(names, [1, 2], yerr=0.1, label="bars")
        left.tick_params(axis="x", rotation=rotation)
        left.legend(loc="upper left")
        right.plot([0.01, 1, 100], [0, top, 0.5], "o--", label="line")
        right.set(xscale=scale, xlabel=label, title="title", ylim=(0, 1.1 * top))
        right.annotate("here", (1, 0.2))
        if off:
            right.set_axis_off()

    draw()
    shown.legend(*right.get_legend_handles_labels(), loc="outside right upper")
    return painting.Painter(shown), draw


CHANGES = [{}, {"top": 7.0}, {"names": ("c", "a longer name")}, {"rotation": 40}, {"scale": "log"}, {"label": "other"}]
CHANGES += [{"off": True}, {"top": 7.0, "scale": "log"}, {}]


def test_all_that_changes_is_seen_and_what_was_hidden_to_draw_is_visible_again():
    painter, draw = figure()
    for changed in CHANGES:
        draw(**changed)
        assert wrong_by(painter) <= 2, changed
        for ax in painter._figure.axes:
            assert ax.patch.get_visible() and ax.xaxis.get_visible() and ax.yaxis.get_visible()


def test_emptied_axes_are_drawn_into_as_new_ones():
    (emptied, draw_again), (new, draw_new) = figure(controls.emptied), figure()
    for changed in CHANGES:
        if not {"names", "off"} & set(changed):  # these two an axis keeps
            draw_again(**changed)
            draw_new(**changed)
            assert wrong_by(emptied, new) <= 2, changed


def test_no_more_is_kept_than_was_meant(monkeypatch):
    monkeypatch.setattr(painting, "MOST", 3)
    monkeypatch.setattr(words, "MOST", 5)
    painter, draw = figure()
    for top in range(1, 9):
        draw(top=float(top))
        painter.pixels()
    assert len(painter._kept) == 3 and len(painter._canvas.get_renderer()._kept) == 5
    assert wrong_by(painter) <= 2


@pytest.mark.parametrize("text", ["seven", "two\nlines", "$x^2$", "é, ü", "colour", "at the edge", "clipped"])
def test_words_that_come_again_are_the_same(text, monkeypatch):
    shown, ax = plt.subplots(figsize=(4, 2))
    ax.imshow(np.arange(12).reshape(3, 4), aspect="auto")  # words stand on something
    said = ax.text(1.0, 1.0, "", fontsize=13, color="#aa3300" if text == "colour" else "white")
    painter = painting.Painter(shown, [said])
    drawn, real, aside = [], words.RendererAgg.draw_text, 2.3 * (text in ("at the edge", "clipped"))
    monkeypatch.setattr(words.RendererAgg, "draw_text", lambda *args, **more: drawn.append(args) or real(*args, **more))
    for place, again in ((1.0, False), (1.3, False), (1.0, True)):
        said.set(text=text, position=(place + aside, place), clip_on=again and text == "clipped")
        drawn.clear()
        painter.pixels()
        assert bool(drawn) == (not again or aside > 0)
        assert wrong_by(painter) <= 2


def test_a_move_is_answered_before_python_looks_for_garbage():
    looking, (shown, ax) = [], plt.subplots(figsize=(4, 2))
    (line,) = ax.plot([0, 1], [0, 1])

    def show(most):
        looking.append(gc.isenabled())
        if most > 3:
            raise CourseError("Expected at most 3.")
        line.set_ydata([0, most])
        return "A line."

    slider = ipywidgets.IntSlider(1, 0, 9)
    controls.live([slider], shown, show)
    looking.clear()
    for value in (2, 9, 3):
        slider.value = value
        assert gc.isenabled()
    assert looking == [False] * 3


def test_pictures_in_the_page_show_what_is_painted():
    ax = plots.learning_curves({"one": HISTORIES["one"]})
    paint = notebook.painter(ax.figure, [ax.lines[0]])
    assert not plt.get_fignums()  # closed: Jupyter would show it a second time
    first, again = paint("as it was"), paint("as it was")
    assert "image/webp" in first and "image/jpeg" in again  # the one that is kept is the smaller one
    assert 'alt="as it was"' in again
    for shown in (first, again):
        assert np.abs(whole(ax.figure) - pixels(shown)).mean() < 1  # but for the compression
    ax.lines[0].set_ydata([0, 0, 0])
    changed = np.abs(pixels(paint("flat")) - pixels(again)).max(axis=2) > 50
    assert changed.mean() < 0.05  # one thin line out of many
    assert changed[: len(changed) // 2].sum() > 300  # it is gone from where it was, in the upper half
    ax.lines[0].set_ydata([50, 90, 100])
    np.testing.assert_array_equal(pixels(paint("as it was")), pixels(again))
