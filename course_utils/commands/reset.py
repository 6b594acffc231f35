"""Bring a notebook back to how it came; what you made of it is kept.

    python -m course_utils.commands.reset 05

Close the notebook in JupyterLab first. Your version stays beside it, as `my_05_...`, with the time in its name.
"""

import argparse
import sys
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from course_utils import ROOT, clone
from course_utils.cards import CourseError

ORIGINALS = "notebooks/originals.zip"  # which a handout brings, since it is no clone


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


def reset(number, root=ROOT):
    """Put a notebook back to how it came, and keep what was there.

    Parameters
    ----------
    number : str
        Such as "05".
    root : Path
        The folder of the course.

    Returns
    -------
    Path or None
        Where the version that was there is kept now; None if nothing had to be kept.

    Raises
    ------
    CourseError
        If there is no such notebook, or nothing that tells how it came.
    """
    name, content = original(number, root)
    path, kept = root / "notebooks" / name, None
    if path.is_file():
        if path.read_bytes() == content:
            return None
        kept = path.with_name(f"my_{path.stem} {datetime.now():%Y-%m-%d %H.%M.%S.%f}.ipynb")
        path.rename(kept)
    path.write_bytes(content)
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
        print(f"{number} is as it came." + (f" Yours is in notebooks/{kept.name}" if kept else ""))


if __name__ == "__main__":
    main()
