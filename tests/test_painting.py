"""What is drawn quickly is what Matplotlib would draw: pixel by pixel, whatever changed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import ROOT, painting
from course_utils.widgets import controls


@pytest.fixture(autouse=True)
def style():
    with plt.style.context(ROOT / "course_utils" / "course.mplstyle"):
        yield
    plt.close("all")


def whole(painter):
    """Return the pixels of a figure that Matplotlib draws as a whole."""
    painter._canvas.draw()
    return np.asarray(painter._canvas.buffer_rgba())[..., :3].copy()


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
        assert np.array_equal(quick, whole(painter)), changed


def test_emptied_axes_are_drawn_into_as_new_ones():
    (emptied, draw_again), (new, draw_new) = figure(controls.emptied), figure()
    for changed in CHANGES:
        if not {"names", "off"} & set(changed):  # these two an axis keeps
            draw_again(**changed)
            draw_new(**changed)
            assert np.array_equal(emptied.pixels(), new.pixels()), changed


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
    assert np.array_equal(painter.pixels().copy(), whole(painter))
