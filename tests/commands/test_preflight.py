"""What `preflight` tells about a machine."""

import re

import pytest

from course_utils import machine, manifest, weights_files
from course_utils.commands import preflight

LINE = re.compile(r"([✓✗]) (\S.*?) {2,}(\S.*?) +\(needed: (.+)\)")
READY = "This machine is ready."
NOT_READY = "Put right the lines marked ✗; the README says how."
ITEMS = ["Python", "TensorFlow", "Keras", "free memory", "free disk", "the course's data"]


@pytest.fixture(autouse=True)
def large_machine(monkeypatch):
    """Make this machine large enough, whatever runs beside the tests."""
    monkeypatch.setattr(preflight, "MEMORY_NEEDED", 0)
    monkeypatch.setattr(preflight, "DISK_NEEDED", 0)


def read():
    """Return {item: (sign, found, needed)}, the line of networks, and the last line."""
    *rows, networks, last = preflight.text().splitlines()
    cells = [LINE.fullmatch(row) for row in rows]
    assert all(cells), rows
    return {cell[2]: (cell[1], cell[3], cell[4]) for cell in cells}, networks, last


def test_ready_machine():
    rows, networks, last = read()
    assert list(rows) == ITEMS
    assert {sign for sign, *_ in rows.values()} == {"✓"} and last == READY
    assert rows["TensorFlow"][1] == preflight.tensorflow.__version__ and rows["Keras"][1] == preflight.keras.__version__
    for name in ("coursenet_guide", "coursenet_slides", "coursenet_photos"):
        assert name in networks


def test_shared_weights_that_are_not_there_are_named(monkeypatch):
    monkeypatch.setenv("COURSE_WEIGHTS", "~/weigths")
    *_, networks, last = preflight.text().splitlines()
    assert networks.startswith("✗") and "Received: ~/weigths, which is not there." in networks and last == NOT_READY


def test_shared_weights_may_lie_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_WEIGHTS", "~/shared")
    (tmp_path / "shared").mkdir()
    assert weights_files.model_folders()[-1] == tmp_path / "shared"


def test_damaged_and_missing_data_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "DATA", tmp_path)
    for name in ("whole.zip", "damaged.zip", "missing.zip"):
        (tmp_path / name).write_text("pictures")
        manifest.record(name, [1], "")
    (tmp_path / "damaged.zip").write_text("picturez")
    (tmp_path / "missing.zip").unlink()
    rows, _, last = read()
    assert rows.pop("the course's data") == ("✗", "damaged.zip, missing.zip", "whole")
    assert {sign for sign, *_ in rows.values()} == {"✓"} and last == NOT_READY


@pytest.mark.parametrize(
    ("item", "owner", "name", "value"),
    [
        ("Python", preflight.platform, "python_version", lambda: "3.1.13"),
        ("Python", preflight.platform, "python_version", lambda: "3.14.0"),
        ("TensorFlow", preflight.tensorflow, "__version__", "2.9.1"),
        ("TensorFlow", preflight.tensorflow, "__version__", "1.99.0"),
        ("Keras", preflight.keras, "__version__", "3.7.0"),
        ("free memory", preflight, "MEMORY_NEEDED", 10**6),
        ("free disk", preflight, "DISK_NEEDED", 10**9),
    ],
)
def test_what_is_too_little_is_marked(monkeypatch, item, owner, name, value):
    monkeypatch.setattr(preflight, "damaged_files", list)  # reading all data each time would take a second
    monkeypatch.setattr(owner, name, value)
    rows, _, last = read()
    assert [found for found, (sign, *_) in rows.items() if sign == "✗"] == [item] and last == NOT_READY


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (preflight.platform, "python_version", lambda: "3.11.0"),
        (preflight.tensorflow, "__version__", "2.18.0"),
        (preflight.tensorflow, "__version__", "3.0.0-rc1"),
        (preflight.keras, "__version__", "3.10.0"),
    ],
)
def test_what_is_just_enough_is_ready(monkeypatch, owner, name, value):
    monkeypatch.setattr(preflight, "damaged_files", list)
    monkeypatch.setattr(owner, name, value)
    assert read()[2] == READY


def test_the_exit_status_says_whether_the_machine_is_ready(monkeypatch, capsys):
    monkeypatch.setattr(preflight, "damaged_files", list)
    assert preflight.main() == 0 and capsys.readouterr().out.strip().endswith(READY)
    monkeypatch.setattr(preflight, "MEMORY_NEEDED", 10**6)
    assert preflight.main() == 1 and capsys.readouterr().out.strip().endswith(NOT_READY)
    monkeypatch.setattr(preflight, "MEMORY_NEEDED", 0)
    monkeypatch.setenv("COURSE_WEIGHTS", "nowhere")
    assert preflight.main() == 1


@pytest.fixture
def group(tmp_path, monkeypatch):
    """Give a function that makes a group of processes, as Linux shows it; this process is in one inside of another."""
    (tmp_path / "own").write_text("4:memory:/elsewhere\n0::/outer/inner.service\n")
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "groups")
    monkeypatch.setattr(machine, "OWN_GROUP", tmp_path / "own")

    def make(name, limit, used, files=0):
        folder = tmp_path / "groups" / name
        folder.mkdir(parents=True, exist_ok=True)
        contents = {"max": limit, "current": used, "stat": f"anon 1\nactive_file 5\ninactive_file {files}\nslab 7"}
        for ending, content in contents.items():
            (folder / f"memory.{ending}").write_text(f"{content}\n")

    return make


def test_without_a_limit_the_memory_is_that_of_the_machine(group, tmp_path):
    group("", "max", 10)
    group("outer", "max", 10)
    group("outer/inner.service", "max", 10)
    assert list(machine.left_to_groups()) == []
    assert machine.free_memory() > 0
    (tmp_path / "own").unlink()
    assert list(machine.left_to_groups()) == []


@pytest.mark.parametrize("name", ["outer/inner.service", "outer", ""])
def test_the_limit_of_each_group_counts(group, name):
    """Of a unit of systemd, of what it is in, of a container, which sees its own group as the outermost."""
    group(name, 1000, 400)
    assert machine.free_memory() == 600


def test_the_least_that_is_left_counts_and_files_that_can_be_forgotten_are_free(group):
    group("outer/inner.service", 5000, 4500, files=300)
    group("outer", 6000, 5500, files=100)
    assert machine.free_memory() == 600
