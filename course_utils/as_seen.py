"""A picture file as a person sees it: upright, in RGB of 8 bits, on white; and what is raised if it is damaged."""

import struct
import zipfile
import zlib

import numpy as np
from PIL import ExifTags, Image

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


def is_turned(image):
    """Tell whether the camera noted another orientation than that of the pixels; a note that is damaged is no note."""
    return _turn(image) is not None


def upright(image):
    """Return a picture of Pillow's as it was meant to be seen.

    `ImageOps.exif_transpose` would also write the camera's other notes anew, and fail where one of them is damaged.
    """
    turn = _turn(image)
    return image if turn is None else image.transpose(turn)


def _turn(image):
    """Return what brings a picture upright, or None."""
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
