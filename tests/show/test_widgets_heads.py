"""Widgets and figures of notebook 06: at the ends of their controls."""

import re

import matplotlib
import numpy as np
import pytest
from sklearn.svm import LinearSVC

from course_utils import anatomy, plots, widgets

matplotlib.use("Agg")


def picture(box):
    return box.children[-1].value


def test_flattening_counts_at_both_ends():
    box = widgets.flattening()
    side, channels, hidden, classes = box.children[:4]
    assert f"{anatomy.dense_parameters(7 * 7 * 512, 4096) + anatomy.dense_parameters(4096, 1000):,}" in picture(box)
    side.value, channels.value, hidden.value, classes.value = 1, 64, 16, 2
    assert "flattened, fully connected 1,074, averaged 130" in picture(box)
    side.value, channels.value, hidden.value, classes.value = 16, 2048, 4096, 1000
    assert f"{anatomy.dense_parameters(2048, 1000):,}" in picture(box)


@pytest.fixture(scope="module")
def margin():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 20)
    return widgets.margin(rng.normal(size=(60, 6)) + labels[:, None], labels, ("ash", "birch", "cedar"))


def test_a_larger_c_makes_the_margin_narrower(margin):
    def width(cost):
        margin.children[2].value = cost
        return float(re.search(r"margin ([\d.]+) wide", picture(margin)).group(1))

    assert width(1e-5) > width(0.01) > width(100.0)


def test_the_margin_of_one_class_against_itself_is_answered_in_place(margin):
    margin.children[1].value = "ash"
    assert "both classes are the same" in picture(margin)
    margin.children[1].value = "cedar"
    assert "ash and cedar" in picture(margin)


def test_the_lines_of_the_plane_are_those_of_the_machine():
    points, labels = np.array([[0.0, 0.0], [0.0, 1.0], [2.0, 0.0], [2.0, 1.0]]), np.array([0, 0, 1, 1])
    machine = LinearSVC(C=10, random_state=0).fit(points + [[0.0, 0.01]], labels)
    ax = plots.margin_plane(points, labels, ("left", "right"), machine)
    cut, below, above = (line.get_xydata() for line in ax.lines[-3:])
    for line, value in ((cut, 0), (below, -1), (above, 1)):
        assert np.allclose(machine.decision_function(line), value, atol=1e-6)


def test_activation_names_the_strongest_place_of_the_class_that_is_chosen():
    maps = np.zeros((2, 8, 8, 3))
    maps[0, 1, 6, 0] = maps[0, 5, 2, 2] = maps[1, 7, 7, 0] = 1
    box = widgets.activation(np.zeros((2, 128, 128, 3), np.uint8), maps, ("ash", "birch", "cedar"))
    assert "row 2 of 8, column 7 of 8" in picture(box)
    box.children[1].value = "cedar"
    assert "cedar is seen: most strongly in row 6 of 8, column 3 of 8" in picture(box)
    box.children[0].value, box.children[1].value = 1, "ash"
    assert "row 8 of 8, column 8 of 8" in picture(box)


def test_the_losses_meet_where_they_should():
    ax = plots.margin_losses()
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    at = {name: lambda x, line=line: np.interp(x, *line.T) for name, line in lines.items()}
    assert at["hinge"](1) == pytest.approx(0, abs=0.02) and at["squared hinge"](-1) == pytest.approx(4, abs=0.05)
    assert at["cross-entropy"](0) == pytest.approx(np.log(2), abs=0.01)
    assert ax.get_xlabel() == "signed score"
