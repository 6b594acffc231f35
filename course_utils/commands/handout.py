"""Write a zip of the course for learners, without the solutions.

    python -m course_utils.commands.handout                     # handout.zip, from the last commit
    python -m course_utils.commands.handout --out day1.zip

Left out are the solutions and what holds answers: the tests, and the notebooks' sources. It is made from the last
commit, so that nobody gets half of a change; changes that are not committed are refused.
"""

import argparse
import sys
from pathlib import Path

from course_utils import ROOT, clone
from course_utils.cards import CourseError

LEFT_OUT = ("course_utils/checks/solutions.md", "tests", "notebooks/src", ".ci")
FOLDER = "transfer-learning-course"


def write(out, root=ROOT):
    """Write the zip; return its size in MB.

    Parameters
    ----------
    out : str or Path
    root : Path
        The clone.

    Raises
    ------
    CourseError
        If something is not committed, or there is no clone.
    """
    clone.check_committed(root)
    without = [f":(exclude){name}" for name in LEFT_OUT]
    prefix, where = f"--prefix={FOLDER}/", str(Path(out).resolve())
    clone.git("archive", "--format=zip", prefix, "-o", where, "HEAD", ".", *without, root=root)
    return Path(out).stat().st_size / 1e6


def main():
    """Write it, and say what is not in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="handout.zip", metavar="FILE")
    arguments = parser.parse_args()
    try:
        size = write(arguments.out)
    except CourseError as error:
        sys.exit(str(error))
    print(f"{arguments.out}: {size:.0f} MB, without {', '.join(LEFT_OUT)}.")


if __name__ == "__main__":
    main()
