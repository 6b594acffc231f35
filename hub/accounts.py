"""Accounts of this machine for simulated learners, made for a while and removed in the end.

Only accounts keep learners' files apart: what runs under one account may read all that this account owns.
"""

import contextlib
import getpass
import os
import pwd
import subprocess
import sys

import psutil

from course_utils import ROOT
from course_utils.cards import CourseError

IMPORTS = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import jupyterhub, course_utils"


def why_not():
    """Return in a sentence why learners cannot have accounts of their own here; None if they can."""
    if os.geteuid():
        return (
            "Expected to run as root, who alone can give each simulated learner an account. Received the account "
            f"{getpass.getuser()}, with which nobody can tell who may read whose files: run make hub-test as root."
        )
    if not _others_can_run(sys.executable):
        return (
            f"Expected a Python and a course that every account may read. Received {os.path.realpath(sys.executable)} "
            f"and {ROOT}: keep the course out of private folders, delete .venv-hub, and run make hub-setup with "
            "PYTHON=/usr/bin/python3 or another that all may run."
        )
    return None


def _others_can_run(python):
    """Tell whether an account without rights can run a Python and import JupyterHub and the course."""
    nobody = pwd.getpwnam("nobody")
    rights = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        done = subprocess.run([python, "-c", IMPORTS], cwd="/", capture_output=True, check=False, **rights)
    except PermissionError:
        return False
    return done.returncode == 0


@contextlib.contextmanager
def temporary(names):
    """Make accounts, each with a private home folder; in the end remove them, and what still runs under them.

    Parameters
    ----------
    names : sequence of str

    Raises
    ------
    CourseError
        If one is there already: it is somebody's, and stays as it is.
    """
    taken = sorted(set(names) & {account.pw_name for account in pwd.getpwall()})
    if taken:
        raise CourseError(
            f"Expected no account with the name of a simulated learner. There is {', '.join(taken)}. If an earlier run "
            f"left it, remove it: userdel --remove {taken[0]}."
        )
    made = []
    try:
        for name in names:
            subprocess.run(["useradd", "--create-home", "--key", "HOME_MODE=0700", name], check=True)
            made.append(name)
        yield
    finally:
        for name in made:
            _end_all_of(name)
            subprocess.run(["userdel", "--remove", name], check=True, stderr=subprocess.DEVNULL)  # it has no mail


def _end_all_of(name):
    """End the processes of an account."""
    theirs = [one for one in psutil.process_iter(["username"]) if one.info["username"] == name]
    for one in theirs:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(theirs, timeout=10)
