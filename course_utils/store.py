"""Arrays kept on disk: found by a key, mapped into memory, whole or absent, and bounded in size."""

import os
import shutil
import time
import uuid

import numpy as np

from course_utils import CACHE
from course_utils.cards import CourseError

FOLDER = CACHE / "features"
AT_MOST = 4 * 2**30  # bytes
_ABANDONED = 3600  # seconds without a change, after which an unfinished file is nobody's
_TRIES = 3


def array(key, shape, write):
    """Return the array of a key, mapped from disk and read-only; make it first if it is not there.

    It is written under a name of its own and renamed when it is complete. So two kernels can make the same array at
    once, and one that is killed leaves no half of it behind. When all arrays together, unfinished ones included, would
    pass `AT_MOST` bytes, those not used for longest are deleted.

    Parameters
    ----------
    key : str
        Part of the file's name.
    shape : tuple of int
    write : callable
        Fills an empty float32 array of that shape.

    Returns
    -------
    numpy.memmap

    Raises
    ------
    CourseError
        If the disk is full.
    """
    path = FOLDER / f"{key}.npy"
    for _ in range(_TRIES):
        try:
            if not path.is_file():
                FOLDER.mkdir(parents=True, exist_ok=True)
                _make_room(int(np.prod(shape)) * 4)
                _make(path, shape, write)
            os.utime(path)  # used just now
            return np.load(path, mmap_mode="r")
        except FileNotFoundError:  # another kernel made room, and deleted it in this very moment
            continue
    raise CourseError(
        f"Expected to keep features in {FOLDER}. Other programs delete them at once. Close some notebooks."
    )


def clear():
    """Delete all arrays; those that are still mapped stay readable where the system allows it."""
    for path in FOLDER.glob("*.npy"):
        _delete(path)


def _make(path, shape, write):
    """Write an array beside its place, and move it there when it is complete."""
    part = path.with_name(f"{path.stem}.{uuid.uuid4().hex}.part")
    try:
        mapped = np.lib.format.open_memmap(part, "w+", np.float32, shape)
        _reserve(part)
        write(mapped)
        mapped.flush()
        del mapped  # Windows moves no file that is still mapped
        os.replace(part, path)
    except PermissionError:
        if not path.is_file():  # else another kernel was quicker, and Windows keeps a file that is in use
            raise
    finally:
        part.unlink(missing_ok=True)


def _reserve(part):
    """Take the room on the disk now: a mapped file that finds none later ends the whole process."""
    size, free = part.stat().st_size, shutil.disk_usage(part.parent).free
    try:
        if size > free:
            raise OSError(f"There are {free / 2**30:.1f} GiB")
        if hasattr(os, "posix_fallocate"):  # not on Windows and macOS
            with open(part, "r+b") as file:
                os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        raise CourseError(
            f"Expected {size / 2**30:.1f} GiB of free disk in {part.parent}. {error}. Free some space."
        ) from error


def _make_room(needed):
    """Delete what was not used for longest, until `needed` bytes more stay within the bound."""
    now, found, total = time.time(), [], needed
    for path in FOLDER.iterdir():
        try:
            status = path.stat()
        except FileNotFoundError:  # another kernel makes room too
            continue
        if path.suffix == ".part" and now - status.st_mtime > _ABANDONED:
            _delete(path)
            continue
        total += status.st_size
        if path.suffix == ".npy":
            found.append((status.st_mtime, status.st_size, path))
    for _, size, path in sorted(found, key=lambda entry: entry[0]):
        if total <= AT_MOST:
            return
        total -= size * _delete(path)


def _delete(path):
    """Delete a file if the system lets us; tell whether it has gone."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # in use, on Windows
        return False
    return True
