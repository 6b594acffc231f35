"""The exercises of notebook 06."""

import numpy as np

from course_utils import data
from course_utils.checks.judges import Exercise, number, short


def _flattened(answer):
    """Judge the parameters of Dense(256) on flattened maps of 8 x 8 x 2048."""
    inputs = 8 * 8 * 2048
    slips = {
        inputs * 256: "Those are the weights. Each of the 256 neurons has a bias, too.",
        inputs: "So many numbers come in. Each neuron has a weight for every one of them.",
        2048 * 256 + 256: "That is so with averaged maps. These are flattened: all 8 x 8 places come in.",
        inputs * 256 + inputs: "The neurons have one bias each: there are 256 of them.",
    }
    return number(answer, inputs * 256 + 256, 0.5, slips)


def _hinge(answer):
    """Judge the squared hinge loss of the signed score 0.3."""
    slips = {
        0.7: "That is the hinge. Square it.",
        0.09: "That is the square of the score. What is missing up to 1 is squared.",
        0.91: "Subtract first, then square: (1 - 0.3)².",
        0.0: "Nothing is charged from a signed score of 1 on. 0.3 is on the correct side, but inside the margin.",
        1.69: "That is so for -0.3, on the wrong side of the cut.",
    }
    return number(answer, 0.49, 1e-6, slips)


def _targets(answer):
    """Judge the targets of a squared hinge loss for the 256 garden pictures of the notebook."""
    found = np.asarray(answer, dtype=float)
    labels = data.sample(data.task("garden").train, 256, seed=1).labels
    if found.shape == (8, len(labels)):
        return "Rows and columns are the wrong way round: a row for each picture, a column for each species."
    if found.shape != (len(labels), 8):
        return f"Targets of shape (256, 8) are wanted: one for each picture and species. Yours: {found.shape}."
    if not np.isin(found, (-1, 0, 1)).all() or len(np.unique(found)) != 2:
        return "Each target is one of two numbers: 1 for the picture's own species, and 0 or -1 for the others."
    if not (found.max(axis=1) == 1).all() or not ((found == 1).sum(axis=1) == 1).all():
        return "In each row one target is 1, that of the picture's own species; the others are 0 or -1."
    if (found.argmax(axis=1) != labels).any():
        return "For some pictures the 1 stands at another species. Labels count from 0."
    return None


def _strongest(answer):
    """Judge a function that finds the place where a class is seen most strongly."""
    if not callable(answer) or isinstance(answer, type):
        return f"A function is wanted: answer = strongest. You gave {short(answer)}."
    rng = np.random.default_rng(0)
    for _ in range(5):
        maps, kernel, bias = rng.normal(size=(6, 9, 16)), rng.normal(size=(16, 8)), rng.normal(size=8)
        wanted = np.unravel_index((maps @ kernel[:, 3]).argmax(), (6, 9))
        found = answer(maps, kernel, bias, 3)
        if isinstance(found, int | np.integer):
            return "That is one number, counted along all places. np.unravel_index makes row and column of it."
        if not hasattr(found, "__len__") or len(found) != 2:
            return f"A pair is wanted: (row, column). Your function returned {short(found)}."
        if tuple(map(int, found)) == tuple(map(int, wanted))[::-1] and wanted[0] != wanted[1]:
            return "Row and column are the wrong way round."
        if tuple(map(int, found)) != tuple(map(int, wanted)):
            return "For some maps that is another place. Apply the dense layer at every place, then look at one class."
    return None


EXERCISES = {
    "06.1": Exercise(
        _flattened,
        "Yes: 33.6 million, more than the whole base of InceptionV3, which has 21.8 million.",
        "Every one of the 8 x 8 x 2048 numbers is joined to each of 256 neurons; each neuron has a bias.",
    ),
    "06.2": Exercise(
        _hinge,
        "Yes. The picture is on the correct side, but inside the margin.",
        "Up to 1, the edge of the margin, there is 0.7 missing.",
    ),
    "06.3": Exercise(
        _targets,
        "Yes. Each species has its own cut between itself and the others, and so each picture needs eight targets.",
        "keras.ops.one_hot makes a row of zeros with a single 1 of every label.",
    ),
    "06.4": Exercise(
        _strongest,
        "Yes. One matrix product, and you know where the network looks.",
        "maps @ kernel + bias has a map for each class. argmax counts along all places; np.unravel_index splits that.",
    ),
}
