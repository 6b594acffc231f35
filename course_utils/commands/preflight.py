"""Tell whether this machine is ready for the course; the exit status is 1 if it is not.

python -m course_utils.commands.preflight
"""

import platform
import shutil
import sys

from course_utils import ROOT, machine, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.quiet import keras, tensorflow

PYTHONS = ("3.11", "3.12", "3.13")
GIB = 2**30
MEMORY_NEEDED, DISK_NEEDED = 1.2, 0.5  # GiB: what a notebook's kernel may take, and what the cache may hold


def report():
    """Return what was found, what is needed, and whether that is enough.

    Returns
    -------
    list of tuple (str, str, str, bool)
        Item, found, needed, enough.
    """
    python = platform.python_version()
    memory, disk = machine.free_memory() / GIB, shutil.disk_usage(ROOT).free / GIB
    damaged = damaged_files()
    return [
        ("Python", python, " or ".join(PYTHONS), python.rpartition(".")[0] in PYTHONS),
        ("TensorFlow", tensorflow.__version__, "2.18 or newer", _at_least(tensorflow, (2, 18))),
        ("Keras", keras.__version__, "3.9 or newer", _at_least(keras, (3, 9))),
        ("free memory", f"{memory:.1f} GiB", f"{MEMORY_NEEDED} GiB", memory >= MEMORY_NEEDED),
        ("free disk", f"{disk:.1f} GiB", f"{DISK_NEEDED} GiB", disk >= DISK_NEEDED),
        ("the course's data", ", ".join(damaged) or "whole", "whole", not damaged),
    ]


def damaged_files():
    """Return the names of the course's data files that are missing or not as the manifest says."""
    try:
        names = manifest.read()
    except CourseError:
        return ["manifest.json"]
    damaged = []
    for name in names:
        try:
            manifest.verified(name)
        except CourseError:
            damaged.append(name)
    return damaged


def _at_least(package, wanted):
    """Tell whether a package's version, taken as two numbers, is at least `wanted`."""
    return tuple(int(part) for part in package.__version__.split(".")[:2]) >= wanted


def lines():
    """Return the report as the lines of a table, the last of which says whether all is well; and that as a bool."""
    rows = report()
    told = [f"{'✓' if enough else '✗'} {item:20}{found:10}  (needed: {needed})" for item, found, needed, enough in rows]
    ready = all(enough for *_, enough in rows)
    try:
        told.append(f"  networks here       {', '.join(weights_files.offline_names())}")
    except CourseError as error:
        ready = False
        told.append(f"✗ networks here       {error}")
    told.append("This machine is ready." if ready else "Put right the lines marked ✗; the README says how.")
    return told, ready


def text():
    """Return the report as a small table."""
    return "\n".join(lines()[0])


def main():
    """Print the report; return the exit status."""
    told, ready = lines()
    print("\n".join(told))
    return 0 if ready else 1


if __name__ == "__main__":
    sys.exit(main())
