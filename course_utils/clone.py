"""What git knows of the clone in which the course lies."""

import subprocess

from course_utils import ROOT
from course_utils.cards import CourseError


def git(*arguments, root=ROOT):
    """Return what git prints, in bytes: names and notebooks are UTF-8, whatever the system's own encoding is.

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
    command = ["git", "-c", "core.quotePath=false", *arguments]
    try:
        return subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise CourseError("Expected git on this machine. Found none: install it, and try again.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()
        raise CourseError(
            f"Expected a clone of the course in {root}. git says: {said}. Clone it, and try again."
        ) from error


def check_committed(root=ROOT):
    """Refuse a clone with changes that are not committed.

    Raises
    ------
    CourseError
        If there are any, or this is no clone.
    """
    changed = git("status", "--porcelain", root=root).decode("utf-8", "replace").splitlines()
    if changed:
        names = ", ".join(line[3:] for line in changed[:3]) + (" ..." if changed[3:] else "")
        raise CourseError(
            f"Expected everything to be committed. Not committed: {names} ({len(changed)} in all). Commit them, put "
            "them away with `git stash -u`, or make a fresh clone for it."
        )
