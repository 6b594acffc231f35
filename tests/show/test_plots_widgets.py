"""Figures hold what they were given; moving a control changes what a person sees."""

import base64
import io
import random
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from course_utils import notebook, plots, widgets
from course_utils.cards import Pictures, Task
from course_utils.quiet import keras

matplotlib.use("Agg")
NAMES = ("red", "blue-ish")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def pictures():
    """Return eight plain pictures of two classes: red ones and blue ones."""
    images = np.zeros((8, 4, 4, 3), np.uint8)
    labels = np.arange(8) % 2
    images[labels == 0, ..., 0] = 255
    images[labels == 1, ..., 2] = 255
    return Pictures(images, labels)


HISTORIES = {
    "one": {"accuracy": [0.5, 0.9, 1.0], "val_accuracy": [0.5, 0.5, 0.5]},
    "two": {"accuracy": [0.6, 0.8, 0.9], "val_accuracy": [0.6, 0.7, 0.8]},
}


def test_contact_sheet_has_a_row_for_each_class(pictures):
    ax = plots.contact_sheet(pictures, NAMES, per_class=3)
    sheet = ax.images[0].get_array()
    assert [label.get_text() for label in ax.get_yticklabels()] == list(NAMES)
    assert tuple(sheet[0, 0]) == (255, 0, 0)
    assert tuple(sheet[8, 16]) == (0, 0, 255)  # second row, third picture


def test_task_strip_has_a_row_for_each_task(pictures):
    swapped = Pictures(pictures.images[::-1], pictures.labels)
    ax = plots.task_strip([Task("first", NAMES, pictures, pictures), Task("second", NAMES, swapped, pictures)])
    sheet = ax.images[0].get_array()
    assert [tuple(sheet[row, column]) for row in (0, 8) for column in (0, 8)] == [
        (255, 0, 0),
        (0, 0, 255),
        (0, 0, 255),
        (255, 0, 0),
    ]


def test_learning_curves_hold_the_histories():
    ax = plots.learning_curves(HISTORIES, chance=0.125)
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["two: new pictures"].get_ydata(), [60, 70, 80])
    np.testing.assert_allclose(lines["one: training pictures"].get_ydata(), [50, 90, 100])
    assert lines["one: new pictures"].get_linestyle() != lines["two: new pictures"].get_linestyle()
    assert any(np.allclose(line.get_ydata(), 12.5) for line in ax.lines)


def test_overfitting_shows_the_gap_at_the_end():
    ax = plots.overfitting(HISTORIES["two"])
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["training pictures"].get_ydata(), [60, 80, 90])
    np.testing.assert_allclose(lines["validation pictures"].get_ydata(), [60, 70, 80])
    assert [text.get_text() for text in ax.texts] == ["gap 10"]


CURVES = {
    "scratch": {"test": (40.0, 3.0), "train": (99.0, 0.5), "seconds": 9.0},
    "none": {"test": (70.0, 2.0), "train": (98.0, 0.5), "seconds": 8.0},
    "block1": {"test": (75.0, 1.0), "train": (97.0, 0.5), "seconds": 5.0},
    "all": {"test": (60.0, 1.5), "train": (80.0, 0.5), "seconds": 1.0},
}


def test_depth_curves_hold_accuracies_and_strategy_1_apart():
    ax = plots.depth_curves(CURVES)
    test, training, scratch = ax.containers[0].lines[0], *(line for line in ax.lines if line.get_label()[0] != "_")
    assert list(test.get_ydata()) == [70, 75, 60]
    spans = [segment[:, 1].tolist() for segment in ax.containers[0].lines[2][0].get_segments()]
    np.testing.assert_allclose(spans, [[68, 72], [74, 76], [58.5, 61.5]])
    np.testing.assert_allclose(training.get_ydata(), [98, 97, 80])
    np.testing.assert_allclose(scratch.get_ydata(), [40, 40])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["nothing", "to block1", "the base"]
    assert ax.get_ylim()[0] < 40


def test_depth_seconds_are_bars():
    ax = plots.depth_seconds(CURVES)
    assert [bar.get_height() for bar in ax.patches] == [8, 5, 1]


def test_best_of_many_marks_the_best_and_what_is_left_of_it():
    ax = plots.best_of_many(np.array([10.0, 20.0, 10.0]), 11.0, 12.5)
    dots, best, again, chance = ax.lines
    assert sorted(map(tuple, dots.get_xydata())) == [(10, 0), (10, 1), (20, 0)]
    assert (best.get_xdata()[0], again.get_xdata()[0], chance.get_xdata()[0]) == (20, 11, 12.5)
    assert "20.0 %" in best.get_label() and "11.0 %" in again.get_label()


def test_answers_mark_right_and_wrong_by_more_than_colour(pictures):
    ax = plots.answers(pictures.images[:2], [0, 0], pictures.labels[:2], NAMES)
    assert [text.get_text().strip() for text in ax.texts] == ["✓ red", "✗ red"]
    assert [patch.get_linestyle() for patch in ax.patches] == ["solid", "dashed"] or (
        [patch.get_linestyle() for patch in ax.patches] == ["-", "--"]
    )


def test_figures_carry_their_alternative_text():
    html = notebook.show(plots.learning_curves(HISTORIES), 'Two "curves" & more').data
    assert 'alt="Two &quot;curves&quot; &amp; more"' in html
    assert "data:image/webp;base64," in html
    assert not plt.get_fignums()  # closed: Jupyter would show it a second time


