"""What this machine gives: how much memory is left to this process."""

from pathlib import Path

import psutil

# Where Linux says how much memory a group of processes may take, such as Binder's container or what a hub runs for a
# learner, and to which group this process belongs.
CGROUP, OWN_GROUP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


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
