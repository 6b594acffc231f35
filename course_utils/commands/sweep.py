"""Measure the quadrant chart: every source, target, size and way of training, one run after another.

    python -m course_utils.commands.sweep                       # drawn pictures; goes on where it was stopped
    python -m course_utils.commands.sweep photographs --pictures FOLDER    # an ImageNet network on three tasks
    python -m course_utils.commands.sweep --most 256            # only up to so many pictures
    python -m course_utils.commands.sweep --only biopsy         # only cells whose name holds this word
    python -m course_utils.commands.sweep --cluster tcp://10.0.0.1:8786    # on the workers of a Dask cluster
    python -m course_utils.commands.sweep --plan                # what there is to do, and what is done

Runs go to local processes, each on one processor core, or to a cluster. Each is a row in data/results/sweep.csv as soon
as it ends; Ctrl+C loses only what is running. What fails is recorded in sweep_failed.csv and tried again next time.
The plan is in `course_utils.sweep_plan`, and how results are judged in `course_utils.chart_rules`.
"""

import argparse
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from course_utils import scheduling, sweep_plan, sweep_runs, sweeping
from course_utils.cards import CourseError
from course_utils.ledger import Ledger, NotRecorded


class Sweep:
    """Measures cells on workers, and shows how far it is.

    Parameters
    ----------
    workers : scheduling.Workers
    ledger : Ledger
    pictures : str, optional
        Folder with photographs; workers read it too.
    progress : bool

    Attributes
    ----------
    failed : list of str
        What failed, and why.
    """

    def __init__(self, workers, ledger, pictures=None, progress=True):
        self.failed, self._workers, self._ledger, self._pictures = [], workers, ledger, pictures
        self._spent, self._stopped = Counter(), threading.Event()
        self._bar = tqdm(disable=not progress, smoothing=0, bar_format="{l_bar}{bar}| {elapsed}<{remaining}{postfix}")

    def measure(self, cells):
        """Measure cells: as many at a time as there are workers, and one more, so that no worker has to wait."""
        self._bar.reset(total=sum(map(sweeping.expected, cells)))
        threads = ThreadPoolExecutor(self._workers.count + 1)
        try:
            for done in as_completed([threads.submit(self._measure_one, cell) for cell in cells]):
                done.result()
        except BaseException:  # Ctrl+C, or a disk that is full: what runs now is not waited for
            self._stopped.set()
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        threads.shutdown()
        self._bar.close()

    def _measure_one(self, cell):
        """Measure a cell; if it fails the others go on."""
        try:
            sweeping.measure(cell, self._ask, self._run)
        except NotRecorded:
            self._stopped.set()
            raise
        except Exception as error:  # whatever it is, other cells do not need this one
            self.failed.append(f"{cell.name}: {error}")
        self._bar.total += self._spent[cell] - sweeping.expected(cell)  # what was planned was a guess

    def _ask(self, job):
        """Return the accuracy of a job; train if it is not yet recorded."""
        row = self._ledger.find(job)
        if row is None:
            try:
                if self._stopped.is_set():
                    raise NotRecorded("The sweep was stopped.")
                row = self._ledger.add(job, self._workers.call(sweep_runs.make, job, self._pictures))
            except NotRecorded:
                raise
            except Exception as error:
                self._ledger.fail(job, error)
                raise
            self._advance(job.cell)
        return float(row["accuracy"])

    def _advance(self, cell):
        """Show that a run of a cell is done."""
        whole = replace(cell, way="2", depth=None) if cell.way == "2 with augmentation" else cell
        self._spent[whole] += sweeping.cost(cell)
        self._bar.set_postfix_str(f"{self._ledger.new} runs", refresh=False)
        self._bar.update(sweeping.cost(cell))

    def _run(self, job):
        """Do a job on which no other depends: if it fails, the rest of its cell goes on."""
        try:
            self._ask(job)
        except NotRecorded:
            raise
        except Exception as error:
            self.failed.append(f"{job.cell.name}, seed {job.seed}: {error}")


def wanted(arguments):
    """Return the cells that the command line asks for."""
    return [
        cell
        for cell in sweep_plan.cells(arguments.world)
        if cell.n_samples <= arguments.most and arguments.only in cell.name
    ]


def _check(parser, arguments, cells):
    """End with one sentence if the command line asks for what cannot be done."""
    if not cells:
        parser.error(
            f"expected part of a cell's name and a size, received --only {arguments.only!r} --most "
            f"{arguments.most}: nothing fits"
        )
    if arguments.workers < 1:
        parser.error(f"expected one worker or more, received --workers {arguments.workers}")
    if arguments.world != "photographs" or arguments.plan:
        return
    if not arguments.pictures:
        parser.error("expected --pictures FOLDER, received none: say where the photographs are")
    missing = [name for name in sorted({cell.task for cell in cells}) if not Path(arguments.pictures, name).is_dir()]
    if missing:
        parser.error(f"expected folders {', '.join(missing)} in --pictures {arguments.pictures}, found none")


def plan(cells, left):
    """Say how many cells of each size there are, and how many are measured."""
    for n_samples in sorted({cell.n_samples for cell in cells}):
        counts = [sum(cell.n_samples == n_samples for cell in some) for some in (cells, left)]
        print(f"{n_samples:,} pictures: {counts[0] - counts[1]} of {counts[0]} cells are measured")


def main():
    """Measure what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", nargs="?", default="drawn", choices=sweep_plan.WORLDS)
    parser.add_argument("--pictures", metavar="FOLDER", help="folder with the photographs, one folder for each task")
    parser.add_argument("--most", type=int, default=1_000_000, metavar="N", help="only up to so many pictures")
    parser.add_argument("--only", default="", metavar="WORD", help="only cells whose name holds this word")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="local processes; one for each core")
    parser.add_argument("--cluster", metavar="ADDRESS", help="of the scheduler of a Dask cluster")
    parser.add_argument("--plan", action="store_true", help="only say what is measured and what is not")
    arguments = parser.parse_args()
    cells = wanted(arguments)
    _check(parser, arguments, cells)
    try:
        ledger = Ledger()
        left = [cell for cell in cells if not sweeping.measured(cell, ledger.find)]
        plan(cells, left)
        if arguments.plan or not left:
            return
        workers = scheduling.cluster(arguments.cluster) if arguments.cluster else scheduling.local(arguments.workers)
    except CourseError as error:
        parser.exit(1, f"{error}\n")
    sweep = Sweep(workers, ledger, arguments.pictures)
    try:
        sweep.measure(left)
    except KeyboardInterrupt:
        print(f"\nStopped. {ledger.new} runs are recorded; the same command goes on from here.", flush=True)
        os._exit(130)  # the workers end with it
    except NotRecorded as error:
        print(f"\n{error} Stopped. {ledger.new} runs are recorded; the same command goes on from here.", flush=True)
        os._exit(1)
    workers.close()
    print(f"{ledger.new} runs recorded; {len(sweep.failed)} failed.", *sweep.failed, sep="\n")
    parser.exit(1 if sweep.failed else 0)


if __name__ == "__main__":
    main()
