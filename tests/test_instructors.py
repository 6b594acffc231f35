"""INSTRUCTORS.md: its minutes are those of the notebooks, its sums are right, and what it names is there."""

import re

import pytest

from course_utils import ROOT, checks

TEXT = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip(" *") for cell in line.split("|")[1:-1]]
    for line in TEXT.splitlines()
    if re.match(r"\| \d\d |\| \*\*sum", line)
]


def test_minutes_are_those_of_the_notebooks():
    for title, minutes, *_ in ROWS[:-1]:
        (path,) = (ROOT / "notebooks/src").glob(f"{title[:2]}_*.py")
        text = " ".join(path.read_text(encoding="utf-8").replace("\n#", " ").split())
        assert f"**Time:** about {minutes} minutes" in text


def test_the_map_in_00_says_what_was_measured():
    start = (ROOT / "notebooks/src/00_start_here.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| \[(\d\d [^]]+)\]\((\w+)\.ipynb\) \| [^|]+ \| ([\d, ]*) \| (\d+) \| (\d+) \|", start)
    assert [name for _, name, *_ in rows] == [path.stem for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))]
    for (title, name, first, minutes, seconds), (told, estimate, *_) in zip(rows, ROWS[:-1], strict=True):
        assert (title, minutes) == (told, estimate) and f"`{name}`, cold | {seconds} s;" in readme
        assert all(number < name[:2] for number in first.split(", "))


def test_sums_are_right():
    *notebooks, total = [[int(cell or 0) for cell in row[1:]] for row in ROWS]
    assert [sum(column) for column in zip(*notebooks, strict=True)] == total
    assert all(part <= row[0] for row in notebooks for part in row)


@pytest.mark.parametrize("name", re.findall(r"course_utils\.commands\.(\w+)", TEXT))
def test_commands_are_there(name):
    assert (ROOT / f"course_utils/commands/{name}.py").is_file()


def test_other_names_are_there():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert set(re.findall(r"`make ([\w-]+)`", TEXT)) <= set(targets)
    assert set(re.findall(r'checks\.hint\("([\d.]+)"\)', TEXT)) <= set(checks.EXERCISES)
    assert (ROOT / "course_utils/checks/solutions.md").is_file()
