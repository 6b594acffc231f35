"""The course's data files are those that the manifest lists, whole, and small enough to come with the course."""

import json

import pytest

from course_utils import DATA, data, manifest
from course_utils.cards import CourseError


def files_below(*folders):
    return [path for folder in folders for path in (DATA / folder).rglob("*") if path.is_file()]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a data folder with one small file, recorded as whole."""
    monkeypatch.setattr(manifest, "DATA", tmp_path)
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks/garden.zip").write_bytes(b"pictures")
    manifest.record("tasks/garden.zip", [3], "python -m course_utils.commands.draw garden")
    return tmp_path


def test_manifest_lists_exactly_the_files_there_are():
    there = {path.relative_to(DATA).as_posix() for path in files_below("tasks", "sources", "weights")}
    assert there == set(manifest.read())


@pytest.mark.parametrize("name", manifest.read())
def test_file_is_whole_and_says_how_it_was_made(name):
    assert manifest.verified(name) == DATA / name
    entry = manifest.read()[name]
    assert entry["command"].startswith("python -m course_utils.commands.") and entry["seed"] is not None


def test_recorded_file_is_verified(copy):
    assert manifest.verified("tasks/garden.zip").read_bytes() == b"pictures"
    (copy / "tasks/biopsy.zip").write_bytes(b"others")
    manifest.record("tasks/biopsy.zip", [4], "python -m course_utils.commands.draw biopsy")
    assert list(json.loads((copy / "manifest.json").read_text())) == ["tasks/biopsy.zip", "tasks/garden.zip"]


@pytest.mark.parametrize("damage", [b"", b"picturez", b"pictures\n"], ids=["empty", "changed", "longer"])
def test_damaged_and_missing_file_are_named(copy, damage):
    wanted = manifest.read()["tasks/garden.zip"]["sha256"]
    file = copy / "tasks/garden.zip"
    file.write_bytes(damage)
    damaged = f"with sha256 {wanted[:12]}... Found {manifest.sha256(file)[:12]}...: it is damaged."
    for words in (damaged, "It is missing."):
        with pytest.raises(
            CourseError, match=f"^Expected .*data/tasks/garden.zip.* {words} `git checkout data/tasks/garden"
        ):
            data.task("garden")
        file.unlink(missing_ok=True)


def test_data_are_small():
    assert sum(path.stat().st_size for path in files_below("weights")) <= 6_000_000
    assert sum(path.stat().st_size for path in files_below(".")) < 45_000_000
