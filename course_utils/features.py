"""Run the frozen part of a network once over the pictures, and keep what comes out."""

import numpy as np

from course_utils import backbones

# Larger batches are no faster on two cores and take more memory.
BATCH = 32
# Pictures preprocessed at a time: as 32-bit numbers they take four times the memory that they take as bytes.
PART = 256


def extract(name, base, images):
    """Return the feature maps of a frozen base.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
        The backbone without its classifier.
    images : ndarray of shape (n, height, width, 3), uint8

    Returns
    -------
    ndarray of shape (n, rows, columns, channels), float32
    """
    parts = [images[start : start + PART] for start in range(0, len(images), PART)]
    return np.concatenate(
        [base.predict(backbones.preprocess(name, part), batch_size=BATCH, verbose=0) for part in parts]
    )
