"""Run the frozen part of a network once over the pictures, and keep what comes out."""

import hashlib
from collections import OrderedDict

import numpy as np

from course_utils import backbones, cutting, networks, store

# Larger batches are no faster on two cores and take more memory.
BATCH = 32
# Pictures preprocessed at a time: as 32-bit numbers they take four times the memory that they take as bytes.
PART = 256
# Features are kept in memory up to so many bytes; a set that is larger than half of that is kept on disk.
IN_MEMORY = 256 * 2**20

_memory = OrderedDict()


def extract(name, base, images):
    """Return the feature maps of a frozen base, computed now.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
        The backbone without its classifier, or a part of it.
    images : ndarray of shape (n, height, width, 3), uint8

    Returns
    -------
    ndarray of shape (n, rows, columns, channels), float32
    """
    found = np.empty((len(images), *base.output.shape[1:]), np.float32)
    _fill(found, name, base, images)
    return found


def kept(name, base, images):
    """Return the same, computed only if it was not computed before from the same weights and pictures.

    Small sets stay in memory as long as the kernel lives; large ones go to disk (see `store`) and are found again by
    other kernels, too. Parameters are those of `extract`.

    Returns
    -------
    ndarray of shape (n, rows, columns, channels), float32
        Read-only: it is shared.
    """
    key = content_key(name, base, images)
    if key in _memory:
        _memory.move_to_end(key)
        return _memory[key]
    shape = (len(images), *base.output.shape[1:])
    if 4 * int(np.prod(shape)) > IN_MEMORY // 2:
        return store.array(key, shape, lambda empty: _fill(empty, name, base, images))
    found = extract(name, base, images)
    found.flags.writeable = False
    _memory[key] = found
    while sum(array.nbytes for array in _memory.values()) > IN_MEMORY:
        _memory.popitem(last=False)
    return found


def content_key(name, base, images):
    """Return what tells one set of features from all others: a hash of all that decides them.

    That is the preprocessing, the layers and their settings, their weights (BatchNorm statistics included), and the
    pictures.
    """
    card = networks.find(name)
    hashed = hashlib.blake2b(digest_size=20)
    hashed.update(f"{card.builder} {card.module} {images.shape} {images.dtype}".encode())
    hashed.update(cutting.structure(base).encode())
    for weights in base.get_weights():
        hashed.update(np.ascontiguousarray(weights))
    hashed.update(np.ascontiguousarray(images))
    return hashed.hexdigest()


def _fill(found, name, base, images):
    """Compute features part by part into an array of the right shape."""
    for start in range(0, len(images), PART):
        inputs = backbones.preprocess(name, images[start : start + PART])
        found[start : start + PART] = base.predict(inputs, batch_size=BATCH, verbose=0)
