"""Looking at every picture of a folder once: can it be read, how large is it, what does it look like.

Nothing is changed, and no more than a few pictures are in memory at a time. What is to be done about what was found
says `findings`.
"""

import hashlib
import io
import os
import threading
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
}
SMALL, HASH_SIDE, COLOUR_SIDE = 64, 12, 6
MOST_PIXELS = 80_000_000  # a larger one would fill the memory when it is unpacked
TOO_LARGE = f"more than {MOST_PIXELS // 10**6} million pixels: save it smaller"
LARGE = 10_000_000  # pixels: of such pictures one at a time is unpacked
PART = 512  # files that are looked at together
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # of which a mean of pixels is a pixel
_one_at_a_time = threading.Lock()


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
    folder = Path(folder)
    found = class_folders.listed(folder)
    looks = [Look(*one) for one in found if one.problem]
    files = [one for one in found if not one.problem]
    with ThreadPoolExecutor(os.cpu_count()) as threads, tqdm(total=len(files), disable=not progress) as bar:
        bar.set_description("pictures")
        for start in range(0, len(files), PART):
            part = files[start : start + PART]
            looks += threads.map(lambda file: _look(folder, file.path, file.part, file.label), part)
            bar.update(len(part))
    return sorted(looks, key=lambda look: look.path)


def _look(folder, path, part, label):
    """Look at one file."""
    try:
        problem = class_folders.hopeless(folder, path)
        if problem:
            return Look(path, part, label, problem)
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            return Look(path, part, label, **_seen(image, content))
    except PermissionError:
        return Look(path, part, label, "it may not be read: ask its owner, or copy it")
    except UnidentifiedImageError:
        return Look(path, part, label, "no picture, whatever its name says")
    except Image.DecompressionBombError:
        return Look(path, part, label, TOO_LARGE)
    except as_seen.UNREADABLE as error:
        return Look(path, part, label, f"damaged: {error}")


def _seen(image, content):
    """Return what was seen of an opened picture: a dict of fields of `Look`."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        return {"problem": TOO_LARGE}
    form, frames = image.format, getattr(image, "n_frames", 1)
    if form == "MPO":  # a phone's JPEG with a second picture behind it, which only its own programs show
        form, frames = "JPEG", 1
    found = {"width": width, "height": height, "form": form, "mode": image.mode, "frames": frames}
    found["turned"] = as_seen.is_turned(image)
    image.draft("RGB", (SMALL, SMALL))  # lets JPEG decode at a fraction of its size
    seen = as_seen.plain(image) if image.width * image.height < LARGE else _reduced(image)
    found["hash"] = np.packbits(imagehash.phash(seen.convert("L"), HASH_SIDE).hash).tobytes()
    parts = seen.resize((COLOUR_SIDE, COLOUR_SIDE), Image.Resampling.BOX)
    return found | {"digest": hashlib.sha256(content).digest()[:16], "colours": parts.convert("YCbCr").tobytes()}


def _reduced(image):
    """Return a large picture as RGB, made smaller before anything else, which would need several times its memory."""
    with _one_at_a_time:
        if image.mode in _REDUCIBLE:
            image = image.reduce(min(image.size) // (4 * SMALL) or 1)
        return as_seen.plain(image)
