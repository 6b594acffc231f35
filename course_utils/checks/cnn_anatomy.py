"""The exercises of notebook 01."""

from course_utils import anatomy
from course_utils.checks.judges import Exercise, number, short


def _filtered(answer):
    """Judge the filter's response to the given patch, after ReLU."""
    slips = {
        -23: "That is what the convolution gives: (1 + 1 + 2) - (9 + 9 + 9). What does ReLU make of a negative number?",
        23: "Mind the signs: the left column is multiplied by -1, the right one by 1. Then apply ReLU.",
        46: "Add each product once: three on the left, three in the middle, three on the right.",
    }
    return number(answer, 0, 0, slips)


def _shape(answer):
    """Judge the output shape of Conv2D(32, 5, strides=2, padding="valid") on a picture of 64 x 64 x 3."""
    try:
        given = tuple(answer)
        whole = not isinstance(answer, str) and all(value is None or value == int(value) for value in given)
    except (TypeError, ValueError, OverflowError):
        given, whole = None, True
    if given is None or isinstance(answer, str):
        return f"A tuple of three numbers is wanted. You gave {short(answer)}."
    if not whole:
        return f"You gave {short(answer)}. A picture has whole pixels: round (64 - 5) / 2 down, then add 1."
    side = anatomy.output_side(64, 5, 2, "valid")
    slips = {
        (32, 32, 32): 'That is so with padding "same". With "valid" the whole kernel has to fit: (64 - 5) / 2, rounded '
        "down, plus 1.",
        (60, 60, 32): "That is so with stride 1. With stride 2 only every second place is taken.",
        (side, side, 3): "Each filter looks at all three channels and gives one map. How many filters are there?",
        (side, side): "Height and width are right. The third number is how many maps there are.",
        (29, 29, 32): "You are one short: count the first place too.",
        (31, 31, 32): "Round 29.5 down, then add 1.",
        (32, side, side): "Keras puts the number of maps last.",
        (None, side, side, 32): "The shape of one picture is wanted: leave out the first number, the batch.",
        (side, side, 96): "A filter adds up its three channels: one map per filter.",
    }
    if given == (side, side, 32):
        return None
    return f"You gave {short(answer)}. {slips.get(given, 'Compute height, width and number of maps one by one.')}"


def _field(answer):
    """Judge the receptive field of two 3 x 3 convolutions."""
    slips = {
        3: "That is the field of the first one. The second sees 3 units of the first, and they lie side by side.",
        6: "The three fields of 3 pixels overlap: neighbours are one pixel apart.",
        9: "The three fields of 3 pixels overlap: neighbours are one pixel apart.",
        25: "That is how many pixels are in it, 5 x 5. How wide is it?",
        7: "It would be so if the first convolution had stride 2.",
    }
    return number(answer, 5, 0, slips)


def _dense(answer):
    """Judge the number of parameters of VGG16's first fully-connected layer."""
    slips = {
        25_088 * 4096: "Those are the weights. Every output has a bias as well.",
        25_088 + 4096: "Every output is joined to every input: multiply.",
        25_088 * 4097: "The biases belong to the outputs: 4,096 x (25,088 + 1).",
        25_089 * 4097: "The biases belong to the outputs: one for each of the 4,096.",
    }
    return number(answer, anatomy.dense_parameters(25_088, 4096), 0, slips)


EXERCISES = {
    "01.1": Exercise(
        _filtered,
        "Yes: (1 + 1 + 2) - (9 + 9 + 9) = -23, and ReLU makes it 0. It answers where it gets brighter to the right.",
        "Multiply number by number and add: the left column counts minus, the middle not at all, the right column "
        "plus. Then ReLU: what is negative becomes 0.",
    ),
    "01.2": Exercise(
        _shape,
        "Yes: the kernel fits 30 times each way, and each of the 32 filters gives one map.",
        "Without padding a kernel of 5 has 64 - 5 + 1 places beside each other; stride 2 takes every second of them.",
    ),
    "01.3": Exercise(
        _field,
        "Yes: 5 pixels. Two small kernels see as far as one of 5 x 5, with 18 weights and not 25: that is VGG's idea.",
        "Draw a row of pixels. The second convolution sees three neighbours of the first; each sees three pixels.",
    ),
    "01.4": Exercise(
        _dense,
        "Yes: 102,764,544. This one layer has seven times as many as the whole base.",
        "Each of the 4,096 outputs has one weight for each of the 25,088 inputs, and one bias.",
    ),
}
