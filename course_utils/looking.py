"""Where a network looks when it scores a class."""

import numpy as np

from course_utils.cards import CourseError
from course_utils.quiet import keras, tensorflow

CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.SeparableConv2D)


def grad_cam(model, inputs, label):
    """Return where a network looks when it scores a class (Selvaraju et al. 2017, equations 1 and 2).

    Parameters
    ----------
    model : keras.Model
        With a head of `backbones.attach_head`, or any other; its last feature maps of more than one place are used.
    inputs : ndarray of shape (1, height, width, 3)
        One preprocessed picture.
    label : int

    Returns
    -------
    ndarray of shape (rows, columns)
        From 0 to 1; all 0 if nothing in the picture speaks for the class.

    Raises
    ------
    CourseError
        If the network has no feature maps, or they are inside a network that is one of its layers, out of reach.
    """
    both = keras.Model(model.inputs[0], [last_maps(model).output, model.outputs[0]])
    with tensorflow.GradientTape() as tape:
        found, scores = both(inputs, training=False)
        tape.watch(found)
        score = scores[0, label]
    weights = tape.gradient(score, found).numpy().mean((1, 2))
    seen = np.maximum((found.numpy() * weights[:, None, None]).sum(-1)[0], 0)
    return seen / seen.max() if seen.max() > 0 else seen


def last_maps(model):
    """Return the layer with the last feature maps: a convolution leads to them, and they have more than one place.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    keras.layers.Layer

    Raises
    ------
    CourseError
        As `grad_cam`.
    """
    found, inside = None, None
    for layer in model.layers if getattr(model, "inputs", None) else ():
        if isinstance(layer, keras.Model):  # its maps belong to a graph of its own
            found, inside = (None, layer.name) if _convolves(layer) else (found, inside)
        elif (found or inside or _convolves(layer)) and _has_places(layer):
            found = layer
    if found:
        return found
    if not inside:
        raise CourseError("Expected a network with feature maps. This one has none: Grad-CAM needs convolutions.")
    raise CourseError(
        "Expected a network whose convolutions are layers of its own. Received one that has them inside its layer "
        f"{inside!r}. Take base = model.get_layer({inside!r}) and put the layers behind it on its output: "
        "keras.Model(base.input, head(base.output)). It shares all weights; give it what the base gets."
    )


def _convolves(layer):
    """Tell whether a layer is a convolution, or a network that has one."""
    return isinstance(layer, CONVOLUTIONS) or any(_convolves(part) for part in getattr(layer, "layers", ()))


def _has_places(layer):
    """Tell whether what comes out of a layer are maps of more than one place."""
    shape = getattr(getattr(layer, "output", None), "shape", ())
    return len(shape) == 4 and shape[1:3] != (1, 1)
