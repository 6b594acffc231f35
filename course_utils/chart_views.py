"""The measured chart from several sides, ready to be drawn: by size, by winner, by depth, by time."""

from statistics import median

from course_utils import chart, chart_rules, ledger, metrics, similarity, sweep_plan
from course_utils.cards import way_name

# Training from scratch and a warm start do the same work; only the first weights differ.
_SAME_WORK = {"1": "warm start"}


def pair_name(backbone, task):
    """Return a pair in words.

    Examples
    --------
    >>> pair_name("coursenet_guide", "garden")
    'guide → garden'
    """
    source = backbone.removeprefix("coursenet_") if backbone.startswith("coursenet_") else "ImageNet"
    return f"{source} → {task.replace('_', ' ')}"


def by_similarity(found):
    """Return the pairs of some cases with their similarity, the most similar first.

    Parameters
    ----------
    found : list of chart.Case

    Returns
    -------
    dict of (str, str) to float
        Backbone and task -> probe gap with 256 pictures.
    """
    pairs = {(case.backbone, case.task) for case in found}
    gaps = {pair: similarity.of_pair(*pair, 256) for pair in pairs}
    return dict(sorted(gaps.items(), key=lambda item: -item[1]))


def curves(found, backbone, task):
    """Return accuracy by size of a pair: a dict of way to dict of size to mean and half the 95 % interval."""
    lines = {}
    for case in found:
        if (case.backbone, case.task) == (backbone, task):
            for way, values in case.scores.items():
                lines.setdefault(way, {})[case.n_samples] = metrics.mean_interval(values)
    return lines


def winners(found):
    """Return the ways that none beats, the most similar pair first.

    Returns
    -------
    dict of str to dict of int to list of str
        Pair and its similarity, in words -> pictures -> ways, the best mean first.
    """
    rows = {}
    for (backbone, task), gap in by_similarity(found).items():
        cases = [case for case in found if (case.backbone, case.task) == (backbone, task)]
        tied = {case.n_samples: chart_rules.tied(case.plain()) for case in cases}
        rows[f"{pair_name(backbone, task)}  ({gap:.2f})"] = tied
    return rows


def gains(found, task, way="warm start"):
    """Return by how many points a way is ahead of training from scratch on a task, by source and size.

    Returns
    -------
    dict of str to dict of str to (float, float)
        Pair, the most similar first -> pictures -> points, and half the width of the 95 % interval of the paired
        difference.
    """
    lines = {}
    for backbone, name in by_similarity(found):
        for case in found:
            if (case.backbone, case.task) == (backbone, name) and name == task:
                line = lines.setdefault(pair_name(backbone, task), {})
                line[f"{case.n_samples:,}"] = metrics.paired_difference(case.scores[way], case.scores["1"])
    return lines


def behind(found, ways=chart.PLAIN):
    """Return by how many points each way stays behind the best one of its case, on average over each quadrant.

    Parameters
    ----------
    found : list of chart.Case
        Those in which all of the ways were measured count.
    ways : sequence of str

    Returns
    -------
    dict of int to dict of str to float
        Quadrant -> way, the best first -> points.
    """
    whole = [case for case in found if set(ways) <= set(case.means)]
    means = {}
    for quadrant in sorted({case.quadrant for case in whole if case.quadrant}):
        cases = [case for case in whole if case.quadrant == quadrant]
        points = {way: sum(chart.regret(case, way) for case in cases) / len(cases) for way in ways}
        means[quadrant] = dict(sorted(points.items(), key=lambda item: item[1]))
    return means


def behind_table(worlds):
    """Return `behind` of several worlds as a table in Markdown, quadrant by quadrant.

    Parameters
    ----------
    worlds : dict of str to list of chart.Case
    """
    lines = [f"| quadrant | pictures are | cases | {' | '.join(map(way_name, chart.PLAIN))} |", "| --- " * 7 + "|"]
    means = {world: behind(found) for world, found in worlds.items()}
    for number in (1, 2, 3, 4):
        for world, found in worlds.items():
            if number in means[world]:
                count = sum(case.quadrant == number and set(chart.PLAIN) <= set(case.means) for case in found)
                points = " | ".join(f"{means[world][number][way]:.1f}" for way in chart.PLAIN)
                lines.append(f"| {number} | {world} | {count} | {points} |")
    return "\n".join(lines)


def crossing(found, backbone, task, way="warm start"):
    """Return the smallest measured size from which on a way is no longer surely ahead of training from scratch.

    Parameters
    ----------
    found : list of chart.Case
    backbone, task, way : str

    Returns
    -------
    int or None
        None if it is still ahead at the largest size.
    """
    cases = [case for case in found if (case.backbone, case.task) == (backbone, task)]
    level = None
    for case in sorted(cases, key=lambda case: -case.n_samples):
        if chart_rules.ahead(case.scores[way], case.scores["1"]):
            break
        level = case.n_samples
    return level


def depth_losses(pairs):
    """Return what freezing costs by depth: the accuracy less that of a warm start, over similar and other pairs.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Backbone and task.

    Returns
    -------
    dict of str to dict of str to (float, float)
        "similar" or "dissimilar" -> depth -> points: mean over the pairs, and half the width of its 95 % interval.
    """
    groups = {"similar": [], "dissimilar": []}
    for pair in pairs:
        curve = {depth: mean for depth, (mean, _) in chart.depth_curve(*pair).items()}
        if curve:
            groups["similar" if pair in chart_rules.SIMILAR else "dissimilar"].append(curve)
    return {
        name: {depth: metrics.mean_interval([one[depth] - one["none"] for one in group]) for depth in group[0]}
        for name, group in groups.items()
        if len(group) > 1
    }


def seconds(n_samples, world="drawn"):
    """Return how long one training takes on one processor core, by way: the median over the sweep's own runs.

    Parameters
    ----------
    n_samples : int
    world : {"drawn", "photographs"}

    Returns
    -------
    dict of str to float
    """
    tasks, found = sweep_plan.WORLDS[world].tasks, {}
    rows = [row for row in ledger.checked(ledger.RUNS) if row["task"] in tasks and row["n_samples"] == str(n_samples)]
    for way in sweep_plan.WAYS:
        name = sweep_plan.strategy(_SAME_WORK.get(way, way)).name
        taken = [float(row["seconds"]) for row in rows if row["strategy"] == name]
        if taken and median(taken) > 0:  # an SVM takes less than can be told
            found[way] = median(taken)
    return found
