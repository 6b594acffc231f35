"""What git knows of the clone in which the course lies."""

import subprocess

from course_utils import ROOT
from course_utils.cards import CourseError


def git(*arguments, root=ROOT):
    """Return what git prints.

    Parameters
    ----------
    *arguments : str
        Such as "status".
    root : Path
        A folder of the clone.

    Raises
    ------
    CourseError
        If git is missing, or the course is not a clone.
    """
    try:
        return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise CourseError(
            "Expected git on this machine. Found none: install it, or hand out the zip you have."
        ) from None
    except subprocess.CalledProcessError as error:
        raise CourseError(
            f"Expected a clone of the course in {root}. git says: {error.stderr.strip()}. Clone it, and try again."
        ) from error
