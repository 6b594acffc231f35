"""What the measuring commands share: every run is recorded, and rates are chosen on validation pictures."""

import math
from dataclasses import dataclass, field, replace
from itertools import product

from course_utils import data, networks, records, training
from course_utils.cards import CourseError, Strategy, Task

# The learning rates that every comparison may choose from: each four times the one before.
GRID = tuple(2e-3 * 4.0**step for step in range(-6, 8))
START = GRID.index(2e-3)


@dataclass(frozen=True)
class Case:
    """What is measured: all that decides a run but its learning rate and its seed.

    Attributes
    ----------
    strategy : Strategy
    task : Task
    n_samples : int
        Number of training pictures.
    epochs : int
    backbone : str
    freeze_depth : str, optional
        For strategy 2.
    options : dict
        Passed on to `training.train`.
    """

    strategy: Strategy
    task: Task
    n_samples: int
    epochs: int
    backbone: str = "coursenet_guide"
    freeze_depth: str | None = None
    options: dict = field(default_factory=dict)


def run_once(case, rate, seed):
    """Train as the case says; return the Run."""
    return training.train(
        case.strategy,
        case.backbone,
        case.task,
        case.n_samples,
        learning_rate=rate,
        epochs=case.epochs,
        freeze_depth=case.freeze_depth,
        seed=seed,
        progress=False,
        **case.options,
    )


def try_once(case, rate, seed, run=None):
    """Train on three quarters of a sample of the pool and measure on the last quarter.

    The test pictures have no part in it.
    """
    train, held_out = data.split(data.sample(case.task.train, case.n_samples, seed), 0.25, seed)
    task = replace(case.task, train=train, test=held_out)
    done = (run or run_once)(replace(case, task=task, n_samples=len(train)), rate, seed)
    return replace(done, n_samples=case.n_samples)


def choose_rate(name, cases, seeds, run=None, of_equals="largest"):
    """Return the learning rate that does best on validation pictures; record every try.

    It is found by climbing: from 0.002 to the better neighbour on `GRID`, until neither is better. A rate on the edge
    of the grid is refused. (On a plateau a better rate farther away is not found.)

    Parameters
    ----------
    name : str
        Results file of the tries. Those already there are not repeated.
    cases : sequence of Case
        The rate is chosen for all of them together.
    seeds : sequence of int
        The accuracy is averaged over cases and seeds: small samples have few validation pictures.
    run : callable, optional
        From case, rate and seed to a Run; by default `run_once`.
    of_equals : {"largest", "smallest"}
        Which of equally good rates is taken. For a linear probe many large rates are equally good.

    Returns
    -------
    float
    """
    tried = _scorer(name, cases, seeds, run)

    def score(place):
        return tried(GRID[place]), place if of_equals == "largest" else -place

    best = START
    while 0 < best < len(GRID) - 1:
        better = max((best - 1, best, best + 1), key=score)
        if better == best:
            return GRID[best]
        best = better
    raise CourseError(f"Expected the best rate inside {GRID[0]:g} to {GRID[-1]:g}. It is on the edge: {GRID[best]:g}.")


def choose_among(name, cases, seeds, rates, run=None):
    """Return the best of a few rates, all of which are tried; of equals the nearest to 0.002. Else as `choose_rate`.

    For what is quick to try, and has plateaus on which climbing would stop: the C of an SVM. Beyond some C, and below
    some, nothing changes any more; so the best may be the first or the last of them.
    """
    tried = _scorer(name, cases, seeds, run)
    return max(rates, key=lambda rate: (tried(rate), -abs(math.log(rate / GRID[START]))))


def _scorer(name, cases, seeds, run):
    """Return a function from a rate to the sum of the accuracies on validation pictures; it records every try."""
    done = {(_key(row), float(row["learning_rate"])): float(row["accuracy"]) for row in recorded(name)}

    def score(rate):
        accuracies = []
        for case, seed in product(cases, seeds):
            key = (*_case_key(case), seed), rate
            if key not in done:
                tried = try_once(case, rate, seed, run)
                records.append(name, records.row(tried))
                done[key] = tried.test_accuracy
            accuracies.append(done[key])
        return round(sum(accuracies), 6)

    return score


def measure(name, case, rate, seeds, run=None, more=None):
    """Record the runs of a case that are not yet recorded.

    Parameters
    ----------
    name : str
        Results file.
    case : Case
    rate : float
    seeds : iterable of int
    run : callable, optional
        From case, rate and seed to a Run; by default `run_once`.
    more : callable, optional
        From a Run to a dict of further columns.
    """
    done = {_key(row): float(row["learning_rate"]) for row in recorded(name)}
    for seed in seeds:
        before = done.get((*_case_key(case), seed))
        if before not in (None, rate):
            raise CourseError(
                f"Expected runs with rate {rate:g} in {records.path(name)}. Found rate {before:g} for the same case. "
                "Remove those rows to measure them again."
            )
        if before is None:
            made = (run or run_once)(case, rate, seed)
            records.append(name, records.row(made) | (more(made) if more else {}))
            print(*_case_key(case), f"rate {rate:g}, seed {seed}: {made.test_accuracy:.3f}", flush=True)


def recorded(name):
    """Return the rows recorded so far under a name; none if there is no file yet."""
    return records.read(name) if records.path(name).is_file() else []


def _key(row):
    """Return what tells the runs of one results file apart, besides their rate."""
    names = [row[column] for column in ("backbone", "source", "task", "strategy", "freeze_depth")]
    return *names, *(int(row[column]) for column in ("image_size", "n_samples", "epochs", "seed"))


def _case_key(case):
    """Return the same of a case, without the seed."""
    source = networks.find(case.backbone).source if case.strategy.pretrained else "none"
    depth = case.freeze_depth or case.strategy.freeze
    backbone = networks.label(case.backbone, case.options)
    size = case.options.get("image_size", networks.find(case.backbone).image_size)
    return backbone, source, case.task.name, case.strategy.name, depth, size, case.n_samples, case.epochs
