"""How tests run: in which environment, in how many processes, which of them, and what that took."""

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

GIB = 2**30
A_PROCESS, ALL_PROCESSES = 3 * GIB, 5 * GIB  # what `make test` takes at most
PHOTOGRAPHS = {
    "COURSE_PHOTOS": "photos/cats_vs_dogs",
    "COURSE_PHOTOS_DISSIMILAR": "photos/malaria_cells",
    "COURSE_WEIGHTS": "keras_home/models",
}
WITH_PHOTOGRAPHS = ("02_", "08_")  # notebooks that run on photographs where there are some


def pytest_addoption(parser):
    """Let a run be asked for the long tests: those that `make test` leaves to `make test-all`."""
    parser.addoption("--long", action="store_true", help="run the tests marked `long`, and nothing else")


def pytest_configure(config):
    """Prepare the environment before anything of the course is imported; the processes that follow inherit it."""
    if hasattr(config, "workerinput"):
        return
    config.own_folder = Path(tempfile.mkdtemp(prefix="course-tests-"))
    # Tests leave the learner's own things alone, and the caches of Jupyter and IPython.
    own = {"COURSE_CACHE": "cache", "COURSE_PROGRESS": "progress.jsonl", "COURSE_NETWORKS": "networks"}
    own |= {"KERAS_HOME": "cache/keras", "MPLCONFIGDIR": "cache/matplotlib"}
    own |= {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter", "JUPYTER_DATA_DIR": "jupyter/data"}
    own |= {"JUPYTER_RUNTIME_DIR": "jupyter/runtime", "TMPDIR": "temporary", "TEMP": "temporary"}
    os.environ |= {name: str(config.own_folder / place) for name, place in own.items()}
    (config.own_folder / "temporary").mkdir()
    tempfile.tempdir = None  # found anew, now in there
    from course_utils.commands.pairs import KERNEL_ENVIRONMENT  # reads the environment, so not before

    # Outputs are compared with stored ones: both are made with the same settings. A caller's own choice wins, so that
    # the notebooks can be tried under others (oneDNN off, all threads).
    for name, value in KERNEL_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    real = Path(os.environ.get("COURSE_REAL_DATA", "not given"))
    for name, place in PHOTOGRAPHS.items():
        os.environ.pop(name, None)
        if config.getoption("--long") and (real / place).is_dir():
            os.environ[name] = str(real / place)
    config.watch = Watch(bounded=not config.getoption("--long"))
    config.watch.start()


def pytest_unconfigure(config):
    """Leave nothing behind: no process, no file."""
    if hasattr(config, "watch"):
        config.watch.end()
        shutil.rmtree(config.own_folder, ignore_errors=True)


def pytest_xdist_auto_num_workers(config):
    """Return in how many processes tests run: two, where there are two cores and memory for both."""
    from course_utils.machine import free_memory

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if cores < 2:
        return 0
    if free_memory() < ALL_PROCESSES:
        config.few = (
            f"{free_memory() / GIB:.1f} GiB of memory are free, and two processes want {ALL_PROCESSES // GIB}: "
        )
        config.few += "tests run in one process, which takes twice as long. Close other programs to have two."
        return 0
    return 2


def pytest_report_header(config):
    """Say what this run is, before it begins."""
    return [config.few] if hasattr(config, "few") else []


def pytest_collection_modifyitems(config, items):
    """Take the long tests, or all others; those first that take longest, so that no process waits for the other."""
    long = config.getoption("--long")
    photographs = long and "COURSE_PHOTOS" in os.environ

    def wanted(item):
        again = photographs and item.path.suffix == ".ipynb" and item.path.name.startswith(WITH_PHOTOGRAPHS)
        return long == (item.get_closest_marker("long") is not None) or again

    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = filter(wanted, items)
    items.sort(key=lambda item: item.path.suffix != ".ipynb" and "training" not in item.path.parts)


@pytest.fixture(scope="module", autouse=True)
def _free_memory():
    """Give back, after each file, what its networks took: Keras and TensorFlow keep what they have built."""
    yield
    import sys

    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()


class Watch(threading.Thread):
    """Measures, while tests run, the memory of this process and of all that it started."""

    PAUSE = 2  # seconds

    def __init__(self, bounded=True):
        super().__init__(daemon=True)
        self.bounded = bounded  # whether more than is promised of `make test` is a failure
        self.largest = self.together = 0
        self._seen, self._ended, self._began = set(), threading.Event(), time.monotonic()

    def run(self):
        """Look again and again."""
        while not self._ended.wait(self.PAUSE):
            own = psutil.Process()
            try:
                processes = [own, *own.children(recursive=True)]
            except psutil.Error:
                continue
            self._seen.update(processes[1:])
            together = 0
            for process in processes:
                try:
                    taken = process.memory_full_info()
                except psutil.Error:  # it has ended, or belongs to somebody else
                    continue
                self.largest = max(self.largest, taken.rss)
                together += getattr(taken, "pss", taken.uss)  # shared pages count once
            self.together = max(self.together, together)

    def end_looking(self):
        """Measure no more."""
        self._ended.set()
        self.join()

    def end(self):
        """Measure no more, and end what is still running."""
        self.end_looking()
        for process in self._seen:
            if process.is_running():
                process.kill()

    def lines(self):
        """Return what was measured, and whether it is too much."""
        minutes, seconds = divmod(round(time.monotonic() - self._began), 60)
        told = f"{minutes} min {seconds:02} s; largest process {self.largest / GIB:.2f} GiB"
        told += f", all processes together {self.together / GIB:.2f} GiB"
        return told, self.bounded and (self.largest > A_PROCESS or self.together > ALL_PROCESSES)


def pytest_sessionfinish(session):
    """Fail a run that took more memory than is promised."""
    if hasattr(session.config, "watch"):
        _, too_much = session.config.watch.lines()
        if too_much and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Say what the run took."""
    told, too_much = config.watch.lines()
    limit = f"; at most {A_PROCESS // GIB} and {ALL_PROCESSES // GIB} are promised" if too_much else ""
    terminalreporter.write_line(told + limit, red=too_much)
