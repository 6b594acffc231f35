"""The part of a network that is trained, and the part that is frozen and run once."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

from course_utils import backbones, cutting, features
from course_utils.cards import CourseWarning
from course_utils.quiet import keras


@dataclass(frozen=True)
class Part:
    """The part of a model that is trained.

    Attributes
    ----------
    trained : keras.Model
        It shares its layers with the whole model.
    prepare : callable
        From pictures, and the number of such sets that are used together, to the inputs of that part.
    depth : str
        How much is frozen: less than was asked for where the network cannot be cut there.
    """

    trained: keras.Model
    prepare: Callable
    depth: str


def split(name, base, model, depth, progress=False):
    """Freeze a base up to a depth.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
    model : keras.Model
        The base with a head on it; see `backbones.attach_head`.
    depth : str
        "none", "all", or the last block, or layer, that is frozen.
    progress : bool
        Show a bar while features are computed.

    Returns
    -------
    Part
    """
    if depth == "none":
        return Part(model, lambda images, copies=1: backbones.preprocess(name, images), depth)
    # Pooling has no weights: what comes out of it is the same in every epoch, and much smaller than what goes in.
    last = model.get_layer("head_pool") if depth == "all" else cutting.nearest_cut(base, depth)
    if depth != "all" and last is not cutting.last_layer(base, depth):
        warnings.warn(
            f"{base.name} cannot be cut behind {depth!r}: branches or connections lead past it. It is frozen up to "
            f"{last.name!r}, the nearest place below.",
            CourseWarning,
            stacklevel=3,
        )
        depth = last.name
    below, above = cutting.cut(model, last)
    backbones.freeze(below)
    return Part(above, lambda images, copies=1: features.kept(name, below, images, copies, progress), depth)
