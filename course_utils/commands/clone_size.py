"""Say how much a clone of the course downloads with its history: `python -m course_utils.commands.clone_size`.

The exit status is 1 if that is more than learners should have to wait for.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils import ROOT

MIB = 2**20
AT_MOST = 60  # MiB


def mebibytes(repository):
    """Return the size of a clone of a repository: its whole history, without a working tree."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["git", "clone", "--quiet", "--bare", Path(repository).resolve().as_uri(), folder]
        subprocess.run(command, check=True)
        return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / MIB


def main():
    """Run from the terminal; return the exit status."""
    size = mebibytes(ROOT)
    print(f"A clone with its history has {size:.1f} MiB; at most {AT_MOST} are wanted.")
    return int(size > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
