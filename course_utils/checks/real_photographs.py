"""The exercises of notebook 08."""

from course_utils import chart
from course_utils.checks.judges import Exercise, number, short

CELLS, SLIDES, SHARE = 200, 50, 0.9  # of the test in exercise 2
NAMES = ["C2_cell_1.png", "C1_a_cell_9.png", "ParasitizedC2_cell_10.png"]
ASKED = ("malaria_cells", 256)  # of exercise 3


def _slides(answer):
    """Judge the function that lists the slides of some cells."""
    if not callable(answer) or isinstance(answer, type):
        return f"Give the function itself, without calling it: answer = slides. You gave {short(answer)}."
    given = answer(list(NAMES))
    if given in (NAMES, sorted(NAMES)):
        return 'You return the names as they came. Of each name only what stands before the first "_" is wanted.'
    if "ParasitizedC2" in given:
        return (
            "The class is not a part of the slide's name: without 'Parasitized' it is C2. `removeprefix` takes it off."
        )
    if given == ["C2", "C1", "C2"]:
        return f"Each slide is wanted once. For {NAMES} you return {short(given)}."
    if given == ["C2", "C1"]:
        return f"They should be sorted. For {NAMES} you return {short(given)}."
    if given == ["C1", "C1_a", "C2"] or given == ["C1_a", "C2"]:
        return 'Only what stands before the first "_" is the slide: "C1_a_cell_9.png" is a cell of slide "C1".'
    if given != ["C1", "C2"]:
        return f"For {NAMES} the list ['C1', 'C2'] is wanted. You return {short(given)}."
    return None if answer([]) == [] else f"Without cells there is no slide: []. You return {short(answer([]))}."


def half(share, count):
    """Return half the width of the 95 % interval of a share of `count` things, in points."""
    return 196 * (share * (1 - share) / count) ** 0.5


def _intervals(answer):
    """Judge two half widths: counted by cells, and by slides."""
    wanted = half(SHARE, CELLS), half(SHARE, SLIDES)
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        return f"Two numbers are wanted, (by cells, by slides). You gave {short(answer)}."
    for words, given, right, other in zip(("by cells", "by slides"), answer, wanted, wanted[::-1], strict=True):
        slips = {
            right / 100: "That is a share. In points it is 100 times as much.",
            2 * right: "That is the whole width. Half of it is wanted, what stands after ±.",
            other: f"That is the other one. {words.capitalize()} there are {CELLS if words == 'by cells' else SLIDES}.",
        }
        problem = number(given, right, 0.001 if abs(given) < 0.1 else 0.15, slips)
        if problem:
            return f"{words.capitalize()}: {problem}"
    return None


def _price(answer):
    """Judge how many points a frozen base gives away."""
    (case,) = [case for case in chart.whole_sizes("photographs") if (case.task, case.n_samples) == ASKED]
    means = case.means
    slips = {means["3"]: "That is its accuracy. How far is it behind the best one?"}
    others = [way for way in means if way != "3"]
    slips |= {chart.regret(case, way): f"That is way {way!r}. Freezing the whole base is '3'." for way in others}
    return number(answer, chart.regret(case, "3"), 0.1, slips)


EXERCISES = {
    "08.1": Exercise(
        _slides,
        "Yes. By these names a set can be divided so that no slide is in both parts.",
        '`name.removeprefix("Parasitized")` is without the class, `name.split("_")[0]` is what stands before the first '
        '"_". A set keeps each once, `sorted` makes a list of it.',
    ),
    "08.2": Exercise(
        _intervals,
        "Yes: twice as wide. The truth lies between, since cells of one slide are alike, but not the same.",
        "1.96 * sqrt(p * (1 - p) / n), times 100 for points. n is 200 for cells, 50 for slides.",
    ),
    "08.3": Exercise(
        _price,
        "Yes: 3.7 ± 4.5, so three repeats cannot tell it from 0. Whether it is much depends on what a mistake costs.",
        "Find the case, `[case for case in found if case.task == ... and case.n_samples == ...]`; then the largest of "
        '`case.means.values()` less `case.means["3"]`.',
    ),
}
