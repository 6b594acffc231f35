"""What the measuring commands share: every try is recorded, and rates are chosen on validation pictures."""

from dataclasses import replace
from itertools import product

from course_utils import data, records


def validation_task(task, n_samples, seed):
    """Return a task to choose a learning rate on; the real test pictures have no part in it.

    Parameters
    ----------
    task : Task
    n_samples : int
    seed : int

    Returns
    -------
    Task
        Its pool is three quarters of a sample of `n_samples` training pictures, its test pictures are the last quarter.
    """
    train, held_out = data.split(data.sample(task.train, n_samples, seed), 0.25, seed)
    return replace(task, train=train, test=held_out)


def choose_rate(name, run_once, tasks, n_samples, strategy, rates, seeds):
    """Return the learning rate that does best on validation pictures, of equals the largest; record every try.

    Parameters
    ----------
    name : str
        Results file of the tries. Those already there are not repeated.
    run_once : callable
        From strategy, task, number of pictures, rate and seed to a Run.
    tasks : sequence of Task
        The rate is chosen for all of them together.
    n_samples : int
        Size of the sample, validation pictures included.
    strategy : Strategy
    rates : sequence of float
    seeds : sequence of int
        The accuracy is averaged over tasks and seeds: small samples have few validation pictures.

    Returns
    -------
    float
    """
    done = {(_key(r), float(r["learning_rate"])): float(r["accuracy"]) for r in recorded(name)}
    scores = dict.fromkeys(rates, 0.0)
    for rate in rates:
        for task, seed in product(tasks, seeds):
            key = ((strategy.name, task.name, n_samples, seed), rate)
            if key not in done:
                part = validation_task(task, n_samples, seed)
                run = replace(run_once(strategy, part, len(part.train), rate, seed), n_samples=n_samples)
                records.append(name, records.row(run))
                done[key] = run.test_accuracy
            scores[rate] += done[key]
    return max(scores, key=lambda rate: (round(scores[rate], 6), rate))


def recorded(name):
    """Return the rows recorded so far under a name; none if there is no file yet."""
    return records.read(name) if records.path(name).is_file() else []


def _key(row):
    """Return what tells the runs of one results file apart, besides their rate; a file has one backbone."""
    return row["strategy"], row["task"], int(row["n_samples"]), int(row["seed"])


def missing_seeds(name, task, n_samples, strategy, seeds):
    """Return the seeds for which there is no row yet."""
    done = {_key(row) for row in recorded(name)}
    return [seed for seed in seeds if (strategy.name, task.name, n_samples, seed) not in done]
