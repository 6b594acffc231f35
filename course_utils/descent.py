"""Gradient descent on a loss of one weight: small enough to draw every step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """A loss of one weight.

    Attributes
    ----------
    loss, slope : callable
        From a weight, or an array of weights, to the loss and to its derivative.
    low, high : float
        The weights that a figure shows.
    """

    loss: Callable
    slope: Callable
    low: float
    high: float


CURVES = {
    "bowl": Curve(lambda w: w**2, lambda w: 2 * w, -6, 6),
    # Two valleys: the right one is where pre-training has led, the left one a place like any other.
    "two valleys": Curve(
        lambda w: (w**2 - 4) ** 2 / 16 - w / 4 + 1.5, lambda w: w * (w**2 - 4) / 4 - 1 / 4, -3.75, 3.75
    ),
}


def descend(curve, start, rate, steps):
    """Go downhill: subtract from the weight, again and again, the learning rate times the slope.

    Parameters
    ----------
    curve : Curve
    start, rate : float
    steps : int

    Returns
    -------
    ndarray of shape (steps + 1,)
        The weight at the start and after every step; from where it is too large for a number on, NaN.

    Examples
    --------
    >>> descend(CURVES["bowl"], start=5.0, rate=0.25, steps=3)
    array([5.   , 2.5  , 1.25 , 0.625])
    """
    path = [float(start)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            weight = np.float64(path[-1])
            path.append(float(weight - rate * curve.slope(weight)))
    found = np.array(path)
    found[~np.isfinite(found)] = np.nan
    return found
