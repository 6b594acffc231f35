"""Tell whether this machine is ready for the course.

python -m course_utils.commands.preflight
"""

import platform
import shutil
from pathlib import Path

import psutil

from course_utils import ROOT, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.quiet import keras, tensorflow

PYTHONS = ("3.11", "3.12", "3.13")
GIB = 2**30
MEMORY_NEEDED, DISK_NEEDED = 1.2, 0.5  # GiB: what a notebook's kernel may take, and what the cache may hold
CGROUP = Path("/sys/fs/cgroup")  # where Linux says how much memory a container, such as Binder's, may take


def report():
    """Return what was found, what is needed, and whether that is enough.

    Returns
    -------
    list of tuple (str, str, str, bool)
        Item, found, needed, enough.
    """
    python = platform.python_version()
    memory, disk = free_memory() / GIB, shutil.disk_usage(ROOT).free / GIB
    damaged = damaged_files()
    return [
        ("Python", python, " or ".join(PYTHONS), python.rpartition(".")[0] in PYTHONS),
        ("TensorFlow", tensorflow.__version__, "2.18 or newer", _at_least(tensorflow, (2, 18))),
        ("Keras", keras.__version__, "3.8 or newer", _at_least(keras, (3, 8))),
        ("free memory", f"{memory:.1f} GiB", f"{MEMORY_NEEDED} GiB", memory >= MEMORY_NEEDED),
        ("free disk", f"{disk:.1f} GiB", f"{DISK_NEEDED} GiB", disk >= DISK_NEEDED),
        ("the course's data", ", ".join(damaged) or "whole", "whole", not damaged),
    ]


def free_memory():
    """Return the bytes that this process may still take: those of the machine, or of its container if that is less."""
    free = psutil.virtual_memory().available
    try:
        limit, used = ((CGROUP / name).read_text().strip() for name in ("memory.max", "memory.current"))
        return min(free, int(limit) - int(used))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free


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


def text():
    """Return the report as a small table, with a last line that says whether all is well."""
    rows = report()
    lines = [
        f"{'✓' if enough else '✗'} {item:20}{found:10}  (needed: {needed})" for item, found, needed, enough in rows
    ]
    ready = all(enough for *_, enough in rows)
    try:
        lines.append(f"  networks here       {', '.join(weights_files.offline_names())}")
    except CourseError as error:
        ready = False
        lines.append(f"✗ networks here       {error}")
    lines.append("This machine is ready." if ready else "Put right the lines marked ✗; the README says how.")
    return "\n".join(lines)


if __name__ == "__main__":
    print(text())
