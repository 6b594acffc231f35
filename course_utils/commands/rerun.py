"""Run notebooks as people do: killed in the middle, in two kernels at once, and their cells again in any order.

    python -m course_utils.commands.rerun             # all notebooks; about two minutes each
    python -m course_utils.commands.rerun 05 07

What went wrong is printed, and a row for every notebook is written into data/results/rerun.csv.
"""

import csv
import os
import random
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import nbformat
from nbclient import NotebookClient

from course_utils import DATA, ROOT, records

RECORD = DATA / "results" / "rerun.csv"
COLUMNS = ("notebook", "cells", "after being killed", "in a second kernel", "again in another order", "versions")
REFUSED = "✗ Expected"  # how a notebook begins what the course could not do


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
        self._client.kc.execute(self.cells.cells[self._code[len(self) // 2]].source)
        os.kill(self._client.km.provisioner.pid, signal.SIGKILL)


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
    numbers = sys.argv[1:] or [""]
    paths = [path for number in numbers for path in sorted(ROOT.glob(f"notebooks/{number}*_*.ipynb"))]
    rows = {row["notebook"]: row for row in csv.DictReader(RECORD.open())} if RECORD.exists() else {}
    went_wrong = []
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"COURSE_CACHE": folder, "COURSE_PROGRESS": os.path.join(folder, "progress.jsonl")}
            n_cells, *ways = measure(path)
        values = (path.stem, n_cells, *map(len, ways), records.versions())
        rows[path.stem] = dict(zip(COLUMNS, values, strict=True))
        print(f"{path.stem}: {n_cells} cells; errors: {', '.join(str(len(way)) for way in ways)}", flush=True)
        went_wrong += [f"{path.stem}, {said}" for way in ways for said in way]
        with RECORD.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows[name] for name in sorted(rows))
    print("\n".join(went_wrong))
    return 1 if went_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
