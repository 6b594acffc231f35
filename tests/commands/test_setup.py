"""The set-up: its messages, what it does when things go wrong, and that all places name the same versions."""

import ast
import http.server
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "course_utils/commands/setup.py"

# Stands for uv on PATH. The test says in files beside it what it should say, with which status, for how long; and in a
# folder what it brings into an environment.
FAKE_UV = """#!/bin/sh
here=$(dirname "$0")
[ "$1" = --version ] && exit 0
[ "$1" = python ] && exit 1
echo "$@" >> "$here/calls"
[ -f "$here/says" ] && cat "$here/says" >&2
[ -f "$here/sleeps" ] && sleep "$(cat "$here/sleeps")"
cp -R "$here/brings/." "$(dirname "$4")"/../lib/python*/site-packages
exit "$(cat "$here/status" 2>/dev/null || echo 0)"
"""

ANSWERS = re.findall(r"(?s)\n\n(.+?)\n= ([^\n]+)", (ROOT / "tests/commands/fixtures/installers.txt").read_text())
unix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for uv and Python are shell scripts")


class Course:
    """A folder with nothing of the course but its set-up, and a uv that only pretends, for a Python without pip."""

    def __init__(self, folder):
        self.root, self.tools = folder / "course", folder / "tools"
        self.script = self.root / "course_utils/commands/setup.py"
        self.script.parent.mkdir(parents=True)
        # The true list asks for gigabytes, which a small test machine may not have.
        self.true_text = re.sub(r'\.txt", \d\.\d\)', '.txt", 0.001)', SETUP.read_text())
        self.script.write_text(self.true_text.replace("return said_by([str(python)", "return False and ([str(python)"))
        self.tools.mkdir()
        self.tool("uv", FAKE_UV)
        self.want("4.70.1")
        spec = importlib.util.spec_from_file_location("setup_under_test", self.script)
        self.setup = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.setup)
        self.venv, self.learners = self.root / ".venv", self.setup.ENVIRONMENTS["learners"]

    def tool(self, name, text):
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def want(self, version, code=""):
        """Ask for a version of tqdm, and let uv bring it."""
        (self.root / "requirements.txt").write_text(f"tqdm=={version} --hash=sha256:0\n")
        info = self.tools / "brings/tqdm.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text(f"Name: tqdm\nVersion: {version}\n")
        (info / "RECORD").write_text("tqdm.py,,\ntqdm.dist-info/METADATA,,\n")
        (info.parent / "tqdm.py").write_text(code)

    def uv_will(self, says="", status=0):
        (self.tools / "says").write_text(says)
        (self.tools / "status").write_text(str(status))

    def calls(self):
        log = self.tools / "calls"
        return log.read_text().splitlines() if log.exists() else []

    def ready(self):
        return self.setup.is_ready(self.venv, self.root / "requirements.txt")


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = Course(tmp_path)
    monkeypatch.setenv("PATH", f"{made.tools}{os.pathsep}/usr/bin{os.pathsep}/bin")
    for name in os.environ:
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return made


def stopped(course, capsys):
    """Run a set-up that has to stop, and return the one sentence it ends with."""
    assert course.setup.main([]) == 1
    *_, sentence = capsys.readouterr().err.strip().splitlines()
    assert re.match("Set-up stopped: expected .+, received .+: ", sentence)
    return sentence


# A set-up that succeeds


