"""Run notebooks as people do: killed in the middle, in two kernels at once, and their cells again in any order.

    python -m course_utils.commands.rerun             # all notebooks; about two minutes each
    python -m course_utils.commands.rerun 05 07

What went wrong is printed, and a row for every notebook is written into data/results/rerun.csv.
"""

import csv
import itertools
import os
import random
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from course_utils import DATA, ROOT, records
from course_utils.cards import CourseError
from course_utils.commands import pairs

RECORD = DATA / "results" / "rerun.csv"
COLUMNS = ("notebook", "cells", "after being killed", "in a second kernel", "again in another order", "versions")
REFUSED = "✗ Expected"  # how a notebook begins what the course could not do
MOMENT = 0.2  # seconds that a cell runs before its kernel is killed


class Kernel:
    """A kernel that runs the cells of a notebook; an error stops nothing."""

    def __init__(self, path):
        self.cells = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        self._client = NotebookClient(self.cells, timeout=600, allow_errors=True, resources=where)
        self._code = [number for number, cell in enumerate(self.cells.cells) if cell.cell_type == "code"]

    def __len__(self):
        """Return the number of code cells."""
        return len(self._code)

    def run(self, order=None):
        """Run code cells in an order, by default all from top to bottom; return what went wrong: a list of str."""
        return [said for one in (range(len(self)) if order is None else order) for said in self._one(self._code[one])]

    def _one(self, number):
        cell = self._client.execute_cell(self.cells.cells[number], number)
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell {number}: {output.ename}: {output.evalue}"
            elif output.get("text", "").startswith(REFUSED):
                yield f"cell {number}: {output.text}"

    def __enter__(self):
        self._open = self._client.setup_kernel()
        self._open.__enter__()
        return self

    def __exit__(self, *error):
        self._open.__exit__(*error)

    def kill(self):
        """End the kernel at once, as a full memory does, while a cell runs."""
        # All that is left of the notebook: most cells end at once, and none must have ended all.
        asked, *_ = [self._client.kc.execute(self.cells.cells[one].source) for one in self._code[len(self) // 2 :]]
        while not self._is_busy_with(asked):
            pass
        time.sleep(MOMENT)
        os.kill(self._client.km.provisioner.pid, signal.SIGKILL)

    def _is_busy_with(self, asked):
        """Tell whether the next message of the kernel says that it has begun what it was asked for."""
        message = run_sync(self._client.kc.get_iopub_msg)(timeout=60)
        busy = message["msg_type"] == "status" and message["content"]["execution_state"] == "busy"
        return busy and message["parent_header"].get("msg_id") == asked


def notebooks(numbers, folder=ROOT / "notebooks"):
    """Return the paths of the course's notebooks, or of some of them; those that a learner made are none.

    Parameters
    ----------
    numbers : list of str
        Such as "05"; none stands for all.
    folder : Path

    Raises
    ------
    CourseError
        If there is no notebook with one of the numbers.
    """
    found = pairs.chosen(folder, "*.ipynb", numbers)
    unknown = sorted(set(numbers) - {path.name[:2] for path in found})
    if unknown:
        known = ", ".join(path.name[:2] for path in pairs.chosen(folder, "*.ipynb", []))
        raise CourseError(f"Expected numbers of notebooks: {known}. Received: {', '.join(unknown)}.")
    return found


def measure(path):
    """Return the number of code cells of a notebook, and what went wrong in each of three ways of running it."""
    with Kernel(path) as first:
        first.run(range(len(first) // 2))
        first.kill()
    with Kernel(path) as one, Kernel(path) as other, ThreadPoolExecutor(2) as at_once:
        alone, second = at_once.map(Kernel.run, (one, other))
        order = list(range(len(one)))
        random.Random(0).shuffle(order)
        return len(one), alone, second, one.run(order)


def main():
    """Run from the terminal; return the exit status."""
    try:
        paths = notebooks(sys.argv[1:])
    except CourseError as error:
        sys.exit(str(error))
    rows = {row["notebook"]: row for row in csv.DictReader(RECORD.open())} if RECORD.exists() else {}
    went_wrong = False
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"COURSE_CACHE": folder, "COURSE_PROGRESS": os.path.join(folder, "progress.jsonl")}
            n_cells, *ways = measure(path)
        values = (path.stem, n_cells, *map(len, ways), records.versions())
        rows[path.stem] = dict(zip(COLUMNS, values, strict=True))
        print(f"{path.stem}: {n_cells} cells; errors: {', '.join(str(len(way)) for way in ways)}", flush=True)
        for said in itertools.chain(*ways):
            print(f"  {said}", flush=True)
        went_wrong |= any(ways)
        with RECORD.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[name] for name in sorted(rows))
    return int(went_wrong)


if __name__ == "__main__":
    sys.exit(main())
