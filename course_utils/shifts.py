"""Pictures as another camera or another hour would give them: the shifts under which a network is tested.

Three of the kinds of corruption of Hendrycks & Dietterich (2019): of light, of focus and of the sensor.
"""

import numpy as np
from PIL import Image, ImageFilter

from course_utils.cards import CourseError, Pictures


def _dusk(images):
    """Take away more than half of the light, least of the blue."""
    return (images * np.array([0.40, 0.45, 0.60])).astype(np.uint8)


def _blur(images):
    """Put out of focus: a Gaussian of 1.5 pixels."""
    blurred = (Image.fromarray(image).filter(ImageFilter.GaussianBlur(1.5)) for image in images)
    return np.stack([np.asarray(image) for image in blurred])


def _noise(images):
    """Add the grain of a dark room: normal noise of 25 of 255 steps."""
    rng = np.random.default_rng(0)
    return np.clip(images + rng.normal(0, 25, images.shape), 0, 255).astype(np.uint8)


SHIFTS = {"dusk": _dusk, "blur": _blur, "noise": _noise}


def shifted(pictures, kind):
    """Return pictures under a shift; always the same.

    Parameters
    ----------
    pictures : Pictures
    kind : {"dusk", "blur", "noise"}

    Returns
    -------
    Pictures

    Raises
    ------
    CourseError
        If there is no such shift.
    """
    if kind not in SHIFTS:
        raise CourseError(f"Expected the name of a shift: {', '.join(SHIFTS)}. Received: {kind!r}.")
    return Pictures(SHIFTS[kind](pictures.images), pictures.labels)
