"""The measured quadrant chart: what the sweep recorded, case by case, and what follows for each piece of advice.

A case is a backbone, a task and a number of training pictures. By which rules it is judged stands in `chart_rules`.
"""

import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import product

from course_utils import chart_rules, metrics, networks, sweep_plan, sweeping
from course_utils.cards import CourseError, CourseWarning
from course_utils.ledger import Ledger
from course_utils.sweep_plan import WORLDS, Cell

PLAIN = sweep_plan.PLAIN


@dataclass(frozen=True)
class Case:
    """What the sweep says of one backbone, task and size.

    Attributes
    ----------
    backbone : str
        As recorded, such as "MobileNetV2 alpha=0.35".
    task : str
    n_samples : int
    scores : dict of str to list of float
        Way of training -> accuracies in percent, by seed; strategy 2 at the depth that validation pictures chose.
    depth : str or None
        That depth, where strategy 2 was measured.
    rates : dict of str to float
        Way of training -> the learning rate that was chosen; for an SVM, C.
    """

    backbone: str
    task: str
    n_samples: int
    scores: dict
    depth: str | None
    rates: dict

    @property
    def similar(self):
        """Whether the task is like the source, by common sense."""
        return (self.backbone, self.task) in chart_rules.SIMILAR

    @property
    def means(self):
        """The mean accuracy of every way of training without augmentation, in percent: a dict."""
        return {way: sum(values) / len(values) for way, values in self.plain().items()}

    @property
    def quadrant(self):
        """The number of the quadrant; None between small and large."""
        return chart_rules.quadrant(self.similar, self.n_samples)

    def plain(self):
        """Return the scores of the ways without augmentation."""
        return {way: values for way, values in self.scores.items() if "augmentation" not in way}


def cases(world="drawn", ledger=None, partial=False):
    """Return the cases of a world, small ones first.

    Parameters
    ----------
    world : {"drawn", "photographs"}
    ledger : Ledger, optional
        By default what is recorded in data/results.
    partial : bool
        Leave out cases in which something is missing, as while a sweep is running.

    Returns
    -------
    list of Case

    Raises
    ------
    CourseError
        If a run or a try is missing, unless `partial`.
    """
    plan, find = WORLDS[world], (ledger or Ledger()).find
    found = []
    for n_samples, task, backbone in product(plan.ways, plan.tasks, plan.backbones):
        try:
            found.append(_case(world, backbone, task, n_samples, find))
        except LookupError as missing:
            if not partial:
                job = missing.args[0]
                raise CourseError(
                    f"Expected all runs of the sweep in data/results. Missing: {'a try' if job.trying else 'a run'} of "
                    f"{job.cell.name}, seed {job.seed}. `git checkout data/results` brings recorded ones back; "
                    "`python -m course_utils.commands.sweep` measures it."
                ) from None
    return found


def whole_sizes(world="drawn", ledger=None):
    """Return the cases of the sizes in which nothing is missing: of a sweep that is not finished, what can be used.

    A CourseWarning names the sizes that are left out.

    Parameters
    ----------
    world, ledger
        As for `cases`.
    """
    plan, found = WORLDS[world], cases(world, ledger, partial=True)
    counts = Counter(case.n_samples for case in found)
    whole = [n_samples for n_samples in plan.ways if counts[n_samples] == len(plan.tasks) * len(plan.backbones)]
    missing = [f"{n:,}" for n in plan.ways if n not in whole]
    if missing:
        warnings.warn(
            CourseWarning(
                f"Of the sweep through {world} pictures some runs are missing, and these numbers of pictures are left "
                f"out: {', '.join(missing)}. `git checkout data/results` brings recorded runs back; `python -m "
                "course_utils.commands.sweep` measures them."
            ),
            stacklevel=2,
        )
    return [case for case in found if case.n_samples in whole]


def _case(world, backbone, task, n_samples, find):
    """Return one case; a LookupError names the first job that is missing."""
    plan, scores, rates, depth = WORLDS[world], {}, {}, None
    for way in plan.ways[n_samples]:
        owner = plan.backbones[0] if way == "1" else backbone  # training from scratch has no source
        cell = Cell(world, owner, task, n_samples, way, depth if way == "2 with augmentation" else None)
        chosen = sweeping.choose(cell, lambda job: float(_needed(find, job)["accuracy"]))
        first = dict([next(iter(chosen.items()))])
        rows = [_needed(find, job) for job in sweeping.jobs(cell, first)]
        depth = next(iter(first)) if way == "2" else depth
        scores[way], rates[way] = [100 * float(row["accuracy"]) for row in rows], next(iter(first.values()))
    return Case(networks.label(backbone, plan.options), task, n_samples, scores, depth, rates)


def _needed(find, job):
    """Return the row of a job."""
    row = find(job)
    if row is None:
        raise LookupError(job)
    return row


def depth_curve(backbone, task, ledger=None):
    """Return accuracy by freeze depth with `sweeping.CURVE` pictures: nothing, each depth, the whole base.

    Returns
    -------
    dict of str to (float, float)
        Depth -> mean accuracy in percent, and half the width of its 95 % interval; empty if it was not measured.
    """
    find = (ledger or Ledger()).find
    found = {}
    try:
        for way in ("warm start", "2", "3"):
            cell = Cell("drawn", backbone, task, sweeping.CURVE, way)
            chosen = sweeping.choose(cell, lambda job: float(_needed(find, job)["accuracy"]))
            for depth in WORLDS["drawn"].depths if way == "2" else chosen:
                jobs = sweeping.jobs(cell, {depth: chosen[depth]})
                values = [100 * float(_needed(find, job)["accuracy"]) for job in jobs]
                found[depth or sweep_plan.strategy(way).freeze] = metrics.mean_interval(values)
    except LookupError:
        return {}
    return found


def regret(case, way):
    """Return by how many points a way stays behind the best plain one of its case, by the means; 0 if it is best.

    The best is chosen after the fact, so that even a perfect rule would show some regret.
    """
    if way not in case.means:
        raise CourseError(f"Expected a way that was measured: {', '.join(case.means)}. Received: {way!r}.")
    return max(case.means.values()) - case.means[way]
