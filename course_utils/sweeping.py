"""How a cell of the sweep is measured: rate and depth are chosen on validation pictures, then its seeds are run."""

from dataclasses import replace
from functools import partial

from course_utils import rates
from course_utils.sweep_plan import WORLDS, Job

# With so many pictures strategy 2 is run at every depth, for the freeze-depth curve.
CURVE = 256


def choose(cell, ask):
    """Return the rate for every depth, the best depth first, as validation pictures choose.

    Parameters
    ----------
    cell : Cell
    ask : callable
        From a Job to its accuracy.

    Returns
    -------
    dict of (str or None) to float
        Depths that strategy 2 may freeze, or blocks for SVMs; None where there is nothing to choose from.
    """
    plan = WORLDS[cell.world]
    if cell.n_samples > plan.most_tried:
        return choose(replace(cell, n_samples=plan.most_tried), ask)

    def score(depth, rate):
        return round(sum(ask(Job(cell, depth, rate, seed, True)) for seed in plan.tries(cell.n_samples)), 6)

    def climbed(depth):
        return rates.climb(partial(score, depth))

    if cell.way == "SVM":
        chosen = {
            block: rates.best_of(lambda rate, block=block: score(block, rate), rates.COSTS) for block in plan.blocks
        }
    elif cell.way != "2":
        return {cell.depth: climbed(cell.depth)}
    elif cell.n_samples < plan.long:
        chosen = {depth: climbed(depth) for depth in plan.depths}
    else:
        chosen = dict.fromkeys(plan.depths, climbed(plan.middle))
    best = max(reversed(chosen), key=lambda depth: score(depth, chosen[depth]))  # of equals what freezes most
    return {best: chosen[best]} | chosen


def jobs(cell, chosen):
    """Return the runs of a cell, once its rates and depths are chosen: a list of Job."""
    plan = WORLDS[cell.world]
    kept = chosen if (cell.way, cell.n_samples) == ("2", CURVE) else dict([next(iter(chosen.items()))])
    return [Job(cell, depth, rate, seed, False) for depth, rate in kept.items() for seed in plan.seeds(cell.n_samples)]


def measure(cell, ask, run):
    """Measure a cell; where strategy 2 is measured with augmentation too, do so at the same depth.

    Parameters
    ----------
    cell : Cell
    ask : callable
        From a Job to its accuracy: what is chosen depends on it.
    run : callable
        Does a Job: nothing else depends on it.
    """
    chosen = choose(cell, ask)
    for job in jobs(cell, chosen):
        run(job)
    augmented = replace(cell, way="2 with augmentation", depth=next(iter(chosen)))
    if cell.way == "2" and augmented.way in WORLDS[cell.world].ways[cell.n_samples]:
        measure(augmented, ask, run)


def measured(cell, find):
    """Tell whether a cell is measured whole.

    Parameters
    ----------
    find : callable
        From a Job to its recorded row, or None.
    """

    def look_up(job):
        row = find(job)
        if row is None:
            raise LookupError(job)
        return float(row["accuracy"])

    try:
        measure(cell, look_up, look_up)
    except LookupError:
        return False
    return True


def cost(cell):
    """Return about how long a run of a cell takes, in pictures that pass through the whole network."""
    share = {"SVM": 0.001, "3": 0.05, "2": 0.4}.get(cell.way, 1)
    return cell.n_samples * WORLDS[cell.world].epochs_of(cell.way, cell.n_samples) * share


def expected(cell):
    """Return about how long a whole cell takes, in the same unit; climbing tries four rates, more or less."""
    plan = WORLDS[cell.world]
    seeds, tries = len(plan.seeds(cell.n_samples)), 3 * len(plan.tries(cell.n_samples))  # a try is shorter than a run
    runs = {"SVM": seeds + 30 * tries, "2": 2 * seeds + 2 * tries}.get(cell.way, seeds + tries)
    if cell.n_samples > plan.most_tried:
        runs = seeds
    augmented = replace(cell, way="2 with augmentation")
    more = expected(augmented) if cell.way == "2" and augmented.way in plan.ways[cell.n_samples] else 0
    return runs * cost(cell) + more
