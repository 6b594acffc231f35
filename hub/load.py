"""Find out how many learners this machine holds, and what they wait.

    python -m hub.load                 # goes on where it was stopped
    python -m hub.load --table         # prints what was recorded

Run nothing else meanwhile. A hub is started on loopback; 1, 2, 4, 8, ... simulated learners sign in at the same moment,
and when all are there, open the same notebook and run its cells: all at once, or with pauses, as people read. With
pauses, 8 come first; if they are too many, 4, 2 and 1. One more number is tried between the largest that was held and
twice as many. One row for each try is added to load.csv. A try ends after 25 minutes at the latest, and is broken off
when less than 2 GiB of memory are left, or when too many have waited too long for their server or for a cell: what
these have waited until then counts.
"""

import argparse
import asyncio
import math
import os
import signal
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import aiohttp
import psutil

from course_utils import records
from course_utils.cards import CourseError
from hub import loopback, record, simulated, watching

LONGEST = 25 * 60  # seconds of a try
MEAN_PAUSE = 15.0  # seconds of reading before a cell, on average: less than the lessons plan with, so that it is harder


async def work(hub, notebook, pause):
    """Let all learners of a hub work through a notebook.

    Parameters
    ----------
    hub : loopback.Hub
    notebook : str
        Such as "00".
    pause : float
        Mean seconds of reading before each cell.

    Returns
    -------
    outcome : str
        `record.FINISHED`, or what went wrong.
    waits : list of simulated.Waits
        Of each learner.
    seen : watching.Watch
    """
    waits, all_are_there = [], asyncio.Barrier(len(hub.passwords))

    async def one(seed, name):
        async with simulated.Learner(hub, name) as learner:
            waits.append(learner.waits)
            await learner.arrive()
            await all_are_there.wait()
            await learner.work(notebook, pause, seed)

    async def everyone():
        await asyncio.gather(*(one(seed, name) for seed, name in enumerate(hub.passwords)))

    seen = watching.Watch()
    crowd, watcher, impatient = tasks = [
        asyncio.create_task(coroutine)
        for coroutine in (everyone(), watching.watch(hub, seen), too_many_wait(waits, len(hub.passwords)))
    ]
    done, _ = await asyncio.wait(tasks, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    failed = next((end for end in ends if isinstance(end, Exception)), None)  # a cancelled task is none
    if failed and not isinstance(failed, CourseError | aiohttp.ClientError | TimeoutError):
        raise failed
    if watcher in done and not failed:
        return f"less than {watching.SPARE:.0f} GiB of memory were left", waits, seen
    if impatient in done and crowd not in done:
        return f"broken off: more than 5 of 100 waited over {impatient.result()}", waits, seen
    if crowd not in done:
        return f"not finished in {LONGEST // 60} minutes", waits, seen
    return (str(failed) or type(failed).__name__) if failed else record.FINISHED, waits, seen


async def too_many_wait(waits, learners):
    """Return when more learners than a machine that holds them may have, have waited too long: how long, and for what.

    Parameters
    ----------
    waits : list of simulated.Waits
        Grows while learners come.
    learners : int

    Returns
    -------
    str
    """
    while True:
        for bound, what, waited in (
            (record.READY_BOUND, "their server", simulated.Waits.for_server),
            (record.CELL_BOUND, "a cell", simulated.Waits.longest),
        ):
            if sum(waited(one) > bound for one in waits) > 0.05 * learners:
                return f"{bound} seconds for {what}"
        await asyncio.sleep(1)


def measure(learners, notebook, pace, mean_pause):
    """Return the row of one try; see `record`."""
    started = time.monotonic()
    with loopback.running([f"learner-{number}" for number in range(1, learners + 1)]) as hub:
        pause = mean_pause if pace == record.READING else 0
        outcome, waits, seen = asyncio.run(work(hub, notebook, pause))
    row = {"learners": learners, "notebook": notebook, "pace": pace, "outcome": outcome}
    values = {
        "ready": [one.ready for one in waits if one.ready],
        "first": [one.first for one in waits if one.first],
        "cell": [max(one.cells) for one in waits if one.cells],
        "notebook": [sum(one.cells) for one in waits if outcome == record.FINISHED],
    }
    for name, found in values.items():
        row[f"{name}_median"] = f"{statistics.median(found):.1f}" if found else ""
        # Rounded up: what was over a bound must not be recorded as within it.
        row[f"{name}_p95"] = f"{math.ceil(10 * record.percentile(found, 0.95)) / 10:.1f}" if found else ""
    row["peak_gib"] = f"{max(seen.peaks.values(), default=0):.2f}"
    row["all_gib"] = f"{seen.all_gib:.2f}"
    row["cpu_seconds"] = f"{statistics.mean(seen.seconds.values() or [0]):.0f}"
    row["minutes"] = f"{(time.monotonic() - started) / 60:.1f}"
    return row | conditions(mean_pause)


def conditions(mean_pause):
    """Return what decides a measurement besides the learners: columns of each row."""
    return {
        "mean_pause": mean_pause,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": f"{psutil.virtual_memory().total / watching.GIB:.0f}",
        "versions": f"{records.versions()}, jupyterhub {version('jupyterhub')}",
        "processor": records.processor(),
    }


def measure_all(path, largest, mean_pause):
    """Measure what is missing in the record, and print each row."""
    record.check_same(conditions(mean_pause), path)
    for pace in (record.AT_ONCE, record.READING):
        for notebook in record.NOTEBOOKS:
            while (size := record.next_size(record.read(path), notebook, pace)) and size <= largest:
                row = measure(size, notebook, pace, mean_pause)
                record.append(row, path)
                print(", ".join(f"{name} {value}" for name, value in list(row.items())[:-5]), flush=True)


def main():
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="print what was recorded, and measure nothing")
    parser.add_argument("--out", type=Path, default=record.PATH, metavar="FILE", help="the record")
    parser.add_argument("--largest", type=int, default=record.LARGEST_SIZE, metavar="N", help="try no more learners")
    parser.add_argument("--pause", type=float, default=MEAN_PAUSE, metavar="SECONDS", help="reading, on average")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it still ends what it started
    try:
        if not arguments.table:
            measure_all(arguments.out, arguments.largest, arguments.pause)
        rows = record.read(arguments.out)
        if not rows:
            raise CourseError(f"Expected rows in {arguments.out.name}. There are none: run make hub-load first.")
    except CourseError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. What was measured is kept; the same command goes on.")
    print(record.table(rows), "", record.summary(rows), sep="\n")


if __name__ == "__main__":
    main()
