"""Statistics of results, in NumPy."""

import math

import numpy as np

# 97.5 % points of Student's t distribution for 1 to 9 degrees of freedom: the course's comparisons have 2 to 10 seeds.
_T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


def mean_interval(values):
    """Return the mean of a few runs and the half-width of its 95 % confidence interval (Student 1908).

    Parameters
    ----------
    values : sequence of float
        2 to 10 results that differ in nothing but their seed.

    Returns
    -------
    mean, half_width : float

    Examples
    --------
    >>> mean, half_width = mean_interval([0.5, 0.6, 0.7])
    >>> print(f"{mean:.2f} +- {half_width:.2f}")
    0.60 +- 0.25
    """
    n = len(values)
    if not 2 <= n <= 10:
        raise ValueError(f"Expected 2 to 10 values. Received: {n}.")
    return float(np.mean(values)), float(_T_975[n - 2] * np.std(values, ddof=1) / math.sqrt(n))


def paired_difference(first, second):
    """Return by how much the first of two ways beats the second, over runs that share their seeds.

    Runs with the same seed have the same training pictures. What is easy or hard about these is in both, and cancels.

    Parameters
    ----------
    first, second : sequence of float
        2 to 10 results each, in the same order of seeds.

    Returns
    -------
    mean, half_width : float
        Of the differences; see `mean_interval`. If the interval holds 0, the runs do not tell which is better.

    Examples
    --------
    >>> mean, half_width = paired_difference([0.5, 0.7, 0.9], [0.4, 0.5, 0.6])
    >>> print(f"{mean:.2f} +- {half_width:.2f}")
    0.20 +- 0.25
    """
    if len(first) != len(second):
        raise ValueError(f"Expected as many results of one as of the other. Received: {len(first)} and {len(second)}.")
    return mean_interval(np.subtract(first, second))


def share_interval(share, n):
    """Return the 95 % interval of a share that was counted on `n` things (Wilson 1927).

    Parameters
    ----------
    share : float
        0 to 1.
    n : int

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> low, high = share_interval(0.9, 100)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.826 to 0.945
    """
    from scipy.stats import binomtest  # takes long to import

    found = binomtest(round(share * n), n).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
