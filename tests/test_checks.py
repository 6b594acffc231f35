"""Every exercise: its own solution is right, plausible slips are not, and nothing makes a check raise."""

import inspect
import math

import numpy as np
import pytest

from course_utils import backbones, checks
from course_utils.cards import CourseError
from course_utils.quiet import keras


def head(classes=8, frozen=True, pooled=True, head_frozen=False, source="slides", weights="pretrained", hidden=0):
    base = backbones.load(f"coursenet_{source}", weights)
    base.trainable = not frozen
    shrink = keras.layers.GlobalAveragePooling2D() if pooled else keras.layers.Flatten()
    between = [keras.layers.Dense(hidden, activation="relu")] if hidden else []
    model = keras.Sequential([base, shrink, *between, keras.layers.Dense(classes)])
    model.trainable = not head_frozen
    return model


def only_convolutions_frozen():
    model = head(frozen=False)
    for layer in model.layers[0].layers:
        layer.trainable = "conv" not in layer.name
    return model


# Each wrong answer with a word that the message must hold.
WRONG = {
    "00.1": [
        (0.125, "percent"),
        (50, "two classes"),
        (8, "one chance in eight"),
        ("a lot", "number"),
        ("12.5%", "without quotes"),
    ],
    "00.2": [(1024, "bias"), (136, "multiply"), (459_120, "too large"), (True, "number")],
    "00.3": [
        (lambda: head(frozen=False), "not frozen"),
        (lambda: head(source="guide"), "not the base"),
        (lambda: head(weights=None), "not the base"),
        (lambda: head(classes=40), "(None, 40)"),
        (lambda: head(pooled=False), "16,392"),
        (lambda: head(hidden=1024), "140,296"),
        (lambda: only_convolutions_frozen(), "not frozen"),
        (keras.Sequential, "A Keras model is wanted"),
        (lambda: head(head_frozen=True), "head is frozen too"),
        (lambda: backbones.load("coursenet_slides"), "output shape"),
        (lambda: keras.Sequential(), "no shape yet"),
    ],
    "01.1": [(-23, "negative number"), (23, "signs"), (46, "once"), ("0?", "number")],
    "01.2": [
        ((32, 32, 32), "same"),
        ((60, 60, 32), "stride 1"),
        ((30, 30, 3), "one map"),
        ((30, 30), "third"),
        ((29, 29, 32), "first place"),
        ((1, 2, 3), "one by one"),
        (30, "tuple"),
        ("303032", "tuple"),
        ((30.5, 30.5, 32), "whole pixels"),
        ((31, 31, 32), "Round 29.5"),
        ((32, 30, 30), "last"),
        ((None, 30, 30, 32), "batch"),
        ((30, 30, 96), "per filter"),
    ],
    "01.3": [(3, "side by side"), (6, "overlap"), (9, "overlap"), (25, "wide"), (7, "stride 2")],
    "01.4": [
        (25_088 * 4096, "bias"),
        (25_088 + 4096, "multiply"),
        (25_088 * 4097, "outputs"),
        (138_357_544, "too large"),
    ],
}


class Hostile:
    """An answer that fails whatever one asks of it."""

    def __getattr__(self, name):
        raise RuntimeError("no " + name)

    def __repr__(self):
        raise RuntimeError("not even this")


GARBAGE = [math.nan, math.inf, -1, "", [], {}, object, Hostile()]


def test_every_exercise_has_wrong_answers():
    assert set(WRONG) == set(checks.EXERCISES)
    assert all(len(answers) >= 2 for answers in WRONG.values())


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_solution_is_right(name):
    names = {"keras": keras, "backbones": backbones}
    exec(checks.EXERCISES[name].solution, names)
    feedback = checks.check(name, names["answer"])
    assert feedback.outcome == "correct", feedback
    assert repr(feedback).startswith("✓")


@pytest.mark.parametrize(("name", "answer", "word"), [(n, *wrong) for n, answers in WRONG.items() for wrong in answers])
def test_plausible_slips_are_named(name, answer, word):
    feedback = checks.check(name, answer() if inspect.isfunction(answer) else answer)
    assert feedback.outcome == "not yet"
    assert word in feedback.message


@pytest.mark.parametrize("name", checks.EXERCISES)
@pytest.mark.parametrize(
    "answer", [math.nan, math.inf, "", [], {}, Hostile(), object, -1], ids=lambda a: type(a).__name__
)
def test_a_check_never_raises(name, answer):
    assert checks.check(name, answer).outcome == "not yet"


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_not_attempted_points_to_the_hint(name, capsys):
    feedback = checks.check(name, None)
    assert feedback.outcome == "not attempted" and "checks.hint" in feedback.message
    checks.hint(name)
    checks.solution(name)
    assert "answer =" in capsys.readouterr().out


def test_unknown_exercise():
    assert "00.1" in checks.check("99.9", 1).message
    with pytest.raises(CourseError, match=r"99\.9"):
        checks.hint("99.9")


@pytest.mark.parametrize(
    "answer", [10**400, -(10**400), 1j, float("-inf"), b"12.5", print], ids=lambda a: type(a).__name__
)
@pytest.mark.parametrize("name", checks.EXERCISES)
def test_a_check_does_not_raise_on_odd_values(name, answer):
    feedback = checks.check(name, answer)
    assert feedback.outcome == "not yet"


def test_numbers_of_numpy_count_as_numbers():
    assert checks.check("00.1", np.float64(12.5)).outcome == "correct"
    assert checks.check("00.2", np.int64(1032)).outcome == "correct"


def test_odd_numbers_are_answered_in_one_line_that_is_true():
    assert len(checks.check("00.2", 10**400).message) < 200
    assert "too" not in checks.check("00.2", math.nan).message
