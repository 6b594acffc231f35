"""Cut a network behind one of its blocks or layers: what is below can be run once, what is above is trained."""

import re

from course_utils.cards import CourseError
from course_utils.quiet import keras


def blocks(base):
    """Return the names of a backbone's blocks, from input to output, as its layers' names begin.

    Examples
    --------
    >>> from course_utils import course_net
    >>> blocks(course_net.build())
    ['block1', 'block2', 'block3', 'block4', 'block5']
    """
    found = (re.match(r"block_?\d+(?=_)", layer.name) for layer in base.layers)
    return list(dict.fromkeys(match.group() for match in found if match))


def last_layer(base, depth):
    """Return the layer at which a backbone is cut.

    Parameters
    ----------
    base : keras.Model
    depth : str
        Name of a block, such as "block3", for its last layer; or the name of a layer.

    Returns
    -------
    keras.layers.Layer

    Raises
    ------
    CourseError
        If the base has no such block or layer.
    """
    for layer in reversed(base.layers):
        if layer.name == depth or layer.name.startswith(f"{depth}_"):
            return layer
    known = ", ".join(blocks(base)) or f"a layer, such as {base.layers[-1].name}"
    raise CourseError(f"Expected a block or a layer of {base.name}: {known}. Received: {depth!r}.")


def cut(model, layer):
    """Cut a model behind one of its layers.

    Parameters
    ----------
    model : keras.Model
    layer : keras.layers.Layer
        Everything behind it must depend on its output alone.

    Raises
    ------
    CourseError
        If it does not: a connection goes past the layer.

    Returns
    -------
    below, above : keras.Model
        From the model's input to the output of `layer`, and from there to the model's output. They share the layers
        of `model`: training `above` trains `model`.
    """
    try:
        above = keras.Model(layer.output, model.output)
    except ValueError as error:  # Keras finds no path from this layer alone to the output
        raise CourseError(
            f"Expected a layer through which everything goes. Past {layer.name!r} goes another connection. "
            "Choose another block or layer."
        ) from error
    return keras.Model(model.input, layer.output), above
