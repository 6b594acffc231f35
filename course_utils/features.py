"""Run the frozen part of a network once over the pictures, and keep what comes out."""

import hashlib
from collections import OrderedDict

import numpy as np
from tqdm.auto import tqdm

from course_utils import backbones, cutting, networks, store
from course_utils.cards import CourseError
from course_utils.quiet import tensorflow

# Smaller batches are slower; larger ones are no faster on two cores and take more memory.
BATCH = 32
# Pictures preprocessed at a time: as 32-bit numbers they take four times the memory that they take as bytes.
PART = 256
# Features are kept in memory up to so many bytes; a set that is larger than half of that is kept on disk.
IN_MEMORY = 256 * 2**20

_memory = OrderedDict()


def extract(name, base, images, progress=False):
    """Return the features of a frozen base, computed now.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
        The backbone without its classifier, or a part of it.
    images : ndarray of shape (n, height, width, 3), uint8
    progress : bool
        Show a bar.

    Returns
    -------
    ndarray of shape (n, *shape of what the base gives), float32
    """
    found = np.empty((len(images), *base.output.shape[1:]), base.output.dtype)
    _fill(found, name, base, images, progress)
    return found


def kept(name, base, images, copies=1, progress=False):
    """Return the same, computed only if it was not computed before from the same weights and pictures.

    Small sets stay in memory as long as the kernel lives; large ones go to disk (see `store`) and are found again by
    other kernels, too.

    Parameters
    ----------
    name, base, images, progress
        As for `extract`.
    copies : int
        How many sets of this size will be used together: they share the memory.

    Returns
    -------
    ndarray of shape (n, *shape of what the base gives), float32
        Read-only: it is shared.

    Raises
    ------
    CourseError
        If all sets together are larger than what may be kept on disk.
    """
    shape = (len(images), *base.output.shape[1:])
    size = 4 * int(np.prod(shape)) * copies
    if size > store.AT_MOST:
        raise CourseError(
            f"Expected features of at most {store.AT_MOST / 2**30:.1f} GiB. These would take {size / 2**30:.1f} GiB. "
            "Freeze up to a later block, or take fewer or smaller pictures, or fewer views."
        )
    key = content_key(name, base, images)
    if key in _memory:
        _memory.move_to_end(key)
        return _memory[key]
    if size > IN_MEMORY // 2:
        return store.array(key, shape, lambda empty: _fill(empty, name, base, images, progress))
    found = extract(name, base, images, progress)
    found.flags.writeable = False
    _memory[key] = found
    while sum(array.nbytes for array in _memory.values()) > IN_MEMORY:
        _memory.popitem(last=False)
    return found


def forget():
    """Forget all features that are kept, in memory and on disk."""
    _memory.clear()
    store.clear()


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


def forward(base):
    """Return a function that runs a frozen base on a batch of preprocessed pictures, quickly.

    The weights become constants of the graph. TensorFlow then folds each batch normalisation into the convolution
    before it, which `predict`, for which weights may change, cannot do.

    Parameters
    ----------
    base : keras.Model

    Returns
    -------
    callable
        From pictures of shape (n, height, width, 3) to a tensor.
    """
    trainable = [weight.numpy() for weight in base.trainable_variables]
    others = [weight.numpy() for weight in base.non_trainable_variables]

    def run(batch):
        return base.stateless_call(trainable, others, batch, training=False)[0]

    signature = tensorflow.TensorSpec((None, *base.input.shape[1:]), base.input.dtype)
    return tensorflow.function(run, input_signature=[signature])


def _fill(found, name, base, images, progress=False):
    """Compute features part by part into an array of the right shape."""
    run = forward(base)
    starts = range(0, len(images), PART)
    for start in tqdm(starts, "features", leave=False, disable=not progress, unit_scale=PART, unit=" pictures"):
        inputs = backbones.preprocess(name, images[start : start + PART])
        for place in range(0, len(inputs), BATCH):
            batch = tensorflow.constant(inputs[place : place + BATCH], base.input.dtype)
            found[start + place : start + place + len(batch)] = run(batch)
