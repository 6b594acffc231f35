"""What learners are handed: all of the course but its solutions, from a clean clone; and a notebook as it came."""

import shutil
import subprocess
import sys
import zipfile

import pytest

from course_utils import ROOT
from course_utils import clone as clones
from course_utils.cards import CourseError
from course_utils.commands import handout, reset

NOTEBOOK = "✓ 한글 ü\n".encode()


@pytest.fixture
def clone(tmp_path):
    root = tmp_path / "clone"
    left_out = "course_utils/checks/solutions.md tests/a.py notebooks/src/00.py INSTRUCTORS.md .ci/run .github/a.yml"
    for name in (*left_out.split(), "notebooks/00_a.ipynb", "README.md", "data/tests/kept.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(NOTEBOOK)
    commit(root)
    return root


def commit(root):
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=root, check=True)


def test_solutions_and_what_holds_them_are_left_out(clone, tmp_path):
    out = tmp_path / "out.zip"
    for _ in range(2):  # a second time over the first
        assert handout.write(out, clone) > 0
    assert not (tmp_path / "out.zip.part").exists()
    with zipfile.ZipFile(out) as archive:
        modes = {file.filename: file.external_attr >> 16 & 0o777 for file in archive.infolist() if not file.is_dir()}
    # An administrator may unpack it for others: git writes no mode, and a file gets that of the one who unpacks.
    wanted = {"README.md": 0, "notebooks/00_a.ipynb": 0, "data/tests/kept.txt": 0, "notebooks/originals.zip": 0o644}
    assert modes == {f"{handout.FOLDER}/{name}": mode for name, mode in wanted.items()}
    assert all((ROOT / name).exists() for name in handout.LEFT_OUT)


def test_a_dirty_tree_is_refused_and_nothing_is_lost(clone, tmp_path):
    (tmp_path / "out.zip").write_text("an older one")
    (clone / "README.md").write_text("half of a change")
    (clone / "김.txt").touch()
    with pytest.raises(CourseError, match=r"Not committed: README\.md, 김\.txt \(2 in all\)\. Commit them"):
        handout.write(tmp_path / "out.zip", clone)
    assert (tmp_path / "out.zip").read_text() == "an older one"
    assert (clone / "README.md").read_text() == "half of a change"


def test_no_clone_no_git_and_no_folder_are_said(clone, tmp_path, monkeypatch):
    with pytest.raises(CourseError, match="Expected a folder to write into"):
        handout.write(tmp_path / "nowhere" / "out.zip", clone)
    with pytest.raises(CourseError, match="Expected a clone of the course"):
        handout.write(tmp_path / "out.zip", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CourseError, match="Expected git on this machine"):
        handout.write(tmp_path / "out.zip", tmp_path)


def test_what_breaks_off_leaves_nothing(tmp_path):
    def full(path, root):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CourseError, match="No space left on device. Make room"):
        handout.write(tmp_path / "out.zip", tmp_path, full)
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(clones, "git", lambda *_, **__: b" M README.md\n")
    monkeypatch.setattr(sys, "argv", ["handout", "--out", str(tmp_path / "x.zip")])
    with pytest.raises(SystemExit, match="Expected everything to be committed"):
        handout.main()


@pytest.fixture(params=["clone", "clone in a clone", "handout"])
def course(request, clone, tmp_path):
    if request.param == "clone in a clone":
        (clone / "README.md").write_text("of the outer one")
        commit(tmp_path)
    if request.param == "handout":
        handout.write(tmp_path / "out.zip", clone)
        with zipfile.ZipFile(tmp_path / "out.zip") as archive:
            archive.extractall(tmp_path / "handed out")
        return tmp_path / "handed out" / handout.FOLDER
    return clone


def test_a_notebook_comes_back_and_every_version_is_kept(course, tmp_path):
    path = course / "notebooks/00_a.ipynb"
    assert reset.reset("00", course, course) is None
    kept = []
    for version in (b"what I made of it", b"\xff\xfe damaged"):
        path.write_bytes(version)
        kept.append(reset.reset("00", course, course))
        assert path.read_bytes() == NOTEBOOK and kept[-1].read_bytes() == version
    assert kept[0] != kept[1] and kept[0].parent == path.parent and kept[0].name.startswith("my_00_a ")
    path.unlink()
    assert reset.reset("00", course, course) is None and path.read_bytes() == NOTEBOOK
    with pytest.raises(CourseError, match="Expected the number of a notebook: 00. Received: '07'"):
        reset.reset("07", course, course)
    with pytest.raises(CourseError, match=r"Expected to write .*00_a\.ipynb\. It failed: .* in your own folder"):
        reset.reset("00", course, tmp_path / "nowhere")


def test_on_a_hub_the_learners_own_notebook_comes_back(clone, tmp_path):
    """There the package is a link into a course that all share and none may change."""
    shutil.copytree(ROOT / "course_utils", clone / "course_utils", dirs_exist_ok=True)
    home = tmp_path / "home"
    (home / "notebooks").mkdir(parents=True)
    (home / "course_utils").symlink_to(clone / "course_utils")
    mine, shared = home / "notebooks/00_a.ipynb", clone / "notebooks/00_a.ipynb"
    mine.write_text("what I made of it")
    command = [sys.executable, "-m", "course_utils.commands.reset", "00"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, encoding="utf-8", check=True)
    assert mine.read_bytes() == shared.read_bytes() == NOTEBOOK
    (kept,) = home.glob("notebooks/my_00_a*")
    assert kept.read_text() == "what I made of it"
    assert done.stdout.strip() == f"00 is as it came, in {home / 'notebooks'}. Yours is {kept.name} there."
    assert len(list(clone.glob("notebooks/*.ipynb"))) == 1


def test_where_nothing_tells_how_a_notebook_came_it_is_left_alone(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/00_a.ipynb").write_text("mine")
    with pytest.raises(CourseError, match="Expected a clone of the course"):
        reset.reset("00", tmp_path, tmp_path)
    (tmp_path / "other").touch()
    commit(tmp_path)
    (tmp_path / "sub" / "notebooks").mkdir(parents=True)
    with pytest.raises(CourseError, match="Expected the notebooks as they came. Found none here"):
        reset.reset("00", tmp_path / "sub", tmp_path / "sub")
    assert (tmp_path / "notebooks/00_a.ipynb").read_text() == "mine"
