"""Training pools larger than those that come with the course: drawn on first use, and kept in the cache."""

import os
from io import BytesIO

import numpy as np
from PIL import Image

from course_utils import CACHE, leftovers
from course_utils.cards import Pictures
from course_utils.reading import read_picture
from course_utils.world.catalogue import COLLECTIONS, picture

SHIPPED = 4096  # pictures of the pools that come with the course: the first 512 of each class
PER_CLASS = 2048
QUALITY = 90


def encode(image):
    """Compress one picture; return the bytes of a WebP file."""
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def path(name):
    """Return where the large pool of a task is kept."""
    return CACHE / "pools" / f"{name}_{PER_CLASS}.npy"


def load(name):
    """Return the large training pool of a task; if it is not there yet, it is drawn, which takes some minutes.

    Parameters
    ----------
    name : {"garden", "biopsy", "butterflies"}

    Returns
    -------
    Pictures
        `PER_CLASS` of each class, compressed and read again as the shipped ones are; the shipped pool is part of it.
    """
    place = path(name)
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place.with_suffix(".lock"), "wb") as lock:
            leftovers.wait_for(lock)  # two workers want the same pool at once: one draws it, the other waits
            if not place.is_file():
                part = place.with_name(f"{place.stem}_{os.getpid()}.npy")  # a half-written pool is never found
                np.save(part, draw(name, PER_CLASS))
                part.replace(place)
    images = np.load(place, mmap_mode="r")
    return Pictures(images, np.repeat(np.arange(len(images) // PER_CLASS), PER_CLASS))


def draw(name, per_class):
    """Draw the first pictures of every class of a task.

    Returns
    -------
    ndarray of shape (n_classes * per_class, 64, 64, 3), uint8
        Ordered by class.
    """
    collection = COLLECTIONS[name]
    return np.stack(
        [
            read_picture(encode(picture(collection, label, index)), 64)
            for label in range(len(collection.kinds))
            for index in range(per_class)
        ]
    )
