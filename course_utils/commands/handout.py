"""Write a zip of the course for learners, without the solutions.

    python -m course_utils.commands.handout                     # handout.zip, from the last commit
    python -m course_utils.commands.handout --out day1.zip

Left out are the solutions, the answers in INSTRUCTORS.md, the tests, which hold answers, with what runs them, and the
notebooks' sources. (The checks stay: who reads their code finds out what they accept.) It is made from the last commit,
so that nobody gets half of a change; changes that are not committed are refused. With it go the notebooks as they came,
for `commands.reset`.
"""

import argparse
import io
import os
import sys
import time
import zipfile
from pathlib import Path, PurePosixPath

from course_utils import ROOT, clone
from course_utils.cards import CourseError
from course_utils.commands.reset import ORIGINALS

LEFT_OUT = ("course_utils/checks/solutions.md", "INSTRUCTORS.md", "tests", "notebooks/src", ".ci", ".github")
FOLDER = "transfer-learning-course"
READABLE = 0o644 << 16  # for all: whoever unpacks it may do so for others, as on a hub


def make(path, root=ROOT):
    """Write the zip to a path.

    Parameters
    ----------
    path : Path
        What is there is written over.
    root : Path
        The clone.

    Raises
    ------
    CourseError
        If something is not committed, or there is no clone.
    """
    clone.check_committed(root)
    without = [f":(exclude){name}" for name in LEFT_OUT]
    path.write_bytes(clone.git("archive", "--format=zip", f"--prefix={FOLDER}/", "HEAD", ".", *without, root=root))
    originals = io.BytesIO()
    with zipfile.ZipFile(path, "a") as archive:
        with zipfile.ZipFile(originals, "w", zipfile.ZIP_DEFLATED) as inner:
            for name in archive.namelist():
                place = PurePosixPath(name).relative_to(FOLDER)
                if place.match("notebooks/*.ipynb"):
                    inner.writestr(place.name, archive.read(name))
        put(archive, ORIGINALS, originals.getvalue())


def put(archive, place, content):
    """Put a file into a handout that is open for writing.

    Parameters
    ----------
    archive : zipfile.ZipFile
    place : str
        Where in the course's folder.
    content : bytes or str
    """
    entry = zipfile.ZipInfo(f"{FOLDER}/{place}", time.localtime()[:6])
    entry.external_attr = READABLE
    archive.writestr(entry, content)


def write(out, root=ROOT, make=make):
    """Write a zip whole or not at all; an older one stays until the new one is there.

    Parameters
    ----------
    out : str or Path
    root : Path
        The clone.
    make : callable
        Writes it to a path, of a clone.

    Returns
    -------
    float
        Its size in MB.

    Raises
    ------
    CourseError
        If its folder is not there, the disk is full, or `make` cannot do it.
    """
    out = Path(out).resolve()
    if not out.parent.is_dir():
        raise CourseError(f"Expected a folder to write into. Received {out.parent}, which is not there: make it first.")
    part = out.with_name(out.name + ".part")
    try:
        make(part, root)
        os.replace(part, out)
    except OSError as error:
        raise CourseError(f"Expected to write {out}. It failed: {error}. Make room, or give another --out.") from error
    finally:
        part.unlink(missing_ok=True)
    return out.stat().st_size / 1e6


def main():
    """Write it, and say what is not in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="handout.zip", metavar="FILE")
    arguments = parser.parse_args()
    try:
        size = write(arguments.out)
    except CourseError as error:
        sys.exit(str(error))
    print(f"{arguments.out}: {size:.0f} MB, without {', '.join(LEFT_OUT)}.")


if __name__ == "__main__":
    main()
