"""Tasks and pictures: those that come with the course, and any folder of class folders."""

from pathlib import Path

import numpy as np

from course_utils import manifest
from course_utils.cards import CourseError, Pictures, Task
from course_utils.reading import TEST_NAMES, read_pictures, top_folders

TASKS = ("garden", "biopsy", "butterflies")
TEST_SHARE, LEAST = 0.25, 4


def task(name):
    """Load one of the course's own target tasks.

    Parameters
    ----------
    name : {"garden", "biopsy", "butterflies"}

    Returns
    -------
    Task
        With pictures of 64 x 64 pixels.

    Raises
    ------
    CourseError
        If there is no such task, or its file is missing or damaged.
    """
    if name not in TASKS:
        raise CourseError(f"Expected the name of a task: {', '.join(TASKS)}. Received: {name!r}.")
    return folder_task(manifest.verified(f"tasks/{name}.zip"), image_size=64, name=name)


def folder_task(place, image_size, name=None, per_class=None):
    """Read a task from a folder (or zip) that holds one folder per class, or a `train` and a `test` folder that do.

    Parameters
    ----------
    place : str or Path
        In place of `test` there may be a folder `validation` or `val`. If there is no `train`, a quarter of the
        pictures of each class become the test pictures, always the same ones. Where pictures belong together, as
        slices of one patient, that is not fair: then put them into `train` and `test` yourself.
    image_size : int
        Side, in pixels, that the pictures are brought to; see `read_pictures`.
    name : str, optional
        By default that of the folder.
    per_class : int, optional
        Read at most this many pictures of each class, of `train` and of `test`.

    Returns
    -------
    Task
    """
    place = Path(place).expanduser()
    folders = {name.lower(): name for name in top_folders(place)}
    if "train" not in folders:
        pictures, class_names = read_pictures(place, image_size, per_class=per_class)
        _check_enough(pictures, class_names, place)
        return Task(name or place.stem, class_names, *split(pictures, TEST_SHARE, seed=0))
    held_out = next((one for one in TEST_NAMES if one in folders), TEST_NAMES[0])
    train, class_names = read_pictures(place, image_size, part=folders["train"], per_class=per_class)
    test, test_names = read_pictures(place, image_size, part=folders.get(held_out, held_out), per_class=per_class)
    if class_names != test_names:
        raise CourseError(
            f"Expected the same class folders in 'train' and '{held_out}' of {place}. Found only in one of them: "
            f"{', '.join(sorted(set(class_names) ^ set(test_names)))}. Rename or move these folders."
        )
    return Task(name or place.stem, class_names, train, test)


def _check_enough(pictures, class_names, place):
    """Refuse classes of which no quarter can be set aside."""
    for name, count in zip(class_names, np.bincount(pictures.labels), strict=True):
        if count < LEAST:
            raise CourseError(
                f"Expected at least {LEAST} pictures of every class in {place}, to set a quarter aside for the test. "
                f"Found {count} in {name!r}. Add pictures, or make folders 'train' and 'test' yourself."
            )


def sample(pictures, n, seed):
    """Draw `n` pictures at random, the same number of each class, or one more of some.

    Parameters
    ----------
    pictures : Pictures
    n : int
        Number of pictures in all. If it is that of all pictures, all are taken, whatever the sizes of the classes.
    seed : int

    Returns
    -------
    Pictures
        In random order.

    Raises
    ------
    CourseError
        If a class has too few pictures for that.
    """
    rng = np.random.default_rng(seed)
    classes = np.unique(pictures.labels)
    extra = rng.permutation(classes)[: n % len(classes)]
    chosen = []
    for label in classes:
        places = np.flatnonzero(pictures.labels == label)
        wanted = len(places) if n == len(pictures) else n // len(classes) + (label in extra)
        if wanted > len(places):
            raise CourseError(
                f"Expected at least {wanted} pictures of every class for a sample of {n}. "
                f"Class number {label} has {len(places)}. Take a smaller sample."
            )
        chosen.append(rng.choice(places, wanted, replace=False))
    chosen = rng.permutation(np.concatenate(chosen))
    return pictures.take(chosen)


def split(pictures, share, seed):
    """Set a share of every class aside, for validation.

    Parameters
    ----------
    pictures : Pictures
    share : float
        Between 0 and 1. Where pictures have groups, these stay whole, and the share may be a little larger.
    seed : int

    Returns
    -------
    kept, held_out : Pictures
        No picture, and no group, is in both.
    """
    rng = np.random.default_rng(seed)
    if pictures.groups is not None:
        aside = np.isin(pictures.groups, _groups_aside(pictures, share, rng))
        return pictures.take(~aside), pictures.take(aside)
    aside = np.zeros(len(pictures), dtype=bool)
    for label in np.unique(pictures.labels):
        places = np.flatnonzero(pictures.labels == label)
        aside[rng.choice(places, round(share * len(places)), replace=False)] = True
    return pictures.take(~aside), pictures.take(aside)


def _groups_aside(pictures, share, rng):
    """Return the groups to set aside: of each class at random, until there are as many pictures as wanted."""
    chosen, settled = [], []  # a group may hold pictures of several classes: the first one decides
    for label in np.unique(pictures.labels):
        names, sizes = np.unique(pictures.groups[pictures.labels == label], return_counts=True)
        wanted = round(share * sizes.sum()) - sizes[np.isin(names, chosen)].sum()
        for name in rng.permutation(names[~np.isin(names, settled)])[:-1]:  # one at least is left
            if wanted <= 0:
                break
            chosen.append(name)
            wanted -= sizes[names == name].sum()
        settled.extend(names)
    return chosen


def only(pictures, labels):
    """Return the pictures of some classes, numbered anew in the order given.

    Parameters
    ----------
    pictures : Pictures
    labels : sequence of int

    Returns
    -------
    Pictures
    """
    places = [np.flatnonzero(pictures.labels == label) for label in labels]
    renumbered = np.repeat(np.arange(len(labels)), [len(found) for found in places])
    return Pictures(pictures.images[np.concatenate(places)], renumbered)
