"""Tasks and pictures: those that come with the course, and any folder of class folders."""

import io
import zipfile
import zlib
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from course_utils import manifest
from course_utils.cards import CourseError, Pictures, Task

TASKS = ("garden", "biopsy", "butterflies")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")
LARGEST_FILE = 200_000_000  # bytes of a picture in a zip
# What Pillow and zipfile raise for files that are damaged, encrypted, too large, or no pictures.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    Image.DecompressionBombError,
)


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
        paths = (place / part).glob("*/*")
        files = [(path.parent.name, path.name, str(path), path.read_bytes) for path in paths]
    elif place.is_file():
        files = _zip_members(place, f"{part}/" if part else "")
    else:
        raise CourseError(f"Expected a folder or a zip file at {place}. Found nothing there. Check the path.")
    shown = [file for file in files if not file[0].startswith(".") and not file[1].startswith(".")]
    shown.sort(key=lambda file: file[:2])  # the same order for a folder as for a zip, on every system
    return [(class_name, path, read) for class_name, name, path, read in shown if name.lower().endswith(ENDINGS)]


def _zip_members(place, prefix):
    """List the files of a zip that lie in a class folder directly below `prefix`."""
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, OSError):
        raise CourseError(f"Expected a zip file at {place}. It is damaged or no zip. Fetch it again.") from None
    inside = [info for info in archive.infolist() if info.filename.startswith(prefix)]
    split = [(info, info.filename.removeprefix(prefix).split("/")) for info in inside]
    return [(*parts, info.filename, partial(_read_member, archive, info)) for info, parts in split if len(parts) == 2]


def _read_member(archive, info):
    """Return the bytes of one file of a zip, unless they would fill the memory."""
    if info.file_size > LARGEST_FILE:
        raise ValueError(f"{info.file_size:,} bytes are more than the {LARGEST_FILE:,} allowed")
    return archive.read(info)


def _decode(read, file_name, image_size):
    """Turn one file into pixels of shape (image_size, image_size, 3)."""
    try:
        with Image.open(io.BytesIO(read())) as image:
            image.draft("RGB", (image_size, image_size))  # lets JPEG decode at a fraction of its size
            upright = ImageOps.exif_transpose(image).convert("RGB")
            return np.asarray(ImageOps.fit(upright, (image_size, image_size), Image.Resampling.BILINEAR))
    except UNREADABLE as error:
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
