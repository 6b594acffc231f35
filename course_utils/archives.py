"""Checking and unpacking downloaded archives: nothing is written outside of the folder that is named."""

import errno
import lzma
import os
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from course_utils import manifest
from course_utils.cards import CourseError

# What an archive may grow to, so that a small file cannot fill the disk.
MOST_TIMES = 20
# Python itself refuses members that leave the folder, too, from 3.11.4 on; the checks here stand for themselves.
FILTER = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
FULL = (errno.ENOSPC, errno.EDQUOT)  # the disk is full, or the part of it that one account may fill
_DAMAGED = (zipfile.BadZipFile, tarfile.ReadError, EOFError, zlib.error, lzma.LZMAError)
# Encrypted, packed in a way that Python does not know, a file where a folder should be, names that no disk takes.
_UNUSABLE = (RuntimeError, zipfile.LargeZipFile, tarfile.TarError, ValueError, OSError)
PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


def check(file, size, sha256=None):
    """Refuse a file that is not the one that is wanted.

    Parameters
    ----------
    file : Path
    size : int
        In bytes.
    sha256 : str, optional

    Raises
    ------
    CourseError
        If its size or its bytes are others.
    """
    found = file.stat().st_size
    if found != size:
        raise CourseError(f"Expected {file.name} with {size:,} bytes. Received {found:,}: it is cut short, or another.")
    if sha256 and manifest.sha256(file) != sha256:
        raise CourseError(f"Expected {file.name} with sha256 {sha256[:12]}... Its bytes are others. Download it anew.")


def unpack(file, folder, pictures):
    """Unpack a zip, or a tar of any kind, and count its pictures.

    Parameters
    ----------
    file : Path
    folder : Path
        It is made, and is there only if all went well.
    pictures : int
        How many there must be.

    Raises
    ------
    CourseError
        If the archive is damaged or cannot be unpacked, wants to write outside of the folder, holds links or far too
        much, or has another number of pictures.
    OSError
        If the disk is full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as space:
        made = Path(space) / folder.name
        made.mkdir()
        _extract(file, made)
        # macOS puts files of its own beside those that it packs: "._name".
        found = [path for path in made.rglob("*") if path.suffix.lower() in PICTURES and not path.name.startswith("._")]
        if len(found) != pictures:
            raise CourseError(
                f"Expected {pictures:,} pictures in {file.name}. Found {len(found):,}: it is another file."
            )
        try:
            os.rename(made, folder)
        except OSError as error:
            raise CourseError(
                f"Expected to unpack into {folder}. Something else is there: {error}. Remove it."
            ) from error


def _extract(file, folder):
    """Unpack into a folder; say in one sentence what went wrong."""
    opened = zipfile.ZipFile if file.suffix == ".zip" else tarfile.open
    try:
        with opened(file) as archive:
            _check_members(file, _members(archive))
            archive.extractall(folder, **(FILTER if opened is tarfile.open else {}))
    except _DAMAGED as error:
        raise CourseError(f"Expected an archive that can be unpacked. {file.name} is damaged: {error}.") from error
    except _UNUSABLE as error:
        if getattr(error, "errno", None) in FULL:
            raise
        reason = (
            "it is encrypted, or packed in a way that Python does not know"
            if isinstance(error, RuntimeError)
            else error
        )
        raise CourseError(
            f"Expected an archive that can be unpacked. {file.name} cannot be: {reason}. Download it anew, or take "
            "another file."
        ) from error


def _members(archive):
    """Return name, size and whether it is a plain file or folder, of every member."""
    if isinstance(archive, zipfile.ZipFile):
        link = 0o120000
        return [(one.filename, one.file_size, one.external_attr >> 16 & 0o170000 != link) for one in archive.infolist()]
    return [(one.name, one.size, one.isreg() or one.isdir()) for one in archive]


def _check_members(file, members):
    """Refuse links, paths that leave the folder, and what grows too much."""
    for name, _, plain in members:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in name.split("/")[0]:
            raise CourseError(f"Expected paths inside of the folder. {file.name} holds {name!r}: do not trust it.")
        if not plain:
            raise CourseError(f"Expected files and folders. {file.name} holds the link {name!r}: do not trust it.")
    total = sum(size for _, size, _ in members)
    if total > MOST_TIMES * file.stat().st_size:
        raise CourseError(f"Expected pictures. {file.name} would grow to {total:,} bytes: do not trust it.")
