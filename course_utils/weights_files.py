"""Where weights files are, and how they are read into a network."""

import os
from pathlib import Path

from course_utils import DATA
from course_utils.cards import CourseError
from course_utils.networks import BACKBONES, find

# MobileNet (version 1) writes its width differently in its file names.
_ALPHAS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}


def model_folders():
    """Return the folders in which weights are looked for: the course's own, the learner's, and a shared one.

    Keras downloads into the first. The variable `COURSE_WEIGHTS` may name the last, which is only read: so a classroom
    downloads once.

    Raises
    ------
    CourseError
        If the variable names no folder.
    """
    own = [Path(os.environ["KERAS_HOME"]) / "models", Path.home() / ".keras" / "models"]
    named = os.environ.get("COURSE_WEIGHTS")
    if not named:
        return own
    shared = Path(named).expanduser()
    if not shared.is_dir():
        raise CourseError(
            f"Expected in COURSE_WEIGHTS a folder with weights. Received: {named}, which is not there. Correct it, or "
            "unset COURSE_WEIGHTS."
        )
    return [*own, shared]


def offline_file(name, image_size=None, alpha=1.0):
    """Return the file on this machine that holds a backbone's pre-trained weights, or None.

    The weights of a network fit every picture size; the file for `image_size` is preferred where there are several.
    """
    backbone = find(name)
    if backbone.builder == "CourseNet":
        path = DATA / "weights" / backbone.weights_file
        return path if path.is_file() else None
    pattern = backbone.weights_file.format(alpha=_alpha_text(backbone, alpha))
    size = str(image_size or backbone.image_size)
    files = [file for folder in model_folders() for file in sorted(folder.glob(pattern))]
    return next((file for file in files if f"_{size}_" in file.name), files[0] if files else None)


def offline_names():
    """Return the names of the backbones whose pre-trained weights are on this machine, at any width."""
    return [b.name for b in BACKBONES if offline_file(b.name, alpha="*")]


def read_into(model, file):
    """Read a weights file into `model`, or say what is wrong with the file."""
    try:
        model.load_weights(str(file))
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"Expected weights for {model.name} in {file}. They cannot be read "
            f"({str(error).splitlines()[0]}). Delete the file and get it again, or choose the network it belongs to."
        ) from error


def _alpha_text(backbone, alpha):
    """Return the width as it stands in the name of a weights file."""
    if backbone.module == "mobilenet":
        return _ALPHAS.get(alpha, alpha)
    return str(float(alpha)) if alpha != "*" else alpha
