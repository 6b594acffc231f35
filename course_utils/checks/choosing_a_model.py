"""The exercises of notebook 04."""

import numpy as np

from course_utils import anatomy, outlines, preprocessing, zoo
from course_utils.checks.judges import Exercise, number, short

CHANNELS, FILTERS = 128, 256
LIMITS = {"megabytes": 50, "milliseconds": 50, "memory": 300}


def _separable(answer):
    """Judge the weights of a depthwise separable 3 x 3 convolution from 128 channels to 256, without biases."""
    depthwise, pointwise = 9 * CHANNELS, CHANNELS * FILTERS
    slips = {
        anatomy.convolution_parameters(3, CHANNELS, FILTERS, bias=False): "That is the plain convolution.",
        depthwise: "Those are the depthwise kernels. Add the 1 x 1 convolution behind them.",
        pointwise: "That is the 1 x 1 convolution. Add the 3 x 3 kernels before it, one for each incoming channel.",
        9 * FILTERS + pointwise: "The depthwise kernels stand before the 1 x 1: one for each of the 128 channels.",
        depthwise + pointwise + CHANNELS + FILTERS: "That counts biases. Here there are none.",
        9 * CHANNELS + 9 * CHANNELS * FILTERS: "The second convolution is 1 x 1: one weight for each pair of channels.",
    }
    return number(answer, depthwise + pointwise, 0.5, slips)


def _last_layer(answer):
    """Judge the name of the layer that ends the base of DenseNet121."""
    if not isinstance(answer, str):
        return f"The name of a layer is wanted, in quotes. You gave {short(answer)}."
    base, whole = outlines.outline("DenseNet121"), outlines.outline("DenseNet121", include_top=True)
    wanted = base.layers[-1].name
    if answer == wanted:
        return None
    if answer in [layer.name for layer in base.layers]:
        behind = len(base.layers) - 1 - [layer.name for layer in base.layers].index(answer)
        return f"The base has {behind} more layers behind {answer!r}. Which is the last?"
    if answer in [layer.name for layer in whole.layers]:
        return f"{answer!r} belongs to the classifier: with include_top=False it is not there."
    return f"DenseNet121 has no layer of the name {answer!r}. List the names: layer.name for layer in base.layers."


def _within_limits(answer):
    """Judge the name of the most accurate network within 50 MB, 50 ms a picture and 300 MiB."""
    found = zoo.recorded()
    names = {network.name: network for network in found}
    if not isinstance(answer, str):
        return f"The name of a network is wanted, in quotes. You gave {short(answer)}."
    if answer not in names:
        return f"{answer!r} is not in the table. Its first column has the names."
    one, kept = names[answer], zoo.within(found, **LIMITS)
    units = {"megabytes": "MB", "milliseconds": "ms a picture", "memory": "MiB"}
    broken = [f"{getattr(one, cost):.0f} {units[cost]}" for cost, most in LIMITS.items() if getattr(one, cost) > most]
    if broken:
        return f"{answer} does not keep the limits: it takes {', '.join(broken)}."
    if one.top_1 < zoo.most_accurate(kept).top_1:
        return f"{answer} keeps the limits, with {one.top_1:.1f} %. Another that keeps them is more accurate."
    return None


def _prepared(answer):
    """Judge a function that brings pixels, 0 to 255, to the range that CourseNet wants."""
    if not callable(answer) or isinstance(answer, type):
        return f"The function itself is wanted: answer = prepared. You gave {short(answer)}."
    pictures = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    before = pictures.copy()
    given = np.asarray(answer(pictures))
    if (pictures != before).any():
        return "Your function changes the pictures that it is given. Compute new ones."
    if given.shape != pictures.shape:
        return f"The shape must stay {pictures.shape}. Your function gives {given.shape}."
    pixels = pictures.astype(np.float32)
    wanted = preprocessing.CONVENTIONS[preprocessing.RIGHT]
    if np.issubdtype(given.dtype, np.integer):
        return "Your function gives whole numbers: everything between is lost. Divide before anything is cut off."
    if np.allclose(given, wanted(pixels), atol=0.01):
        return None
    if np.allclose(given, wanted(wanted(pixels)), atol=0.01):
        return "Preprocessed twice: what is from -1 to 1 already is taken for pixels. Leave one of the two out."
    for name, rule in preprocessing.CONVENTIONS.items():
        if np.allclose(given, rule(pixels), atol=0.01):
            return f"Those are pixels by the rule '{name}'. CourseNet wants -1 to 1."
    return f"Your function gives numbers from {given.min():.2f} to {given.max():.2f} for pixels from 0 to 255."


EXERCISES = {
    "04.1": Exercise(
        _within_limits,
        "Yes. Of those that keep the three limits, it has the highest published accuracy.",
        "Set the three sliders of the widget, and read the title. Or: zoo.within, then zoo.most_accurate.",
        "kept = zoo.within(found, megabytes=50, milliseconds=50, memory=300)\nanswer = zoo.most_accurate(kept).name",
    ),
    "04.2": Exercise(
        _separable,
        "Yes: 1,152 for the depthwise kernels and 32,768 for the 1 x 1, a ninth of the 294,912 of the plain one.",
        "One 3 x 3 kernel for each of the 128 channels; then a 1 x 1 convolution from 128 channels to 256.",
        "answer = 3 * 3 * 128 + 128 * 256",
    ),
    "04.3": Exercise(
        _last_layer,
        "Yes. Behind the last concatenation DenseNet121 has one more batch normalisation, and this ReLU.",
        "Build the base with outlines.outline, as above, and look at the last of its layers.",
        'answer = outlines.outline("DenseNet121").layers[-1].name',
    ),
    "04.4": Exercise(
        _prepared,
        "Yes. The pictures came in from -1 to 1, as the weights expect them.",
        "Follow one pixel, 255, through both lines. What reaches the network? What should?",
        "def prepared(images):\n    return images.astype('float32') / 127.5 - 1\n\n\nanswer = prepared",
    ),
}
