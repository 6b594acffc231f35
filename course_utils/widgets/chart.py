"""The measured chart: choose a size and a similarity, and see which ways of training are best there."""

import ipywidgets
import matplotlib.pyplot as plt

from course_utils import advice, chart_rules, chart_views, metrics, plots, similarity
from course_utils.cards import CourseError, way_name
from course_utils.sweep_plan import WAYS
from course_utils.widgets.controls import WIDE, live


def measured_chart(found):
    """Show the accuracy of every way of training for a size and a pair of source and target.

    Parameters
    ----------
    found : list of chart.Case

    Returns
    -------
    ipywidgets.VBox
        A slider for the number of pictures, one for the pair (from the least similar to the most), and the figure.
    """
    cases = {(case.backbone, case.task, case.n_samples): case for case in found}
    sizes = sorted({n_samples for _, _, n_samples in cases})
    pairs = dict(reversed(chart_views.by_similarity(found).items()))
    given = {key: _advised(case, found) for key, case in cases.items()}  # now: sliders must not wait for it
    size = ipywidgets.SelectionSlider(
        options=[(f"{n:,}", n) for n in sizes], value=sizes[0], description="training pictures", **WIDE
    )
    pair = ipywidgets.SelectionSlider(
        options=[(f"{gap:.2f}: {chart_views.pair_name(*pair)}", pair) for pair, gap in pairs.items()],
        description="similarity",
        readout=False,  # it would be cut off: the title names the pair
        **WIDE,
    )
    figure, ax = plt.subplots(figsize=(9, 4))
    plots.case_bars({}, [], ax)
    title = ax.set_title("", fontsize=10)

    def show(size, pair):
        case = cases.get((*pair, size))
        if case is None:
            raise CourseError(
                f"Expected a measured case. {chart_views.pair_name(*pair)} with {size:,} pictures is not."
            )
        best = chart_rules.tied(case.plain())  # augmented ways are compared with augmented ones only
        scores = {way: metrics.mean_interval(case.scores[way]) for way in WAYS if way in case.scores}
        place = f"quadrant {case.quadrant}" if case.quadrant else "between small and large"
        words = given[*pair, size]
        plots.set_case_bars(ax, scores, best)
        named = f"{chart_views.pair_name(*pair)}, similarity {pairs[pair]:.2f}, {size:,} pictures: {place}"
        title.set_text(f"{named}\n{words}")
        bars = ", ".join(f"{way_name(way)} {mean:.0f} ± {half:.0f} %" for way, (mean, half) in scores.items())
        return f"{named}. {bars}. Best: {', '.join(map(way_name, best))}. {words}."

    return live([size, pair], figure, show, [*ax.patches, *ax.lines, *ax.texts, title])


def _advised(case, found):
    """Say what the charts and the measured advice say of a case; for the latter its target is left out."""
    charts = {name: chart_rules.textbook(name, case.similar, case.n_samples) for name in ("Marcelino", "CS231n")}
    words = [f"{name} says: {way_name(way)}" for name, way in charts.items()]
    others = [one for one in found if one.task != case.task]
    gap = similarity.of_pair(case.backbone, case.task, case.n_samples)
    words.append(f"measured advice: {way_name(advice.advise(case.n_samples, gap, others).way)}")
    return ";  ".join(words)
