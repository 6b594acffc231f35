"""Cut a network behind one of its blocks or layers: what is below can be run once, what is above is trained."""

import re

from course_utils.cards import CourseError
from course_utils.quiet import keras

# How the layers of a block are named: CourseNet and VGG16 block3_conv1, MobileNetV2 block_3_expand, EfficientNet
# block3a_dwconv, ResNet50 and DenseNet conv3_block1_out, InceptionV3 mixed3.
_BLOCK = re.compile(r"(conv\d+_block\d+|block_?\d+[a-z]?|mixed_?\w+)(?=_|$)")


def cut_points(base):
    """Return the layers through which everything goes, from the input on.

    A layer is a cut point if no connection leads from before it to behind it, in an order in which each layer comes
    after those that it needs: it then lies on every path from the input to the output.

    Parameters
    ----------
    base : keras.Model

    Returns
    -------
    list of keras.layers.Layer
        The output layer is the last.
    """
    sources = _sources(base)
    reach = [0] * len(sources)  # the last place that needs what comes out of this one
    for place, places in enumerate(sources):
        for source in places:
            reach[source] = place
    found, furthest = [], 0
    for place, step in enumerate(base.operations):
        if furthest <= place and isinstance(step, keras.layers.Layer):
            found.append(step)
        furthest = max(furthest, reach[place])
    return found


def structure(base):
    """Return what a network computes, apart from its weights, as text: two with the same text compute the same.

    Names are left out: Keras numbers models and layers anew each time they are built.
    """
    lines = []
    for step, places in zip(base.operations, _sources(base), strict=True):
        lines.append(f"{type(step).__name__} {_unnamed(step.get_config())} from {places}")
    return "\n".join(lines)


def _unnamed(settings):
    """Return the settings of a step without the names in them, those of layers inside it included."""
    if isinstance(settings, dict):
        return {key: _unnamed(value) for key, value in settings.items() if key != "name"}
    return [_unnamed(value) for value in settings] if isinstance(settings, list | tuple) else settings


def _sources(base):
    """List, for every step of a network, the places of the steps whose outputs it takes.

    Steps are the layers, and bare operations such as the `x + 3` in MobileNetV3, in an order in which each comes after
    those that it needs.
    """
    places = {id(step.output): place for place, step in enumerate(base.operations)}
    found = [[]]  # the input needs nothing
    for step in base.operations[1:]:
        inputs = step.input if isinstance(step.input, list | tuple) else [step.input]
        found.append([places[id(tensor)] for tensor in inputs])
    return found


def blocks(base):
    """Return the names of the blocks behind which a backbone can be cut, from input to output.

    Examples
    --------
    >>> from course_utils import course_net
    >>> blocks(course_net.build())
    ['block1', 'block2', 'block3', 'block4', 'block5']
    """
    found = (_BLOCK.match(layer.name) for layer in base.layers)
    names = list(dict.fromkeys(match.group(1) for match in found if match))
    cuttable = {layer.name for layer in cut_points(base)}
    return [name for name in names if last_layer(base, name).name in cuttable]


def last_layer(base, depth):
    """Return the layer that a depth names.

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
    # A layer of just that name comes first: in InceptionV3 mixed9_1 belongs to the block that ends with mixed10.
    for layer in reversed(base.layers):
        if layer.name == depth:
            return layer
    for layer in reversed(base.layers):
        if layer.name.startswith(f"{depth}_"):
            return layer
    known = ", ".join(blocks(base)) or f"a layer, such as {base.layers[-1].name}"
    raise CourseError(f"Expected a block or a layer of {base.name}: {known}. Received: {depth!r}.")


def nearest_cut(base, depth):
    """Return the layer behind which a backbone is cut for a depth: the one named, or else the nearest one below it.

    Where branches run side by side, or a connection goes past a layer, there is no place to cut.

    Parameters
    ----------
    base : keras.Model
    depth : str
        As for `last_layer`.

    Returns
    -------
    keras.layers.Layer
    """
    place = base.layers.index(last_layer(base, depth))
    below = {layer.name for layer in base.layers[: place + 1]}
    return [layer for layer in cut_points(base) if layer.name in below][-1]


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
    if not any(layer is point for point in cut_points(model)):  # up to 3.13, Keras lets such a cut pass
        raise CourseError(
            f"Expected a layer through which everything goes. Past {layer.name!r} goes another connection. "
            "Choose another block or layer."
        )
    return keras.Model(model.input, layer.output), keras.Model(layer.output, model.output)
