"""Read pictures from folders and zips, whatever their size and colour mode."""

import os
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from course_utils import as_seen
from course_utils.as_seen import UNREADABLE
from course_utils.cards import CourseError, Pictures

ENDINGS = (".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
TEST_NAMES = ("test", "validation", "val")  # folders beside `train`, in this order
_NOTHING = "Expected a folder or a zip file at {}. Found nothing there. Check the path."
LARGEST_FILE = 200_000_000  # bytes of a picture in a zip


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
    return _decoded(files, image_size), tuple(by_class)


def read_files(paths, labels, image_size):
    """Read some picture files into memory, as `read_pictures` does.

    Parameters
    ----------
    paths : sequence of Path
    labels : sequence of int
    image_size : int

    Returns
    -------
    Pictures
        In the order of the paths.
    """
    files = [(label, str(path), path.read_bytes) for path, label in zip(paths, labels, strict=True)]
    return _decoded(files, image_size)


def _decoded(files, image_size):
    """Return pictures, from a list of label, name and a function that reads the bytes."""
    images = np.empty((len(files), image_size, image_size, 3), np.uint8)

    def decode(place):
        _, file_name, read = files[place]
        images[place] = _decode(read, file_name, image_size)

    threads = ThreadPoolExecutor(os.cpu_count())  # Pillow lets go of Python's lock while it decodes
    try:
        list(threads.map(decode, range(len(files))))  # raises what went wrong with the first file that cannot be read
    finally:
        threads.shutdown(cancel_futures=True)
    return Pictures(images, np.array([label for label, *_ in files], dtype=np.int64))


def read_picture(content, image_size, file_name="the file"):
    """Turn the content of one picture file into pixels.

    Parameters
    ----------
    content : bytes
    image_size : int
        Side that the largest centred square is brought to, in pixels.
    file_name : str
        For the message, if it is no picture.

    Returns
    -------
    ndarray of shape (image_size, image_size, 3), uint8
    """
    return _decode(lambda: content, file_name, image_size)


def top_folders(place):
    """Return the names of the folders directly in a folder, or in a zip: a set of str.

    Raises
    ------
    CourseError
        If there is nothing at `place`, or a damaged zip.
    """
    place = Path(place)
    if place.is_dir():
        return {path.name for path in place.iterdir() if path.is_dir()}
    if not place.is_file():
        raise CourseError(_NOTHING.format(place))
    return {info.filename.split("/")[0] for info in _opened(place).infolist() if "/" in info.filename}


def named(label):
    """Return the name of a class in one way of writing: a Mac stores letters such as ü or 고 in pieces."""
    return unicodedata.normalize("NFC", label)


def _members(place, part):
    """List the pictures below `place` as (class name, file name, function that reads its bytes), sorted."""
    if place.is_dir():
        paths = (place / part).glob("*/*")
        files = [(path.parent.name, path.name, str(path), path.read_bytes) for path in paths]
    elif place.is_file():
        files = _zip_members(place, f"{part}/" if part else "")
    else:
        raise CourseError(_NOTHING.format(place))
    shown = [(named(file[0]), *file[1:]) for file in files if not any(part.startswith(".") for part in file[:2])]
    shown.sort(key=lambda file: file[:2])  # the same order for a folder as for a zip, on every system
    return [(class_name, path, read) for class_name, name, path, read in shown if _is_picture(name)]


def _is_picture(name):
    """Tell by its name whether a file is a picture that can be read here."""
    ending = Path(name).suffix.lower()
    return ending in ENDINGS or as_seen.is_readable(ending)


def _zip_members(place, prefix):
    """List the files of a zip that lie in a class folder directly below `prefix`."""
    archive = _opened(place)
    inside = [info for info in archive.infolist() if info.filename.startswith(prefix)]
    split = [(info, info.filename.removeprefix(prefix).split("/")) for info in inside]
    return [(*parts, info.filename, partial(_read_member, archive, info)) for info, parts in split if len(parts) == 2]


def _opened(place):
    """Open a zip."""
    try:
        return zipfile.ZipFile(place)
    except (zipfile.BadZipFile, OSError):
        raise CourseError(f"Expected a zip file at {place}. It is damaged or no zip. Fetch it again.") from None


def _read_member(archive, info):
    """Return the bytes of one file of a zip, unless they would fill the memory."""
    if info.file_size > LARGEST_FILE:
        raise ValueError(f"{info.file_size:,} bytes are more than the {LARGEST_FILE:,} allowed")
    return archive.read(info)


def _decode(read, file_name, image_size):
    """Turn one file into pixels of shape (image_size, image_size, 3)."""
    try:
        with as_seen.opened(read()) as image:
            seen = as_seen.seen(image, image_size)
            return np.asarray(ImageOps.fit(seen, (image_size, image_size), Image.Resampling.BILINEAR))
    except UNREADABLE as error:
        # Pillow would name an object in memory.
        reason = "no known kind of picture" if isinstance(error, UnidentifiedImageError) else error
        raise CourseError(
            f"Expected a picture in {file_name}. It cannot be read ({reason}). Remove it or replace it."
        ) from error
