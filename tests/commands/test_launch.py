"""Launch buttons, what Binder makes of the course, and a notebook that is opened alone."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from urllib.parse import urlsplit

import pytest

from course_utils import ROOT, extras
from course_utils.cards import CourseError
from course_utils.commands import launch, setup

NOTEBOOKS = sorted(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"))


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Hand out a folder with a README and the notebooks, which `launch` takes for the course."""
    for path in [ROOT / "README.md", *NOTEBOOKS, *ROOT.glob("notebooks/src/[0-9]*.py")]:
        place = tmp_path / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    return tmp_path


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["launch", *arguments])
    return launch.main()


@pytest.mark.parametrize(
    "address", ["https://github.com/a-b/c.d", "https://github.com/a-b/c.d.git/", "git@github.com:a-b/c.d.git\n"]
)
def test_the_address_is_read_as_git_writes_it(address):
    assert launch.repository(address) == "a-b/c.d"


def test_every_notebook_has_a_button_for_binder_and_one_for_colab(copy, monkeypatch):
    assert run(monkeypatch, "https://github.com/someone/course") == 0
    assert run(monkeypatch, "https://github.com/other/course") == 0  # the second time over the first
    text = (copy / "README.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        assert f"/v2/gh/other/course/main?urlpath=lab/tree/notebooks/{path.name})" in text
        assert f"/github/other/course/blob/main/notebooks/{path.name})" in text
    assert "someone" not in text and "not written yet" not in text and "### The same versions" in text


def test_the_notebooks_know_the_address_and_nothing_else_changes(copy, monkeypatch):
    run(monkeypatch, "https://github.com/someone/course")
    run(monkeypatch, "https://github.com/other/course")
    for path in [*NOTEBOOKS, *ROOT.glob("notebooks/src/[0-9]*.py")]:
        before = path.read_text(encoding="utf-8").splitlines()
        after = (copy / path.relative_to(ROOT)).read_text(encoding="utf-8").splitlines()
        (changed,) = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        assert "address = " in changed[0] and "https://github.com/other/course" in changed[1]
        if path.suffix == ".ipynb":
            json.loads("\n".join(after))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://example.org/a/b"], "Received: 'https://example.org/a/b'"),
        ([], "git knows none: give it"),
    ],
)
def test_without_an_address_nothing_is_written(copy, monkeypatch, capsys, arguments, said):
    def no_origin(*_):
        raise CourseError("no remote")

    monkeypatch.setattr(launch.clone, "git", no_origin)
    before = (copy / "README.md").read_bytes()
    assert run(monkeypatch, *arguments) == 1
    assert said in capsys.readouterr().err and (copy / "README.md").read_bytes() == before


def test_the_largest_notebook_fits_into_binder_and_two_may_not():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    peaks = sorted(float(peak) for peak in re.findall(r"cold \| .*peak ([\d.]+) GiB", text))
    told = re.search(r"One notebook takes up to ([\d.]+) GiB", " ".join(text.split()))
    assert peaks[-1] == float(told.group(1)) < 1.5  # JupyterLab and what idle kernels take come on top
    assert sum(peaks[-2:]) > 2
    (imagenet,) = re.findall(r"\| MobileNetV2 alpha=0\.35 \| warm start.*\| ([\d.]+) \|", text)
    assert f"08 and 09 with an ImageNet network up to {float(imagenet)}" in " ".join(text.split())


def test_what_was_not_tried_is_said():
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert "Windows, macOS, conda, Binder and Colab were not." in text


