"""Tasks and pictures: those that come with the course, and any folder of class folders."""

import io
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from course_utils import manifest
from course_utils.cards import CourseError, Pictures, Task

TASKS = ("garden", "biopsy", "butterflies")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")


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


def folder_task(place, image_size, name=None):
    """Read a task from a folder (or zip) with a `train` and a `test` folder, each holding one folder per class.

    Parameters
    ----------
    place : str or Path
    image_size : int
        Side, in pixels, that the pictures are brought to; see `read_pictures`.

    Returns
    -------
    Task
    """
    place = Path(place)
    train, class_names = read_pictures(place, image_size, part="train")
    test, test_names = read_pictures(place, image_size, part="test")
    if class_names != test_names:
        raise CourseError(
            f"Expected the same class folders in 'train' and 'test' of {place}. Found only in one of them: "
            f"{', '.join(sorted(set(class_names) ^ set(test_names)))}. Rename or move these folders."
        )
    return Task(name or place.stem, class_names, train, test)


def read_pictures(place, image_size, part="", per_class=None):
    """Read a folder, or a zip, of class folders into memory.

    The largest centred square of each picture is brought to `image_size` x `image_size` pixels. Colour modes
    become RGB, and the orientation that a camera recorded is applied.

    Parameters
    ----------
    place : str or Path
        The folder or zip file.
    image_size : int
        Side in pixels.
    part : str
        A folder inside `place` to read, such as "train".
    per_class : int, optional
        Read at most this many pictures of each class, the first by name.

    Returns
    -------
    pictures : Pictures
    class_names : tuple of str
        The names of the class folders, sorted.

    Raises
    ------
    CourseError
        If `place` is missing or damaged, holds no class folders, or a picture cannot be read.
    """
    members = _members(Path(place), part)
    by_class = {}
    for class_name, file_name, read in members:
        files = by_class.setdefault(class_name, [])
        if per_class is None or len(files) < per_class:
            files.append((file_name, read))
    if not by_class:
        where = f"{place}/{part}" if part else str(place)
        raise CourseError(
            f"Expected one folder of pictures per class in {where}. Found none. "
            "Put the pictures of each class into a folder with the name of the class."
        )
    files = [(label, *file) for label, files in enumerate(by_class.values()) for file in files]
    images = np.stack([_decode(read, file_name, image_size) for _, file_name, read in files])
    labels = np.array([label for label, *_ in files], dtype=np.int64)
    return Pictures(images, labels), tuple(by_class)


def _members(place, part):
    """List the pictures below `place` as (class name, file name, function that reads its bytes), sorted."""
    if place.is_dir():
        paths = sorted((place / part).glob("*/*"))
        files = [(path.parent.name, str(path), path.read_bytes) for path in paths]
    elif place.is_file():
        try:
            archive = zipfile.ZipFile(place)
        except zipfile.BadZipFile:
            raise CourseError(
                f"Expected {place} to be a zip file. It is damaged. Fetch it again (in the course's own folder: "
                f"`git checkout {place.name}` restores it)."
            ) from None
        depth = 3 if part else 2
        names = [name for name in sorted(archive.namelist()) if name.count("/") == depth - 1]
        files = [(name.split("/")[-2], name, partial(archive.read, name)) for name in names if name.startswith(part)]
    else:
        raise CourseError(f"Expected a folder or a zip file at {place}. Found nothing there. Check the path.")
    return [file for file in files if file[1].lower().endswith(ENDINGS)]


def _decode(read, file_name, image_size):
    """Turn one file into pixels of shape (image_size, image_size, 3)."""
    try:
        with Image.open(io.BytesIO(read())) as image:
            image.draft("RGB", (image_size, image_size))  # lets JPEG decode at a fraction of its size
            upright = ImageOps.exif_transpose(image).convert("RGB")
            return np.asarray(ImageOps.fit(upright, (image_size, image_size), Image.Resampling.BILINEAR))
    except (OSError, zipfile.BadZipFile, Image.DecompressionBombError, ValueError, SyntaxError) as error:
        raise CourseError(
            f"Expected a picture in {file_name}. It cannot be read ({error}). Remove it or replace it."
        ) from error


def sample(pictures, n, seed):
    """Draw `n` pictures at random, the same number of each class, or one more of some.

    Parameters
    ----------
    pictures : Pictures
    n : int
        Number of pictures in all.
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
        wanted = n // len(classes) + (label in extra)
        if wanted > len(places):
            raise CourseError(
                f"Expected at least {wanted} pictures of every class for a sample of {n}. "
                f"Class number {label} has {len(places)}. Take a smaller sample."
            )
        chosen.append(rng.choice(places, wanted, replace=False))
    chosen = rng.permutation(np.concatenate(chosen))
    return Pictures(pictures.images[chosen], pictures.labels[chosen])


def split(pictures, share, seed):
    """Set a share of every class aside, for validation.

    Parameters
    ----------
    pictures : Pictures
    share : float
        Between 0 and 1.
    seed : int

    Returns
    -------
    kept, held_out : Pictures
        No picture is in both.
    """
    rng = np.random.default_rng(seed)
    aside = np.zeros(len(pictures), dtype=bool)
    for label in np.unique(pictures.labels):
        places = np.flatnonzero(pictures.labels == label)
        aside[rng.choice(places, round(share * len(places)), replace=False)] = True
    kept, held_out = (Pictures(pictures.images[part], pictures.labels[part]) for part in (~aside, aside))
    return kept, held_out


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
