"""The exercises of notebook 07."""

from itertools import combinations

import numpy as np

from course_utils import augmentation_gain, augmentation_verdicts
from course_utils.checks.garden_changes import for_the_garden
from course_utils.checks.judges import Exercise, number, short
from course_utils.quiet import tensorflow


def _sets(answer):
    """Judge a function from batches to a training set that is changed anew, and a validation set as it is."""
    if hasattr(answer, "as_numpy_iterator") or isinstance(answer, tuple | list):
        return "Give the function that makes the two sets, without calling it: answer = repaired."
    if not callable(answer) or isinstance(answer, type):
        return f"A function is wanted, from batches to a pair of data sets. You gave {short(answer)}."
    read, images = [], np.random.default_rng(0).integers(1, 255, (6, 8, 16, 16, 3)).astype(np.float32)
    labels = np.arange(48).reshape(6, 8)

    def batches():
        read.append(1)
        yield from zip(images, labels, strict=True)

    kinds = tensorflow.float32, tensorflow.int64
    shapes = zip((images, labels), kinds, strict=True)
    signature = tuple(tensorflow.TensorSpec(part.shape[1:], kind) for part, kind in shapes)
    made = answer(tensorflow.data.Dataset.from_generator(batches, output_signature=signature))
    if not isinstance(made, tuple | list) or len(made) != 2 or not all(hasattr(part, "take") for part in made):
        return f"Your function should return two data sets: training, validation. It returned {short(made)}."
    epochs = [[list(part.take(20).as_numpy_iterator()) for part in made] for _ in range(2)]
    found = [[{int(label) for _, some in part for label in some} for part in epoch] for epoch in epochs]
    if found[0][0] & found[0][1]:
        return "Some validation pictures are among the training pictures."
    if [len(part) for part in found[0]] != [32, 16]:
        return f"The sets hold {len(found[0][0])} and {len(found[0][1])} pictures. Of 6 batches, 4 and 2 are wanted."
    before = dict(zip(labels.ravel(), images.reshape(-1, *images.shape[2:]), strict=True))
    same = [[_unchanged(part, before) for part in epoch] for epoch in epochs]
    if min(epoch[1] for epoch in same) < 1:
        return "Validation pictures are changed. They stand for the pictures to come: judge with them as they are."
    if max(epoch[0] for epoch in same) == 1:
        return "Now nothing is changed at all. The training pictures should be, anew in every epoch."
    first, second = ({int(n): one for part in epoch[0] for one, n in zip(*part, strict=True)} for epoch in epochs)
    if all(np.array_equal(first[n], second[n]) for n in first):
        return "The training pictures are the same in both epochs. What is cached is not computed again."
    if len(read) > 2:
        return (
            "The sets are right, but the pictures are read again in every epoch. Keep them: where must cache() stand?"
        )
    return None


def _unchanged(batches, before):
    """Return the share of pictures that are as they were."""
    rows = [row for part in batches for row in zip(*part, strict=True)]
    return np.mean([np.array_equal(image, before[label]) for image, label in rows])


def _kept(answer):
    """Judge a function from pictures, labels and a number to the features of so many views of each, with labels."""
    if not callable(answer) or isinstance(answer, type):
        return f"A function is wanted: of images, labels and n_views. You gave {short(answer)}."
    rng, labels, n_views = np.random.default_rng(0), np.array([3, 0, 2, 1]), 3
    plain = np.repeat(rng.integers(0, 255, (4, 1, 1, 3)), 64, axis=1).repeat(64, axis=2).astype(np.uint8)
    given = answer(plain, labels, n_views)
    if not isinstance(given, tuple | list) or len(given) != 2:
        return f"Your function should return features and labels. It returned {short(given)}."
    features, named = (np.asarray(part) for part in given)
    wanted = n_views * len(labels)
    if len(features) != wanted or named.shape != (wanted,):
        found = f"{len(features)} and {named.size}"
        return f"For 4 pictures and 3 views, 12 rows of features and 12 labels are wanted. You return {found}."
    if features.ndim != 2:
        return f"A row of features is wanted for each view. Yours have the shape {features.shape}."
    centres = {label: features[named == label].mean(axis=0) for label in labels}
    if any(not np.allclose(row, centres[label], atol=0.05) for row, label in zip(features, named, strict=True)):
        return "The labels do not belong to the features: view by view, or picture by picture, but both in one order."
    busy = rng.integers(0, 255, (4, 64, 64, 3)).astype(np.uint8)
    features, named = (np.asarray(part) for part in answer(busy, labels, n_views))
    if all(np.allclose(features[named == label], features[named == label][0], atol=1e-3) for label in labels):
        return "All views of a picture have the same features: it was changed once, or not at all, and then repeated."
    for label in labels:
        rows = features[named == label]
        if any(np.allclose(rows[one], rows[two], atol=1e-3) for one, two in combinations(range(n_views), 2)):
            return "Some views of a picture have the same features. Change the picture anew for each of them."
    return None


def _collected(answer):
    """Judge by how many points 256 pictures without augmentation beat 64 with it: far, strategy 1."""
    if isinstance(answer, tuple):
        return f"One number is wanted. You gave {short(answer)}. Of each pair, take the first: the mean."
    gains, case = augmentation_verdicts, ("far", 64, 1)
    wanted = gains.collecting(*case)[0]
    more = augmentation_gain.mean("far", 256, 1, False)[0] - augmentation_gain.mean(*case, False)[0]
    if isinstance(answer, float) and abs(answer - wanted / 100) < 0.002:
        return f"You gave {short(answer)}. That is a share. In points, of 100, it is a hundred times as much."
    slips = {
        -wanted: "The sign is turned: 256 pictures without augmentation, minus 64 with it.",
        gains.gain(*case)[0]: "That is what augmentation brings to 64 pictures. Compare with 256 pictures without it.",
        more: "That is the gain of collecting over 64 pictures without augmentation. Compare with 64 that have it.",
        gains.collecting("near", 64, 1)[0]: "That is so for the pair near.",
    }
    return number(answer, wanted, 0.15, slips)


EXERCISES = {
    "07.1": Exercise(
        for_the_garden,
        "Yes: mirrored at random, leaning by 20 degrees at most, in changing light, and unchanged with training=False.",
        'RandomFlip wants to know which flips: "horizontal". A turn of 20 degrees is 20/360 of a full one. Pixels are '
        "0 to 255 here, which RandomBrightness expects if it is not told otherwise.",
    ),
    "07.2": Exercise(
        _sets,
        "Yes. First split, then keep, then change, and change the training pictures only.",
        "Split with skip(2) and take(2) before anything is changed. cache() belongs before map, and map to one of the "
        "two sets only.",
    ),
    "07.3": Exercise(
        _kept,
        "Yes. The pictures are changed anew for each view, and the labels follow in the same order.",
        "Change the pictures n_views times, and put the views one behind the other: np.concatenate. np.tile repeats "
        "the labels in this order; np.repeat does not.",
    ),
    "07.4": Exercise(
        _collected,
        "Yes. And the interval, ± 6.5, holds 0: whether it is worth collecting four times as many cannot be told here.",
        'Take the means, the first of each pair: mean("far", 256, 1, False) and mean("far", 64, 1, True).',
    ),
}
