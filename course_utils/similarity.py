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


def share_of_errors(accuracy, chance_accuracy):
    """Return the probe gap: which share of the errors is gone.

    Parameters
    ----------
    accuracy, chance_accuracy : float
        Of a probe on the source's features, and on those of random weights; 0 to 1.

    Returns
    -------
    float
        At most 1; below 0 if the source's features are the worse ones.

    Examples
    --------
    >>> round(share_of_errors(0.9, 0.6), 2)
    0.75
    """
    return (accuracy - chance_accuracy) / max(1 - chance_accuracy, 1e-3)


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
    found = {}
    for row in records.read(FILE):
        pairs = found.setdefault((row["measure"], row["n_samples"]), {})
        pairs.setdefault((row["backbone"], row["task"]), []).append(float(row["value"]))
    return found


def of_pair(backbone, task, n_samples, measure=USED):
    """Return a measure of one pair: the mean over seeds, with `n_samples` pictures or the nearest size below."""
    size = max((size for size in SIZES if size <= n_samples), default=SIZES[0])
    found = recorded(measure, size)
    if (backbone, task) not in found:
        raise CourseError(f"Expected a pair whose {measure} was recorded. Received {backbone} and {task}.")
    return float(np.mean(found[backbone, task]))


def rank_correlation(first, second, seed=0):
    """Return how well one list of numbers puts things into the order of another.

    Spearman's rho, and its 95 % interval by a bootstrap over the things compared (BCa, Efron 1987). With nine things
    it is wide, and rightly so.

    Parameters
    ----------
    first, second : sequence of float
        As many of one as of the other; four or more.
    seed : int

    Returns
    -------
    rho, low, high : float
        0, -1 and 1 if all of one are equal: then there is no order.

    Examples
    --------
    >>> rank_correlation([1, 2, 3, 4, 5], [2, 3, 5, 8, 9])
    (1.0, 1.0, 1.0)
    """
    if len(set(first)) == 1 or len(set(second)) == 1:
        return 0.0, -1.0, 1.0

    def rho(one, other):
        return stats.spearmanr(one, other).statistic if len(set(one)) > 1 < len(set(other)) else 0.0

    value = float(rho(first, second))
    if abs(value) > 1 - 1e-9:
        return (round(value, 6),) * 3  # every sample has it, too
    drawn = stats.bootstrap(
        (np.asarray(first), np.asarray(second)), rho, paired=True, vectorized=False, n_resamples=999, rng=seed
    )
    return value, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high)
