"""Kinds of classifier heads: what can be put on the feature maps of a base."""

from collections.abc import Callable
from dataclasses import dataclass

from course_utils.cards import CourseError
from course_utils.quiet import keras

HIDDEN = 256  # neurons of the fully-connected heads between features and classes


@dataclass(frozen=True)
class Head:
    """A kind of classifier head.

    Attributes
    ----------
    layers : callable
        Returns the Keras layers before the last, which has one output a class.
    loss : {"cross-entropy", "squared hinge"}
    solver : bool
        Found by the solver of scikit-learn and not by gradient descent in Keras.
    """

    layers: Callable
    loss: str = "cross-entropy"
    solver: bool = False


def _pooled():
    return [keras.layers.GlobalAveragePooling2D()]


def _connected():
    return [keras.layers.Flatten(), keras.layers.Dense(HIDDEN, activation="relu")]


def _dropped():
    flat, hidden = _connected()
    return [flat, keras.layers.Dropout(0.5), hidden, keras.layers.Dropout(0.5)]


# Name -> head. Lin et al. 2013 compare fully-connected layers with and without dropout (Srivastava et al. 2014) and
# global average pooling; an L2-SVM on top of a network is that of Tang 2013.
HEADS = {
    "fully connected": Head(_connected),
    "fully connected, dropout": Head(_dropped),
    "average pooling": Head(_pooled),
    "linear SVM": Head(_pooled, "squared hinge", solver=True),
    "SVM in Keras": Head(_pooled, "squared hinge"),
}


def find(name):
    """Return a head; a CourseError says which there are."""
    if name not in HEADS:
        raise CourseError(f"Expected the name of a head: {', '.join(HEADS)}. Received: {name!r}.")
    return HEADS[name]


def squared_hinge(labels, scores):
    """Return the squared hinge loss, one class against the rest (Tang 2013, section 2.2), averaged over classes.

    Parameters
    ----------
    labels : tensor of shape (n,) or (n, 1), int
    scores : tensor of shape (n, n_classes)

    Returns
    -------
    tensor of shape (n,)
    """
    targets = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), scores.shape[-1])
    return keras.losses.squared_hinge(targets, scores)  # it reads 0 as -1


def build(name, shape, n_classes, weight_decay=0.0):
    """Build a head in Keras, with random weights.

    Parameters
    ----------
    name : str
        A key of `HEADS`.
    shape : tuple of int
        Of the feature maps of one picture: (height, width, channels).
    n_classes : int
    weight_decay : float
        Multiplies the sum of the squared weights of the last layer, which is added to the loss.

    Returns
    -------
    keras.Sequential
        From feature maps to class scores of shape (n, n_classes).
    """
    if len(shape) != 3:
        raise CourseError(
            f"Expected feature maps of shape (height, width, channels) for a head. Received {tuple(shape)}. "
            "Take what comes out of the base, before any pooling."
        )
    regularizer = keras.regularizers.L2(weight_decay) if weight_decay else None
    last = keras.layers.Dense(n_classes, kernel_regularizer=regularizer)
    return keras.Sequential([keras.Input(shape), *find(name).layers(), last])
