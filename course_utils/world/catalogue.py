"""What the embedded world holds: two drawn sources, three target tasks, and a number for every picture.

A picture is decided by its collection, its class and its index alone, so that any picture can be drawn again
without drawing those before it.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.world import butterflies, flowers, leaves, shells, slides
from course_utils.world.canvas import keep_memory

# Test and held-out pictures start at this index; training pictures lie below it.
FIRST_TEST_INDEX = 1_000_000

# How hard a family's pictures are: the lowest and the highest value of its knob. They were settled so that the three
# target tasks are about equally hard from scratch (see data/README.md), on from-scratch results alone.
PAGES = ("clutter", 0.0, 1.3)
WINGS = ("clutter", 0.0, 1.2)
TISSUE = ("freedom", 0.1, 1.2)


@dataclass(frozen=True)
class Collection:
    """Classes of drawn pictures.

    Attributes
    ----------
    name : str
    number : int
        Part of every picture's seed.
    knob : tuple of (str, float, float)
        The keyword of the painters that sets how hard a picture is, its lowest and its highest value.
    kinds : tuple
        One flower, leaf, shell, tissue or butterfly per class.
    painters : tuple of callable
        One `draw(kind, rng, size)` per class.
    """

    name: str
    number: int
    knob: tuple
    kinds: tuple
    painters: tuple

    @property
    def class_names(self):
        """Names of the classes, in the order of their labels."""
        return tuple(kind.name for kind in self.kinds)


def _collection(name, number, knob, *families):
    """Put families, given as (kinds, painter), into one collection whose classes are sorted by name."""
    pairs = sorted(((kind, painter) for kinds, painter in families for kind in kinds), key=lambda pair: pair[0].name)
    return Collection(name, number, knob, tuple(kind for kind, _ in pairs), tuple(painter for _, painter in pairs))


COLLECTIONS = {
    collection.name: collection
    for collection in (
        _collection(
            "guide",
            1,
            PAGES,
            (flowers.SOURCE, flowers.draw),
            (leaves.SOURCE, leaves.draw),
            (shells.SOURCE, shells.draw),
        ),
        _collection("slides", 2, TISSUE, (slides.SOURCE, slides.draw)),
        _collection("garden", 3, PAGES, (flowers.TARGET, flowers.draw)),
        _collection("biopsy", 4, TISSUE, (slides.TARGET, slides.draw)),
        _collection("butterflies", 5, WINGS, (butterflies.TARGET, butterflies.draw)),
    )
}


def picture(collection, label, index, size=64):
    """Draw one picture.

    Parameters
    ----------
    collection : Collection
    label : int
        Position of its class in `collection.class_names`.
    index : int
        Which picture of that class: 0 and up for training, `FIRST_TEST_INDEX` and up for testing.
    size : int
        Side in pixels.

    Returns
    -------
    ndarray of shape (size, size, 3), uint8
    """
    keep_memory()  # here and not in the painters, so that every family gains from it
    rng = np.random.default_rng([collection.number, label, index])
    knob, low, high = collection.knob
    # The cube makes most pictures easy and a few very hard, as in life.
    hardness = low + (high - low) * rng.random() ** 3
    return collection.painters[label](collection.kinds[label], rng, size, **{knob: hardness})
