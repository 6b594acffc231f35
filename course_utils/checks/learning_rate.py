"""The exercises of notebook 03."""

from itertools import islice

import numpy as np

from course_utils import batch_norm, fine_tuning
from course_utils.checks.judges import Exercise, has_base, number, short
from course_utils.quiet import tensorflow

N_NUMBERS = 100


def _step(answer):
    """Judge the weight after one step from 5, with loss w² and rate 0.1."""
    slips = {
        4.5: "The slope of w² is 2w, not w.",
        6.0: "That is uphill. The step goes against the slope: subtract.",
        2.5: "The slope at 5 is 2 times 5. 25 is the loss.",
        1.0: "That is the length of the step. Subtract it from the weight.",
        3.2: "Those are two steps. One is asked for.",
        16.0: "That is the loss after the step. The weight is asked for.",
    }
    return number(answer, 4.0, 1e-6, slips)


def _forgotten(answer):
    """Judge how many points the weights forget on garden, warm start, between the rates 0.00002 and 0.002."""

    def lost(task="garden", depth="none", part="own statistics"):
        curves = fine_tuning.forgetting(task, depth)
        return curves[0.00002][part][0] - curves[0.002][part][0]

    if isinstance(answer, tuple):
        return f"One number is wanted. You gave {short(answer)}. Of each pair, take the first: the mean."
    wanted, left = lost(), fine_tuning.forgetting("garden", "none")[0.002]["own statistics"][0]
    slips = {
        wanted / 100: "That is a share. In points, of 100, it is a hundred times as much.",
        -wanted: "The sign is turned: what is left at the small rate, minus what is left at the larger one.",
        left: "That is what is left at 0.002. By how much is it less than at 0.00002?",
        lost(part="source"): "That is with the statistics of the new pictures, the orange line. Its own are asked for.",
        -lost(part="target"): "That is what was gained on the garden. The field guide is asked for.",
        lost("biopsy"): "That is so for biopsy.",
        lost(depth="block3"): "That is so for strategy 2. Nothing is frozen here.",
    }
    return number(answer, wanted, 0.15, slips)


def _still_statistics(answer):
    """Judge a CourseNet whose convolutions are trained and whose BatchNorm layers are not."""
    if isinstance(answer, type) or not hasattr(answer, "trainable_weights"):
        return f"A Keras model is wanted: the repaired network, with its head. You gave {short(answer)}."
    if getattr(answer, "output_shape", None) != (None, 8):
        return "The garden has eight species: the network needs a head with eight outputs."
    layers = batch_norm.layers_of(answer)
    if len(layers) != 8:
        return f"CourseNet has 8 batch-normalisation layers; this network has {len(layers)}. Keep all, frozen."
    thawed = [layer.name for layer in layers if layer.trainable]
    trained = [weight for weight in answer.trainable_weights if "_conv" in weight.path]
    if thawed:
        return f"The statistics of {len(thawed)} of 8 layers still move: {short(', '.join(thawed))}."
    if not trained:
        return "Now no convolution is trained. Thaw the base first, then freeze its batch-normalisation layers."
    if len(trained) < 8:
        return f"Only {len(trained)} of 8 convolutions are trained. All are wanted."
    if len(answer.trainable_weights) < 10:
        return "The head is frozen too. It is new: it has to learn."
    return None if has_base(answer, "coursenet_guide") else "The base has not learned from the guide: load it."


def _fresh_flips(answer):
    """Judge a function that flips the pictures of a data set anew each time it is read, and reads them once."""
    if hasattr(answer, "as_numpy_iterator"):
        return "That is a data set. Give the function that makes it, without calling it: answer = pipeline."
    if not callable(answer) or isinstance(answer, type):
        return f"A function is wanted, from a data set to a data set. You gave {short(answer)}."
    read, pictures = [], np.random.default_rng(0).random((4, 8, 16, 16, 3), np.float32)

    def batches():
        read.append(1)
        yield from pictures

    signature = tensorflow.TensorSpec(pictures.shape[1:], tensorflow.float32)
    repaired = answer(tensorflow.data.Dataset.from_generator(batches, output_signature=signature))
    first, second = (list(islice(repaired.as_numpy_iterator(), len(pictures) + 1)) for _ in range(2))
    if [batch.shape for batch in first] != [batch.shape for batch in pictures]:
        return "The data set that your function returns should give every batch once in each epoch."
    first, second, original = (np.concatenate(part) for part in (first, second, pictures))
    if not (first != second).any():
        return "Still the same in every epoch. What is cached is not computed again: what should stand before it?"
    for shown in (first, second):
        as_it_was, mirrored = ((shown == other).all(axis=(1, 2, 3)) for other in (original, original[:, :, ::-1]))
        if not (as_it_was | mirrored).all():
            return "The pictures change by more than a flip. Keep their order, and use the layer flip."
    if len(read) > 1:
        return "The flips are new, but the pictures are read again in every epoch. Keep them: where must cache() stand?"
    return None


def _disjoint(answer):
    """Judge two data sets of the numbers below 100: 80 and 20 of them, at random, without overlap at any time."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return f"A tuple of two is wanted: (training_set, validation_set). You gave {short(answer)}."
    if not all(hasattr(part, "as_numpy_iterator") for part in answer):
        return f"Two tf.data.Dataset are wanted. You gave {short(answer)}."
    readings = [[set(map(int, islice(part.as_numpy_iterator(), 200))) for part in answer] for _ in range(3)]
    sizes = tuple(len(part) for part in readings[0])
    if sizes == (20, 80):
        return "The two are the wrong way round: training first, 80 numbers, then validation, 20."
    if sizes != (80, 20):
        return f"They hold {sizes[0]} and {sizes[1]} different numbers. Wanted, in this order: 80 and 20."
    if any(training & validation for training, _ in readings for _, validation in readings):
        return "Read again, some numbers of one are in the other. The order must be the same each time it is read."
    if readings[0][1] in (set(range(20)), set(range(80, N_NUMBERS))):
        return "They do not overlap, but they are not drawn at random: pictures often lie in folders, class by class."
    return None


EXERCISES = {
    "03.1": Exercise(
        _step,
        "Yes: 5 minus 0.1 times 10 is 4.",
        "The slope at weight 5 is 2 times 5. Multiply it by the rate, and subtract.",
    ),
    "03.2": Exercise(
        _forgotten,
        "Yes. Ten times the rate, twice, and nearly all that the weights knew of the guide is gone.",
        'Take the means, the first of each pair, of "own statistics" at both rates, and subtract.',
    ),
    "03.3": Exercise(
        _still_statistics,
        "Yes. Thaw the base, then freeze each batch-normalisation layer: in this order.",
        "Setting base.trainable = True thaws all. After it, go through batch_norm.layers_of(network) and freeze each.",
    ),
    "03.4": Exercise(
        _fresh_flips,
        "Yes. Keep what is always the same, then change it: the cache comes first, the augmentation behind it.",
        "Whatever stands before cache() is computed once. Change the order of map and cache.",
    ),
    "03.5": Exercise(
        _disjoint,
        "Yes. Shuffled once, the order is the same each time, and take and skip speak of the same pictures. To train, "
        "add .shuffle(80) behind skip(20): another order in every epoch, but only inside the training set.",
        "shuffle has the setting reshuffle_each_iteration. It is True unless you say otherwise.",
    ),
}
