"""Learning rates that change during a training, by name. All are Keras's own."""

from course_utils.cards import CourseError
from course_utils.quiet import keras

_kinds = keras.optimizers.schedules


def _warm_up(rate, updates):
    """Rise from zero over the first tenth of the updates, then fall to zero along a cosine (Goyal et al. 2017)."""
    rise = max(1, updates // 10)
    return _kinds.CosineDecay(0.0, max(1, updates - rise), warmup_target=rate, warmup_steps=rise)


def _halves(rate, updates):
    """Halve the rate after each fifth of the updates."""
    places = sorted({max(1, updates * part // 5) for part in range(1, 5)})
    return _kinds.PiecewiseConstantDecay(places, [rate / 2**step for step in range(len(places) + 1)])


# Name -> function from the highest rate and the number of updates to what a Keras optimiser takes as learning rate.
SCHEDULES = {
    "constant": lambda rate, updates: _kinds.PolynomialDecay(rate, updates, end_learning_rate=rate),
    "cosine": _kinds.CosineDecay,  # Loshchilov & Hutter 2017, equation 5, without restarts
    "warm-up": _warm_up,
    "linear": lambda rate, updates: _kinds.PolynomialDecay(rate, updates, end_learning_rate=0.0),
    "steps": _halves,
}


def find(name, learning_rate, updates):
    """Return a schedule.

    Parameters
    ----------
    name : {"constant", "cosine", "warm-up", "linear", "steps"}
        "cosine" and "linear" fall to zero; "warm-up" rises over the first tenth, then falls along a cosine; "steps"
        halves the rate four times.
    learning_rate : float
        The highest rate.
    updates : int
        Number of updates in the whole training.

    Returns
    -------
    keras.optimizers.schedules.LearningRateSchedule

    Raises
    ------
    CourseError
        If there is none of that name.

    Examples
    --------
    >>> linear = find("linear", 0.01, 100)
    >>> [round(float(linear(update)), 4) for update in (0, 50, 100)]
    [0.01, 0.005, 0.0]
    """
    if name not in SCHEDULES:
        raise CourseError(f"Expected the name of a schedule: {', '.join(SCHEDULES)}. Received: {name!r}.")
    return SCHEDULES[name](learning_rate, updates)
