"""A bundle installs without a network, and on another kind of computer it says so."""

import hashlib
import json
import os
import platform
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

NOWHERE = "http://127.0.0.1:9"  # nobody listens there


def make_wheel(folder, name, files):
    """Write the smallest package there can be; return its line in the requirements."""
    about = {"METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "RECORD": f"{name}.py,,\n"}
    about["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in (files | {f"{name}-1.0.dist-info/{file}": text for file, text in about.items()}).items():
            entry = zipfile.ZipInfo(file)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Write a bundle of a small clone that needs two packages, uv and another; return (clone, bundle)."""
    place = tmp_path_factory.mktemp("made")
    root, index, old = place / "clone", place / "index", place / "weights.h5"
    for folder in (root / "course_utils/commands", index):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "course_utils/commands/setup.py", root / "course_utils/commands")
    uv = f'#!/bin/sh\n[ -e broken ] && exit 9\nexec "{Path(sys.executable).with_name("uv")}" "$@"\n'
    wheels = [make_wheel(index, "tiny", {"tiny.py": "ANSWER = 42\n"})]
    wheels += [make_wheel(index, "uv", {"uv.py": "", "uv-1.0.data/scripts/uv": uv})]
    wheels += [f"other==1.0 ; python_version < '3' --hash=sha256:{'0' * 64}\n"]
    (root / "requirements.txt").write_text("".join(wheels))
    old.write_text("weights")
    os.utime(old, (0, 0))  # before a zip can say
    for name in handout.LEFT_OUT:  # git refuses to leave out what is not there
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=root, check=True)
    files = {".cache/keras/models/weights.h5": old}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(index))
        handout.write(place / "bundle.zip", root, partial(bundle.make, files=files))
    return root, place / "bundle.zip"


@pytest.fixture
def unpacked(made, tmp_path):
    """Unpack the bundle where a learner would."""
    with zipfile.ZipFile(made[1]) as archive:
        archive.extractall(tmp_path / "learner")
    return tmp_path / "learner" / handout.FOLDER


def set_up(course, **settings):
    """Run the set-up of an unpacked bundle with the network cut; return the finished process."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    cut = kept | {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "PATH": tools, "HOME": str(course.parent)} | settings
    command = [sys.executable, "-I", "course_utils/commands/setup.py"]
    # Where the system allows it, there is no network at all.
    cage = ["unshare", "-rn"] if shutil.which("unshare") and not os.system("unshare -rn true 2>/dev/null") else []
    return subprocess.run([*cage, *command], cwd=course, env=cut, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("installer", ["uv", "broken uv", "pip"])
def test_a_bundle_installs_with_the_network_cut_and_whatever_the_settings(unpacked, tmp_path, installer):
    elsewhere = str(tmp_path / "elsewhere")
    with zipfile.ZipFile(unpacked / "wheels/tiny-1.0-py3-none-any.whl") as wheel:
        wheel.extractall(elsewhere)  # who looks there believes that it is installed
    settings = {
        "PYTHONPATH": elsewhere,
        "PYTHONHOME": elsewhere,
        "PYTHONDONTWRITEBYTECODE": "1",
        "UV_TARGET": elsewhere,
    }
    configs = {"uv/uv.toml": f"[pip]\ntarget = '{elsewhere}'\n"}
    if installer == "pip":
        configs["pip/pip.conf"] = f"[install]\nuser = true\ntarget = {elsewhere}\n"
        settings |= {"PIP_PREFIX": elsewhere, "PIP_NO_DEPS": "1", "PIP_DRY_RUN": "1", "PIP_INDEX_URL": NOWHERE}
    else:
        settings["PIP_CONFIG_FILE"] = os.devnull
    if installer == "broken uv":
        (unpacked / "broken").touch()
    for name, text in configs.items():
        (unpacked.parent / ".config" / name).parent.mkdir(parents=True)
        (unpacked.parent / ".config" / name).write_text(text)
    done = set_up(unpacked, **settings)
    assert done.returncode == 0 and done.stdout.endswith(".venv is ready.\n"), done.stdout + done.stderr
    words = {"uv": "Bytecode compiled", "broken uv": "uv stopped", "pip": "these are not followed here"}
    assert [name for name in words if words[name] in done.stdout] == [installer]
    python = unpacked / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code = "import tiny; print(tiny.ANSWER, tiny.__file__, tiny.__cached__)"
    answer = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert answer[0] == "42" and Path(answer[1]).is_relative_to(unpacked) and Path(answer[2]).is_file()
    assert (unpacked / ".cache/keras/models/weights.h5").read_text() == "weights"


@pytest.mark.parametrize(("kind", "words"), [(["Plan9", "mips", [3, 11]], "Plan9 mips"), (None, "Python 2.7")])
def test_another_kind_of_computer_is_told_so(kind, words, unpacked):
    file = unpacked / "wheels/made-for.json"
    file.write_text(json.dumps(kind or [*json.loads(file.read_text())[:2], [2, 7]]))
    done = set_up(unpacked)
    here = platform.system() if kind else "Python 3."
    assert f"expected {words}, for which this bundle was made, received {here}" in done.stderr.splitlines()[-1]
    assert done.returncode == 1 and not (unpacked / ".venv").exists()


def test_without_the_packages_there_is_no_bundle(made, monkeypatch):
    root, older = made
    before = older.read_bytes()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CourseError, match="Expected pip to bring all packages"):
        handout.write(older, root, bundle.make)
    assert older.read_bytes() == before and not list(older.parent.glob("*.part"))


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
