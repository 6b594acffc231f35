"""What is drawn quickly is what Matplotlib would draw: pixel by pixel, whatever changed."""

import gc

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_utils import ROOT, painting, words
from course_utils.cards import CourseError
from course_utils.widgets import controls


@pytest.fixture(autouse=True)
def style():
    with plt.style.context(ROOT / "course_utils" / "course.mplstyle"):
        yield
    plt.close("all")


def whole(painter):
    """Return the pixels of a figure that Matplotlib draws as a whole."""
    shown = painter._figure
    plain = FigureCanvasAgg(shown)
    for artist in painter._moving:
        artist.set_animated(False)
    plain.draw()
    for artist in painter._moving:
        artist.set_animated(True)
    shown.set_canvas(painter._canvas)
    return np.asarray(plain.buffer_rgba()).copy()


def furthest(first, second):
    """Return by how many of 255 steps two figures differ where they differ most."""
    return np.abs(first[..., :3].astype(int) - second[..., :3]).max()


def figure(empty=plt.Axes.clear):
    """Return a painter of two axes with all that the course's figures have, and a function that draws into them."""
    shown, (left, right) = plt.subplots(1, 2, figsize=(7, 3))

    def draw(**changed):
        values = {
            "top": 1.0,
            "names": ("a", "b"),
            "rotation": 0,
            "scale": "linear",
            "label": "x",
            "off": False,
        } | changed
        for ax in (left, right):
            empty(ax)
        left.bar(values["names"], [1, 2], yerr=0.1, label="bars")
        left.tick_params(axis="x", rotation=values["rotation"])
        left.legend(loc="upper left")
        right.plot([0.01, 1, 100], [0, values["top"], 0.5], "o--", label="line")
        right.set(xscale=values["scale"], xlabel=values["label"], title="title", ylim=(0, 1.1 * values["top"]))
        right.annotate("here", (1, 0.2))
        if values["off"]:
            right.set_axis_off()

    draw()
    shown.legend(*right.get_legend_handles_labels(), loc="outside right upper")
    return painting.Painter(shown), draw


CHANGES = [
    {},
    {"top": 7.0},
    {"names": ("c", "a longer name")},
    {"rotation": 40},
    {"scale": "log"},
    {"label": "another label"},
    {"off": True},
    {"top": 7.0, "scale": "log"},
    {},
]


def test_all_that_changes_is_seen():
    painter, draw = figure()
    for changed in CHANGES:
        draw(**changed)
        quick = painter.pixels().copy()
        assert furthest(quick, whole(painter)) <= 2, changed


def test_emptied_axes_are_drawn_into_as_new_ones():
    (emptied, draw_again), (new, draw_new) = figure(controls.emptied), figure()
    for changed in CHANGES:
        if not {"names", "off"} & set(changed):  # these two an axis keeps
            draw_again(**changed)
            draw_new(**changed)
            assert furthest(emptied.pixels(), new.pixels()) <= 2, changed


def test_what_was_hidden_to_draw_is_visible_again():
    painter, draw = figure()
    painter.pixels()
    for ax in painter._figure.axes:
        assert ax.patch.get_visible() and ax.xaxis.get_visible() and ax.yaxis.get_visible()


def test_no_more_is_kept_than_was_meant(monkeypatch):
    monkeypatch.setattr(painting, "MOST", 3)
    painter, draw = figure()
    for top in range(1, 9):
        draw(top=float(top))
        painter.pixels()
    assert len(painter._kept) == 3
    assert furthest(painter.pixels().copy(), whole(painter)) <= 2


@pytest.mark.parametrize("text", ["seven", "two\nlines", "$x^2$", "é, ü", "colour", "at the edge"])
def test_words_that_come_again_are_the_same(text, monkeypatch):
    shown, ax = plt.subplots(figsize=(4, 2))
    ax.imshow(np.arange(12).reshape(3, 4), aspect="auto")  # words stand on something
    said = ax.text(1.0, 1.0, "", fontsize=13, color="#aa3300" if text == "colour" else "white")
    painter = painting.Painter(shown, [said])
    drawn, real = [], words.RendererAgg.draw_text
    monkeypatch.setattr(
        words.RendererAgg, "draw_text", lambda *given, **more: drawn.append(given) or real(*given, **more)
    )
    for place, again in ((1.0, False), (1.3, False), (1.0, True)):
        said.set(text=text, position=(place + 2.3 * (text == "at the edge"), place))
        drawn.clear()
        quick = painter.pixels().copy()
        assert bool(drawn) != again or text == "at the edge"
        assert furthest(quick, whole(painter)) <= 2


def test_no_more_words_are_kept_than_was_meant(monkeypatch):
    monkeypatch.setattr(words, "MOST", 5)
    shown, ax = plt.subplots(figsize=(4, 2))
    said = ax.text(0.5, 0.5, "")
    painter = painting.Painter(shown, [said])
    for number in range(9):
        said.set_text(str(number))
        painter.pixels()
    assert len(painter._canvas.get_renderer()._kept) == 5


def test_words_are_cut_where_they_are_clipped():
    shown, ax = plt.subplots(figsize=(4, 2))
    ax.set_position([0.25, 0.25, 0.5, 0.5])
    said = ax.text(0.9, 0.5, "longer than the axes")
    painter = painting.Painter(shown, [said])
    for clipped in (False, True):
        said.set_clip_on(clipped)
        assert furthest(painter.pixels().copy(), whole(painter)) <= 2


def test_a_move_is_answered_before_python_looks_for_garbage():
    shown, ax = plt.subplots(figsize=(4, 2))
    (line,) = ax.plot([0, 1], [0, 1])
    looking = []

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
