"""The files of kept networks: named only when they are finished, and looked at before Keras opens them."""

import json
import os
import zipfile

from course_utils.cards import CourseError

FACTS = "course_facts.json"  # beside Keras's own members of the file, which it leaves alone
# What networks of this course and of `keras.applications` are made of. A list of what is dangerous would never be
# whole: Keras's safe mode has been got round by a file that names a function of any module (CVE-2025-1550) or one of
# Keras's own (CVE-2025-8747), and the course also runs on versions of Keras before those were mended.
PARTS = frozenset(
    """
    Functional Sequential InputLayer DTypePolicy __keras_tensor__
    Conv2D DepthwiseConv2D SeparableConv2D Dense BatchNormalization LayerNormalization Normalization Rescaling
    Activation ReLU LeakyReLU Softmax Dropout LayerScale StochasticDepth CustomScaleLayer
    Add Multiply Concatenate Reshape Flatten Permute ZeroPadding2D Cropping2D Resizing UpSampling2D
    MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness
    Zeros Ones Constant GlorotUniform GlorotNormal HeNormal HeUniform LecunNormal LecunUniform VarianceScaling
    RandomNormal RandomUniform TruncatedNormal L1 L2 L1L2
    """.split()  # noqa: SIM905 - a list would be fifty lines long
)


def publish(parts, replace):
    """Give finished files their names.

    Parameters
    ----------
    parts : dict of Path to Path
        Where each file is -> the name that it gets, in the same file system.
    replace : bool
        Without it, the files get their names only if nobody has taken one of these in the meantime.

    Raises
    ------
    FileExistsError
        If somebody has.
    """
    reserved = set()
    try:
        for path in () if replace else parts.values():
            path.touch(exist_ok=False)
            reserved.add(path)
        for part, path in parts.items():
            os.replace(part, path)
            reserved.discard(path)
    finally:
        for path in reserved:
            path.unlink()


def trusted_facts(path):
    """Return the facts in a file that `keeping.keep` has written.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    CourseError
        If it is a .keras file of somebody else, or holds code.
    OSError, ValueError, RuntimeError, zipfile.BadZipFile and the like
        If it is no .keras file, or damaged.
    """
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
        facts = json.loads(archive.read(FACTS)) if FACTS in archive.namelist() else None
    foreign = sorted(_foreign(config))  # looked for here: a switch turns Keras's safe mode off, whatever load is told
    if foreign:
        raise CourseError(
            f"Expected a network made of known layers alone. {path.name} has others: {', '.join(foreign)[:80]}. Such "
            "parts could hold code that does anything on this machine, so it is not opened. Build the network without "
            "them, and keep it again."
        )
    names = facts.get("class_names") if isinstance(facts, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CourseError(
            f"Expected a network that this course has kept. {path.name} is a .keras file without the course's facts. "
            "Open it with keras.saving.load_model(path, safe_mode=True)."
        )
    return facts


def _foreign(config):
    """Return what the description of a network, or a part of it, names beside known parts of Keras: a set of str."""
    if isinstance(config, list):
        return set().union(*map(_foreign, config))
    if not isinstance(config, dict):
        return set()
    found = set().union(*map(_foreign, config.values()))
    name, module = config.get("class_name"), config.get("module")
    ours = module is None or (isinstance(module, str) and module.split(".")[0] == "keras")
    if "class_name" in config and not (ours and isinstance(name, str) and name in PARTS):
        found.add(str(name) if ours else f"{module}.{name}")
    return found