@pytest.fixture
def prefix(tmp_path):
    """Run postBuild in a copy of the course, with an environment of its own; return the environment's folder."""
    course, environment = tmp_path / "course", tmp_path / "environment"
    course.mkdir()
    for name in ("course_utils", "hub"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    (course / "data").symlink_to(ROOT / "data")
    venv.create(environment)  # what postBuild writes into it must not stay with whoever runs the tests
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "tests.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    tools = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    variables = os.environ | {"PATH": tools}
    done = subprocess.run(
        ["bash", str(ROOT / "postBuild")], cwd=course, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search("✓ the course's data +whole", done.stdout)
    assert list(course.glob("course_utils/__pycache__/*.pyc"))
    return environment


@contextlib.contextmanager
def lab(home, *arguments, **settings):
    """Start JupyterLab, with variables for its settings; give a function that asks it for a page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *arguments, "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.token=key", "--ServerApp.base_url=/user/someone/"]
    variables = os.environ | {"HOME": str(home), "PYTHONPATH": str(ROOT)} | settings
    address = f"http://127.0.0.1:{port}/user/someone/"
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, cwd=home, env=variables, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while "is running at" not in (home / "log").read_text():
                assert server.poll() is None and time.monotonic() < end, (home / "log").read_text()
                time.sleep(0.1)
            yield lambda page: urllib.request.urlopen(f"{address}{page}?token=key")
        finally:
            server.terminate()
            server.wait()


@pytest.mark.skipif(os.name == "nt", reason="Binder runs Linux")
def test_binder_opens_on_00_and_ends_the_kernel_of_a_notebook_that_is_closed(prefix, tmp_path):
    tracker = "lab/api/settings/@jupyterlab/notebook-extension:tracker"
    binder = ("jupyterlab", "--ServerApp.default_url=/lab")
    with lab(tmp_path, *binder, JUPYTER_CONFIG_PATH=str(prefix / "etc/jupyter")) as ask:
        assert urlsplit(ask("").url).path == "/user/someone/lab/tree/notebooks/00_start_here.ipynb"
        schema = json.load(ask(tracker))["schema"]["properties"]
        assert schema["kernelShutdown"]["default"] is True


def test_the_course_opens_whatever_a_persons_own_settings_say_of_folders(tmp_path):
    elsewhere = dict.fromkeys(("root_dir", "preferred_dir", "notebook_dir"), str(tmp_path / "none"))
    settings = dict.fromkeys(("FileContentsManager", "AsyncLargeFileManager", "MappingKernelManager"), elsewhere)
    managers = dict.fromkeys(("contents_manager_class", "kernel_manager_class"), "none.Manager")
    settings["ServerApp"] = elsewhere | managers
    settings["LabApp"] = {"default_url": "/lab/tree/none"}
    for name in ("server", "lab"):
        (tmp_path / f"jupyter_{name}_config.json").write_text(json.dumps(settings))
    with lab(tmp_path, "course_utils.commands.lab", JUPYTER_CONFIG_DIR=str(tmp_path)) as ask:
        notebook = urlsplit(ask("").url).path.removeprefix("/user/someone/lab/tree/")
        assert notebook == "notebooks/00_start_here.ipynb"
        assert json.load(ask(f"api/contents/{notebook}"))["size"] == (ROOT / notebook).stat().st_size
    for path in ("Makefile", "README.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "-m course_utils.commands.lab" in text and "-m jupyterlab" not in text


def test_a_hub_and_binder_ask_no_questions_either():
    overrides = json.loads((ROOT / "hub/jupyter/labconfig/default_setting_overrides.json").read_text())
    assert overrides.items() > setup.LAB_SETTINGS.items()


@pytest.mark.parametrize("name", ["imagehash", "pooch"])
def test_a_package_that_colab_does_not_bring_is_named_with_its_version(monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CourseError, match=rf"%pip install {name}=="):
        extras.package(name)


def test_a_notebook_that_is_opened_alone_fetches_the_course(tmp_path):
    for path in NOTEBOOKS:
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        start = "".join(cells[0]["source"])
        assert len(re.findall("address = ", start)) == 1, path.name
    start = launch.ASKED.sub(repr(ROOT.as_uri()), start)
    code = start + "\nimport course_utils; print(course_utils.ROOT); print(os.getcwd())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        input=ROOT.as_uri() + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    where, folder = done.stdout.splitlines()[-2:]
    assert where.endswith(str(tmp_path / "course")) and folder == str(tmp_path / "course/notebooks")
