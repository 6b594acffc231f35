"""How similar a target task is to a source: what was recorded, and how well it ranks the pairs.

The measures need no training of the network, and only the training pictures that a learner would have. All are turned
so that higher means more similar:

- *probe gap*: of the errors that a linear probe makes on features of random weights, the share that is gone with the
  source's features; 1 if none is left, 0 if the source tells no more than chance weights do. A share, not points,
  because a task of two classes has fewer points to win than one of eight;
- *LEEP* and *LogME*: see `transferability`;
- *distance*: how far the means of the features lie from those of source pictures, with its sign turned.

The advice of the course relies on the probe gap. That was settled before any measure was compared with results: it is
the only one that a learner can read, and that has the same scale on every network and number of classes.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

from course_utils import records
from course_utils.cards import CourseError

FILE = "similarity"
MEASURES = ("probe gap", "LEEP", "LogME", "distance")
USED = "probe gap"
SIZES = (64, 256, 1024)
_COLUMNS = ("measure", "n_samples", "backbone", "task", "seed", "value")


def share_of_errors(accuracy, chance_accuracy):
    """Return the probe gap: which share of the errors is gone.

    Parameters
    ----------
    accuracy, chance_accuracy : float
        Of a probe on the source's features, and on those of random weights; 0 to 1.

    Returns
    -------
    float
        -1 to 1; below 0 if the source's features are the worse ones. 0 if random weights make no errors: then the task
        is too easy to tell.

    Examples
    --------
    >>> round(share_of_errors(0.9, 0.6), 2)
    0.75
    """
    if chance_accuracy >= 1:
        return 0.0
    return max((accuracy - chance_accuracy) / (1 - chance_accuracy), -1.0)


def recorded(measure, n_samples):
    """Return a measure of every pair.

    Parameters
    ----------
    measure : str
        One of `MEASURES`.
    n_samples : int
        One of `SIZES`.

    Returns
    -------
    dict of (str, str) to list of float
        Backbone and task -> values, one a seed.

    Raises
    ------
    CourseError
        If nothing was recorded under these.
    """
    path = records.path(FILE)
    found = _read(path, path.stat().st_mtime if path.is_file() else None).get((measure, str(n_samples)))
    if not found:
        raise CourseError(
            f"Expected a measure ({', '.join(MEASURES)}) and a size ({', '.join(map(str, SIZES))}) that were recorded. "
            f"Received {measure!r} with {n_samples} pictures."
        )
    return found


@lru_cache(1)
def _read(path, changed):
    """Return all that was recorded: a dict of measure and size to what `recorded` returns; read anew if it changed."""
    found, seen = {}, set()
    for number, row in enumerate(records.read(FILE), start=2):
        try:
            measure, n_samples, backbone, task, seed, value = (row[column] for column in _COLUMNS)
            value = float(value)
        except (KeyError, TypeError, ValueError):
            raise CourseError(
                f"Expected the columns {', '.join(_COLUMNS)} in {path}. Line {number} is damaged, or of another "
                f"version: `git checkout data/results/{FILE}.csv` brings the recorded one back."
            ) from None
        if (measure, n_samples, backbone, task, seed) in seen:
            raise CourseError(
                f"Expected every measure once in {path}. Line {number} repeats an earlier one. Remove it."
            )
        seen.add((measure, n_samples, backbone, task, seed))
        found.setdefault((measure, n_samples), {}).setdefault((backbone, task), []).append(value)
    return found


def of_pair(backbone, task, n_samples, measure=USED):
    """Return a measure of one pair: the mean of what `of_samples` returns."""
    return float(np.mean(of_samples(backbone, task, n_samples, measure)))


def of_samples(backbone, task, n_samples, measure=USED):
    """Return a measure of one pair, a list by seed: with `n_samples` pictures, or the nearest size below.

    Raises
    ------
    CourseError
        If it was not recorded.
    """
    size = max((size for size in SIZES if size <= n_samples), default=SIZES[0])
    found = recorded(measure, size)
    if (backbone, task) not in found:
        raise CourseError(f"Expected a pair whose {measure} was recorded. Received {backbone} and {task}.")
    return found[backbone, task]


def rank_correlation(first, second):
    """Return how well one list of numbers puts things into the order of another.

    Spearman's rho, and its 95 % interval on Fisher's scale with the standard error of Bonett & Wright (2000). With nine
    things it is wide, and rightly so. It takes them to be independent: pairs that share a task are less so, and the
    truth is less sure still. Two lists in the same order would have an interval without width; they get the one of
    lists in which two neighbours are swapped.

    Parameters
    ----------
    first, second : sequence of float
        As many of one as of the other; four or more.

    Returns
    -------
    rho, low, high : float
        0, -1 and 1 if all of one are equal: then there is no order.

    Examples
    --------
    >>> rho, low, high = rank_correlation([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 4, 6, 7, 8, 9])
    >>> print(f"{rho:.2f} ({low:.2f} to {high:.2f})")
    0.98 (0.89 to 1.00)
    """
    if len(set(first)) == 1 or len(set(second)) == 1:
        return 0.0, -1.0, 1.0

    n, rho = len(first), float(stats.spearmanr(first, second).statistic)
    most = 1 - 12 / (n * (n**2 - 1))  # two neighbours are swapped
    used = min(max(rho, -most), most)
    half = stats.norm.ppf(0.975) * np.sqrt((1 + used**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(used) + np.array([-half, half]))
    return rho, float(low), float(high)
