"""The record of `make browser-test RECORD=1` is whole, and widgets answered as quickly as the course promises."""

import csv
import json
import re

import pytest

from course_utils import ROOT, widgets

AT_ONCE_MS = 100
# For each move a network or an SVM runs, or pictures are changed.
COMPUTED = {"augmented_views", "feature_maps", "margin", "where_it_looks"}


@pytest.fixture(scope="module")
def record():
    """Return the rows, one a control."""
    with open(ROOT / "tests/browser/record.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def widgets_of(path):
    """Return the widgets of the course that a notebook shows."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return set(re.findall(r"\bwidgets\.(\w+)\(", code))


def times(record):
    """Return the median and the 95th percentile of each control that draws what is recorded, in milliseconds."""
    rows = [row for row in record if row["draws"] == "recorded" and int(row["moves"]) > 1]  # not a file that is read
    names = [(row["notebook"], row["widget"], row["control"]) for row in rows]
    found = {name: (int(row["median_ms"]), int(row["p95_ms"])) for name, row in zip(names, rows, strict=True)}
    assert len(found) == len(rows)
    return found


def test_every_widget_of_every_notebook_was_moved(record):
    found = {(row["notebook"], row["widget"]) for row in record}
    paths = (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")
    assert found == {(path.name[:2], name) for path in paths for name in widgets_of(path)}
    assert {name for _, name in found} == set(widgets.__all__)


def test_every_control_changed_what_is_seen(record):
    assert [row for row in record if not 0 < int(row["changed"]) <= int(row["moves"])] == []


def test_what_draws_recorded_results_answers_at_once(record):
    assert {row["widget"] for row in record if row["draws"] == "computed"} == COMPUTED
    found = times(record)
    assert len(found) > 25
    assert {at: waited for at, waited in found.items() if not 0 < waited[0] <= waited[1] < AT_ONCE_MS} == {}


def test_contributing_tells_the_record(record):
    medians, highs = zip(*times(record).values(), strict=True)
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    computed = [int(row["median_ms"]) for row in record if row["draws"] == "computed"]
    (processor,) = {row["processor"].split(",")[0] for row in record}
    assert (
        f"The record, made on two cores of an {processor}, has {len(medians)} such controls. They answer in "
        f"{min(medians)} to {max(medians)} ms at the median, and in {max(highs)} ms at most at the 95th percentile. "
        f"{len(computed)} others run a network or an SVM, or change pictures: they take "
        f"{min(computed)} to {max(computed)} ms at the median."
    ) in text
