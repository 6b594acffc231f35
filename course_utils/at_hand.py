"""What notebook 08 works with: photographs and an ImageNet network if they are here, else what the course brings."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from course_utils import data, networks, weights_files
from course_utils.cards import CourseError, Task

IMAGENET = ("MobileNetV2", {"alpha": 0.35, "image_size": 96})
WITH_PHOTOGRAPHS, WITHOUT = ("coursenet_photos", {}), ("coursenet_guide", {})
# Pictures that the sweep was run on, under the name that they have when they are downloaded.
MEASURED = {"cats_and_dogs_filtered": "cats_vs_dogs"}
DRAWN = ("garden", "biopsy")  # near to the guide, and far from it


@dataclass(frozen=True)
class AtHand:
    """Two tasks and a network.

    Attributes
    ----------
    similar, dissimilar : cards.Task
        To what the network has seen, by common sense.
    backbone : str
    options : dict
        Of the backbone, such as its width.
    words : str
        What they are, and what is missing.
    """

    similar: Task
    dissimilar: Task
    backbone: str
    options: dict
    words: str


def look(similar, dissimilar, n_train, n_test):
    """Read two tasks, in the size that the best network which is here wants.

    Parameters
    ----------
    similar, dissimilar : str, Path or None
        Folders with photographs; None for one that is not here. Without both the drawn tasks are taken.
    n_train, n_test : int
        At most so many pictures are kept of each task, drawn at random with seed 0, equally many of each class.

    Returns
    -------
    AtHand

    Raises
    ------
    CourseError
        If a folder that is named holds no task, or both are the same.
    """
    if similar and dissimilar and Path(similar).resolve() == Path(dissimilar).resolve():
        raise CourseError(f"Expected two folders, one for each task. Received twice: {similar}.")
    name, options = IMAGENET
    weights = weights_files.offline_file(name, options["image_size"], options["alpha"])
    photographs = bool(similar and dissimilar)
    backbone, options = WITHOUT if not photographs else IMAGENET if weights else WITH_PHOTOGRAPHS
    side = options.get("image_size", networks.find(backbone).image_size)
    read = partial(_photographs, side) if photographs else data.task
    places = (similar, dissimilar) if photographs else DRAWN
    tasks = [_fewer(read(place), n_train, n_test) for place in places]  # one after the other: whole ones are large
    words = f"{networks.label(backbone, options)} on {tasks[0].name} and {tasks[1].name}, {side} x {side} pixels."
    said = [*_missing(photographs, weights), words, *_small(tasks, n_train, n_test)]
    return AtHand(*tasks, backbone, options, " ".join(said))


def _photographs(side, folder):
    """Read a task from a folder, under the name by which it was measured."""
    return data.folder_task(folder, side, MEASURED.get(Path(folder).stem))


def _fewer(task, n_train, n_test):
    """Return a task with fewer pictures."""
    return replace(task, train=_drawn(task.train, n_train), test=_drawn(task.test, n_test))


def _drawn(pictures, most):
    """Return pictures drawn at random: at most so many, of each class as many as its smallest one has."""
    counts = np.bincount(pictures.labels)
    return data.sample(pictures, min(most, len(counts) * counts.min()), seed=0)


def _small(tasks, n_train, n_test):
    """Say of which task there are fewer pictures than wanted."""
    for task in tasks:
        if (len(task.train), len(task.test)) != (n_train, n_test):
            yield (
                f"Of {task.name} {len(task.train):,} pictures are for training and {len(task.test):,} for the test, in "
                f"place of {n_train:,} and {n_test:,}: of every class as many as the smallest one has."
            )


def _missing(photographs, weights):
    """Say what is not here, and what is done."""
    if not photographs:
        yield "No photographs of both kinds are here: drawn pictures stand in, and photographs are shown as recorded."
    elif not weights:
        yield "The weights of MobileNetV2 0.35 are not here: a small network of the course stands in."
