"""How tests run (see conftest.py): in how many processes, what they leave behind, and what an interruption ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from course_utils import ROOT, machine

GIB = 2**30
SLOW = """
import os, pathlib, subprocess, time
import pytest
@pytest.mark.parametrize("number", range(4))
def test_slow(number, tmp_path):
    # As a kernel does: in a session of its own, so that Ctrl+C in the terminal does not reach it.
    subprocess.Popen(["sleep", "%s"], start_new_session=True)
    pathlib.Path(os.environ["COURSE_CACHE"], "..", "begun").resolve().touch()
    (tmp_path / "left").touch()
    time.sleep(60)
"""


@pytest.fixture
def running(pytestconfig):
    """Return conftest.py as a module."""
    return pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))


@pytest.mark.parametrize(("free", "n_processes"), [(4 * GIB, 0), (5 * GIB - 1, 0), (5 * GIB, 2), (100 * GIB, 2)])
def test_two_processes_only_where_there_is_memory_for_both(running, monkeypatch, free, n_processes):
    monkeypatch.setattr(machine, "free_memory", lambda: free)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    config = SimpleNamespace()
    assert running.pytest_xdist_auto_num_workers(config) == n_processes
    said = " ".join(running.pytest_report_header(config))
    assert ("tests run in one process" in said) == (n_processes == 0)
    assert n_processes or f"{free / GIB:.1f} GiB of memory are free" in said


def test_what_tests_write_lies_in_a_folder_of_their_own():
    own = Path(os.environ["TMPDIR"]).parent
    names = ("COURSE_CACHE", "COURSE_PROGRESS", "COURSE_NETWORKS", "KERAS_HOME", "MPLCONFIGDIR", "IPYTHONDIR")
    names += ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "TMPDIR", "TEMP")
    assert not own.is_relative_to(ROOT)
    assert [name for name in names if not Path(os.environ[name]).is_relative_to(own)] == []


def test_too_much_memory_fails_a_run(running):
    watch = running.Watch()
    config = SimpleNamespace(watch=watch)
    for largest, together, status in ((3 * GIB, 5 * GIB, 0), (3 * GIB + 1, 0, 1), (0, 5 * GIB + 1, 1)):
        watch.largest, watch.together = largest, together
        session = SimpleNamespace(config=config, exitstatus=0)
        running.pytest_sessionfinish(session)
        assert session.exitstatus == status
        assert not running.Watch(bounded=False).lines()[1], "large networks and photographs take more"


def test_memory_is_that_of_all_processes(running, monkeypatch):
    monkeypatch.setattr(running.Watch, "PAUSE", 0.05)
    alone, both = running.Watch(), running.Watch()
    code = "import time; taken = bytearray(300 * 2**20); taken[::4096] = b'x' * len(taken[::4096]); time.sleep(60)"
    alone.start()
    time.sleep(0.3)
    both.start()
    child = subprocess.Popen([sys.executable, "-c", code])
    alone.end_looking()
    deadline = time.monotonic() + 20
    while both.together < alone.together + 290 * 2**20 and time.monotonic() < deadline:
        time.sleep(0.05)
    both.end()
    assert both.together >= alone.together + 290 * 2**20 and both.largest >= 290 * 2**20
    assert child.wait(timeout=10) != 0, "what is still running is ended"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl+C otherwise")
def test_an_interruption_ends_every_process_and_leaves_nothing(tmp_path):
    token = f"{3600 + os.getpid() / 1e6:.6f}"  # so that this run's processes are found
    (tmp_path / "test_slow.py").write_text(SLOW % token)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-c", str(ROOT / "pyproject.toml"), "-n", "2"]
    command += ["--dist=load", str(tmp_path / "test_slow.py")]
    (tmp_path / "temporary").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "temporary")}
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True, "env": environment, "cwd": ROOT}
    options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(command, **options)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("temporary/*/begun")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(3)  # the watch looks every two seconds
    started = psutil.Process(run.pid).children(recursive=True)
    assert len(started) >= 3
    os.killpg(run.pid, signal.SIGINT)
    out, _ = run.communicate(timeout=30)
    assert run.returncode == 2, out
    _, alive = psutil.wait_procs(started, timeout=10)
    sleeping = [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", token]]
    assert not alive and not sleeping
    assert not list((tmp_path / "temporary").iterdir())
