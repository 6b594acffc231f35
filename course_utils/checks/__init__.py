"""Feedback on exercises: `check`, `hint` and `solution`. A check never raises and always says why."""

import re
from pathlib import Path

from course_utils import progress
from course_utils.cards import CourseError
from course_utils.checks import (
    augmentation,
    choosing_a_model,
    classifier_heads,
    cnn_anatomy,
    learning_rate,
    quadrant_chart,
    real_photographs,
    start_here,
    three_strategies,
    your_pictures,
)
from course_utils.checks.judges import Feedback, short

SOLUTIONS = Path(__file__).with_name("solutions.md")
EXERCISES = {
    **start_here.EXERCISES,
    **cnn_anatomy.EXERCISES,
    **three_strategies.EXERCISES,
    **learning_rate.EXERCISES,
    **choosing_a_model.EXERCISES,
    **quadrant_chart.EXERCISES,
    **classifier_heads.EXERCISES,
    **augmentation.EXERCISES,
    **real_photographs.EXERCISES,
    **your_pictures.EXERCISES,
}


def check(name, answer):
    """Judge the answer to an exercise, and keep the outcome (see `progress`).

    Parameters
    ----------
    name : str
        Number of the notebook and of the exercise, such as "00.1".
    answer
        What the exercise asks for; None counts as not attempted.

    Returns
    -------
    Feedback
    """
    if name not in EXERCISES:
        return Feedback("not attempted", _unknown(name))
    exercise = EXERCISES[name]
    if answer is None:
        return Feedback("not attempted", f"Replace None with your answer. Stuck? Run checks.hint({name!r}).")
    try:
        problem = exercise.judge(answer)
    except Exception as error:  # whatever the learner hands in, the notebook goes on
        problem = f"The check could not make sense of {short(answer)} ({type(error).__name__}: {short(str(error))})."
    feedback = Feedback("correct", exercise.praise) if problem is None else Feedback("not yet", problem)
    progress.note(name, feedback.outcome)
    return feedback


def hint(name):
    """Print the hint of an exercise."""
    print(_find(name).hint)


def solution(name):
    """Print the solution of an exercise: code that sets `answer`. A handout comes without solutions, and says so."""
    _find(name)
    missing = "The solutions are not part of this copy of the course. Ask your instructor, or run checks.hint."
    print(solutions().get(name, missing))


def solutions():
    """Return the solutions, as far as they are here: a dict of exercise to code."""
    if not SOLUTIONS.is_file():
        return {}
    return dict(re.findall(r"^## (\S+)\n\n```python\n(.*?)\n```$", SOLUTIONS.read_text(encoding="utf-8"), re.M | re.S))


def _find(name):
    """Return the exercise of that name."""
    if name not in EXERCISES:
        raise CourseError(_unknown(name))
    return EXERCISES[name]


def _unknown(name):
    """Say which exercises there are."""
    return f"Expected the name of an exercise: {', '.join(EXERCISES)}. Received: {name!r}."