@unix_only
def test_setup_installs_exactly_the_hashed_requirements_and_is_ready(course):
    assert course.setup.main([]) == 0
    python = course.venv / "bin/python"
    assert course.calls() == [f"pip install --python {python} --compile-bytecode --require-hashes -r requirements.txt"]
    assert course.ready()
    settings = json.loads((course.venv / "etc/jupyter/labconfig/default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}


@unix_only
@pytest.mark.parametrize("text", ["", "[1, 2]", '["Linux"', "null"])
def test_setup_of_a_damaged_bundle_says_so(text, course, capsys):
    (course.root / "wheels").mkdir()
    (course.root / "wheels/made-for.json").write_text(text)
    assert "unpack the bundle again" in stopped(course, capsys)


@unix_only
def test_second_setup_does_nothing_and_is_quick(course, monkeypatch):
    course.setup.main([])
    start = time.perf_counter()
    assert course.setup.main([]) == 0
    assert time.perf_counter() - start < 0.5
    assert len(course.calls()) == 1
    monkeypatch.setattr(course.setup, "version_of", lambda command: (3, 12, 99))
    assert not course.ready()


@unix_only
def test_new_requirements_are_installed_into_the_same_environment_also_one_made_by_hand(course):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", course.venv], check=True)
    (course.venv / "kept").touch()
    for calls, version in enumerate(("4.70.1", "4.70.2"), 1):
        course.want(version)
        assert not course.ready()
        assert course.setup.main([]) == 0 and course.ready()
        assert len(course.calls()) == calls and (course.venv / "kept").exists()


def test_settings_of_pip_are_those_of_its_files_and_of_the_environment(course, monkeypatch, tmp_path):
    monkeypatch.setattr(course.setup, "has", lambda *_: True)
    assert course.setup.settings_of_pip(sys.executable) == {}
    file = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_NO_DEPS", "1")
    file.write_text(
        "[install]\ntarget = /a\nproxy = b\ncert =\n[global]\nproxy = c\ncert = d\nquiet = 3\n[list]\nall = e\n"
    )
    wanted = {"target": "/a", "proxy": "b", "cert": "d", "quiet": "3", "list.all": "e", "no-deps": "1"}
    assert course.setup.settings_of_pip(sys.executable).items() >= wanted.items()
    file.write_text("no section\n")
    with pytest.raises(course.setup.SetupError, match="expected settings that pip can read"):
        course.setup.settings_of_pip(sys.executable)


@unix_only
def test_an_installer_sees_no_settings_and_can_ask_nothing(course, monkeypatch):
    for name in ("PIP_TARGET", "UV_TARGET", "UV_INDEX_URL", "PYTHONPATH", "PYTHONHOME", "UV_CACHE_DIR"):
        monkeypatch.setenv(name, "/elsewhere")
    code = "import os, sys; print(sorted(os.environ), 'https://anna:s3cret@i/', sys.stdin.read()); sys.exit(1)"
    keep = os.dup(0)
    with open(__file__) as typed, pytest.raises(course.setup.SetupError) as error:
        os.dup2(typed.fileno(), 0)
        course.setup.run([sys.executable, "-c", code], course.learners, PIP_CERT="a")
    os.dup2(keep, 0)
    seen = re.findall(r"'((?:PIP_|UV_|PYTHON)\w*)'", error.value.words)
    assert seen == ["PIP_CERT", "PIP_CONFIG_FILE", "UV_CACHE_DIR", "UV_NO_CONFIG"]
    assert error.value.words.endswith("] https://i/ \n")


# Which Python


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13), (3, 14, 0)])
def test_unsuitable_python_is_named(course, capsys, monkeypatch, version):
    monkeypatch.setattr(course.setup, "version_of", lambda command: version)
    sentence = stopped(course, capsys)
    assert f"expected Python 3.11, 3.12 or 3.13, received Python {'.'.join(map(str, version))}:" in sentence
    assert not course.venv.exists()


@unix_only
def test_suitable_python_is_found_beside_an_unsuitable_one(course, monkeypatch):
    course.tool("python3.13", "#!/bin/sh\nexit 127\n")  # as pyenv does for a version that is not chosen
    course.tool("python3.12", "#!/bin/sh\necho 3 12 7\n")
    truly = course.setup.version_of
    running = next(course.setup.candidate_pythons())
    monkeypatch.setattr(
        course.setup, "version_of", lambda command: (3, 8, 18) if command == running else truly(command)
    )
    assert course.setup.find_python() == [str(course.tools / "python3.12")]


@unix_only
def test_uv_is_asked_for_a_python_it_already_has(course, monkeypatch):
    course.tool("uv", '#!/bin/sh\n[ "$1" = --version ] || echo "$@" > "$(dirname "$0")/asked"\necho /uv/python3.12\n')
    monkeypatch.setattr(
        course.setup, "version_of", lambda command: (3, 12, 1) if command == ["/uv/python3.12"] else (3, 9, 0)
    )
    assert course.setup.find_python() == ["/uv/python3.12"]
    assert (course.tools / "asked").read_text() == "python find --system --no-python-downloads >=3.11,<3.14\n"


def test_supported_pythons_are_those_of_the_project(course):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (low, *_, high) = sorted(course.setup.SUPPORTED)
    assert project["requires-python"] == f">=3.{low[1]},<3.{high[1] + 1}"


def test_setup_runs_on_old_pythons():
    tree = ast.parse(SETUP.read_text(), feature_version=(3, 6))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names
    # subprocess.run(capture_output, text), functools.cache, Path.unlink(missing_ok) and := are all younger.
    assert not re.search(r"capture_output|text=True|missing_ok|removeprefix", SETUP.read_text())


# What can go wrong


