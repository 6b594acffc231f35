"""The exercises of notebook 04."""

import re

import numpy as np

from course_utils import anatomy, outlines, preprocessing, zoo
from course_utils.checks.judges import Exercise, number, short

CHANNELS, FILTERS = 128, 256
LIMITS = {"megabytes": 50, "milliseconds": 50, "memory": 300}
FLOWERS = {"megabytes": 30, "milliseconds": 50}
UNITS = {"megabytes": "MB", "milliseconds": "ms a picture", "memory": "MiB"}
KEYS = ("name", "preprocessing", "last layer")
_UNNUMBERED = re.compile(r"(?<=^activation)_\d+$")


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
    return _ends("DenseNet121", answer)


def _ends(network, layer):
    """Judge the name of the layer that ends the base of a network."""
    base, whole = outlines.outline(network), outlines.outline(network, include_top=True)
    names = [one.name for one in base.layers]
    # MobileNetV3 ends with a layer without a name of its own: Keras numbers it anew whenever the network is built.
    if isinstance(layer, str) and _UNNUMBERED.sub("", layer) == _UNNUMBERED.sub("", names[-1]):
        return None
    if layer in names:
        behind = len(names) - 1 - names.index(layer)
        more = f"{behind} more layer{'s' * (behind > 1)}"
        return f"The base of {network} has {more} behind {layer!r}. Which is the last?"
    if layer in [one.name for one in whole.layers]:
        return f"{layer!r} belongs to the classifier: with include_top=False it is not there."
    return f"The base of {network} has no layer {layer!r}. List the names: layer.name for layer in base.layers."


def _broken(answer, limits):
    """Say what is wrong with the name of a network that must keep some limits; None if it keeps them."""
    names = {network.name: network for network in zoo.recorded()}
    if not isinstance(answer, str):
        return f"The name of a network is wanted, in quotes. You gave {short(answer)}."
    if answer not in names:
        return f"{answer!r} is not in the table. Its first column has the names."
    costs = {cost: getattr(names[answer], cost) for cost in limits}
    broken = [f"{found:.1f} {UNITS[cost]}" for cost, found in costs.items() if found > limits[cost]]
    return f"{answer} does not keep the limits: it takes {', '.join(broken)}." if broken else None


def _within_limits(answer):
    """Judge the name of the most accurate network within 50 MB, 50 ms a picture and 300 MiB."""
    if problem := _broken(answer, LIMITS):
        return problem
    kept = {network.name: network.top_1 for network in zoo.within(zoo.recorded(), **LIMITS)}
    if kept[answer] < max(kept.values()):
        return f"{answer} keeps the limits, with {kept[answer]:.1f} %. Another that keeps them is more accurate."
    return None


def _for_flowers(answer):
    """Judge a network for 30 MB and 50 ms a picture, with its preprocessing rule and the last layer of its base."""
    if not isinstance(answer, dict) or set(answer) != set(KEYS):
        return f"A dict with the keys {', '.join(map(repr, KEYS))} is wanted. You gave {short(answer)}."
    name, rule, layer = (answer[key] for key in KEYS)
    if problem := _broken(name, FLOWERS):
        return problem
    found = zoo.recorded()
    if better := zoo.beaten_by(found, next(one for one in found if one.name == name)):
        return f"{better[0].name} beats {name}: it is at least as accurate, and neither larger nor slower."
    if rule not in preprocessing.CONVENTIONS:
        return f"The preprocessing is one of five: {', '.join(preprocessing.CONVENTIONS)}. You gave {short(rule)}."
    if rule != preprocessing.convention(name):
        return f"{name} does not want its pictures by the rule '{rule}'. Look it up in the list of section 4."
    return _ends(name, layer)


def _prepared(answer):
    """Judge a function that brings pixels, 0 to 255, to the range that CourseNet wants."""
    if not callable(answer) or isinstance(answer, type):
        return f"The function itself is wanted: answer = prepared. You gave {short(answer)}."
    # No pixel is 0 or 255: a rule that divides by the brightest pixel found must not pass by chance.
    pictures = np.random.default_rng(0).integers(30, 220, (3, 8, 8, 3), dtype=np.uint8)
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
    pictures[:, 0] = np.resize([0, 255], pictures[:, 0].shape)
    if not np.allclose(np.asarray(answer(pictures))[:, 1:], given[:, 1:], atol=0.01):
        return (
            "The same pixel becomes another number when others in its picture change: a dark picture would look like a "
            "bright one. Always divide by the same number, whatever the brightest pixel is."
        )
    ends = [f"{low:.2f} to {high:.2f}" for low, high in ((x.min(), x.max()) for x in (given, wanted(pixels)))]
    return f"For pixels from 30 to 219 your function gives numbers from {ends[0]}. Wanted: from {ends[1]}."


EXERCISES = {
    "04.1": Exercise(
        _within_limits,
        "Yes. Of those that keep the three limits, it has the highest published accuracy.",
        "Set the three sliders of the widget, and read the title. Or: zoo.within, then zoo.most_accurate.",
    ),
    "04.2": Exercise(
        _separable,
        "Yes: 1,152 for the depthwise kernels and 32,768 for the 1 x 1, a ninth of the 294,912 of the plain one.",
        "One 3 x 3 kernel for each of the 128 channels; then a 1 x 1 convolution from 128 channels to 256.",
    ),
    "04.3": Exercise(
        _last_layer,
        "Yes. Behind the last concatenation DenseNet121 has one more batch normalisation, and this ReLU.",
        "Build the base with outlines.outline, as above, and look at the last of its layers.",
    ),
    "04.4": Exercise(
        _prepared,
        "Yes. The pictures came in from -1 to 1, as the weights expect them.",
        "Follow one pixel, 255, through both lines. What reaches the network? backbones.preprocess wants 0 to 255.",
    ),
    "04.5": Exercise(
        _for_flowers,
        "Yes. It keeps the limits, and none beats it in accuracy, size and time together. You know how it wants its "
        "pictures, and behind which layer your head begins.",
        "zoo.within keeps limits, zoo.most_accurate picks one. preprocessing.convention knows the rule, and "
        "outlines.outline has the layers.",
    ),
}
