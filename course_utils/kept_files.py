"""The files of kept networks: named only when they are finished, and looked at before Keras opens them."""

import json
import os
import zipfile

from course_utils.cards import CourseError

FACTS = "course_facts.json"  # beside Keras's own members of the file, which it leaves alone
CODE = {"Lambda", "__lambda__", "TorchModuleWrapper"}  # what Keras writes for layers and functions that are code


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
    if _names_code(config):  # looked for here, since a switch of Keras's turns its safe mode off, whatever load is told
        raise CourseError(
            f"Expected a network without code of its own. {path.name} has a Lambda layer or the like. Such code could "
            "do anything on this machine, so it is not opened. Build the network without it, and keep it again."
        )
    names = facts.get("class_names") if isinstance(facts, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CourseError(
            f"Expected a network that this course has kept. {path.name} is a .keras file without the course's facts. "
            "Open it with keras.saving.load_model(path, safe_mode=True)."
        )
    return facts


def _names_code(config):
    """Tell whether the description of a network, or a part of it, names something that is code."""
    if isinstance(config, dict):
        return config.get("class_name") in CODE or any(map(_names_code, config.values()))
    return isinstance(config, list) and any(map(_names_code, config))