@pytest.mark.parametrize(("words", "sentence"), ANSWERS)
def test_why_a_package_cannot_be_had_is_told_as_the_installer_says_it(course, words, sentence):
    reason = course.setup.explain(f"Looking in indexes: http://i/simple\n{words}", course.learners)
    assert re.match(r"expected (tqdm 4\.70\.1|a package) from (/a, )?(https?://)?i\S*, received ", str(reason))
    assert sentence in str(reason) and str(reason).endswith(", then run the same command again.")
    assert isinstance(reason, course.setup.NotGiven)


class Asking(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="school"')
        self.end_headers()

    def log_message(self, *_):
        pass


@unix_only
def test_an_index_that_asks_for_a_password_is_named_at_once_without_it(course, monkeypatch):
    server = http.server.HTTPServer(("127.0.0.1", 0), Asking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"http://anna:s3cret@localhost:{server.server_port}/more")
    course.script.write_text(course.true_text)
    command, terminal = [sys.executable, "-I", course.script], os.openpty()[1]
    done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, timeout=60, check=False)
    place = f"http://127.0.0.1:{server.server_port}/simple/tqdm/"
    assert f"expected tqdm 4.70.1 from {place}, received a question for a name and a password: " in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


@unix_only
@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("METADATA", None, "received none: run the same command again, which makes .venv afresh"),
        ("METADATA", "Name: tqdm\nVersion: 4.6\n", "expected tqdm 4.70.1 in .venv, received 4.6: "),
        ("RECORD", None, "received some: "),
        ("RECORD", "tqdm.py,,\ntqdm/part.py,,\n", "received some: "),
        (
            "../tqdm.py",
            "raise ImportError('no\\nb\\nOSError: no libc\\nc')",
            "tqdm from .venv, received OSError: no libc: ",
        ),
        ("../tqdm.py", "raise SystemExit(0)", "expected to import tqdm from .venv, received SystemExit: 0: "),
        ("../tqdm.py", "import os; os.kill(os.getpid(), 9)", "received the end of Python with status -9"),
        ("../tqdm.py", "import os; os.environ['KERAS_BACKEND']", "received KeyError: 'KERAS_BACKEND': "),
    ],
)
def test_ready_is_said_only_of_what_was_imported_without_settings(course, capsys, monkeypatch, file, text, sentence):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    path = course.tools / "brings/tqdm.dist-info" / file
    path.unlink() if text is None else path.write_text(text)
    assert sentence in stopped(course, capsys)
    assert not course.ready()
    course.want("4.70.1")
    assert course.setup.main([]) == 0 and course.ready()


@unix_only
def test_a_python_that_cannot_bring_pip_is_named_with_what_helps(course, capsys):
    (course.tools / "uv").unlink()
    assert f"type `sudo apt install python3.{sys.version_info.minor}-venv`, elsewhere" in stopped(course, capsys)


@unix_only
def test_missing_network_leaves_an_older_environment_in_place(course, capsys):
    course.setup.main([])
    (course.venv / "kept").touch()
    course.want("4.70.2")
    course.uv_will("  cause: error sending request for url (http://i/simple/tqdm/)\n  cause: dns error\n", status=2)
    assert "received no answer: connect to the network" in stopped(course, capsys)
    stopped(course, capsys)
    assert (course.venv / "kept").exists() and not course.ready()
    course.uv_will()
    assert course.setup.main([]) == 0 and course.ready() and (course.venv / "kept").exists()


@unix_only
def test_disk_that_fills_up_is_named(course, capsys):
    for said in (
        "Caused by: No space left on device (os error 28)\n",
        "[Errno 28] No space left on device: '/tmp/a'\n",
    ):
        course.uv_will(said, status=1)
        assert "GB of free disk" in stopped(course, capsys) and not course.ready()


@unix_only
def test_too_little_disk_is_named_before_anything_is_installed(course, capsys):
    course.setup.ENVIRONMENTS["learners"] = course.learners._replace(gigabytes=10**6)
    sentence = stopped(course, capsys)
    assert f"expected {10**6} GB of free disk for .venv" in sentence and f"GB free in {course.root}" in sentence
    assert not course.calls() and not course.venv.exists()


@unix_only
def test_unknown_failure_shows_the_installers_own_words(course, capsys):
    course.uv_will("error: something nobody has thought of\n", status=3)
    assert course.setup.main([]) == 1
    said = capsys.readouterr().err
    assert "something nobody has thought of" in said
    assert "Set-up stopped: expected uv to succeed, received exit status 3" in said


