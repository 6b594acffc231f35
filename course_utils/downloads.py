"""Three public sets of photographs: fetched when asked for, checked, and unpacked once.

They are not part of the course. A set that was fetched before is used again. The variable `COURSE_DOWNLOADS` may name a
folder with the files, or the address of a mirror, in place of the addresses below: so a classroom downloads once.
"""

import errno
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course_utils import CACHE, archives
from course_utils.cards import CourseError

PLACE = "COURSE_DOWNLOADS"
SECONDS = 30  # without a byte until a server counts as silent
CHUNK = 2**20  # bytes
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
    """Return the folder of a set that was fetched before, or None."""
    place = CACHE / "downloads" / name / find(name).inside
    return place if place.is_dir() else None


def fetch(name, progress=True):
    """Return the folder of a set, downloading it unless it is here.

    What is half done leaves nothing behind: a download or an unpacking that was broken off starts anew.

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
    one = find(name)
    here = folder(name)
    if here:
        return here
    home = CACHE / "downloads"
    home.mkdir(parents=True, exist_ok=True)
    _check_room(one, home)
    with tempfile.TemporaryDirectory(dir=home, prefix=f"{name}-") as space:
        try:
            file = _file(one, Path(space), progress)
            archives.unpack(file, Path(space) / "unpacked", one.pictures)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise CourseError(_no_room(one, home)) from error
        return _keep(one, Path(space) / "unpacked", home)


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
    place = os.environ.get(PLACE, "")
    if place and "://" not in place:
        file = Path(place) / one.file
        if not file.is_file():
            raise CourseError(
                f"Expected {one.file} in the folder that {PLACE} names, {place}. It is not there. Put it there, or "
                f"unset {PLACE}."
            )
        archives.check(file, one.size, one.sha256)
        return file
    address = f"{place.rstrip('/')}/{one.file}" if place else one.address
    file = _download(address, space / one.file, one.size, progress)
    archives.check(file, one.size, one.sha256)
    return file


def _download(address, file, size, progress):
    """Download a file with pooch; say in one sentence what went wrong."""
    import pooch
    import requests
    from tqdm.auto import tqdm

    bar = tqdm(total=size, unit="B", unit_scale=True, desc=file.name, disable=not progress)
    plain = {"Accept-Encoding": "identity"}  # else a .tgz may be unpacked on its way
    downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, timeout=SECONDS, headers=plain)
    try:
        downloader(address, str(file), None)
    except requests.RequestException as error:
        raise CourseError(
            f"Expected {file.name} from {address}. {_reason(error)} Try again later; or put the file into a folder, "
            f"by hand or from a neighbour, and name the folder in the variable {PLACE}."
        ) from error
    return file


def _reason(error):
    """Say what went wrong with a download."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"The server answered {error.response.status_code} ({error.response.reason})."
    if isinstance(error, requests.Timeout) or "timed out" in str(error):  # the latter within a file
        return f"The server was silent for {SECONDS} seconds."
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "The connection broke before the end."
    return "There is no connection."


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
