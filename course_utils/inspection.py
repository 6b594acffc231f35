"""Looking at every picture of a folder once: can it be read, how large is it, what does it look like.

Nothing is changed, and no more than a few pictures are in memory at a time. What is to be done about what was found
says `findings`.
"""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm.auto import tqdm

from course_utils import reading
from course_utils.cards import CourseError

# Kinds of pictures that people have and Pillow does not read.
UNKNOWN_KINDS = (".heic", ".heif", ".avif", ".raw", ".cr2", ".nef", ".dng", ".svg", ".psd")
FORMATS = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
}
ORIENTATION = 274  # the number of that note in a camera's data
SMALL, HASH_SIDE = 64, 12
MOST_PIXELS = 80_000_000  # a larger one would fill the memory when it is unpacked
TOO_LARGE = f"more than {MOST_PIXELS // 10**6} million pixels: save it smaller"
PART = 512  # files that are looked at together


@dataclass(frozen=True)
class Look:
    """What was seen of one file.

    Attributes
    ----------
    path : Path
    part : str
        "train", "test" or the like; empty where the class folders stand alone.
    label : str
        The class folder.
    problem : str
        Why it cannot be used; empty if it can.
    width, height : int
        In pixels; 0 if it cannot be used.
    form, mode : str
        Pillow's names: "JPEG", "RGB" and so on.
    frames : int
    turned : bool
        The camera noted another orientation than that of the pixels.
    digest : bytes
        The same for files with the same content.
    hash : bytes
        Nearly the same for pictures that look the same: 144 bits of a perceptual hash (see `lookalikes`).
    """

    path: Path
    part: str
    label: str
    problem: str = ""
    width: int = 0
    height: int = 0
    form: str = ""
    mode: str = ""
    frames: int = 1
    turned: bool = False
    digest: bytes = b""
    hash: bytes = b""


def look_at(folder, progress=True):
    """Look at all files of a folder.

    Parameters
    ----------
    folder : str or Path
        With one folder per class, or with folders `train` and `test` that hold these.
    progress : bool
        Show a bar.

    Returns
    -------
    list of Look
        By path; of a class folder without pictures there is one that says so.

    Raises
    ------
    CourseError
        If there is no such folder, or there are no files in class folders.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(f"Expected a folder at {folder}. Found {'a file' if folder.exists() else 'nothing'} there.")
    places = _places(folder)
    files, looks = [], []
    for place, part in places:
        found = _files(place)
        files += [(path, part, place.name) for path in found or []]
        if not found:
            problem = "the folder may not be listed: ask its owner" if found is None else "the folder holds no pictures"
            looks.append(Look(place, part, place.name, problem))
    if not files:
        raise CourseError(
            f"Expected one folder of pictures per class in {folder}. Found none. "
            "Put the pictures of each class into a folder with the name of the class."
        )
    with ThreadPoolExecutor(os.cpu_count()) as threads, tqdm(total=len(files), disable=not progress) as bar:
        bar.set_description("pictures")
        for start in range(0, len(files), PART):
            part = files[start : start + PART]
            looks += threads.map(lambda file: _look(folder, *file), part)
            bar.update(len(part))
    return sorted(looks, key=lambda look: look.path)


def _places(folder):
    """Return the class folders, each with the name of the part that it lies in."""
    top = [path for path in _inside(folder) if path.is_dir()]
    if "train" not in {path.name for path in top}:
        return [(path, "") for path in top]
    parts = [path for path in top if path.name in ("train", *reading.TEST_NAMES)]
    return [(path, part.name) for part in parts for path in _inside(part) if path.is_dir()]


def _files(place):
    """Return what claims to be a picture in a class folder; None if it may not be listed."""
    try:
        return [path for path in _inside(place) if path.suffix.lower() in (*reading.ENDINGS, *UNKNOWN_KINDS)]
    except PermissionError:
        return None


def _inside(folder):
    """Return what is in a folder, without what is hidden."""
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def _look(folder, path, part, label):
    """Look at one file."""
    problem = _hopeless(folder, path)
    if problem:
        return Look(path, part, label, problem)
    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            return Look(path, part, label, **_seen(image, content))
    except PermissionError:
        return Look(path, part, label, "it may not be read: ask its owner, or copy it")
    except UnidentifiedImageError:
        return Look(path, part, label, "no picture, whatever its name says")
    except Image.DecompressionBombError:
        return Look(path, part, label, TOO_LARGE)
    except reading.UNREADABLE as error:
        return Look(path, part, label, f"damaged: {error}")


def _hopeless(folder, path):
    """Say why a file need not be opened; nothing if it should be."""
    ending = path.suffix.lower()
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "a link that leaves the folder: copy the picture itself"
    if not path.is_file():
        return "a link to nothing, or no file"
    if ending in UNKNOWN_KINDS:
        return f"{ending[1:].upper()} cannot be read here: save it as JPEG or PNG"
    size = path.stat().st_size
    if size == 0:
        return "the file is empty"
    if size > reading.LARGEST_FILE:
        return f"{size / 1e6:,.0f} MB are too many: save it smaller"
    return ""


def _seen(image, content):
    """Return what was seen of an opened picture: a dict of fields of `Look`."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        return {"problem": TOO_LARGE}
    found = {"width": width, "height": height, "form": image.format, "mode": image.mode}
    found |= {"frames": getattr(image, "n_frames", 1), "turned": image.getexif().get(ORIENTATION, 1) != 1}
    image.draft("L", (SMALL, SMALL))  # lets JPEG decode at a fraction of its size
    bits = np.packbits(imagehash.phash(image.convert("L"), HASH_SIDE).hash).tobytes()
    return found | {"digest": hashlib.sha256(content).digest()[:16], "hash": bits}
