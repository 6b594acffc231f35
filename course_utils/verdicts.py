"""The verdict on each piece of the chart's advice, by the rules of `chart_rules`, with the figures behind it."""

from collections import Counter
from dataclasses import dataclass

from course_utils import chart_rules, metrics
from course_utils.chart_rules import ADVICE
from course_utils.sweep_plan import PLAIN, WORLDS


@dataclass(frozen=True)
class Verdict:
    """How a piece of advice fares in its quadrant.

    Attributes
    ----------
    words : {"holds", "depends", "does not hold", "not measured"}
    cases : list of chart.Case
        The measured cases of the quadrant.
    beaten : list of list of str
        For each case, the ways that beat what is advised.
    ahead : list of (float, float)
        For each case, by how many points what is advised is ahead of the best other way: mean, and half the width of
        the 95 % interval of the paired difference.
    """

    words: str
    cases: list
    beaten: list
    ahead: list


def judge(advice, found):
    """Return the verdict on a piece of advice.

    Parameters
    ----------
    advice : chart_rules.Advice
    found : list of chart.Case

    Returns
    -------
    Verdict
    """
    cases = [case for case in found if case.quadrant == advice.quadrant and advice.way in case.plain()]
    beaten = [chart_rules.beaten_by(advice.way, case.plain()) for case in cases]
    words = chart_rules.verdict([bool(ways) for ways in beaten]) if cases else "not measured"
    return Verdict(words, cases, beaten, [_ahead_of_best_other(case, advice.way) for case in cases])


def _ahead_of_best_other(case, way):
    """Return by how many points a way is ahead of the best other one of a case."""
    others = {name: mean for name, mean in case.means.items() if name != way}
    return metrics.paired_difference(case.scores[way], case.scores[max(others, key=others.get)])


def any_works(found):
    """Return the verdict on "in quadrant 2 any strategy works", and for each case the spread of the four means.

    Returns
    -------
    words : str
    spreads : list of float
        Points between the best and the worst of the four strategies.
    """
    cases = [case for case in found if case.quadrant == 2 and set(PLAIN) <= set(case.means)]
    spreads = [max(case.means[way] for way in PLAIN) - min(case.means[way] for way in PLAIN) for case in cases]
    words = chart_rules.verdict([spread > chart_rules.ANY_WORKS for spread in spreads]) if cases else "not measured"
    return words, spreads


def deeper(found, depths=WORLDS["drawn"].depths):
    """Return the verdict on "train deeper in quadrant 3 than in quadrant 2", and how many blocks are frozen in each.

    Returns
    -------
    words : str
    frozen : dict of int to float
        Quadrant -> how many blocks validation pictures choose to freeze, on average.
    """
    frozen = {}
    for quadrant in (2, 3):
        chosen = [depths.index(case.depth) + 1 for case in found if case.quadrant == quadrant and case.depth in depths]
        if chosen:
            frozen[quadrant] = sum(chosen) / len(chosen)
    if len(frozen) < 2:
        return "not measured", frozen
    less = frozen[2] - frozen[3]
    return "holds" if less >= 0.5 else "does not hold" if less < 0 else "depends", frozen


def augmentation(found):
    """Return the verdict on "augment in quadrant 3", on strategy 2, and the gain in each case.

    Returns
    -------
    words : str
    gains : list of (float, float)
        Points gained: mean, and half the width of the 95 % interval of the paired difference.
    """
    way, plain = "2 with augmentation", "2"
    scores = [case.scores for case in found if case.quadrant == 3 and way in case.scores]
    gains = [metrics.paired_difference(one[way], one[plain]) for one in scores]
    beaten = [chart_rules.ahead(one[plain], one[way]) for one in scores]
    return chart_rules.verdict(beaten) if beaten else "not measured", gains


def table(found):
    """Return the verdicts as a table in Markdown.

    The column *ahead* is by how many points what is advised is ahead of the best other way: the mean over the cases,
    and the least and the most of them.
    """
    lines = [
        "| chart | quadrant | advice | verdict | beaten in (cases) | mostly by | ahead (points) |",
        "| --- " * 7 + "|",
    ]
    for advice in ADVICE:
        judged = judge(advice, found)
        by = Counter(ways[0] for ways in judged.beaten if ways)
        cells = [advice.chart, str(advice.quadrant), advice.words, f"**{judged.words}**"]
        cells += [f"{sum(map(bool, judged.beaten))} of {len(judged.cases)}" if judged.cases else "–"]
        most = [way for way, count in by.items() if count == max(by.values())]
        cells += [", ".join(most) or "–", _range([mean for mean, _ in judged.ahead])]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def other_table(found, depths=WORLDS["drawn"].depths):
    """Return the verdicts on what names no single way of training, with their figures, as a table in Markdown.

    Parameters
    ----------
    found : list of chart.Case
    depths : sequence of str
        See `deeper`.
    """
    works, spreads = any_works(found)
    deep, frozen = deeper(found, depths)
    augment, gains = augmentation(found)
    blocks = ", ".join(f"{mean:.1f} in quadrant {quadrant}" for quadrant, mean in frozen.items())
    rows = [
        ("2: any strategy works", works, f"the best of four is ahead of the worst by {_range(spreads, '')} points"),
        (
            "3: train deeper than in quadrant 2",
            deep,
            f"frozen by choice, on average: {blocks}; it can be 1 to {len(depths)}",
        ),
        ("3: augment", augment, f"strategy 2 gains {_range([mean for mean, _ in gains])} points"),
    ]
    lines = ["| quadrant and advice | verdict | figures |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {advice} | **{words}** | {figures} |" for advice, words, figures in rows])


def _range(values, sign="+"):
    """Return a mean, the least and the most, as text, with signs or without."""
    if not values:
        return "–"
    rounded = (round(value, 1) + 0.0 for value in (sum(values) / len(values), min(values), max(values)))  # no "-0.0"
    mean, least, most = (f"{value:{sign}.1f}" for value in rounded)
    return f"{mean} ({least} to {most})" if len(values) > 1 else mean