def test_prediction_has_a_slider_for_each_label():
    box = widgets.prediction("How many?", ["one", "two"])
    assert [slider.description for slider in box.children[1:]] == ["one", "two"]


def test_the_slider_changes_the_answers_and_the_line(pictures):
    right = pictures.labels
    answers = {"one": [1 - right, 1 - right, right], "two": [1 - right, right, right]}
    slider, picture = widgets.watch_learning(HISTORIES, answers, pictures, NAMES).children
    seen = {}
    for epoch in (slider.min, slider.max):
        slider.value = epoch
        seen[epoch] = re.search(r'alt="([^"]*)"', picture.value).group(1), picture.value
    assert "one: 0 of 8 right; two: 0 of 8 right" in seen[1][0]
    assert "one: 8 of 8 right; two: 8 of 8 right" in seen[3][0]
    assert seen[1][1] != seen[3][1]
    slider.value = 2
    assert "one: 0 of 8 right; two: 8 of 8 right" in picture.value


def test_the_slider_moves_the_line_in_the_chart(pictures):
    box = widgets.watch_learning(HISTORIES, {"one": [pictures.labels] * 3}, pictures, NAMES)
    line = box.figure.axes[0].lines[-1]
    for epoch in (3, 1):
        box.children[0].value = epoch
        assert list(line.get_xdata()) == [epoch, epoch]


def test_start_sets_the_style():
    notebook.start()
    assert plt.rcParams["axes.spines.top"] is False


def test_learning_curves_start_at_the_first_epoch():
    for line in plots.learning_curves(HISTORIES).lines:
        np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3])


def test_each_picture_stands_above_its_own_answer(pictures):
    ax = plots.answers(pictures.images, [0] * 8, pictures.labels, NAMES)
    for place, (shown, text) in enumerate(zip(ax.images, ax.texts, strict=True)):
        np.testing.assert_array_equal(shown.get_array(), pictures.images[place])
        left, right = shown.get_extent()[:2]
        assert text.get_position()[0] == (left + right) / 2


@pytest.mark.parametrize(
    "draw",
    [
        lambda pictures, ax: plots.contact_sheet(pictures, NAMES, ax=ax),
        lambda pictures, ax: plots.task_strip([Task("one", NAMES, pictures, pictures)], ax=ax),
        lambda pictures, ax: plots.learning_curves(HISTORIES, ax=ax),
        lambda pictures, ax: plots.answers(pictures.images, [0] * 8, pictures.labels, NAMES, ax=ax),
    ],
    ids=["contact_sheet", "task_strip", "learning_curves", "answers"],
)
def test_plots_draw_on_the_axes_given(pictures, draw):
    _, ax = plt.subplots()
    assert draw(pictures, ax) is ax
    assert len(plt.get_fignums()) == 1


def test_prediction_runs_from_0_to_100_percent():
    slider = widgets.prediction("How many?", ["one"]).children[1]
    assert (slider.min, slider.max) == (0, 100)


def test_start_fixes_the_seeds_of_chance():
    drawn = []
    for _ in range(2):
        notebook.start()
        drawn.append((np.random.random(), random.random(), float(keras.random.uniform(()))))
    assert drawn[0] == drawn[1]


def test_the_widget_draws_the_answers_of_the_chosen_epoch(pictures):
    right = pictures.labels
    answers = {"one": [1 - right, right, right], "two": [1 - right, 1 - right, right]}
    box = widgets.watch_learning(HISTORIES, answers, pictures, NAMES)
    wrong_texts = ["✗ blue\nish", "✗ red\n"] * 4
    right_texts = ["✓ red\n", "✓ blue\nish"] * 4
    true_names = ["red\n", "blue\nish"] * 4
    for epoch, expected in {3: [right_texts] * 2, 1: [wrong_texts] * 2, 2: [right_texts, wrong_texts]}.items():
        box.children[0].value = epoch
        shown = [[text.get_text() for text in ax.texts] for ax in box.figure.axes[1:]]
        assert shown == [true_names, *expected]
    assert not box.figure.axes[1].patches  # the true names are no answers: without frames


def test_painting_again_gives_the_whole_figure():
    ax = plots.learning_curves(HISTORIES)
    paint = notebook.painter(ax.figure, [ax.lines[0]])
    assert not plt.get_fignums()  # closed: Jupyter would show it a second time
    kept = pixels(paint("as it was"))  # in the notebook: encoded smaller than those that follow
    first = pixels(paint("as it was"))
    assert np.abs(kept - first).mean() < 1
    ax.lines[0].set_ydata([0, 0, 0])
    changed = pixels(paint("flat"))
    ax.lines[0].set_ydata([50, 90, 100])
    back = paint("as it was")
    assert 'alt="as it was"' in back
    np.testing.assert_array_equal(pixels(back), first)
    moved = np.abs(changed - first).max(axis=2) > 50
    assert moved.mean() < 0.05  # one thin line out of many
    assert moved[: len(moved) // 2].sum() > 300  # it is gone from where it was, in the upper half
    ax.lines[0].set_animated(False)
    ax.figure.canvas.draw()
    whole = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert np.abs(whole - first).mean() < 1  # but for the compression


def pixels(html):
    """Return the picture in an HTML image."""
    data = base64.b64decode(re.search('base64,([^"]*)', html).group(1))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
