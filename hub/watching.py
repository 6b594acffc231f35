"""How much memory and processor time the processes of each simulated learner take, watched while they work."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import aiohttp
import psutil

GIB = 2**30
EVERY = 1.0  # seconds between two looks
SPARE = 2.0  # GiB: with less, the system might end other programs
ANSWER = 2.0  # seconds that a hub has to say what its servers are: meanwhile nobody looks at the memory


@dataclass
class Watch:
    """What was seen.

    Attributes
    ----------
    peaks : dict of str to float
        The largest memory of each learner's processes together, in GiB. What processes share is counted in each.
    seconds : dict of str to float
        Processor time of each learner's processes.
    all_gib : float
        By how much the memory in use on the machine grew at most; here what is shared counts once.
    """

    peaks: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    all_gib: float = 0.0


async def watch(hub, seen):
    """Watch until cancelled, or until memory is short: then return.

    Parameters
    ----------
    hub : loopback.Hub
    seen : Watch
        Is brought up to date.
    """
    before, started = psutil.virtual_memory().available, {}
    while True:
        if len(started) < len(hub.passwords):
            with contextlib.suppress(TimeoutError):  # a hub with much to do says it the next time
                started = await servers(hub, ANSWER)
        children, taken = _processes()
        for name, first in started.items():
            tree = [taken[one] for one in _descendants(first, children) if one in taken]
            seen.peaks[name] = max(seen.peaks.get(name, 0), sum(memory for memory, _ in tree) / GIB)
            seen.seconds[name] = max(seen.seconds.get(name, 0), sum(seconds for _, seconds in tree))
        free = psutil.virtual_memory().available
        seen.all_gib = max(seen.all_gib, (before - free) / GIB)
        if free < SPARE * GIB:
            return
        await asyncio.sleep(EVERY)


async def servers(hub, seconds=60.0):
    """Return the process number of each learner's server, as far as they have started.

    Parameters
    ----------
    hub : loopback.Hub
    seconds : float
        That the hub has for its answer.

    Returns
    -------
    dict of str to int

    Raises
    ------
    TimeoutError
    """
    access = {"Authorization": f"token {hub.token}"}
    async with (
        aiohttp.ClientSession(headers=access, timeout=aiohttp.ClientTimeout(total=seconds)) as client,
        client.get(f"{hub.address}/hub/api/users?limit={len(hub.passwords)}") as answer,
    ):
        users = await answer.json()
    found = {user["name"]: user["servers"].get("", {}).get("state") or {} for user in users}
    return {name: state["pid"] for name, state in found.items() if "pid" in state}


def _processes():
    """Return the children of each process, and the memory and processor time that each takes."""
    children, taken = {}, {}
    for one in psutil.process_iter(["ppid", "memory_info", "cpu_times"]):
        info = one.info
        if info["memory_info"] and info["cpu_times"]:  # others' processes may tell nothing
            children.setdefault(info["ppid"], []).append(one.pid)
            taken[one.pid] = (info["memory_info"].rss, info["cpu_times"].user + info["cpu_times"].system)
    return children, taken


def _descendants(first, children):
    """Yield a process, and all that come from it."""
    yield first
    for child in children.get(first, []):
        yield from _descendants(child, children)
