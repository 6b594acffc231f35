"""A folder of pictures as people have them: drawn flowers, and among them whatever goes wrong in real folders.

It stands in for the learner's own pictures in the notebook about these, so that it runs before there are any.
"""

import io
import shutil
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from course_utils import CACHE, data, leftovers

# Class folder -> class of the garden, and how many of its pictures.
CLASSES = {
    "five pointed": ("five-petal-pointed-striped", 64),
    "five round": ("five-petal-round-spotted", 64),
    "six pointed": ("six-petal-pointed-striped", 64),
    "six round": ("six-petal-round-spotted", 20),
}
ORIENTATION, UPSIDE_DOWN = 274, 3  # what a camera that is held upside down notes


def write(place=None):
    """Write the folder, anew each time.

    Parameters
    ----------
    place : str or Path, optional
        Where it will be; whatever is there is replaced. By default a place in the course's cache.

    Returns
    -------
    Path
    """
    place = Path(place or CACHE / "examples" / "flowers of a friend")
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = tempfile.TemporaryDirectory(dir=place.parent)
    with open(place.with_name(f"{place.name}.lock"), "wb") as lock, temporary as space:
        leftovers.wait_for(lock)  # another kernel may do the same
        made = Path(space) / "flowers"
        for name, images in _pictures().items():
            (made / name).mkdir(parents=True)
            for number, image in enumerate(images):
                image.save(made / name / f"photo {number:02}.png")
        _spoil(made)
        if place.exists():
            place.rename(Path(space) / "before")  # in no moment is there half a folder
        made.rename(place)
    return place


def _pictures():
    """Return pictures by class folder."""
    pool = data.task("garden")
    return {
        name: [Image.fromarray(one) for one in _first(pool, label, count)] for name, (label, count) in CLASSES.items()
    }


def _first(pool, label, count):
    """Return the first training pictures of a class."""
    return pool.train.images[pool.train.labels == pool.class_names.index(label)][:count]


def _spoil(folder):
    """Put in what real folders hold: copies, contradictions, damage, strange formats."""
    five, six = folder / "five pointed", folder / "six pointed"
    for number in range(3):  # exact copies, as a phone makes them on transfer
        shutil.copy(five / f"photo {number:02}.png", five / f"photo {number:02} (copy).png")
    for number in range(10, 16):  # the same picture, edited
        edited = ImageEnhance.Brightness(Image.open(six / f"photo {number}.png")).enhance(1.15)
        edited.save(six / f"photo {number} edited.jpg", quality=80)
    shutil.copy(five / "photo 20.png", six / "from five pointed.png")  # one flower, two names
    _damage(folder / "five round")
    _disguise(folder / "six round")


def _damage(place):
    """Add files that cannot be used."""
    (place / "empty.jpg").touch()
    (place / "notes.jpg").write_text("The red ones are from the neighbour's garden.")
    (place / "IMG_0412.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    whole = io.BytesIO()
    Image.open(place / "photo 01.png").save(whole, "JPEG")
    (place / "half sent.jpg").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    Image.open(place / "photo 02.png").resize((1, 1)).save(place / "thumbnail.png")


def _disguise(place):
    """Save pictures in ways that are readable, and need care."""
    images = [Image.open(place / f"photo {number:02}.png") for number in range(5)]
    images[0].convert("CMYK").save(place / "photo 00.jpg", quality=90)
    images[1].save(place / "photo 01.jpg", "WEBP")
    note = Image.Exif()
    note[ORIENTATION] = UPSIDE_DOWN
    images[2].rotate(180).save(place / "photo 02.jpg", exif=note, quality=90)
    round_cut = Image.fromarray(np.uint8(255 * _disc(images[3].width)))
    images[3].putalpha(round_cut)
    images[3].save(place / "photo 03 cut out.png")
    images[4].quantize(32).save(place / "photo 04.gif")
    for number in range(5):
        (place / f"photo {number:02}.png").unlink()


def _disc(side):
    """Return a disc that is 1 inside, 0 outside: an ndarray of shape (side, side)."""
    across = np.linspace(-1, 1, side)
    return across[:, None] ** 2 + across**2 <= 1
