"""Temporary folders that are removed in the end, even if the program that made them was killed.

Beside each folder lies a file that its program keeps locked. The system lets go of a lock when a program ends, however
it ends: so what can be locked is nobody's. A clock would not tell: a slow download may be silent for long.
"""

import contextlib
import os
import shutil
import uuid

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

    fcntl = None

_TRIES = 3


@contextlib.contextmanager
def temporary(home, name):
    """Give a folder for a while.

    Parameters
    ----------
    home : Path
        The folder to make it in.
    name : str
        What its own name begins with.

    Yields
    ------
    Path
    """
    mark, file = _marked(home, name)
    space = mark.with_suffix("")
    try:
        space.mkdir()
        yield space
    finally:
        shutil.rmtree(space, ignore_errors=True)
        file.close()
        _unmark(mark)


def clear(home):
    """Remove the temporary folders of programs that have ended; those in use are left alone.

    Parameters
    ----------
    home : Path
    """
    for mark in home.glob("*-*.lock"):
        with contextlib.suppress(OSError):  # another program clears, too, and was faster
            with open(mark, "r+b") as file:
                if not _lock(file):
                    continue
                shutil.rmtree(mark.with_suffix(""), ignore_errors=True)
            _unmark(mark)


def _marked(home, name):
    """Return the path of a new mark, and the mark itself: an open and locked file."""
    for _ in range(_TRIES):  # another program may clear it away before it is locked
        mark = home / f"{name}-{uuid.uuid4().hex}.lock"
        file = open(mark, "wb")  # noqa: SIM115 - it stays open as long as the folder is used
        if _lock(file):
            break
    return mark, file  # unlocked where the disk knows no locks: then nothing of it is ever cleared away


def _lock(file):
    """Lock an open file until it is closed; tell whether it is locked, and still there."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return os.path.exists(file.name)


def wait_for(file):
    """Lock an open file until it is closed, when others have closed it; where the disk knows no locks, go on.

    Parameters
    ----------
    file : file object
    """
    with contextlib.suppress(OSError):
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)


def _unmark(mark):
    """Remove a mark, unless its folder is still there: then it must be found again."""
    if not mark.with_suffix("").exists():
        mark.unlink(missing_ok=True)
