"""What workers do in tests of the sweep, in place of training: importable, since processes of their own run it."""

import os
import sys
import time
from functools import partial
from pathlib import Path

from course_utils import ledger, records, sweep_plan
from course_utils.records import COLUMNS

BEST = 0.008  # the rate at which every fake training does best


def accuracy(job):
    """Return an accuracy that has its top at one rate, and is better the less is frozen."""
    frozen = 0 if job.depth is None else int(job.depth[-1])
    return round(0.9 - 0.1 * abs(job.rate - BEST) / BEST - 0.02 * frozen - 0.001 * job.seed, 4)


def make(job, pictures=None):
    """Return a row as a training would."""
    row = dict.fromkeys(COLUMNS, "1") | sweep_plan.identity(job.cell, job.depth)
    return row | {"learning_rate": str(job.rate), "seed": str(job.seed), "accuracy": str(accuracy(job))}


def die_while(file):
    """End this process at once, as long as there are lines in a file: one goes with each death."""
    lines = Path(file).read_text().splitlines()
    if lines:
        Path(file).write_text("\n".join(lines[1:]))
        os._exit(1)
    return "lived"


def square(number):
    """Return a square and the number of the process that reckoned it."""
    return number * number, os.getpid()


def record(folder, cell):
    """Record the first 40 seeds of a cell in a folder, as one of several sweeps at the same time."""
    records.DATA = folder
    known = ledger.Ledger()
    for seed in range(40):
        job = sweep_plan.Job(cell, None, 0.002, seed, False)
        known.add(job, make(job))


def never_end(folder, job, pictures=None):
    """Say which process this is, and go on for long."""
    Path(folder, f"begun {os.getpid()}").touch()
    time.sleep(600)


if __name__ == "__main__":  # a sweep with one worker that never ends
    from course_utils import sweep_runs
    from course_utils.commands import sweep
    from tests.studies import sweep_fakes

    records.DATA = Path(sys.argv[1])
    sweep_runs.make = partial(sweep_fakes.never_end, sys.argv[1])
    sys.argv[1:] = ["--most", "64", "--only", "slides -> garden, 64 pictures, 3", "--workers", "1"]
    sweep.main()
