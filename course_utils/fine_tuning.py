"""The comparisons of notebook 03: what is compared, and what was recorded (see `commands.fine_tuning`)."""

import numpy as np

from course_utils import metrics, records, strategies
from course_utils.cards import CourseError, Strategy
from course_utils.shifts import SHIFTS

BACKBONE, TASKS, N_SAMPLES, EPOCHS, SEEDS = "coursenet_guide", ("garden", "biopsy"), 256, 25, range(5)
# Forgetting: from a rate that hardly moves a weight to one that leaves nothing as it was. Three seeds will do, since
# what is asked is large.
FORGETTING_SEEDS = range(3)
RATES = (0.00002, 0.0002, 0.002, 0.02, 0.2)
FROZEN = {"none": strategies.find("warm start"), "block3": strategies.find(2), "all": strategies.find(3)}

# Ways to fine-tune a whole network: name -> strategy, and other settings of `training.train`. Fixed before any result
# was seen. A name of its own tells the runs of each apart in the records.
_HEAD_FIRST, _PER_DEPTH = {"head_epochs": 25}, {"depth_factor": 1 / 2.6}
WAYS = {
    "head only": (strategies.find(3), {}),
    "all at once": (strategies.find("warm start"), {}),
    "head first": (Strategy("head first: then everything", True, "none"), _HEAD_FIRST),
    "rates per depth": (Strategy("rates per depth: train everything", True, "none"), _PER_DEPTH),
}


def recorded(name, **wanted):
    """Return recorded rows of `forgetting` or `head_first`, in the order of their seeds."""
    rows = records.select(records.read(name), **wanted)
    if not rows:
        raise CourseError(f"Expected recorded results for {wanted} in data/results/{name}.csv. Found none.")
    return sorted(rows, key=lambda row: int(row["seed"]))


def forgetting(task, depth):
    """Return what fine-tuning at each rate did to the target task and to the source task.

    Parameters
    ----------
    task : {"garden", "biopsy"}
    depth : {"none", "block3", "all"}

    Returns
    -------
    dict of float to dict
        Rate -> "target", "source", and "own statistics": the source task with BatchNorm statistics measured on it
        again. Each is a mean and half the width of its 95 % interval, in percent.
    """
    found = {}
    for rate in RATES:
        rows = recorded("forgetting", task=task, freeze_depth=depth, learning_rate=rate)
        columns = {"target": "accuracy", "source": "source_accuracy", "own statistics": "own_statistics_accuracy"}
        found[rate] = {part: metrics.mean_interval(percent(rows, column)) for part, column in columns.items()}
    return found


def percent(rows, column):
    """Return a column of accuracies in percent."""
    return [100 * float(row[column]) for row in rows]


def scores(task, way, place):
    """Return the accuracies of a way, one a seed, in percent.

    Parameters
    ----------
    task : {"garden", "biopsy"}
    way : str
        A key of `WAYS`.
    place : {"test", "source", "shifted", "dusk", "blur", "noise"}
        On which pictures. "shifted" is the mean over the three shifts.

    Returns
    -------
    list of float
    """
    rows = recorded("head_first", task=task, strategy=WAYS[way][0].name)
    if place == "shifted":
        return [sum(values) / len(SHIFTS) for values in zip(*[percent(rows, shift) for shift in SHIFTS], strict=True)]
    return percent(rows, {"test": "accuracy", "source": "source_accuracy"}.get(place, place))


def intervals(task, places):
    """Return for every way and place the mean and half the width of its 95 % interval over seeds: a dict of dicts."""
    return {way: {place: metrics.mean_interval(scores(task, way, place)) for place in places} for way in WAYS}


def difference(task, first, second, place):
    """Return by how many points one way beats another: mean and half the width of the 95 % interval, paired."""
    return metrics.paired_difference(scores(task, first, place), scores(task, second, place))


def forgetting_table():
    """Return target and source accuracy at every rate as a table in Markdown: mean and 95 % interval over seeds."""
    lines = [f"| task | frozen | judged on | {' | '.join(f'rate {decimal(rate)}' for rate in RATES)} |"]
    lines.append("| --- " * (3 + len(RATES)) + "|")
    for task in TASKS:
        for depth, strategy in FROZEN.items():
            found = forgetting(task, depth)
            names = {"target": task, "source": "the field guide", "own statistics": "the same, its own statistics"}
            for part, shown in names.items():
                cells = [_cell(found[rate][part]) for rate in RATES]
                way = strategy.name.split(":")[0]
                lines.append(
                    f"| {task} | {way if depth != 'block3' else '2, to block3'} | {shown} | {' | '.join(cells)} |"
                )
    return "\n".join(lines)


def ways_table():
    """Return the accuracy of every way, on test pictures as they are and shifted, and on the source task."""
    places = ("test", *SHIFTS, "shifted", "source")
    names = {"test": "test pictures", "shifted": "mean of the three", "source": "field guide"}
    lines = [f"| task | way | {' | '.join(names.get(place, place) for place in places)} |"]
    lines.append("| --- " * (2 + len(places)) + "|")
    for task in TASKS:
        for way in WAYS:
            cells = [_cell(metrics.mean_interval(scores(task, way, place))) for place in places]
            lines.append(f"| {task} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def decimal(rate):
    """Return a learning rate as text, without an exponent.

    Examples
    --------
    >>> decimal(0.00002)
    '0.00002'
    """
    return np.format_float_positional(rate, trim="-")


def _cell(interval):
    """Return a mean and its interval as text."""
    return "{:.1f} ± {:.1f}".format(*interval)
