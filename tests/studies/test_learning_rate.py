"""Steps downhill, the figures of notebook 03, and the shifts of pictures."""

import numpy as np
import pytest

from course_utils import fine_tuning, plots, shifts
from course_utils.cards import CourseError, Pictures
from course_utils.descent import CURVES, descend


@pytest.mark.parametrize("name", CURVES)
def test_the_slope_is_that_of_the_loss(name):
    curve = CURVES[name]
    weights = np.linspace(curve.low, curve.high, 50)
    numeric = (curve.loss(weights + 1e-5) - curve.loss(weights - 1e-5)) / 2e-5
    np.testing.assert_allclose(curve.slope(weights), numeric, atol=1e-6)


def test_in_the_bowl_every_rate_below_1_arrives_and_above_it_runs_away():
    # Notebook 03, section 1.
    for rate in (0.3, 0.5, 0.9):
        assert abs(descend(CURVES["bowl"], 3.5, rate, 40)[-1]) < 0.01
    assert 1 < descend(CURVES["bowl"], 3.5, 0.01, 40)[-1] < 3.5, "it creeps"
    steps = descend(CURVES["bowl"], 3.5, 0.9, 5)
    assert (np.sign(steps) == [1, -1, 1, -1, 1, -1]).all(), "from side to side"
    assert descend(CURVES["bowl"], 3.5, 0.5, 1)[-1] == 0
    assert abs(descend(CURVES["bowl"], 3.5, 1.1, 40)[-1]) > 1000
    assert np.isnan(descend(CURVES["bowl"], 3.5, 2.0, 3000)[-1])


def test_between_two_valleys_the_rate_decides_where_the_weight_ends():
    ends = {rate: descend(CURVES["two valleys"], 3.5, rate, 40)[-1] for rate in (0.1, 0.3, 0.5, 0.7)}
    assert all(ends[rate] == pytest.approx(2.11, abs=0.05) for rate in (0.1, 0.3, 0.5))
    assert ends[0.7] == pytest.approx(-1.86, abs=0.05)
    assert CURVES["two valleys"].loss(2.11) < CURVES["two valleys"].loss(-1.86) < CURVES["two valleys"].loss(0)


CURVE = {
    0.001: {"target": (80.0, 2.0), "source": (97.0, 0.5), "own statistics": (98.0, 0.5)},
    0.1: {"target": (60.0, 4.0), "source": (12.0, 3.0), "own statistics": (20.0, 3.0)},
}


def test_forgetting_holds_both_tasks_with_intervals():
    ax = plots.forgetting(CURVE, "garden")
    lines = {container.get_label(): container.lines for container in ax.containers}
    assert list(lines["garden"][0].get_ydata()) == [80, 60]
    old = lines["field guide, as it is"]
    assert list(old[0].get_ydata()) == [97, 12] and list(old[0].get_xdata()) == [0.001, 0.1]
    spans = [segment[:, 1].tolist() for segment in old[2][0].get_segments()]
    np.testing.assert_allclose(spans, [[96.5, 97.5], [9, 15]])
    assert old[0].get_linestyle() != lines["garden"][0].get_linestyle()


def test_ways_hold_every_place():
    scores = {"one": {"a": (50.0, 1.0), "b": (60.0, 2.0)}, "two": {"a": (70.0, 1.0), "b": (80.0, 2.0)}}
    ax = plots.ways(scores, {"a": "as they are", "b": "at dusk"})
    found = {container.get_label(): list(container.lines[0].get_xdata()) for container in ax.containers}
    assert found == {"one": [50, 60], "two": [70, 80]}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["as they are", "at dusk"]
    heights = [container.lines[0].get_ydata() for container in ax.containers]
    assert (heights[0] != heights[1]).all(), "markers do not lie on each other"


def test_finder_and_schedules_hold_what_they_were_given():
    ax = plots.rate_finder([0.1, 0.2, 0.3], [3.0, 1.0, 2.0])
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [(0.1, 3), (0.2, 1), (0.3, 2)])
    assert ax.get_xscale() == "log" and 1 < ax.lines[1].get_ydata()[1] < 3
    ax.figure.draw_without_rendering()
    written = [label.get_text() for label in ax.get_xticklabels()]
    assert "0.1" in written  # and no formula, which would not be drawn as one
    ax = plots.schedules({"constant": [1, 1], "linear": [1, 0]})
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 1], [1, 0]]


@pytest.fixture
def flowers():
    rng = np.random.default_rng(0)
    return Pictures(rng.integers(0, 255, (4, 64, 64, 3), dtype=np.uint8), np.arange(4))


@pytest.mark.parametrize("kind", shifts.SHIFTS)
def test_a_shift_is_always_the_same_and_keeps_labels_and_the_original(flowers, kind):
    before = flowers.images.copy()
    first, again = shifts.shifted(flowers, kind), shifts.shifted(flowers, kind)
    assert first.images.dtype == np.uint8 and first.images.shape == flowers.images.shape
    assert (first.images == again.images).all() and (first.images != before).any()
    assert (flowers.images == before).all() and first.labels is flowers.labels


def test_what_each_shift_takes_away(flowers):
    grey = Pictures(np.full((2, 64, 64, 3), 128, np.uint8), np.arange(2))
    dusk, blur, noise = (shifts.shifted(grey, kind).images for kind in ("dusk", "blur", "noise"))
    assert (dusk == (51, 57, 76)).all(), "most of the red, least of the blue"
    assert (blur == 128).all() and abs(noise.mean() - 128) < 1 and 24 < noise.std() < 26
    assert np.abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.05, "each picture has a grain of its own"
    grey.images[:, 32] = 255
    line = shifts.shifted(grey, "blur").images[0, :, 5, 0] - 128.0
    assert np.sqrt(np.average((np.arange(64) - 32) ** 2, weights=line)) == pytest.approx(1.5, abs=0.1)
    noisy = shifts.shifted(flowers, "noise").images
    assert noisy.min() == 0 and noisy.max() == 255


def test_what_is_not_known_is_named():
    with pytest.raises(CourseError, match="dusk, blur, noise. Received: 'snow'"):
        shifts.shifted(None, "snow")
    with pytest.raises(CourseError, match="Expected recorded results for .*butterflies"):
        fine_tuning.forgetting("butterflies", "none")
