"""Bring a notebook back to how it came; what you made of it is kept.

    python -m course_utils.commands.reset 05

Close the notebook in JupyterLab first. Your version stays beside it, as `my_05_...`, with the time in its name.
"""

import argparse
import contextlib
import os
import sys
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath

import course_utils
from course_utils import ROOT, clone
from course_utils.cards import CourseError

ORIGINALS = "notebooks/originals.zip"  # which a handout brings, since it is no clone
# The folder of the course as the learner sees it: on a hub the package in it is a link to one that all share, ROOT.
OWN = Path(os.path.abspath(course_utils.__file__)).parents[1]


def original(number, root=ROOT):
    """Return the name of a notebook, and its bytes as it came: those of a handout, or of the last commit.

    Raises
    ------
    CourseError
        If there is no such notebook, or nothing that tells how it came.
    """
    if (root / ORIGINALS).is_file():
        with zipfile.ZipFile(root / ORIGINALS) as archive:
            name = _named(number, archive.namelist())
            return name, archive.read(name)
    listed = clone.git("ls-files", "-z", "notebooks/*.ipynb", root=root).decode().split("\0")
    name = _named(number, [PurePosixPath(path).name for path in listed if path])
    return name, clone.git("show", f"HEAD:./notebooks/{name}", root=root)


def _named(number, names):
    """Return the name that begins with a number."""
    found = [name for name in names if name.startswith(f"{number}_")]
    if not names:
        raise CourseError("Expected the notebooks as they came. Found none here: get the course again, and copy them.")
    if not found:
        numbers = ", ".join(sorted(name[:2] for name in names))
        raise CourseError(f"Expected the number of a notebook: {numbers}. Received: {number!r}.")
    return found[0]


def reset(number, root=ROOT, own=OWN):
    """Put a notebook back to how it came, and keep what was there.

    Parameters
    ----------
    number : str
        Such as "05".
    root : Path
        The folder of the course, which tells how the notebook came.
    own : Path
        The folder that holds the learner's notebooks; mostly the same.

    Returns
    -------
    Path or None
        Where the version that was there is kept now; None if nothing had to be kept.

    Raises
    ------
    CourseError
        If there is no such notebook, nothing that tells how it came, or it cannot be written.
    """
    name, content = original(number, root)
    path, kept = own / "notebooks" / name, None
    if path.is_file() and path.read_bytes() == content:
        return None
    part = path.with_name(f".{path.name}.part")  # on a full disk the learner's stays where it is
    try:
        part.write_bytes(content)
        if path.is_file():
            kept = path.with_name(f"my_{path.stem} {datetime.now():%Y-%m-%d %H.%M.%S.%f}.ipynb")
            path.rename(kept)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise CourseError(
            f"Expected to write {path}. It failed: {error}. Start this in your own folder of the course, and make room."
        ) from error
    return kept


def main():
    """Reset the notebooks that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="+", metavar="NN", help="numbers of notebooks, such as 05")
    for number in parser.parse_args().numbers:
        try:
            kept = reset(number)
        except CourseError as error:
            sys.exit(str(error))
        print(f"{number} is as it came, in {OWN / 'notebooks'}." + (f" Yours is {kept.name} there." if kept else ""))


if __name__ == "__main__":
    main()
