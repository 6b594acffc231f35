"""JupyterLab on loopback, on a copy of the course, and Chromium to look at it."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from course_utils.commands.setup import ENVIRONMENTS, LAB_SETTINGS, python_in

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
NOWHERE = f"http://{HOST}:9"  # nobody listens there
WIDTH, HEIGHT = 1280, 900
START_SECONDS = 120
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
# All cells are on the page, also those far below: only what is on it can be looked at.
SETTINGS = LAB_SETTINGS | {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


def chromium():
    """Return the path of Chromium; without it, end the tests with one sentence."""
    path = shutil.which("chromium")
    if path is None:
        sys.exit(
            "expected Chromium, which the browser tests move, received none: install it (on Debian `apt-get install "
            "chromium`), then run the same command again."
        )
    return path


def copy_course(place):
    """Copy what git tracks or would track, as it is now: notebooks then write nothing into the author's folder."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():  # it may have been deleted since
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)


def environment(home, course):
    """Return the variables of the server and its kernels: no settings of the author's, and no way to a network."""
    settings = home / "config" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "IPYTHONDIR": "ip"}
    given = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    given |= {name: str(home / folder) for name, folder in own.items()}
    given |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE) | {"NO_PROXY": HOST}
    cache = os.environ.get("COURSE_CACHE", str(ROOT / ".cache"))  # pictures that were drawn are not drawn again
    return given | {"COURSE_CACHE": cache, "PYTHONPATH": str(course)}


@contextmanager
def jupyterlab(home):
    """Run JupyterLab on a copy of the course, in an empty folder; yield its address and token."""
    course = home / "course"
    copy_course(course)
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        str(python_in(ROOT / ENVIRONMENTS["learners"].folder)),
        *("-m", "jupyterlab", "--no-browser", "--allow-root", f"--ip={HOST}", f"--port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={course}", f"--IdentityProvider.token={token}"),
        "--LabApp.expose_app_in_browser=True",
    ]
    with open(home / "lab.log", "w") as log:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        server = subprocess.Popen(command, env=environment(home, course), **quiet)
        try:
            wait_for(f"http://{HOST}:{port}/api/status?token={token}", server, home / "lab.log")
            yield f"http://{HOST}:{port}", token
        finally:
            server.terminate()  # JupyterLab ends its kernels
            server.wait(30)


def wait_for(address, server, log):
    """Wait until JupyterLab answers; if it does not, end the tests with what it wrote."""
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"expected JupyterLab to answer, received nothing; its last words: {log.read_text()[-2000:]}")


@contextmanager
def browser():
    """Run Chromium without a window; yield Playwright's browser."""
    path = chromium()
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        try:
            yield found
        finally:
            found.close()
