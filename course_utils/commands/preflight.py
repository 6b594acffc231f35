"""Tell whether this machine is ready for the course; the exit status is 1 if it is not.

python -m course_utils.commands.preflight
"""

import platform
import shutil
import sys
from pathlib import Path

import psutil

from course_utils import ROOT, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.quiet import keras, tensorflow

PYTHONS = ("3.11", "3.12", "3.13")
GIB = 2**30
MEMORY_NEEDED, DISK_NEEDED = 1.2, 0.5  # GiB: what a notebook's kernel may take, and what the cache may hold
# Where Linux says how much memory a group of processes may take, such as Binder's container or what a hub runs for a
# learner, and to which group this process belongs.
CGROUP, OWN_GROUP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


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
        ("Keras", keras.__version__, "3.9 or newer", _at_least(keras, (3, 9))),
        ("free memory", f"{memory:.1f} GiB", f"{MEMORY_NEEDED} GiB", memory >= MEMORY_NEEDED),
        ("free disk", f"{disk:.1f} GiB", f"{DISK_NEEDED} GiB", disk >= DISK_NEEDED),
        ("the course's data", ", ".join(damaged) or "whole", "whole", not damaged),
    ]


def free_memory():
    """Return the bytes that this process may still take: those of the machine, or of its groups if that is less."""
    return min([psutil.virtual_memory().available, *left_to_groups()])


def left_to_groups():
    """Yield the bytes that this process's groups with a limit may still take, from its own to the outermost one seen.

    What Linux keeps there of files, and can forget at any time (`inactive_file`), is counted as used, but is free.
    """
    try:
        lines = OWN_GROUP.read_text().splitlines()
    except OSError:  # not on Windows and macOS
        return
    own = CGROUP / next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    for group in (own, *own.parents):
        try:
            limit, used = (int((group / name).read_text()) for name in ("memory.max", "memory.current"))
            stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):  # not a group that is seen here, or one without a limit ("max")
            continue
        yield limit - used + int(stat.get("inactive_file", 0))


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
