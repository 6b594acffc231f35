"""The record of how quickly widgets answer: record.csv, one row a control."""

import csv
import math
from pathlib import Path

from course_utils.records import processor

PATH = Path(__file__).with_name("record.csv")
COLUMNS = ("notebook", "widget", "control", "draws", "moves", "changed", "median_ms", "p95_ms", "processor")


def percentile(values, share):
    """Return the smallest of the sorted values that at least this share of them does not exceed."""
    return values[math.ceil(share * len(values)) - 1]


def rows(notebook, moved):
    """Return a row for each control of a notebook that drew something, or was written into.

    Parameters
    ----------
    notebook : str
        Such as "05".
    moved : iterable of Moved
    """
    for one in moved:
        median, high = (f"{percentile(one.answers, share):.0f}" if one.answers else "" for share in (0.5, 0.95))
        counts = len(one.milliseconds), len(one.answers)
        values = notebook, one.widget, one.label, one.draws, *counts, median, high, processor()
        yield dict(zip(COLUMNS, values, strict=True))


def write(new):
    """Put rows into the record, in place of those of the same notebooks."""
    again = {row["notebook"] for row in new}
    kept = []
    if PATH.exists():
        with open(PATH, newline="", encoding="utf-8") as file:
            kept = [row for row in csv.DictReader(file) if row["notebook"] not in again]
    with open(PATH, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *new], key=lambda row: row["notebook"]))
