"""Figures hold what they were given, and start from the same chance and style."""

import random
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import notebook, plots
from course_utils.cards import Pictures, Task
from course_utils.quiet import keras
from tests.show.conftest import HISTORIES

NAMES = ("red", "blue-ish")
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def pictures():
    """Return eight plain pictures of two classes: red ones and blue ones."""
    labels = np.arange(8) % 2
    return Pictures(np.array([RED, BLUE], np.uint8)[labels][:, None, None].repeat(4, 1).repeat(4, 2), labels)


def corners(ax, columns):
    """Return the colours of the first pixels in two rows of a sheet of pictures 8 pixels apart."""
    sheet = ax.images[0].get_array()
    return [[tuple(sheet[row, 8 * column]) for column in range(columns)] for row in (0, 8)]


def test_contact_sheet_has_a_row_for_each_class(pictures):
    ax = plots.contact_sheet(pictures, NAMES, per_class=3)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(NAMES)
    assert corners(ax, 3) == [[RED] * 3, [BLUE] * 3] and ax.images[0].get_array().shape == (16, 24, 3)


def test_task_strip_has_a_row_for_each_task(pictures):
    swapped = Pictures(pictures.images[::-1], pictures.labels)
    ax = plots.task_strip([Task("first", NAMES, pictures, pictures), Task("second", NAMES, swapped, pictures)])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "second"]
    assert corners(ax, 2) == [[RED, BLUE], [BLUE, RED]]


def test_learning_curves_hold_the_histories():
    ax = plots.learning_curves(HISTORIES, chance=0.125)
    *lines, chance = ax.lines
    for line, (name, part) in zip(lines, product(HISTORIES, ("accuracy", "val_accuracy")), strict=True):
        kind = {"accuracy": "training", "val_accuracy": "new"}[part]
        assert line.get_label() == f"{name}: {kind} pictures" and list(line.get_xdata()) == [1, 2, 3]
        np.testing.assert_allclose(line.get_ydata(), 100 * np.array(HISTORIES[name][part]))
    assert lines[1].get_linestyle() != lines[3].get_linestyle()
    assert list(chance.get_ydata()) == [12.5, 12.5]


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


def test_accuracy_and_seconds_by_depth_with_strategy_1_apart():
    ax = plots.depth_curves(CURVES)
    test, training, scratch = ax.containers[0].lines[0], *(line for line in ax.lines if line.get_label()[0] != "_")
    assert list(test.get_ydata()) == [70, 75, 60]
    spans = [segment[:, 1].tolist() for segment in ax.containers[0].lines[2][0].get_segments()]
    np.testing.assert_allclose(spans, [[68, 72], [74, 76], [58.5, 61.5]])
    np.testing.assert_allclose(training.get_ydata(), [98, 97, 80])
    np.testing.assert_allclose(scratch.get_ydata(), [40, 40])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["nothing", "to block1", "the base"]
    assert ax.get_ylim()[0] < 40
    assert [bar.get_height() for bar in plots.depth_seconds(CURVES).patches] == [8, 5, 1]


def test_best_of_many_piles_up_equal_scores():
    dots, best, again, chance = plots.best_of_many(np.array([10.0, 20.0, 10.0]), 11.0, 12.5).lines
    assert sorted(map(tuple, dots.get_xydata())) == [(10, 0), (10, 1), (20, 0)]
    assert (best.get_xdata()[0], again.get_xdata()[0], chance.get_xdata()[0]) == (20, 11, 12.5)


def test_each_picture_stands_above_its_own_answer_and_wrong_ones_are_dashed(pictures):
    ax = plots.answers(pictures.images, [0] * 8, pictures.labels, NAMES)
    for place, (shown, text, frame) in enumerate(zip(ax.images, ax.texts, ax.patches, strict=True)):
        np.testing.assert_array_equal(shown.get_array(), pictures.images[place])
        left, right = shown.get_extent()[:2]
        assert text.get_position()[0] == (left + right) / 2 and frame.get_x() == left
        assert (text.get_text(), frame.get_linestyle()) == (("✓ red\n", "-"), ("✗ red\n", "--"))[place % 2]


def test_sheets_are_drawn_on_the_axes_given(pictures):
    _, ax = plt.subplots()
    assert plots.contact_sheet(pictures, NAMES, ax=ax) is ax
    assert plots.task_strip([Task("one", NAMES, pictures, pictures)], ax=ax) is ax and len(plt.get_fignums()) == 1


def test_the_losses_of_a_signed_score():
    for name, line in zip(("squared hinge", "hinge", "cross-entropy"), plots.margin_losses().lines, strict=False):
        signed, hinge = line.get_xdata(), np.clip(1 - line.get_xdata(), 0, None)
        losses = {"squared hinge": hinge**2, "hinge": hinge, "cross-entropy": np.log(1 + np.exp(-signed))}
        assert line.get_label() == name and signed.min() < -1 and signed.max() > 1
        np.testing.assert_allclose(line.get_ydata(), losses[name], atol=1e-9)


def test_figures_carry_their_alternative_text():
    html = notebook.show(plots.learning_curves(HISTORIES), 'Two "curves" & more').data
    assert 'alt="Two &quot;curves&quot; &amp; more"' in html
    assert "data:image/webp;base64," in html
    assert not plt.get_fignums()  # closed: Jupyter would show it a second time


def test_start_fixes_the_seeds_of_chance_and_the_style():
    drawn = []
    for _ in range(2):
        plt.rcParams["axes.spines.top"] = True
        notebook.start()
        assert plt.rcParams["axes.spines.top"] is False
        drawn.append((np.random.random(), random.random(), float(keras.random.uniform(()))))
    assert drawn[0] == drawn[1]
