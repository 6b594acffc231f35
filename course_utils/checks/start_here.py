"""The exercises of notebook 00."""

from math import prod

from course_utils.checks.judges import Exercise, has_base, number, short

FEATURES, CLASSES = 128, 8
HEAD = FEATURES * CLASSES + CLASSES


def _guessing(answer):
    """Judge the accuracy of guessing among eight classes, in percent."""
    slips = {
        0.125: "That is the share as a fraction. The question asks for percent.",
        8: "Eight is the number of classes. How many of 100 guesses are right, if each has one chance in eight?",
        50: "That would be so with two classes. The garden has eight.",
    }
    return number(answer, 100 / CLASSES, 0.01, slips)


def _head_parameters(answer):
    """Judge the number of parameters of the garden's head."""
    slips = {
        FEATURES * CLASSES: "Those are the weights. Each of the eight outputs has a bias as well.",
        FEATURES + CLASSES: "Each of the 128 features is joined to each of the outputs: multiply.",
    }
    return number(answer, HEAD, 0, slips)


def _biopsy_model(answer):
    """Judge a network for the biopsy task: a frozen base and a new head for eight classes."""
    if isinstance(answer, type) or not hasattr(answer, "trainable_weights"):
        return f"A Keras model is wanted. You gave {short(answer)}."
    if not hasattr(answer, "output_shape"):
        return "Your model has no shape yet. Its first part should be a base that was loaded with backbones.load."
    if answer.output_shape != (None, CLASSES):
        return f"Biopsy has eight classes, so the output shape should be (None, 8). Yours is {answer.output_shape}."
    trained = sum(prod(weight.shape) for weight in answer.trainable_weights)
    of_base = [weight for weight in answer.trainable_weights if "block" in weight.path or "coursenet" in weight.path]
    if of_base:
        return f"The base is not frozen: {len(of_base)} of its weights would be trained. Set base.trainable = False."
    if trained == HEAD:
        return None if has_base(answer, "coursenet_slides") else _OTHER_BASE
    if trained == 0:
        return "Nothing in your model can learn: the head is frozen too. Freeze the base alone."
    return f"{trained:,} numbers would be trained. With global average pooling and one dense layer it is {HEAD:,}."


_OTHER_BASE = "The shape is right, but this is not the base that was pre-trained on slides. Load 'coursenet_slides'."


EXERCISES = {
    "00.1": Exercise(
        _guessing,
        "Yes: one picture in eight, 12.5 %. Every accuracy in this notebook is to be read against that.",
        "Think of 800 pictures, 100 of each species. You always give the same answer. How many of the 800 are right?",
    ),
    "00.2": Exercise(
        _head_parameters,
        "Yes: 128 x 8 weights and 8 biases. The base has more than 400 times as many.",
        "Count the weights of one output first: one for each feature. There are eight outputs. Then add the biases.",
    ),
    "00.3": Exercise(
        _biopsy_model,
        "Yes: the base stays as it is, and 1,032 numbers learn the new task.",
        "Three steps: load the base 'coursenet_slides', set its trainable to False, and put pooling and a dense "
        "layer with one output per class behind it, as in the cells above.",
    ),
}
