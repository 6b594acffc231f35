"""INSTRUCTORS.md: its minutes are those of the notebooks, its sums are right, and what it names is there."""

import os
import re
import subprocess
import sys
from fnmatch import fnmatch

import pytest

from course_utils import ROOT, checks, clone, downloads, networks
from course_utils.commands import handout
from course_utils.quiet import keras
from tests.lessons.prose import Text

says, readme_says = Text("INSTRUCTORS.md"), Text("README.md")
TEXT = says.source
LINES = re.findall(r"^\| (?:\d\d |\*\*sum).*", TEXT, re.MULTILINE)
ROWS = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in LINES]


def test_minutes_are_those_of_the_notebooks_and_the_map_in_00_says_what_was_measured():
    names = [path.stem for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))]
    row = r"\| \[(\d\d [^]]+)\]\((\w+)\.ipynb\) \| [^|]+ \| ([\d, ]*) \| (\d+) \| (\d+) \|"
    rows = re.findall(row, Text("00_start_here").source)
    assert [name for _, name, *_ in rows] == names
    for (title, name, first, minutes, seconds), (told, estimate, *_) in zip(rows, ROWS[:-1], strict=True):
        assert (title, minutes) == (told, estimate) and Text(name)("**Time:** about {} minutes", minutes)
        assert readme_says("`{}`, cold | {} s;", name, seconds)
        assert all(number < name[:2] for number in first.split(", "))


def test_sums_are_right():
    *notebooks, total = [[int(cell or 0) for cell in row[1:]] for row in ROWS]
    assert [sum(column) for column in zip(*notebooks, strict=True)] == total
    assert all(part <= row[0] for row in notebooks for part in row)
    assert readme_says("All ten take about ten and a half hours") and total[0] == 10.5 * 60


def test_commands_and_other_names_are_there():
    commands = re.findall(r"course_utils\.commands\.(\w+)", TEXT)
    assert commands and all((ROOT / f"course_utils/commands/{name}.py").is_file() for name in commands)
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert set(re.findall(r"`make ([\w-]+)`", TEXT)) <= set(targets)
    assert set(re.findall(r'checks\.hint\("([\d.]+)"\)', TEXT)) <= set(checks.EXERCISES)
    assert (ROOT / "course_utils/checks/solutions.md").is_file()


def test_the_handout_is_as_large_as_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(clone, "check_committed", lambda root: None)  # for its size the last commit is near enough
    if not (ROOT / ".git").exists():  # this course is no clone: it gets a history, elsewhere
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "history"))
        monkeypatch.setenv("GIT_WORK_TREE", str(ROOT))
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            clone.git("-c", "user.name=a", "-c", "user.email=a@b", *command)
    size = handout.write(tmp_path / "handout.zip")
    told = int(re.search(r"`make handout` writes a zip [a-z ]+, (\d+) MB", says.line)[1])
    assert told == pytest.approx(size, rel=0.05)


@pytest.fixture(params=["INSTRUCTORS.md", "hub/README.md"])
def bringing(request):
    """Return the commands with which a document brings what notebook 08 wants, and where it puts that."""
    text = (ROOT / request.param).read_text(encoding="utf-8")
    return re.findall(r'python -c "([^"]+)"', text), re.search(r"export COURSE_CACHE=([^\s`]+)", text)[1]


def test_the_photographs_of_08_are_fetched(bringing):
    wanted = re.findall(r'downloads\.folder\("(\w+)"\)', Text("08_real_photographs").source)
    commands = [f"from course_utils import downloads; downloads.fetch('{name}')" for name in wanted]
    assert len(wanted) == 2 and bringing[0][:2] == commands
    sizes = (downloads.find(name).size / 1e6 for name in wanted)
    assert says("the photographs of notebook 08, {:.0f} and {:.0f} MB", *sizes)


def test_the_weights_of_08_are_brought_into_the_same_folder(bringing, monkeypatch):
    (command,) = bringing[0][2:]
    asked = []

    def get_file(name, *_, cache_subdir, **__):
        asked.append((name, cache_subdir))
        raise ConnectionError

    monkeypatch.setattr(keras.src.applications.mobilenet_v2.file_utils, "get_file", get_file)
    with pytest.raises(ConnectionError):
        exec(command)
    ((name, folder),) = asked
    assert fnmatch(name, networks.find("MobileNetV2").weights_file.format(alpha="0.35")) and folder == "models"


def test_learners_are_told_the_folders_into_which_it_was_brought():
    (cache,) = set(re.findall(r"export COURSE_CACHE=([^\s`]+)", TEXT))
    variables = {name: value for name, value in os.environ.items() if name != "KERAS_HOME"} | {"COURSE_CACHE": cache}
    code = "import course_utils, os; print(course_utils.CACHE / 'downloads', os.environ['KERAS_HOME'] + '/models')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=variables, capture_output=True, text=True, check=True
    )
    photographs, weights = done.stdout.split()
    assert says("`export COURSE_DOWNLOADS={} COURSE_WEIGHTS={}`", photographs, weights)
