"""Bring a notebook back to how it came; what you made of it is kept.

    python -m course_utils.commands.reset 05

Close the notebook in JupyterLab first. Your version goes into `notebooks/my_versions`, with the time in its name.
"""

import argparse
import sys
from datetime import datetime

from course_utils import ROOT, clone
from course_utils.cards import CourseError

KEPT = "my_versions"


def reset(number, root=ROOT):
    """Put a notebook back to the last commit, and keep what was there.

    Parameters
    ----------
    number : str
        Such as "05".
    root : Path
        The clone.

    Returns
    -------
    Path or None
        Where the version that was there is kept now; None if it was as it came.

    Raises
    ------
    CourseError
        If there is no such notebook, or the course is not a clone.
    """
    names = clone.git("ls-files", "notebooks/*.ipynb", root=root).split()
    name = next((name for name in names if name.startswith(f"notebooks/{number}_")), None)
    if name is None:
        numbers = ", ".join(name.removeprefix("notebooks/")[:2] for name in names)
        raise CourseError(f"Expected the number of a notebook: {numbers}. Received: {number!r}.")
    path, original = root / name, clone.git("show", f"HEAD:{name}", root=root)
    if path.is_file() and path.read_text(encoding="utf-8") == original:
        return None
    kept = root / "notebooks" / KEPT / f"{path.stem} {datetime.now():%Y-%m-%d %H.%M.%S}.ipynb"
    if path.is_file():
        kept.parent.mkdir(exist_ok=True)
        path.rename(kept)
    path.write_text(original, encoding="utf-8", newline="\n")
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
        print(f"{number}: " + (f"as it came. Yours is in {kept.relative_to(ROOT)}" if kept else "is as it came."))


if __name__ == "__main__":
    main()
