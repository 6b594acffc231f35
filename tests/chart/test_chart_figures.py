"""Figures of the measured chart show what they are given."""

import matplotlib.pyplot as plt
import pytest

from course_utils import ROOT, chart_rules, chart_views, diagrams, plots, similarity, sweep_plan
from course_utils.plots.chart import WAYS
from tests.chart.test_chart import PAIRS, case, made, textbook
from tests.show.conftest import close_figures  # noqa: F401, which each test uses


@pytest.fixture
def found(monkeypatch):
    monkeypatch.setattr(similarity, "of_pair", lambda b, t, n: 0.9 - 0.1 * PAIRS.index((b, t)))
    return made(textbook)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_every_way_keeps_its_colour_and_marker():
    assert set(WAYS) == set(sweep_plan.WAYS)
    looks = [plots.chart.style_of(way) for way in WAYS]
    assert len({look["color"] for look in looks}) == len({look["marker"] for look in looks}) == len(WAYS)


def test_lines_by_size(found):
    ax = plots.by_size(chart_views.curves(found, "coursenet_guide", "garden"))
    assert ax.get_legend_handles_labels()[1] == ["strategy 1", "warm start", "strategy 2", "strategy 3"]
    line = ax.containers[3].lines[0]
    assert list(line.get_xdata()) == pytest.approx([64, 256, 1024, 4096], rel=0.15)  # moved aside, to be seen
    assert list(line.get_ydata()) == [80, 80, 70, 70]
    assert len({container.lines[0].get_xdata()[0] for container in ax.containers}) == 4
    assert [label.get_text() for label in ax.get_xticklabels()] == ["64", "256", "1,024", "4,096"]


def test_winners_and_ties():
    ax = plots.winner_map({"near": {64: ["3"], 256: ["2", "3"]}, "far": {64: ["2"], 256: ["1", "2", "3"]}})
    assert texts(ax) == ["3", "2, 3", "2", "1, 2, 3"]
    assert [patch.get_width() for patch in ax.patches] == pytest.approx([1, 1 / 2, 1 / 2, 1, *[1 / 3] * 3])
    assert len({(patch.get_facecolor(), patch.get_hatch()) for patch in ax.patches}) == 3
    assert ax.yaxis_inverted() and [label.get_text() for label in ax.get_yticklabels()] == ["near", "far"]


def test_rows_of_winners_stand_by_similarity(found):
    rows = chart_views.winners(found)
    assert next(iter(rows)) == "guide → garden  (0.90)" and len(rows) == 9
    assert rows["guide → garden  (0.90)"] == {64: ["3"], 256: ["3"], 1024: ["2"], 4096: ["2"]}


def test_differences_keep_zero_in_sight(found):
    lines = chart_views.gains(found, "garden", "3")
    assert lines["guide → garden"]["64"] == pytest.approx((10, 0))
    ax = plots.difference_lines(lines, "training pictures", "points")
    assert ax.get_ylim()[0] < 0 < ax.get_ylim()[1] and len(ax.get_legend().get_texts()) == 3
    second = plots.difference_lines({"b": lines["guide → garden"]}, "", "", order=["a", "b"])
    assert second.containers[0].lines[0].get_color() == ax.containers[1].lines[0].get_color()


def test_where_transfer_stops_to_matter():
    gains = {64: 20, 256: 0, 1024: 5, 4096: 0}  # what happens at 256 counts for nothing: at 1,024 it is ahead again
    found = [case(*PAIRS[0], n, {"1": 70, "warm start": 70 + gain}) for n, gain in gains.items()]
    assert chart_views.crossing(found, *PAIRS[0]) == 4096
    assert chart_views.crossing(found[:3], *PAIRS[0]) is None
    assert chart_views.crossing(found[:2], *PAIRS[0]) == 256


def test_points_behind_by_quadrant():
    found = [case(*PAIRS[0], 64, {"1": 40, "warm start": 70, "2": 78, "3": 80})]
    found += [case(*PAIRS[0], 256, {"1": 60, "warm start": 90, "2": 88, "3": 80})]
    found += [case(*PAIRS[0], 1024, {"1": 0, "warm start": 0, "2": 0, "3": 99})]  # in no quadrant
    found += [case(*PAIRS[0], 16384, {"1": 90, "warm start": 95, "3": 50})]  # one way is missing
    assert chart_views.behind(found) == {4: {"2": 2, "warm start": 5, "3": 5, "1": 35}}
    assert list(chart_views.behind(found, ("1", "3"))) == [2, 4]


def test_seconds_and_bars():
    ax = plots.accuracy_seconds({"1": (30, 40, 2), "3": (3, 60, 1)})
    assert ax.get_legend_handles_labels()[1] == ["strategy 1", "strategy 3"] and ax.get_xscale() == "log"
    assert {3, 10, 30} <= set(ax.get_xticks())
    ax, missing = plots.case_bars({"1": (40, 2), "3": (60, 1)}, ["3"]), "not measured"
    assert texts(ax) == ["40.0 ± 2.0", missing, missing, "60.0 ± 1.0   best", missing, missing]
    assert [bar.get_width() for bar in ax.patches] == [40, 0, 0, 60, 0, 0]
    assert list(ax.lines[3].get_xdata()) == [59, 61]
    plots.set_case_bars(ax, {"2": (70, 3)}, ["2"])
    assert texts(ax)[2:4] == ["70.0 ± 3.0   best", missing] and ax.patches[3].get_width() == 0


def test_what_is_written_behind_a_bar_is_not_cut_off():
    with plt.style.context(ROOT / "course_utils/course.mplstyle"):
        _, ax = plt.subplots(figsize=(9, 4))
        plots.case_bars({}, [], ax)
        ax.figure.draw_without_rendering()
        ax.figure.set_layout_engine("none")  # as in a widget, which places all but once
        plots.set_case_bars(ax, {"1": (99.9, 0.1), "3": (95, 12.5)}, ["1", "3"])
        ax.figure.draw_without_rendering()
    assert max(note.get_window_extent().x1 for note in ax.texts) <= ax.figure.bbox.x1


def test_quadrants_are_where_everybody_draws_them():
    ax = diagrams.quadrants({1: "one", 4: "four"})
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert places["one"][0] < 1 < places["four"][0] and places["four"][1] < 1 < places["one"][1]
    assert places["3: small, dissimilar"][1] < 1 and places["2: large, similar"][0] > 1


def test_what_is_frozen_in_a_quadrant():
    ax = diagrams.frozen_in_quadrants({3: (1, "a"), 4: (5, "b")})
    hatched = [bool(patch.get_hatch()) for patch in ax.patches if patch.get_label()]
    assert hatched == [True] + 5 * [False] + 5 * [True] + [False]
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"frozen", "trained", "new head"}


def test_depth_losses_are_averaged_over_pairs(monkeypatch):
    def depth_curve(*pair):
        lost = 1 if pair in chart_rules.SIMILAR else 10
        return {"none": (80, 1), "block2": (80 - lost, 1), "all": (80 - 2 * lost, 1)}

    monkeypatch.setattr(chart_views.chart, "depth_curve", depth_curve)
    assert chart_views.depth_losses(PAIRS) == {
        "similar": {"none": (0, 0), "block2": (-1, 0), "all": (-2, 0)},
        "dissimilar": {"none": (0, 0), "block2": (-10, 0), "all": (-20, 0)},
    }
