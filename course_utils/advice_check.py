"""How much accuracy the advice gives away, against rules that need no measurement: one target is left out at a time.

The advice for a case of one target comes from the cases of the other targets alone. What is given away is the regret:
by how many points the advised way stays behind the best one, chosen after the fact. A learner measures similarity once,
on one set of pictures: so each recorded sample of it is asked for advice, and the regrets are averaged.
"""

from course_utils import advice, chart, chart_rules, chart_views, similarity

MEASURED = "measured advice"
CHARTS = {"chart (Marcelino)": "Marcelino", "chart (CS231n)": "CS231n"}
ALWAYS = {f"always {way}": way for way in ("3", "warm start", "2", "1")}
RULES = (MEASURED, *CHARTS, *ALWAYS)


def advised(rule, case, others):
    """Return what a rule advises for a case.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    case : chart.Case
    others : list of chart.Case
        Cases of other targets: all that the measured advice may look at.

    Returns
    -------
    list of str
        Ways of training: one for each sample on which similarity was measured; of the other rules one.
    """
    if rule in ALWAYS:
        return [ALWAYS[rule]]
    if rule in CHARTS:
        way = chart_rules.textbook(CHARTS[rule], case.similar, case.n_samples)
        return [way if way in case.means else "3"]  # an SVM was measured with few pictures only: it is a head, too
    samples = similarity.of_samples(case.backbone, case.task, case.n_samples)
    return [advice.advise(case.n_samples, measured, others).way for measured in samples]


def regrets(found, measured_in=None):
    """Return what each rule gives away in each case.

    Parameters
    ----------
    found : list of chart.Case
        Those in which all four strategies were measured count.
    measured_in : list of chart.Case, optional
        Where the measured advice comes from; by default `found`. Cases of the same target are left out.

    Returns
    -------
    dict of str to list of (chart.Case, float)
        Rule -> case and points.
    """
    cases = [case for case in found if set(chart.PLAIN) <= set(case.means)]
    result = {rule: [] for rule in RULES}
    for case in cases:
        others = _others(case, found, measured_in)
        for rule, points in result.items():
            ways = advised(rule, case, others)
            points.append((case, sum(chart.regret(case, way) for way in ways) / len(ways)))
    return result


def _others(case, found, measured_in):
    """Return the cases from which advice on a case may come: those of other targets."""
    return [one for one in (found if measured_in is None else measured_in) if one.task != case.task]


def worst(found, rule, count=3, measured_in=None):
    """Return the cases in which a rule gives away most, the worst first, as a table in Markdown.

    Parameters
    ----------
    found, measured_in
        As for `regrets`.
    rule : str
        One of `RULES`.
    count : int
    """
    pairs = sorted(regrets(found, measured_in)[rule], key=lambda pair: -pair[1])[:count]
    lines = [f"| {rule} | pictures | says | best | gives away (points) |", "| --- " * 5 + "|"]
    for case, points in pairs:
        says = " or ".join(dict.fromkeys(advised(rule, case, _others(case, found, measured_in))))
        best, pair = max(case.means, key=case.means.get), chart_views.pair_name(case.backbone, case.task)
        lines.append(f"| {pair} | {case.n_samples:,} | {says} | {best} | {points:.1f} |")
    return "\n".join(lines)


def table(found, measured_in=None):
    """Return the regrets as a table in Markdown: the mean over all cases, of each size, and the worst case."""
    measured = regrets(found, measured_in)
    sizes = sorted({case.n_samples for case, _ in measured[MEASURED]})
    lines = [f"| rule | all cases | {' | '.join(f'{n:,} pictures' for n in sizes)} | worst case |"]
    lines.append("| --- " * (3 + len(sizes)) + "|")
    for rule, pairs in measured.items():
        groups = [[points for _, points in pairs]]
        groups += [[points for case, points in pairs if case.n_samples == n] for n in sizes]
        cells = [f"{sum(group) / len(group):.1f}" for group in groups] + [f"{max(groups[0]):.1f}"]
        lines.append(f"| {rule} | {' | '.join(cells)} |")
    return "\n".join(lines)
