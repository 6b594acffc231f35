"""Which files of a folder are pictures of which class; what is not used or cannot be entered is named."""

from pathlib import Path
from typing import NamedTuple

from course_utils import as_seen, reading
from course_utils.cards import CourseError

# Kinds of pictures that people have, and that can be read here and there, or nowhere.
OTHER_KINDS = (".heic", ".heif", ".avif", ".raw", ".cr2", ".nef", ".dng", ".svg", ".psd")
ENDINGS = (*reading.ENDINGS, *OTHER_KINDS)
UNREAD = "{} cannot be read here: save it as JPEG or PNG"
_ASTRAY = "a link that leaves the folder, or leads back to where it lies: copy the pictures themselves"
_CLOSED = "the folder may not be listed: ask its owner"
_LOOSE = "a picture that lies in no folder of a class: move it into one"
_OTHER = "no known ending of a picture (such as .jpg or .png): rename it, if it is one"
_NESTED = "a folder in the folder of a class: move its pictures up, if they belong to the class"


class Found(NamedTuple):
    """A picture file; or, with a problem, a folder of which nothing is used.

    Attributes
    ----------
    path : Path
    part : str
        "train", "test" or the like; empty where the class folders stand alone.
    label : str
        The class folder; empty if it lies in none.
    problem : str
    """

    path: Path
    part: str
    label: str
    problem: str = ""


def listed(folder):
    """List the pictures of a folder, and what of it is not used.

    Beside `train`, the first of `test`, `validation` and `val` is the test; the others are not used.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Found

    Raises
    ------
    CourseError
        If there is no such folder, or there are no files in class folders, or a `train` and no test.
    """
    try:
        if not folder.is_dir():
            raise CourseError(
                f"Expected a folder at {folder}. Found {'a file' if folder.exists() else 'nothing'} there."
            )
        top, found = _folders(folder, folder, "")
    except PermissionError:
        raise CourseError(f"Expected a folder that may be listed at {folder}. It may not: ask its owner.") from None
    places = [(path, "") for path in top]
    if "train" in {path.name.lower() for path in top}:
        places, more = _in_parts(folder, top)
        found += more
    for place, part in places:
        found += _in_class(place, part)
    if all(one.problem for one in found):
        odd = "; ".join(sorted({f"{one.path.name}: {one.problem}" for one in found})[:3])
        raise CourseError(
            f"Expected one folder of pictures per class in {folder}. Found none{f' ({odd})' if odd else ''}. "
            "Put the pictures of each class into a folder with the name of the class."
        )
    return found


def _in_parts(folder, top):
    """Return the class folders in `train` and in the test, each with its part, and what is not used."""
    names = {path.name.lower() for path in top}
    test = next((name for name in reading.TEST_NAMES if name in names), None)
    if not test:
        raise CourseError(
            f"Expected a folder 'test' beside 'train' in {folder}. Found none. Add one; or move the class folders out "
            "of 'train', then a quarter of each class is set aside; or rename 'train', if it is a class."
        )
    places, found = [], []
    for path in top:
        part = path.name.lower()
        if part not in ("train", test):
            found.append(Found(path, "", "", f"the folder is not used: the test is {test!r}"))
            continue
        try:
            some, odd = _folders(folder, path, part)
        except PermissionError:
            some, odd = [], [Found(path, part, "", _CLOSED)]
        places += [(one, part) for one in some]
        found += odd
    return places, found


def _folders(folder, place, part):
    """Return the folders directly in a place, and what is no folder that could be entered; pictures lie too high."""
    entered, odd = [], []
    for path in inside(place):
        problem = _problem(folder, path)
        if problem:
            odd.append(Found(path, part, reading.named(path.name), problem))
        elif path.is_dir():
            entered.append(path)
        elif path.suffix.lower() in ENDINGS:
            odd.append(Found(path, part, "", _LOOSE))
    return entered, odd


def _problem(folder, path):
    """Say why a class folder is not entered; nothing if it is, or is a file."""
    try:
        if path.is_symlink():
            target = path.resolve(strict=True)
            back = path.parent.resolve().is_relative_to(target)
            if target.is_dir() and (back or not target.is_relative_to(folder.resolve())):
                return _ASTRAY
        path.stat()
    except PermissionError:
        return "it may not be looked at: ask its owner"
    except (OSError, RuntimeError):  # the latter for a link to itself, up to Python 3.12
        return "a link to nothing"
    return ""


def _in_class(place, part):
    """Return what claims to be a picture in a class folder, and what is not used of it."""
    label = reading.named(place.name)
    try:
        paths = inside(place)
    except PermissionError:
        return [Found(place, part, label, _CLOSED)]
    pictures = [path for path in paths if path.suffix.lower() in ENDINGS]
    found = [Found(path, part, label) for path in pictures]
    others = sorted(set(paths) - set(pictures))
    found += [Found(path, part, label, _NESTED if _is_folder(path) else _OTHER) for path in others]
    return found if pictures else [*found, Found(place, part, label, "the folder holds no pictures")]


def _is_folder(path):
    """Tell whether something is a folder, or a link to one; False if that may not be known."""
    try:
        return path.is_dir()
    except PermissionError:
        return False


def inside(folder):
    """Return what is in a folder, without what is hidden."""
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def hopeless(folder, path):
    """Say why a file need not be opened; nothing if it should be."""
    ending = path.suffix.lower()
    if not path.is_file():
        return "a link to nothing, or no file"
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "a link that leaves the folder: copy the picture itself"
    if ending in OTHER_KINDS and not as_seen.is_readable(ending):
        return UNREAD.format(ending[1:].upper())
    size = path.stat().st_size
    if size == 0:
        return "the file is empty"
    if size > reading.LARGEST_FILE:
        return f"more than {reading.LARGEST_FILE // 10**6} MB: save it smaller"
    return ""
