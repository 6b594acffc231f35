"""The record of how quickly widgets answer: record.csv, one row a control, with what tells what drew them."""

import csv
import hashlib
import math
from pathlib import Path

from course_utils import ROOT
from course_utils.records import processor

PATH = Path(__file__).with_name("record.csv")
COLUMNS = ("notebook", "widget", "control", "draws", "moves", "changed", "median_ms", "p95_ms", "processor", "drawn_by")
DRAWING = ("widgets/*.py", "plots/*.py", "painting.py")


def drawn_by():
    """Return what tells the code that draws widgets today from that of another day: the first digits of its sha256."""
    files = sorted(path for pattern in DRAWING for path in (ROOT / "course_utils").glob(pattern))
    return hashlib.sha256("".join(path.read_text(encoding="utf-8") for path in files).encode()).hexdigest()[:8]


def percentile(values, share):
    """Return the smallest of the sorted values that at least this share of them does not exceed."""
    return values[math.ceil(share * len(values)) - 1]


def rows(notebook, moved):
    """Return a row for each of the controls of a notebook, whose number is a text such as "05", that were `Moved`."""
    for one in moved:
        median, high = (f"{percentile(one.answers, share):.0f}" if one.answers else "" for share in (0.5, 0.95))
        values = notebook, one.widget, one.label, one.draws, len(one.milliseconds), len(one.answers), median, high
        yield dict(zip(COLUMNS, (*values, processor(), drawn_by()), strict=True))


def read():
    """Return the rows of the record as dicts of text; none if there is no record yet."""
    if not PATH.exists():
        return []
    with open(PATH, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(new):
    """Put rows into the record, in place of those of the same notebooks."""
    kept = [row for row in read() if row["notebook"] not in {row["notebook"] for row in new}]
    with open(PATH, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *new], key=lambda row: row["notebook"]))
