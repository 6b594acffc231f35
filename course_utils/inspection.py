"""Looking at every picture of a folder once: can it be read, how large is it, what does it look like.

Nothing is changed, and no more than a few pictures are in memory at a time. What is to be done about what was found
says `findings`.
"""

import hashlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm.auto import tqdm

from course_utils import as_seen, class_folders, extras

imagehash = extras.package("imagehash")

FORMATS = {
    "JPEG": (".jpg", ".jpeg", ".jfif", ".jpe"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
    "HEIF": (".heic", ".heif"),
}
SMALL, HASH_SIDE, COLOUR_SIDE = 64, 12, 6
PART = 512  # files that wait for a thread together
NO_PICTURE = "no known kind of picture, whatever its name says"
TWELVE_BITS = 4096  # values: what a microscope's camera often stores in 16 bits
_HEIC = re.compile(rb"ftyp(hei|hev|mif1|msf1)")  # at byte 4 (ISO/IEC 23008-12)


@dataclass(frozen=True)
class Look:
    """What was seen of one file.

    Attributes
    ----------
    path : Path
    part : str
        "train", "test" or the like; empty where the class folders stand alone.
    label : str
        The class folder; empty for a folder that is none.
    problem : str
        Why it cannot be used; empty if it can.
    width, height : int
        In pixels; 0 if it cannot be used.
    form, mode : str
        Pillow's names: "JPEG", "RGB" and so on.
    frames : int
    turned : bool
        The camera noted another orientation than that of the pixels.
    dark : bool
        Of 16 bits a value, at most 12 are used: read as they are, such pictures are nearly black.
    digest : bytes
        The same for files with the same content.
    hash : bytes
        Nearly the same for pictures that look the same: 144 bits of a perceptual hash (see `lookalikes`).
    colours : bytes
        Brightness, blueness and redness (YCbCr) of 6 x 6 parts of the picture.
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
    dark: bool = False
    digest: bytes = b""
    hash: bytes = b""
    colours: bytes = b""


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
        By path; of a folder of which nothing is used there is one that says so.

    Raises
    ------
    CourseError
        If there is no such folder, or there are no files in class folders, or a `train` and no test.
    """
    folder = Path(folder).expanduser()
    found = class_folders.listed(folder)
    looks = [Look(*one) for one in found if one.problem]
    files = [one for one in found if not one.problem]
    with ThreadPoolExecutor(os.cpu_count()) as threads, tqdm(total=len(files), disable=not progress) as bar:
        bar.set_description("pictures")
        for start in range(0, len(files), PART):
            part = files[start : start + PART]
            for look in threads.map(lambda file: _look(folder, file.path, file.part, file.label), part):
                looks.append(look)
                bar.update()
    return sorted(looks, key=lambda look: look.path)


def _look(folder, path, part, label):
    """Look at one file."""
    try:
        problem = class_folders.hopeless(folder, path)
        if problem:
            return Look(path, part, label, problem)
        content = path.read_bytes()
        with as_seen.opened(content) as image:
            return Look(path, part, label, **_seen(image, content))
    except PermissionError:
        return Look(path, part, label, "it may not be read: ask its owner, or copy it")
    except UnidentifiedImageError:
        phone = _HEIC.match(content, 4)
        return Look(path, part, label, class_folders.UNREAD.format("HEIC") if phone else NO_PICTURE)
    except as_seen.UNREADABLE as error:
        words = re.sub(r"\d+", "…", str(error))  # so that a hundred files that are cut short are one finding
        return Look(path, part, label, str(error) if str(error) == as_seen.TOO_LARGE else f"damaged: {words}")


def _seen(image, content):
    """Return what was seen of an opened picture: a dict of fields of `Look`."""
    width, height = image.size
    form, frames = image.format, getattr(image, "n_frames", 1)
    if form == "MPO":  # a phone's JPEG with a second picture behind it, which only its own programs show
        form, frames = "JPEG", 1
    found = {"width": width, "height": height, "form": form, "mode": image.mode, "frames": frames}
    found["turned"] = as_seen.turn(image) is not None
    found["dark"] = image.mode.startswith("I") and as_seen.most(image) < TWELVE_BITS
    seen = as_seen.seen(image, SMALL)
    found["hash"] = np.packbits(imagehash.phash(seen.convert("L"), HASH_SIDE).hash).tobytes()
    parts = seen.resize((COLOUR_SIDE, COLOUR_SIDE), Image.Resampling.BOX)
    return found | {"digest": hashlib.sha256(content).digest()[:16], "colours": parts.convert("YCbCr").tobytes()}
