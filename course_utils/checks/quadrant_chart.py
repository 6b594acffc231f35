"""The exercises of notebook 05."""

import numpy as np

from course_utils import advice, chart_rules, similarity
from course_utils.checks.judges import Exercise, number, short

PLACES = (
    (4, "Cats and dogs are everyday photographs, as ImageNet has them; 300 are few."),
    (2, "Dishes are everyday photographs; 40,000 are many."),
    (3, "Tumour cells look like nothing in ImageNet; 200 are few."),
    (1, "X-rays look like nothing in ImageNet; 60,000 are many."),
)
SOURCES = ("guide", "slides", "photos")
AS_GOOD = 0.07  # what other folds may make of a probe gap
COLLEAGUE = (200, 0.25)  # pictures, probe gap


def _placed(answer):
    """Judge the quadrants of four problems."""
    if not isinstance(answer, list | tuple) or len(answer) != len(PLACES):
        return f"A list of four numbers is wanted, such as [1, 1, 1, 1]. You gave {short(answer)}."
    for place, (given, (wanted, why)) in enumerate(zip(answer, PLACES, strict=True), 1):
        if isinstance(given, str):
            return f"Numbers without quotes are wanted, such as [1, 1, 1, 1]. You gave {short(answer)}."
        if given != wanted:
            return f"Problem {place} is not in quadrant {short(given)}. {why}"
    return None


def _ahead(answer):
    """Judge the rule by which one way is ahead of another."""
    if not callable(answer) or isinstance(answer, type):
        return f"Give the function itself, without calling it: answer = ahead. You gave {short(answer)}."
    cases = {
        "one way is ahead by 5 points in each of three repeats": ([85, 86, 84], [80, 81, 79]),
        "one way is ahead by half a point in each of three repeats": ([80.5, 81.5, 79.5], [80, 81, 79]),
        "the differences are 12, -3 and 6 points, 5 on average": ([92, 78, 85], [80, 81, 79]),
        "one way is behind by 5 points in each of three repeats": ([80, 81, 79], [85, 86, 84]),
        "all repeats rise together, and each difference is 3 points": ([53, 73, 93], [50, 70, 90]),
        "the difference is exactly one point in each repeat": ([81, 82, 80], [80, 81, 79]),
    }
    for words, (first, second) in cases.items():
        given, wanted = answer(list(first), list(second)), chart_rules.ahead(first, second)
        if not isinstance(given, bool | np.bool_):
            return f"The function should return True or False. It returned {short(given)}."
        if given != wanted:
            return f"If {words}, it should return {wanted}. Yours returns {bool(given)}."
    return None


def _nearest(answer):
    """Judge the probe gaps of the butterflies: a dict of source to gap."""
    if not isinstance(answer, dict) or set(answer) != set(SOURCES):
        names = ", ".join(f'"{source}": ...' for source in SOURCES)
        return f"A dict with a gap for each source is wanted: {{{names}}}. You gave {short(answer)}."
    for source in SOURCES:
        wanted = similarity.of_samples(f"coursenet_{source}", "butterflies", 256)[0]
        slips = {
            similarity.of_samples(f"coursenet_{source}", "biopsy", 256)[0]: "That is the gap of the biopsy.",
            1 - wanted: "That is the share of errors that is left. The gap is 1 less that share.",
        }
        problem = number(answer[source], wanted, AS_GOOD, slips)
        if problem:
            return f"{source}: {problem}"
    return None


def _cost(answer):
    """Judge how many points freezing the base would probably cost a colleague."""
    regrets = advice.advise(*COLLEAGUE).regrets
    slips = {
        regrets["1"]: "That is strategy 1. Freezing the whole base is strategy 3.",
        regrets["2"]: "That is strategy 2, or a warm start. Freezing the whole base is strategy 3.",
        regrets["warm start"]: "That is strategy 2, or a warm start. Freezing the whole base is strategy 3.",
    }
    return number(answer, regrets["3"], 0.2, slips)


EXERCISES = {
    "05.1": Exercise(
        _placed,
        "Yes. The chart asks for no more than this. How sure were you of 'similar'?",
        "First ask for similarity: everyday photographs, or not? Then for the number: fewer than 1,000, or more?",
    ),
    "05.2": Exercise(
        _ahead,
        "Yes. A difference must be large enough to matter, and sure enough to be believed.",
        "Two conditions, joined by `and`: the mean is 1 point or more, and its interval ends above 0, mean - half > 0.",
    ),
    "05.3": Exercise(
        _nearest,
        "Yes. The guide is nearest: its style is that of the butterflies, although it has never seen an insect.",
        "Do with 256 butterflies what the cells above do with slides of tissue. Shorter: "
        'similarity_measures.probe_gap("coursenet_guide", some) does all of it for one network.',
    ),
    "05.4": Exercise(
        _cost,
        "Yes. It would be a large price for a training that takes seconds in place of half a minute.",
        "`advice.advise(n_samples, similar).regrets` is a dict: how many points each way stays behind, by its name.",
    ),
}
