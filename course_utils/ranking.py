"""How well the measures of similarity rank the pairs of source and target by what transfer gains there."""

from course_utils import similarity
from course_utils.sweep_plan import WORLDS

PAIRS = len(WORLDS["drawn"].backbones) * len(WORLDS["drawn"].tasks)
# What is ranked: the best of the pre-trained ways, and the frozen base, each against training from scratch.
GAINS = {"best pre-trained way": ("warm start", "2", "3"), "strategy 3": ("3",)}


def gain(case, ways):
    """Return by how many points the best of a few ways is ahead of training from scratch, by the means.

    Parameters
    ----------
    case : chart.Case
    ways : sequence of str
        Of `sweep_plan.WAYS`.
    """
    means = {way: sum(values) / len(values) for way, values in case.scores.items()}
    return max(means[way] for way in ways) - means["1"]


def correlations(found, n_samples):
    """Return how well each measure ranks the pairs with so many pictures.

    Parameters
    ----------
    found : list of chart.Case
    n_samples : int
        One of `similarity.SIZES`.

    Returns
    -------
    dict of str to dict of str to (float, float, float)
        Measure -> what is ranked, of `GAINS` -> rank correlation, and its 95 % interval.
    """
    cases = [case for case in found if case.n_samples == n_samples]
    result = {}
    for measure in similarity.MEASURES:
        values = [similarity.of_pair(case.backbone, case.task, n_samples, measure) for case in cases]
        result[measure] = {
            name: similarity.rank_correlation(values, [gain(case, ways) for case in cases])
            for name, ways in GAINS.items()
        }
    return result


def best_sources(found, n_samples, measure):
    """Return for how many targets a measure names the source that gains most: the number, and how many there are.

    Targets that were not measured with every source are left out.

    Parameters
    ----------
    found : list of chart.Case
    n_samples : int
    measure : str
    """
    tasks = {case.task: [one for one in found if (one.task, one.n_samples) == (case.task, n_samples)] for case in found}
    tasks = {task: cases for task, cases in tasks.items() if len(cases) == len(WORLDS["drawn"].backbones)}
    right = 0
    for cases in tasks.values():
        named = max(cases, key=lambda case: similarity.of_pair(case.backbone, case.task, n_samples, measure))
        right += named == max(cases, key=lambda case: gain(case, GAINS["best pre-trained way"]))
    return right, len(tasks)


def table(found):
    """Return the rank correlations as a table in Markdown, with 95 % intervals."""
    lines = [f"| measure | pictures | {' | '.join(GAINS)} | best source named |", "| --- " * (3 + len(GAINS)) + "|"]
    for n_samples in similarity.SIZES:
        if sum(case.n_samples == n_samples for case in found) < PAIRS:
            continue  # not yet measured: a few pairs have no order to speak of
        for measure, ranked in correlations(found, n_samples).items():
            cells = ["{:.2f} ({:.2f} to {:.2f})".format(*values) for values in ranked.values()]
            named = "{} of {}".format(*best_sources(found, n_samples, measure))
            lines.append(f"| {measure} | {n_samples:,} | {' | '.join(cells)} | {named} |")
    return "\n".join(lines)
