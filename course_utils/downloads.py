"""Three public sets of photographs: fetched when asked for, checked, and unpacked once.

They are not part of the course. A set that was fetched before is used again. The variable `COURSE_DOWNLOADS` may name a
folder with the files, or with the sets as they were unpacked, or the address of a mirror, in place of the addresses
below: so a classroom downloads once.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from course_utils import CACHE, archives, leftovers, transfers
from course_utils.cards import CourseError
from course_utils.transfers import PLACE

ROOM = 3  # times its size is what a set needs on the disk: the archive, and what comes out of it


@dataclass(frozen=True)
class Download:
    """A set of photographs that can be downloaded.

    Attributes
    ----------
    name : str
    address : str
    size : int
        Of the file, in bytes.
    sha256 : str or None
        None if its publisher tells none: then size, checksums of the members and number of pictures must be right.
    pictures : int
        How many there are in it.
    inside : str
        The folder in it that holds the class folders, or the folders of its parts.
    """

    name: str
    address: str
    size: int
    sha256: str | None
    pictures: int
    inside: str

    @property
    def file(self):
        """The name of its file."""
        return self.address.rsplit("/", 1)[1]


DOWNLOADS = (
    Download(
        "flower_photos",
        "http://download.tensorflow.org/example_images/flower_photos.tgz",
        228_813_984,
        "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
        3670,
        "flower_photos",
    ),
    Download(
        "colorectal_histology",
        "https://zenodo.org/record/53169/files/Kather_texture_2016_image_tiles_5000.zip",
        258_098_431,
        "936d0b95ae0f04f1f7b18a2b7e8c55776c3e887d102f645bcee752d1a6626a32",
        5000,
        "Kather_texture_2016_image_tiles_5000",
    ),
    Download(
        "cats_and_dogs",
        "https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip",
        68_606_236,
        None,
        3000,
        "cats_and_dogs_filtered",
    ),
)


def find(name):
    """Return a set by its name."""
    for one in DOWNLOADS:
        if one.name == name:
            return one
    raise CourseError(f"Expected one of {', '.join(one.name for one in DOWNLOADS)}. Received: {name!r}.")


def folder(name):
    """Return the folder of a set that was fetched before, into the cache or the folder that all share; or None."""
    place = os.path.join(name, find(name).inside)
    shared = os.environ.get(PLACE)
    homes = [CACHE / "downloads", *([Path(shared).expanduser()] if shared else [])]
    return next((home / place for home in homes if (home / place).is_dir()), None)


def fetch(name, progress=True):
    """Return the folder of a set, downloading it unless it is here.

    What is half done leaves nothing behind: a download or an unpacking that was broken off starts anew. What a killed
    program left is removed by the next call.

    Parameters
    ----------
    name : str
        Of `DOWNLOADS`.
    progress : bool
        Show a bar.

    Returns
    -------
    Path

    Raises
    ------
    CourseError
        If it cannot be had: what went wrong, and what can be done.
    """
    one, home = find(name), CACHE / "downloads"
    leftovers.clear(home)
    here = folder(name)
    if here:
        return here
    try:
        home.mkdir(parents=True, exist_ok=True)
        _check_room(one, home)
        with leftovers.temporary(home, name) as space:
            archives.unpack(_file(one, space, progress), space / "unpacked", one.pictures)
            return _keep(one, space / "unpacked", home)
    except OSError as error:
        if error.errno in archives.FULL:
            raise CourseError(_no_room(one, home)) from error
        raise CourseError(
            f"Expected a folder that can be written to at {home}. It cannot: {error}. Set COURSE_CACHE to another one."
        ) from error


def _keep(one, unpacked, home):
    """Move an unpacked set to its place; another kernel may have been faster."""
    if not (unpacked / one.inside).is_dir():
        raise CourseError(f"Expected a folder {one.inside} in {one.file}. It is not there: the file is another one.")
    try:
        os.rename(unpacked, home / one.name)
    except OSError as error:
        if not folder(one.name):
            raise CourseError(
                f"Expected to put {one.name} into {home / one.name}. Something else is there: {error}. Remove it."
            ) from error
    return folder(one.name)


def _file(one, space, progress):
    """Return the path of the checked file: from a folder that was named, or downloaded into a temporary one."""
    place = os.path.expanduser(os.environ.get(PLACE, ""))
    if place and not transfers.is_address(place):
        file = Path(place) / one.file
        if not file.is_file():
            raise CourseError(
                f"Expected {one.file} in the folder that {PLACE} names, {place}. It is not there. Put it there, or "
                f"unset {PLACE}."
            )
        archives.check(file, one.size, one.sha256)
        return file
    address = f"{place.rstrip('/')}/{one.file}" if place else one.address
    file = transfers.download(address, space / one.file, one.size, progress)
    archives.check(file, one.size, one.sha256)
    return file


def _check_room(one, home):
    """Refuse to begin what does not fit on the disk."""
    if shutil.disk_usage(home).free < ROOM * one.size:
        raise CourseError(_no_room(one, home))


def _no_room(one, home):
    """Say how much room is wanted."""
    wanted, free = (f"{size / 1e6:.0f} MB" for size in (ROOM * one.size, shutil.disk_usage(home).free))
    return (
        f"Expected {wanted} of free disk for {one.name} in {home}. There are {free}. Make room, or set COURSE_CACHE to "
        "a folder on another disk."
    )
