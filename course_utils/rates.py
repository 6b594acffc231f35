"""Learning rates: the grid that every comparison chooses from, and how the choice is made."""

import math

from course_utils.cards import CourseError

# Each is four times the one before.
GRID = tuple(2e-3 * 4.0**step for step in range(-6, 8))
START = GRID.index(2e-3)
# The C of SVMs that are tried, from 0.000125 to 2.
COSTS = GRID[4:12]


def climb(score, of_equals="largest"):
    """Return the rate with the highest score: from 0.002 to the better neighbour on `GRID`, until neither is better.

    On a plateau a better rate farther away is not found.

    Parameters
    ----------
    score : callable
        From a rate to a number, such as an accuracy on validation pictures. It is asked at most a few times.
    of_equals : {"largest", "smallest"}
        Which of equally good rates is taken. For a linear probe many large rates are equally good.

    Returns
    -------
    float

    Raises
    ------
    CourseError
        If the best rate is on the edge of the grid: a better one may lie outside.

    Examples
    --------
    >>> climb(lambda rate: -abs(rate - 0.03))
    0.032
    """

    def height(place):
        return score(GRID[place]), place if of_equals == "largest" else -place

    best = START
    while 0 < best < len(GRID) - 1:
        better = max((best - 1, best, best + 1), key=height)
        if better == best:
            return GRID[best]
        best = better
    raise CourseError(f"Expected the best rate inside {GRID[0]:g} to {GRID[-1]:g}. It is on the edge: {GRID[best]:g}.")


def best_of(score, among):
    """Return the rate with the highest score; all are tried. Of equals the nearest to 0.002.

    For what is quick to try, and has plateaus on which climbing would stop: the C of an SVM. Beyond some C, and below
    some, nothing changes any more; so the best may be the first or the last of them.

    Examples
    --------
    >>> best_of(lambda rate: min(rate, 0.03), GRID)
    0.032
    """
    return max(among, key=lambda rate: (score(rate), -abs(math.log(rate / GRID[START]))))
