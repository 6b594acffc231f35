"""The exercises of notebook 09."""

import numpy as np

from course_utils import judging, metrics
from course_utils.checks.judges import Exercise, number, short

CURVES = {
    "Ada": {50: [61.0, 64.2, 62.9], 100: [70.8, 72.1, 71.5], 200: [78.9, 80.3, 79.2]},
    "Ben": {50: [88.0, 91.1, 90.2], 100: [93.0, 93.4, 93.1], 200: [93.2, 93.7, 93.5]},
    "Cho": {50: [70.2, 61.5, 66.0], 100: [75.1, 66.2, 71.0], 200: [71.9, 74.8, 73.6]},
}
LITTLE = 1  # point
WORDS = ("yes", "no", "cannot tell")


def _grouped(answer):
    """Judge a function that divides groups, and with them their pictures, into training and test."""
    if not callable(answer) or isinstance(answer, type):
        return f"Give the function itself, without calling it: answer = my_split. You gave {short(answer)}."
    groups = np.array([7, 3, 3, 9, 7, 7, 1, 5, 5, 2, 8, 8, 8, 4, 6, 6, 0, 10, 11, 11])
    found = {seed: np.asarray(answer(groups.copy(), 0.25, seed)) for seed in range(6)}
    for aside in found.values():
        if aside.shape != groups.shape or aside.dtype != bool:
            return (
                f"One True or False for each of the {len(groups)} pictures is wanted. "
                f"Your array has the shape {aside.shape} and holds {aside.dtype}."
            )
        torn = sorted(set(groups[aside].tolist()) & set(groups[~aside].tolist()))
        if torn:
            return f"Group {torn[0]} is on both sides: the test would hold relatives of what was trained on."
        count = len(set(groups[aside].tolist()))
        if count != 3:
            return f"Of 12 groups, 3 belong into the test with a share of 0.25. Yours holds {count}."
    if len({aside.tobytes() for aside in found.values()}) == 1:
        return "Every seed puts the same groups into the test. Choose them at random, by the seed."
    if not np.array_equal(found[0], np.asarray(answer(groups.copy(), 0.25, 0))):
        return "Called twice with the same seed, it gives two answers. Use the seed: np.random.default_rng(seed)."
    least = np.asarray(answer(np.array([0, 0, 1, 1, 2]), 0.1, 0))
    return (
        None if least.any() else "With 3 groups and a share of 0.1 the test is empty: one group belongs in it at least."
    )


def _balanced(answer):
    """Judge the balanced accuracy of a network that looks for cracks, in percent."""
    slips = {
        95: "That is the accuracy. It hides that most cracks are missed: look at each class by itself.",
        40: "That is the share of the cracked bricks that it finds. Take the mean with that of the whole ones.",
        0.689: "That is a share. The question asks for percent.",
        97.9: "That is the share of the whole bricks alone. Take the mean with that of the cracked ones.",
    }
    return number(answer, 100 * (186 / 190 + 4 / 10) / 2, 0.1, slips)


def _enough():
    """Return the smallest number of pictures for an interval of 2 points to both sides of 90 %."""
    for n in range(100, 10_000):
        low, high = metrics.share_interval(0.9, n)
        if 0.9 - low <= 0.02 and high - 0.9 <= 0.02:
            return n
    raise AssertionError("no number is enough")


def _how_many(answer):
    """Judge the number of test pictures for that."""
    wanted = _enough()
    slips = {
        100: "With 100 pictures the interval reaches from 82.6 % to 94.5 %.",
        864: "That is the number for an interval that reaches equally far to both sides. This one reaches lower.",
        2500: "That would do for any accuracy (one over the square root of n is 0.02). At 90 % fewer are enough.",
    }
    return number(answer, wanted, 2, slips)


def _would_help(answer):
    """Judge whether more pictures would help three friends."""
    if not isinstance(answer, dict) or set(answer) != set(CURVES):
        return f"A dict with the names {', '.join(CURVES)} is wanted. You gave {short(answer)}."
    for name, words in answer.items():
        if words not in WORDS:
            return f"For {name}, one of {', '.join(map(repr, WORDS))} is wanted. You gave {short(words)}."
        gained, half = judging.more_would_help(CURVES[name])
        if words != _words(gained, half):
            return (
                f"{name}: the last doubling brought {gained:.1f} ± {half:.1f} points, so from {gained - half:.1f} to "
                f"{gained + half:.1f}. Does that fit {words!r}?"
            )
    return None


def _words(gained, half):
    """Say whether more pictures would help, from what the last doubling brought."""
    if gained - half > 0 and gained + half >= LITTLE:
        return "yes"
    return "no" if gained + half < LITTLE else "cannot tell"


EXERCISES = {
    "09.1": Exercise(
        _grouped,
        "Yes: no group is torn apart. scikit-learn's GroupShuffleSplit does the same.",
        "np.unique(groups) gives every group once. Draw some of these with np.random.default_rng(seed).choice(..., "
        "replace=False). np.isin(groups, drawn) then says for each picture whether its group was drawn.",
    ),
    "09.2": Exercise(
        _balanced,
        "Yes: (97.9 % + 40 %) / 2. Six of ten cracks are missed, and the accuracy is 95 %.",
        "Which share of the whole bricks is right, and which share of the cracked ones? Take the mean of the two.",
    ),
    "09.3": Exercise(
        _how_many,
        "Yes: nearly a thousand. Small test sets cannot tell a good network from a very good one.",
        "Try n = 500, 1000, and so on, and see how far the ends are from 0.9. Then search in between; a loop does it.",
    ),
    "09.4": Exercise(
        _would_help,
        "Yes. Cho's pictures differ much from sample to sample: more repeats would tell, or a larger validation set.",
        "judging.more_would_help(curves['Ada']) gives points and half of the interval. Where do its two ends lie?",
    ),
}
