"""What the measuring commands share: every run is recorded, and rates are chosen on validation pictures."""

from dataclasses import dataclass, field, replace
from itertools import product

from course_utils import data, networks, rates, records, training
from course_utils.cards import CourseError, Run, Strategy, Task


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


def frozen_run(case, rate, seed, **found):
    """Return the Run of a head that was trained on features, which stand in the case's task in place of pictures.

    Parameters
    ----------
    case : Case
    rate : float
    seed : int
    **found
        What only the training can tell: the accuracies, the seconds, the history, the model.
    """
    card = networks.find(case.backbone)
    return Run(
        strategy=case.strategy.name,
        backbone=networks.label(case.backbone, case.options),
        task=case.task.name,
        source=card.source if case.strategy.pretrained else "none",
        freeze_depth=case.freeze_depth or case.strategy.freeze,
        image_size=case.options.get("image_size", card.image_size),
        n_samples=case.n_samples,
        epochs=case.epochs,
        learning_rate=rate,
        seed=seed,
        **found,
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
    """Return the learning rate that does best on validation pictures, found by `rates.climb`; record every try.

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
    return rates.climb(_scorer(name, cases, seeds, run), of_equals)


def choose_among(name, cases, seeds, among, run=None):
    """Return the best of a few rates, all of which are tried, by `rates.best_of`. Else as `choose_rate`."""
    return rates.best_of(_scorer(name, cases, seeds, run), among)


def _scorer(name, cases, seeds, run):
    """Return a function from a rate to the sum of the accuracies on validation pictures; it records every try."""
    done = {(_key(row), float(row["learning_rate"])): float(row["accuracy"]) for row in recorded(name)}

    def score(rate):
        accuracies = []
        for case, seed in product(cases, seeds):
            key = (*_case_key(case), seed), rate
            if key not in done:
                row = records.row(try_once(case, rate, seed, run))
                records.append(name, row)
                done[key] = float(row["accuracy"])  # rounded: the same tie as when it is read again
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
