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


def check_committed(root=ROOT):
    """Refuse a clone with changes that are not committed.

    Raises
    ------
    CourseError
        If there are any, or this is no clone.
    """
    changed = git("status", "--porcelain", root=root).splitlines()
    if changed:
        names = ", ".join(line[3:] for line in changed[:3]) + (" ..." if changed[3:] else "")
        raise CourseError(
            f"Expected everything to be committed. {len(changed)} files are not: {names}. "
            "Commit them, or put them away with `git stash`."
        )
