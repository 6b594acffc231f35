"""Start JupyterHub on this machine for simulated learners, and end all of it again."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from course_utils.cards import CourseError
from hub import accounts, proxy

HERE = Path(__file__).parent
MARK = "COURSE_HUB_SETTINGS"  # in the environment of all that a hub starts, by which it is found again
RUNS = "JupyterHub is now running"  # what its log says then
SECONDS_TO_START, SECONDS_TO_END = 120, 60


@dataclass(frozen=True)
class Hub:
    """A hub that runs.

    Attributes
    ----------
    address : str
        Such as "http://127.0.0.1:8000".
    passwords : dict of str to str
        Of each learner.
    token : str
        With which the hub says what its servers are.
    log : Path
    """

    address: str
    passwords: dict
    token: str
    log: Path


@contextlib.contextmanager
def running(names, separate=False, idle=(), port=None, environment=None):
    """Run a hub for learners.

    Parameters
    ----------
    names : sequence of str
    separate : bool
        Give each learner an account of this machine for that time; needs root (see `accounts.why_not`). Otherwise all
        share the account that runs this, and have only folders of their own.
    idle : collection of str
        Whose servers close after some seconds without activity.
    port : int, optional
        By default one that is free.
    environment : dict of str to str, optional
        What learners' servers find in their environment, besides what `tljh/course.py` says.

    Yields
    ------
    Hub

    Raises
    ------
    CourseError
        If it cannot start: why.
    """
    command = proxy.command()
    if port and not _is_free(port):
        raise CourseError(f"Expected port {port} to be free. Another program listens there: end it, or choose another.")
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="hub-"))  # short: see JUPYTER_RUNTIME_DIR in learner.py
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if separate:
            stack.enter_context(accounts.temporary(names))
        port, hub_port, proxy_port = (port, *_free_ports(2)) if port else _free_ports(3)
        settings = {
            "folder": str(folder),
            "python": sys.executable,
            "proxy": command,
            "passwords": {name: secrets.token_urlsafe(12) for name in names},
            "token": secrets.token_hex(32),
            "accounts": separate,
            "idle": list(idle),
            "port": port,
            "hub_port": hub_port,
            "proxy_port": proxy_port,
            "environment": {**(environment or {}), MARK: str(folder / "settings.json")},
        }
        (folder / "settings.json").write_text(json.dumps(settings))
        hub = Hub(f"http://127.0.0.1:{port}", settings["passwords"], settings["token"], folder / "hub.log")
        process = _launch(folder, hub.log)
        stack.callback(_end, process, settings["environment"][MARK])
        _wait_for(hub, process)
        yield hub


def _launch(folder, log):
    """Start the hub's process; what it says goes into a file."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    with open(log, "w") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(HERE / "loopback_config.py")],
            cwd=folder,
            env={**kept, MARK: str(folder / "settings.json")},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_for(hub, process):
    """Wait until the hub says that it runs."""
    until = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < until:
        if RUNS in hub.log.read_text():
            return
        time.sleep(0.2)
    last = (hub.log.read_text().strip() or "nothing").splitlines()[-1].strip()
    raise CourseError(f"Expected JupyterHub to start on {hub.address}. It did not. Its last words: {last}")


def _end(process, mark):
    """End the hub, which ends its servers; then whatever is left of them."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    left = [one for one in psutil.process_iter() if _mark_of(one) == mark]
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(left, timeout=SECONDS_TO_END)


def _mark_of(process):
    """Return the mark in the environment of a process, or None."""
    try:
        return process.environ().get(MARK)
    except psutil.Error:
        return None


def _is_free(port):
    """Tell whether nobody listens at a port."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) != 0


def _free_ports(count):
    """Return ports at which nobody listens."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