@unix_only
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_interrupted_installation_does_not_count_as_ready(course, how):
    (course.tools / "sleeps").write_text("20")
    # Tests run in the background pass on an ignored SIGINT; a person's terminal does not.
    options = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    running = subprocess.Popen([sys.executable, "-I", course.script], **options)
    deadline = time.monotonic() + 20
    while not course.calls() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(running.pid, how)
    assert running.wait(timeout=20) != 0
    assert not course.ready()

    (course.venv / "half").touch()
    (course.tools / "sleeps").unlink()
    assert course.setup.main([]) == 0
    assert course.ready() and not (course.venv / "half").exists()


@unix_only
def test_second_setup_at_the_same_time_is_refused(course, capsys):
    with open(course.root / ".setup.lock", "w") as file:
        course.setup.take_turn(file)
        assert "one set-up at a time" in stopped(course, capsys)
    assert course.setup.main([]) == 0


# One source of versions


def pinned(path):
    """Return the requirements of a file, and how many hashes each has."""
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", path.read_text()))
    requirements = [Requirement(entry.split("\\")[0].split(" --hash")[0].strip()) for entry in entries]
    return list(zip(requirements, [entry.count("--hash=sha256:") for entry in entries]))


def applies(requirement, system, machine, minor):
    platform = {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[system]
    values = {"sys_platform": system, "platform_machine": machine, "platform_system": platform}
    values |= {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.5", "extra": ""}
    return requirement.marker is None or requirement.marker.evaluate(values)


# Which of the project's lists a file pins.
REQUIREMENTS = {
    "requirements.txt": [("project", "dependencies")],
    "requirements-authors.txt": [("dependency-groups", "authors")],
    "site/requirements.txt": [("dependency-groups", "site")],
    "hub/requirements.txt": [("project", "dependencies"), ("dependency-groups", "hub")],
}
COMPUTERS = list(product(("linux", "win32", "darwin"), ("x86_64", "AMD64", "aarch64", "arm64"), (11, 12, 13)))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_pin_what_the_project_names_and_set_up_reads_them_so(course, name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    chosen = [Requirement(text) for table, key in REQUIREMENTS[name] for text in project[table][key]]
    locked = [requirement for requirement, _ in pinned(ROOT / name)]
    for wanted in chosen:
        for computer in COMPUTERS:
            found = [str(one.specifier) for one in locked if one.name == wanted.name and applies(one, *computer)]
            expected = [str(wanted.specifier)] if applies(wanted, *computer) else []
            assert found == expected, f"{wanted.name} on {computer}: `make lock` makes the requirements anew"
    read = course.setup.pins(ROOT / name)
    assert [
        Requirement(f"{one}=={version} ; {when}" if when else f"{one}=={version}") for one, version, when, _ in read
    ] == locked
    assert {one for one, *_, direct in read if direct} == {one.name for one in chosen}


def test_set_up_knows_conditions_and_what_packages_bring_to_import(course):
    assert course.setup.applies("sys_platform != 'nowhere'") and not course.setup.applies("python_version < '3.9'")
    brought = {"pillow": ["PIL"], "scikit-learn": ["sklearn"], "pytest": ["_pytest", "pytest"], "six": ["six"]}
    for name, modules in brought.items():
        assert course.setup.modules_of([file.as_posix() for file in metadata.files(name)]) == modules


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_exact_hashed_and_name_no_host(name):
    for requirement, n_hashes in pinned(ROOT / name):
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)) and requirement.url is None, requirement
        assert n_hashes > 0, requirement
    text = (ROOT / name).read_text()
    assert "://" not in text and not re.search(r"(?m)^-|index-url|find-links", text)


@pytest.mark.parametrize("name", ["requirements-authors.txt", "hub/requirements.txt"])
def test_authors_and_hubs_share_the_learners_versions(name):
    learners = {one.name: one.specifier for one, _ in pinned(ROOT / "requirements.txt") if one.marker is None}
    shared = [one for one, _ in pinned(ROOT / name) if one.name in learners]
    assert shared and all(one.specifier == learners[one.name] for one in shared)


def test_learners_never_get_jupytext():
    assert "jupytext" not in {requirement.name for requirement, _ in pinned(ROOT / "requirements.txt")}


def test_conda_and_binder_read_the_same_requirements():
    lines = [line.strip() for line in (ROOT / "environment.yml").read_text().splitlines()]
    dependencies = lines[lines.index("dependencies:") + 1 :]
    python, pip, nested, requirements = dependencies
    assert python in ("- python=3.11", "- python=3.12", "- python=3.13")
    assert (pip, nested, requirements) == ("- pip", "- pip:", "- -r requirements.txt")
    assert not (ROOT / "binder").exists(), "a folder named binder hides environment.yml from Binder"
