"""What `hub/load.py` recorded in load.csv: how many learners a machine holds, and the limits that follow."""

import csv
import math
from pathlib import Path

from course_utils.cards import CourseError

PATH = Path(__file__).with_name("load.csv")
FINISHED = "finished"
AT_ONCE, READING = "at once", "reading"
NOTEBOOKS = ("00", "02")  # with which a workshop begins, and where most is trained

# A machine holds so many learners if all cells run, and 95 of 100 learners wait no longer than this, in seconds.
READY_BOUND, CELL_BOUND = 60, 60

FIRST_SIZE = {AT_ONCE: 1, READING: 8}  # a try of readers is long, and fewer wait as those do who do not read
LARGEST_SIZE = 64


def read(path=PATH):
    """Return the rows, a list of dict of text; none, if there is no file yet."""
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def append(row, path=PATH):
    """Add a row, on disk when this returns; a new file gets the row's columns.

    Raises
    ------
    CourseError
        If the rows that are there were measured with other versions or on another machine.
    """
    check_same(row, path)
    new = not path.exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def check_same(row, path=PATH):
    """Refuse to mix what was measured on different machines, or with different versions or pauses."""
    for old in read(path):
        for column in ("versions", "processor", "cores", "memory_gib", "mean_pause"):
            if old[column] != str(row[column]):
                raise CourseError(
                    f"Expected in {path.name} rows with {column} {row[column]}. Received rows with {old[column]}. To "
                    "measure anew, give another --out."
                )


def held(row):
    """Tell whether the machine held the learners of a row."""
    in_time = (float(row["ready_p95"] or "inf"), float(row["cell_p95"] or "inf"))
    return row["outcome"] == FINISHED and in_time[0] <= READY_BOUND and in_time[1] <= CELL_BOUND


def series(rows, notebook, pace):
    """Return whether each number of learners was held, in the order of the numbers: a dict of int to bool."""
    chosen = [row for row in rows if (row["notebook"], row["pace"]) == (notebook, pace)]
    return {int(row["learners"]): held(row) for row in sorted(chosen, key=lambda row: int(row["learners"]))}


def most(rows, notebook, pace):
    """Return the largest number of learners that was held, below any that was not; 0 if none was."""
    found = series(rows, notebook, pace)
    least_failure = min((size for size, good in found.items() if not good), default=math.inf)
    return max((size for size, good in found.items() if good and size < least_failure), default=0)


def next_size(rows, notebook, pace):
    """Return how many learners are to be tried next, or None.

    Twice as many while they are held, half as many while none are, then once between.
    """
    found, best = series(rows, notebook, pace), most(rows, notebook, pace)
    if not found:
        return FIRST_SIZE[pace]
    failures = [size for size, good in found.items() if not good]
    if not failures:
        return 2 * best if 2 * best <= LARGEST_SIZE else None
    if not best:
        return min(failures) // 2 or None
    return best * 3 // 2 if best > 1 and min(failures) == 2 * best else None


def percentile(values, share):
    """Return the smallest of the values that at least such a share of them does not exceed; None if there are none."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def limits(rows):
    """Return what a learner needs, as far as it was measured.

    Returns
    -------
    dict of str to float
        `memory_guarantee` is room for one notebook, `memory_limit` for two, in GiB; `cpu_limit` is what the notebooks'
        times were measured with, and `cpu_guarantee` a learner's part of it where as many read as are held.
    """
    peak = max(float(row["peak_gib"]) for row in rows if row["outcome"] == FINISHED)
    cores = max(int(row["cores"]) for row in rows)
    reading = min(most(rows, notebook, READING) for notebook in NOTEBOOKS)
    return {
        "memory_guarantee": math.ceil(10 * peak) / 10,
        "memory_limit": math.ceil(20 * peak) / 10,
        "cpu_limit": cores,
        "cpu_guarantee": round(cores / reading, 2) if reading else cores,
    }


def table(rows):
    """Return the record as Markdown: a row for each try, with what the learners waited."""
    lines = [
        "| notebook | pace | learners | held | server ready | first cell | slowest cell | all cells | peak of one | of "
        "all |",
        "| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in sorted(rows, key=lambda row: (row["pace"], row["notebook"], int(row["learners"]))):
        waits = [_pair(row, name) for name in ("ready", "first", "cell", "notebook")]
        memory = [f"{float(row[name]):.1f} GiB" for name in ("peak_gib", "all_gib")]
        lines.append(
            "| " + " | ".join([row["notebook"], row["pace"], row["learners"], _result(row), *waits, *memory]) + " |"
        )
    return "\n".join(lines)


def _result(row):
    """Return whether the learners of a row were held, and in a word why not."""
    if held(row):
        return "yes"
    return "no: " + row["outcome"].replace(FINISHED, "waits").replace("broken off: more than 5 of 100 waited ", "")


def _pair(row, name):
    """Return the median and the 95th percentile of a wait."""
    values = [row[f"{name}_median"], row[f"{name}_p95"]]
    return " / ".join(f"{float(value):.0f}" for value in values) + " s" if all(values) else ""


def summary(rows):
    """Return in sentences how many learners are held, and what follows for one."""
    lines = [
        f"{rows[0]['cores']} cores of {rows[0]['processor']} with {rows[0]['memory_gib']} GiB hold this many learners:",
        "",
    ]
    for pace in (AT_ONCE, READING):
        counts = [f"{most(rows, notebook, pace)} in notebook {notebook}" for notebook in NOTEBOOKS]
        lines.append(f"- {pace}: " + ", ".join(counts))
    if any(row["outcome"] == FINISHED for row in rows):
        found = limits(rows)
        lines += [
            "",
            f"Memory of a learner: guarantee {found['memory_guarantee']:.1f}G, limit {found['memory_limit']:.1f}G.",
            f"Processors: guarantee {found['cpu_guarantee']}, limit {found['cpu_limit']}.",
        ]
    lines += ["", f"Measured in {sum(float(row['minutes']) for row in rows):.0f} minutes."]
    return "\n".join(lines)
