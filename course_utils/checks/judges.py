"""What the exercises of all notebooks share. A judge returns None for a correct answer, else what is not right yet."""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import numpy as np

from course_utils import backbones


@dataclass(frozen=True)
class Feedback:
    """What a check says of an answer to an exercise.

    Attributes
    ----------
    outcome : {"not attempted", "not yet", "correct"}
    message : str
    """

    outcome: str
    message: str

    def __repr__(self):
        """Return what the learner reads under the cell."""
        sign = {"correct": "✓", "not yet": "✗"}.get(self.outcome, "·")
        return f"{sign} {self.outcome.capitalize()}. {self.message}"


@dataclass(frozen=True)
class Exercise:
    """One exercise of a notebook.

    Attributes
    ----------
    judge : callable
        From the learner's answer to a sentence that says what is not right yet, or None if it is correct.
    praise, hint : str
    """

    judge: Callable
    praise: str
    hint: str


def short(answer):
    """Return how an answer looks, cut to one short line.

    Examples
    --------
    >>> short("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    try:
        text = " ".join(repr(answer).split())
    except Exception:  # a learner's own class may fail even at this
        text = f"a {type(answer).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def number(answer, wanted, tolerance, slips):
    """Judge a number.

    Parameters
    ----------
    answer
        What the learner gave.
    wanted, tolerance : float
    slips : dict of float to str
        Plausible wrong answers, each with the thought that leads to the right one.
    """
    if isinstance(answer, str):
        return f"A number is wanted, without quotes and without a percent sign. You gave {short(answer)}."
    if isinstance(answer, bool) or not isinstance(answer, Real):
        return f"A number is wanted. You gave {short(answer)}."
    if not abs(answer) < float("inf"):
        return f"A finite number is wanted. You gave {short(answer)}."
    if abs(int(answer)) > 10**300:  # whole, and beyond all floats: to subtract one would raise
        wanted, slips = int(wanted), {}
    if abs(answer - wanted) <= tolerance:
        return None
    for slip, reason in sorted(slips.items(), key=lambda item: abs(answer - item[0])):  # the nearest first
        if abs(answer - slip) <= tolerance:
            return f"You gave {short(answer)}. {reason}"
    return f"You gave {short(answer)}, which is too {'large' if answer > wanted else 'small'}."


def has_base(model, name):
    """Tell whether the first convolution of a learner's model is that of a CourseNet, such as "coursenet_guide".

    It may have been trained for a few steps since, with a small rate. Random weights differ by a tenth and more.
    """
    wanted = backbones.load(name).get_layer("block1_conv1").get_weights()[0]
    found = [weight for weight in model.get_weights() if weight.shape == wanted.shape]
    return bool(found) and np.allclose(found[0], wanted, atol=0.01)
