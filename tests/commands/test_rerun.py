"""Running notebooks as people do: which are run, and that a kernel is killed while a cell runs."""

import csv
import sys

import nbformat
import pytest

from course_utils.cards import CourseError
from course_utils.commands import rerun


@pytest.fixture
def folder(tmp_path):
    """Write two small notebooks, and one that a learner made of the first."""
    begins = "from pathlib import Path\nimport time\nPath('begun').touch()\ntime.sleep(60)\nPath('ended').touch()"
    cells = [nbformat.v4.new_code_cell(source) for source in ("print(1)", begins, "print(3)")]
    for name in ("00_a", "05_b", "my_00_a 2026-01-01"):
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    return tmp_path


def test_the_kernel_is_killed_in_the_middle_of_a_cell(folder):
    with rerun.Kernel(folder / "00_a.ipynb") as kernel:
        assert kernel.run([0]) == []
        kernel.kill()
    assert (folder / "begun").exists() and not (folder / "ended").exists()


def test_only_the_notebooks_of_the_course_are_run(folder):
    assert [path.stem for path in rerun.notebooks([], folder)] == ["00_a", "05_b"]
    assert [path.stem for path in rerun.notebooks(["05"], folder)] == ["05_b"]
    with pytest.raises(CourseError, match=r"Expected numbers of notebooks: 00, 05\. Received: 0, 77\."):
        rerun.notebooks(["77", "05", "0"], folder)


def test_a_number_that_is_none_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["rerun", "77"])
    with pytest.raises(SystemExit, match=r"^Expected numbers of notebooks: 00, .* Received: 77\.$"):
        rerun.main()


def test_in_the_record_nothing_went_wrong_in_any_notebook():
    with rerun.RECORD.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    cells = {path.stem: nbformat.read(path, as_version=4).cells for path in rerun.notebooks([])}
    counts = {name: sum(one.cell_type == "code" for one in found) for name, found in cells.items()}
    assert {row["notebook"]: int(row["cells"]) for row in rows} == counts, "run commands.rerun for what changed"
    ways = rerun.COLUMNS[2:5]
    assert {row["notebook"]: [row[way] for way in ways] for row in rows} == dict.fromkeys(counts, ["0"] * 3)
