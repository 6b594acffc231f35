"""What `preflight` tells about a machine."""

import re
from types import SimpleNamespace

import pytest

from course_utils import machine, manifest, weights_files
from course_utils.commands import preflight

LINE = re.compile(r"([✓✗]) (\S.*?) {2,}(\S.*?) +\(needed: (.+)\)")
READY, NOT_READY = "This machine is ready.", "Put right the lines marked ✗; the README says how."


def memory(gib):
    return SimpleNamespace(free_memory=lambda: gib * 2**30)


def disk(gib):
    return SimpleNamespace(disk_usage=lambda place: SimpleNamespace(free=gib * 2**30))


@pytest.fixture(autouse=True)
def just_large_enough(monkeypatch):
    monkeypatch.setattr(preflight, "machine", memory(1.2))
    monkeypatch.setattr(preflight, "shutil", disk(0.5))


def read():
    """Return {item: (sign, found, needed)}, the line of networks, and the last line."""
    *rows, networks, last = preflight.text().splitlines()
    cells = [LINE.fullmatch(row) for row in rows]
    assert all(cells), rows
    return {cell[2]: (cell[1], cell[3], cell[4]) for cell in cells}, networks, last


def test_ready_machine():
    rows, networks, last = read()
    assert list(rows) == ["Python", "TensorFlow", "Keras", "free memory", "free disk", "the course's data"]
    assert {sign for sign, *_ in rows.values()} == {"✓"} and last == READY
    assert rows["TensorFlow"][1] == preflight.tensorflow.__version__ and rows["Keras"][1] == preflight.keras.__version__
    assert {"coursenet_guide", "coursenet_slides", "coursenet_photos"} <= {*re.findall(r"\w+", networks)}


def test_shared_weights_that_are_not_there_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "damaged_files", list)  # reading all data each time would take a second
    for name, value in (("HOME", str(tmp_path)), ("USERPROFILE", str(tmp_path)), ("COURSE_WEIGHTS", "~/shared")):
        monkeypatch.setenv(name, value)
    *_, networks, last = preflight.text().splitlines()
    assert networks.startswith("✗") and "Received: ~/shared, which is not there." in networks and last == NOT_READY
    assert preflight.main() == 1
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
    (tmp_path / "manifest.json").write_text("{")
    assert read()[0]["the course's data"] == ("✗", "manifest.json", "whole")


@pytest.mark.parametrize(
    ("missing", "owner", "name", "value"),
    [
        (["Python"], preflight.platform, "python_version", lambda: "3.1.13"),
        (["Python"], preflight.platform, "python_version", lambda: "3.10.13"),
        ([], preflight.platform, "python_version", lambda: "3.11.0"),
        ([], preflight.platform, "python_version", lambda: "3.13.10"),
        (["Python"], preflight.platform, "python_version", lambda: "3.14.0"),
        (["TensorFlow"], preflight.tensorflow, "__version__", "2.9.1"),
        (["TensorFlow"], preflight.tensorflow, "__version__", "2.17.9"),
        (["TensorFlow"], preflight.tensorflow, "__version__", "1.99.0"),
        ([], preflight.tensorflow, "__version__", "2.18.0"),
        ([], preflight.tensorflow, "__version__", "3.0.0-rc1"),
        (["Keras"], preflight.keras, "__version__", "3.8.9"),
        ([], preflight.keras, "__version__", "3.9.0"),
        ([], preflight.keras, "__version__", "3.10.0"),
        (["free memory"], preflight, "machine", memory(1.199)),
        (["free disk"], preflight, "shutil", disk(0.499)),
    ],
)
def test_what_is_too_little_is_marked_and_just_enough_is_not(monkeypatch, capsys, missing, owner, name, value):
    monkeypatch.setattr(preflight, "damaged_files", list)
    monkeypatch.setattr(owner, name, value)
    rows, _, last = read()
    assert [item for item, (sign, *_) in rows.items() if sign == "✗"] == missing
    assert last == (NOT_READY if missing else READY)
    assert preflight.main() == bool(missing) and capsys.readouterr().out.strip().endswith(last)


NO_LIMIT, OWN = ("max", 10, 0), "outer/inner.service"


@pytest.mark.parametrize(
    ("groups", "free"),
    [
        ({"": NO_LIMIT, "outer": NO_LIMIT, OWN: NO_LIMIT}, 700),
        ({OWN: (1000, 400, 0)}, 600),  # a unit of systemd
        ({"outer": (1000, 400, 0)}, 600),  # what it is in
        ({"": (1000, 400, 0)}, 600),  # a container, which sees its own group as the outermost
        ({"elsewhere": (1000, 400, 0)}, 700),
        ({"outer": (1000, 200, 0)}, 700),
        ({OWN: (5000, 4500, 300), "outer": (6000, 5500, 100)}, 600),  # files that can be forgotten are free
    ],
)
def test_the_least_that_the_machine_or_a_group_leaves_is_free(tmp_path, monkeypatch, groups, free):
    """On Linux this process is in a group inside of another; the machine itself has 700 bytes left."""
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: SimpleNamespace(available=700))
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "groups")
    monkeypatch.setattr(machine, "OWN_GROUP", tmp_path / "own")
    (tmp_path / "own").write_text("4:memory:/elsewhere\n0::/outer/inner.service\n")
    for name, (limit, used, files) in groups.items():
        (tmp_path / "groups" / name).mkdir(parents=True, exist_ok=True)
        contents = {"max": limit, "current": used, "stat": f"anon 1\nactive_file 5\ninactive_file {files}\nslab 7"}
        for ending, content in contents.items():
            (tmp_path / "groups" / name / f"memory.{ending}").write_text(f"{content}\n")
    assert machine.free_memory() == free
    (tmp_path / "own").unlink()  # as on Windows and macOS
    assert machine.free_memory() == 700
