"""A picture file as a person sees it: upright, in RGB of 8 bits, on white; and what is raised if it is damaged."""

import contextlib
import io
import struct
import threading
import warnings
import zipfile
import zlib

import numpy as np
from PIL import ExifTags, Image

MOST_PIXELS = 80_000_000  # a larger one would fill the memory when it is unpacked
TOO_LARGE = f"more than {MOST_PIXELS // 10**6} million pixels: save it smaller"
LARGE = 10_000_000  # pixels: of such pictures one at a time is unpacked
# Others are left alone: a file of a stranger must not start, say, an interpreter of PostScript. The last two only where
# what reads them is there.
_KINDS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "MPO", "AVIF", "HEIF")
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # of which a mean of pixels is a pixel
_one_at_a_time = threading.Lock()
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # what is too large is said by the course
with contextlib.suppress(ImportError):  # not one of the course's packages: HEIC is read by who has installed it
    import pillow_heif

    pillow_heif.register_heif_opener()

# What Pillow and zipfile raise for files that are damaged, encrypted, too large, or no pictures.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    Image.DecompressionBombError,
    struct.error,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
)
# What brings a picture upright, by what the camera noted (Exif 2.32, tag 274); 1 is upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def opened(content):
    """Open a picture, of a kind that the course reads.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    PIL.Image.Image
        Not unpacked yet.

    Raises
    ------
    ValueError
        If it has more than `MOST_PIXELS`.
    OSError and the like
        See `UNREADABLE`.
    """
    Image.init()
    try:
        image = Image.open(io.BytesIO(content), formats=[kind for kind in _KINDS if kind in Image.OPEN])
    except Image.DecompressionBombError:
        raise ValueError(TOO_LARGE) from None
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise ValueError(TOO_LARGE)
    return image


def is_readable(ending):
    """Tell whether something that is installed reads files with this ending, such as ".heic"."""
    return Image.registered_extensions().get(ending) in _KINDS


def seen(image, side):
    """Return an opened picture as a person sees it, or smaller if it is large.

    A large one is unpacked only while no other is, and made smaller before anything else, which would need several
    times its memory.

    Parameters
    ----------
    image : PIL.Image.Image
    side : int
        What is returned has a shorter side of so many pixels or more, if the picture has.

    Returns
    -------
    PIL.Image.Image
        In RGB.
    """
    turned = turn(image)
    image.draft("RGB", (side, side))  # lets JPEG decode at a fraction of its size
    if image.width * image.height < LARGE:
        found = plain(image)
    else:
        with _one_at_a_time:
            found = plain(image.reduce(min(image.size) // (4 * side) or 1) if image.mode in _REDUCIBLE else image)
    return found if turned is None else found.transpose(turned)


def most(image):
    """Return the largest value in a picture of 16 bits a value; a large one is unpacked only while no other is."""
    large = image.width * image.height >= LARGE
    with _one_at_a_time if large else contextlib.nullcontext():
        return image.getextrema()[1]


def turn(image):
    """Return what brings a picture upright, by what the camera noted; None if it is, or if the note is damaged.

    `ImageOps.exif_transpose` would also write the camera's other notes anew, and fail where one of them is damaged.
    """
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except UNREADABLE:
        return None


def plain(image):
    """Return a picture of Pillow's as RGB of 8 bits.

    Where it is transparent, white is seen, and not what happens to be stored there.
    """
    image = _eight_bits(image)
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def _eight_bits(image):
    """Bring a picture of 16 bits a value, or of fractions, down to 8 bits; leave others as they are.

    Pillow would cut off the former at white, and make the latter black where white is 1.
    """
    if image.mode == "F":
        values = np.nan_to_num(np.asarray(image))
        return Image.fromarray((values * (255 if values.max() <= 1 else 1)).clip(0, 255).astype(np.uint8))
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image).clip(0, 65535) // 256).astype(np.uint8))
