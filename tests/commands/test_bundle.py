"""A bundle installs without a network, and on another kind of computer it says so."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest

from course_utils import ROOT, downloads
from course_utils.cards import CourseError
from course_utils.commands import bundle, handout

WHEEL = "tiny-1.0-py3-none-any.whl"
NOWHERE = "http://127.0.0.1:9"  # nobody listens there


def make_wheel(folder):
    """Write the smallest package there can be; return its sha256."""
    files = {
        "tiny.py": "ANSWER = 42\n",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for name, text in files.items()
    )
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, text in {**files, "tiny-1.0.dist-info/RECORD": record + "tiny-1.0.dist-info/RECORD,,\n"}.items():
            wheel.writestr(name, text)
    return hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Write a bundle of a small clone that needs one package; return (clone, bundle)."""
    root, index, cache = tmp_path / "clone", tmp_path / "index", tmp_path / "cache"
    for folder in (root / "course_utils/commands", index, cache / "keras/models"):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "course_utils/commands/setup.py", root / "course_utils/commands")
    (root / "requirements.txt").write_text(f"tiny==1.0 --hash=sha256:{make_wheel(index)}\n")
    (cache / "keras/models/weights.h5").write_text("weights")
    old = cache / "keras/models/weights.h5"
    os.utime(old, (0, 0))  # before a zip can say
    for name in handout.LEFT_OUT:  # git refuses to leave out what is not there
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=root, check=True)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    files = {".cache/keras/models/weights.h5": old}
    handout.write(tmp_path / "bundle.zip", root, partial(bundle.make, files=files))
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    return root, tmp_path / "bundle.zip"


@pytest.fixture
def unpacked(made, tmp_path):
    """Unpack the bundle where a learner would."""
    with zipfile.ZipFile(made[1]) as archive:
        archive.extractall(tmp_path / "learner")
    return tmp_path / "learner" / handout.FOLDER


def set_up(course):
    """Run the set-up of an unpacked bundle with the network cut; return the finished process."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    cut = kept | {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "PIP_INDEX_URL": NOWHERE, "PATH": tools}
    cut["PIP_LOG"] = str(course / "pip.log")
    command = [sys.executable, "-I", "course_utils/commands/setup.py"]
    # Where the system allows it, there is no network at all.
    cage = ["unshare", "-rn"] if shutil.which("unshare") else []
    if cage and subprocess.run([*cage, "true"], capture_output=True, check=False).returncode:
        cage = []
    return subprocess.run([*cage, *command], cwd=course, env=cut, capture_output=True, text=True, check=False)


def test_a_bundle_installs_with_the_network_cut(unpacked):
    done = set_up(unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Retrying" not in (unpacked / "pip.log").read_text(encoding="utf-8")  # as pip does when it asks an index
    python = unpacked / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    answer = subprocess.run(
        [python, "-c", "import tiny; print(tiny.ANSWER)"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "42"
    assert (unpacked / ".cache/keras/models/weights.h5").read_text() == "weights"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (["Plan9", "mips", [3, 11]], "expected Plan9 mips, for which this bundle was made, received "),
        (None, "expected Python 2.7, for which this bundle was made, received Python 3."),
    ],
)
def test_another_kind_of_computer_is_told_so(kind, words, unpacked):
    file = unpacked / "wheels/made-for.json"
    file.write_text(json.dumps(kind or [*json.loads(file.read_text())[:2], [2, 7]]))
    done = set_up(unpacked)
    assert done.returncode == 1 and words in done.stderr.splitlines()[-1]
    assert not (unpacked / ".venv").exists()


def test_without_the_packages_there_is_no_bundle(made, tmp_path, monkeypatch):
    root, older = made
    before = older.read_bytes()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CourseError, match="Expected pip to bring all packages"):
        handout.write(older, root, bundle.make)
    assert older.read_bytes() == before and not list(tmp_path.glob("*.part"))


def test_weights_and_photographs_of_this_machine_go_along(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle.weights_files, "model_folders", lambda: [tmp_path / "models", tmp_path / "none"])
    monkeypatch.setattr(downloads, "CACHE", tmp_path)
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "shared"))
    for name in (
        "models/one.h5",
        "downloads/flower_photos/flower_photos/roses/1.jpg",
        "downloads/flower_photos-x/half",
        "shared/cats_and_dogs/cats_and_dogs_filtered/train/cats/1.jpg",
        "shared/another/2.jpg",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    wanted = {
        ".cache/keras/models/one.h5",
        ".cache/downloads/flower_photos/flower_photos/roses/1.jpg",
        ".cache/downloads/cats_and_dogs/cats_and_dogs_filtered/train/cats/1.jpg",
    }
    assert set(bundle.fetched()) == wanted


def test_packages_are_the_same_for_every_patch_of_a_python():
    # Else a bundle made with one would not install on another.
    for path in ROOT.glob("requirements*.txt"):
        assert not re.search(r"python_full_version [<>=]+ '3\.\d+\.\d", path.read_text(encoding="utf-8"))
