"""What learners are handed: all of the course but its solutions, from a clean clone; and a notebook as it came."""

import subprocess
import sys
import zipfile

import pytest

from course_utils import clone as clones
from course_utils.cards import CourseError
from course_utils.commands import handout, reset


@pytest.fixture
def clone(tmp_path):
    """Make a small clone with a solution in it."""
    root = tmp_path / "clone"
    files = ("course_utils/checks/solutions.md", "tests/test_checks.py", "notebooks/src/00.py", "notebooks/00_a.ipynb")
    for name in (*files, "README.md", "data/tests/kept.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("answer = 42\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=root, check=True)
    return root


def test_solutions_and_what_holds_them_are_left_out(clone, tmp_path):
    handout.write(tmp_path / "out.zip", clone)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    wanted = {"README.md", "notebooks/00_a.ipynb", "data/tests/kept.txt"}
    assert names == {f"{handout.FOLDER}/{name}" for name in wanted}


def test_what_is_left_out_is_there():
    assert all((handout.ROOT / name).exists() for name in handout.LEFT_OUT)


def test_a_dirty_tree_is_refused_and_nothing_is_lost(clone, tmp_path):
    (clone / "README.md").write_text("half of a change")
    with pytest.raises(CourseError, match=r"1 files are not: README\.md\. Commit them"):
        handout.write(tmp_path / "out.zip", clone)
    assert not (tmp_path / "out.zip").exists() and (clone / "README.md").read_text() == "half of a change"


def test_no_clone_is_said(tmp_path, monkeypatch):
    with pytest.raises(CourseError, match="Expected a clone of the course"):
        handout.write(tmp_path / "out.zip", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CourseError, match="Expected git on this machine"):
        handout.write(tmp_path / "out.zip", tmp_path)


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(clones, "git", lambda *_, **__: " M README.md\n")
    monkeypatch.setattr(sys, "argv", ["handout", "--out", str(tmp_path / "x.zip")])
    with pytest.raises(SystemExit, match="Expected everything to be committed"):
        handout.main()


def test_a_notebook_comes_back_and_the_learners_version_is_kept(clone):
    path = clone / "notebooks/00_a.ipynb"
    assert reset.reset("00", clone) is None
    path.write_text("what I made of it")
    kept = reset.reset("00", clone)
    assert path.read_text() == "answer = 42\n" and kept.read_text() == "what I made of it"
    assert kept.parent == clone / "notebooks" / "my_versions"
    path.unlink()
    assert reset.reset("00", clone) and path.read_text() == "answer = 42\n"
    with pytest.raises(CourseError, match="Expected the number of a notebook: 00. Received: '07'"):
        reset.reset("07", clone)
