"""One file from an address: what goes wrong is said in one sentence."""

import re
from pathlib import Path

from course_utils import extras
from course_utils.cards import CourseError

PLACE = "COURSE_DOWNLOADS"
SECONDS = 30  # without a byte until a server counts as silent
CHUNK = 2**20  # bytes
_ADDRESS = re.compile("https?://[^/]", re.IGNORECASE)
# "htps://...", "http//...", "localhost:8000": but a single letter before the colon is a disk of Windows.
_MISTYPED = re.compile(r"\w[\w+.-]+:|https?\W|www\.", re.IGNORECASE)


def is_address(place):
    """Tell the address of a mirror from a folder.

    Parameters
    ----------
    place : str
        What the variable `COURSE_DOWNLOADS` holds.

    Returns
    -------
    bool

    Raises
    ------
    CourseError
        If it was meant as an address, and is none.
    """
    if _ADDRESS.match(place):
        return True
    if _MISTYPED.match(place) and not Path(place).is_dir():
        raise CourseError(
            f"Expected in {PLACE} a folder, or an address that begins with http:// or https://. Received: {place!r}. "
            f"Correct it, or unset {PLACE}."
        )
    return False


def download(address, file, size, progress):
    """Download a file with pooch.

    Parameters
    ----------
    address : str
    file : Path
        Where it is written.
    size : int
        In bytes, for the bar.
    progress : bool
        Show a bar.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CourseError
        If it cannot be had.
    """
    pooch = extras.package("pooch")
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
    if isinstance(error, requests.exceptions.SSLError):
        return "The server's certificate is not trusted here: ask who looks after this network."
    if isinstance(error, requests.exceptions.ProxyError):
        return "The proxy of this network did not let it through: ask who looks after it."
    return "There is no connection."
