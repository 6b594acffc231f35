"""Measure what the README says of speed and memory, and print it as a table.

    python -m course_utils.commands.benchmark            # imports, pictures, notebooks
    python -m course_utils.commands.benchmark --tests    # the whole test suite as well

Run nothing else meanwhile. Every notebook is run cold, in a fresh kernel. For Linux, which counts memory in KiB.
"""

import argparse
import statistics
import subprocess
import sys
import time
from datetime import datetime

import nbformat
from nbclient import NotebookClient

from course_utils import ROOT

LOAD = "from course_utils import data; data.sample(data.task('garden').train, 1000, seed=0)"
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def seconds_of(code, repeats=5):
    """Return the median seconds that a fresh Python needs for `code`, less those that it needs for nothing."""

    def once(program):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
        return time.perf_counter() - started

    return statistics.median(once(code) - once("pass") for _ in range(repeats))


def run_notebook(path):
    """Run a notebook in a fresh kernel.

    Returns
    -------
    cold : float
        Seconds from starting the kernel to the end of the last cell.
    slowest : float
        Seconds of the slowest cell.
    peak : float
        Largest resident memory of the kernel, in GiB.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    started = time.perf_counter()
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    cold = time.perf_counter() - started
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    peak = int(code_cells[-1].outputs[0].text) / 2**20
    return cold, max(_cell_seconds(cell) for cell in code_cells), peak


def _cell_seconds(cell):
    """Return how long a cell ran, from the times that the kernel reported."""
    times = cell.metadata["execution"]
    begin, end = (datetime.fromisoformat(times[key]) for key in ("iopub.status.busy", "iopub.status.idle"))
    return (end - begin).total_seconds()


def rows(with_tests):
    """Yield what was measured, as pairs of text."""
    yield "`import course_utils`", f"{seconds_of('import course_utils'):.2f} s"
    yield "1,000 pictures of a task, cold", f"{seconds_of(LOAD):.1f} s"
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        cold, slowest, peak = run_notebook(path)
        yield f"`{path.stem}`, cold", f"{cold:.0f} s; slowest cell {slowest:.0f} s; peak {peak:.2f} GiB"
    if with_tests:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        yield "`make test` after set-up", f"{time.perf_counter() - started:.0f} s"


def main():
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="time the test suite too")
    arguments = parser.parse_args()
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows(arguments.tests):
        print(f"| {what} | {measured} |", flush=True)


if __name__ == "__main__":
    main()
