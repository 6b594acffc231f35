"""Measuring how similar pictures are to what a backbone was trained on, from features that are kept."""

import numpy as np

from course_utils import backbones, batch_norm, features, similarity
from course_utils.quiet import keras
from course_utils.transferability import probe_accuracy


def pooled(name, base, images):
    """Return the features of pictures, averaged over places.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
        The backbone without its classifier.
    images : ndarray of shape (n, height, width, 3), uint8

    Returns
    -------
    ndarray of shape (n, n_channels), float32
    """
    return features.extract(name, base, images).mean((1, 2))


def random_features(name, images, **options):
    """Return the same of a network with random weights, whose BatchNorm statistics fit the pictures.

    Parameters
    ----------
    name, images
        As for `pooled`.
    **options
        Of the network: `alpha`, `image_size`.
    """
    keras.utils.set_random_seed(0)
    base = backbones.load(name, weights=None, **options)
    batch_norm.settle(base, backbones.preprocess(name, images))
    return pooled(name, base, images)


def probe_gap(name, pictures, found=None, **options):
    """Return which share of the errors on features of random weights is gone with those of a backbone.

    Parameters
    ----------
    name : str
    pictures : Pictures
        Of the target; at least four of each class.
    found : ndarray of shape (n, n_channels), optional
        The backbone's features of them, if they are known; else they are computed.
    **options
        Of the network: `alpha`, `image_size`.

    Returns
    -------
    float
        See `similarity.share_of_errors`.
    """
    if found is None:
        found = pooled(name, backbones.load(name, **options), pictures.images)
    chance = probe_accuracy(random_features(name, pictures.images, **options), pictures.labels)
    return similarity.share_of_errors(probe_accuracy(found, pictures.labels), chance)


def softmax(scores):
    """Return probabilities from class scores: ndarrays of shape (n, n_classes).

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0]]))
    array([[0.5, 0.5]])
    """
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
