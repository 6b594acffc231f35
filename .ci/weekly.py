"""Test the course with other versions than the pinned ones, so that a change elsewhere is seen before learners see it.

    python .ci/weekly.py oldest     # the oldest supported versions: group `oldest` of pyproject.toml
    python .ci/weekly.py newest     # the newest of every package that the course names

What follows is handed on to pytest. The environment is made anew in .venv-weekly each time.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-weekly"


def requirements(versions):
    """Return what is to be installed: a list of requirements.

    Parameters
    ----------
    versions : {"oldest", "newest"}
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = project["project"]["dependencies"]
    if versions == "newest":
        return [re.sub(r"==\S+", "", requirement) for requirement in pinned]
    oldest = project["dependency-groups"]["oldest"]
    names = {name(requirement) for requirement in oldest}
    return oldest + [requirement for requirement in pinned if name(requirement) not in names]


def name(requirement):
    """Return the name of the package of a requirement."""
    return re.match(r"[\w-]+", requirement).group()


def main():
    """Make the environment, run the tests in it, and return pytest's exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("versions", choices=["oldest", "newest"])
    arguments, for_pytest = parser.parse_known_args()
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    python = str(ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements(arguments.versions)], check=True)
    subprocess.run([python, "-m", "pip", "freeze"], check=True)  # so that the log says what was tested
    return subprocess.run([python, "-m", "pytest", *for_pytest], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
