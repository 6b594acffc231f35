"""Exercises that are done are kept: by two kernels at once, over damage, and gathered for a class."""

import csv
import json
import sys
import threading
from unittest.mock import Mock

import pytest

from course_utils import checks, leftovers, progress
from course_utils.cards import CourseError, CourseWarning
from course_utils.commands import gather


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setenv("COURSE_LEARNER", "Kim")
    return tmp_path / "progress.jsonl"


def gathering(*given):
    """Run the command with some arguments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["gather", *map(str, given)])
        gather.main()


def attempt(who="Kim", when="2026-01-01T10:00:00+00:00", exercise="00.1", outcome="correct"):
    return json.dumps({"who": who, "when": when, "exercise": exercise, "outcome": outcome})


def test_a_check_keeps_what_was_tried_and_nothing_else(file):
    checks.check("00.1", None)
    checks.check("99.9", 1)
    assert not file.exists()
    for answer in (50, 51, 12.5, 13):
        checks.check("00.1", answer)
    found = progress.read()
    assert [set(one) for one in found.attempts] == [set(progress.KEYS)] * 4
    assert [one["outcome"] for one in found.attempts] == ["not yet", "not yet", "correct", "not yet"]
    assert found.learners == ["Kim"] and found.tries("Kim") == {"00.1": 3}  # what comes after does not count
    assert found.solved("Kim") == {"00.1": found.attempts[2]["when"]} and not found.damaged
    assert gather.rows(gather.gathered(file.parent)[0])[0]["00.1"] == "3"  # two tries in one second are two


def test_the_table_shows_what_is_done(file):
    checks.check("00.1", 12.5)
    checks.check("00.2", 7)
    first = progress.table(["00.1", "00.2", "00.3", "01.1"]).splitlines()[2:4]
    assert first == ["| 00 | ✓ 00.1 ✗ 00.2 · 00.3 | 1 of 3 |", "| 01 | · 01.1 | 0 of 1 |"]


def test_two_kernels_at_once_lose_nothing(file):
    with open(file, "ab") as other:  # in another kernel, which is about to write
        leftovers.wait_for(other)
        kernel = threading.Thread(target=progress.note, args=("00.2", "correct"), daemon=True)
        kernel.start()
        kernel.join(0.5)
        assert kernel.is_alive() and not file.read_bytes()  # it waits for the other one
        other.write(f"{attempt()}\ncut of".encode())
    kernel.join(60)
    found = progress.read()
    assert [one["exercise"] for one in found.attempts] == ["00.1", "00.2"] and found.damaged == (2,)


DAMAGE = ['{"who": "Kim", "wh', "[1, 2]", "null", '"text"', "\udcff", '{"who": 1}', "[" * 100_000]
DAMAGE += [attempt(exercise="learner"), attempt("\ud800"), attempt(when="yesterday")]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_line_costs_no_other(damage, file):
    other = attempt(outcome="solved")  # an outcome that there is not
    lines = "\n".join(["\ufeff" + attempt(), other, "", damage])  # with an editor's mark at the front
    file.write_bytes(lines.encode("utf-8", "surrogateescape"))
    progress.note("00.2", "correct")  # behind a line that was cut off
    found = progress.read()
    assert [one["exercise"] for one in found.attempts] == ["00.1", "00.2"] and found.damaged == (2, 4)
    assert "Of progress.jsonl these lines cannot be read: 2, 4." in progress.table(checks.EXERCISES)


def test_two_learners_in_one_folder_are_told_apart(file):
    file.write_text(attempt("Lee") + "\n")
    checks.check("00.2", 7)
    table = progress.table(checks.EXERCISES)
    assert "| 00 | · 00.1 ✗ 00.2" in table and "Shown is Kim. The file also holds exercises of Lee" in table


def test_what_cannot_be_kept_is_said_and_the_lesson_goes_on(file, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(file / "nowhere"))
    with pytest.warns(CourseWarning, match="Your progress could not be kept"):
        assert checks.check("00.1", 12.5).outcome == "correct"
    file.mkdir()
    with pytest.raises(CourseError, match="Expected a file of exercises"):
        progress.read(file)


@pytest.mark.parametrize("error", [KeyError("uid"), OSError(), ImportError("pwd")])
def test_an_account_without_a_name_is_a_learner_too(error, monkeypatch):
    monkeypatch.delenv("COURSE_LEARNER")
    monkeypatch.setattr(progress.getpass, "getuser", Mock(side_effect=error))
    assert progress.learner() == "learner"


@pytest.mark.parametrize(("name", "kept"), [("김철수", "김철수"), ("Jörg", "Jörg"), ("J\udcf6rg", "J?rg")])
def test_names_of_all_kinds_go_all_the_way(name, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(progress.getpass, "getuser", lambda: name)
    monkeypatch.delenv("COURSE_LEARNER")
    checks.check("00.1", 12.5)
    gathering(tmp_path, "--out", tmp_path / "class.csv")
    assert f"\n{kept},1,1" in (tmp_path / "class.csv").read_text(encoding="utf-8-sig")


def test_learners_with_one_account_are_told_apart(tmp_path):
    for learner, outcome in {"kim": "correct", "lee": "not yet"}.items():
        (tmp_path / learner).mkdir()
        (tmp_path / learner / "my_progress.jsonl").write_text(attempt("jovyan", outcome=outcome))
    found, odd = gather.gathered(tmp_path)
    cells = {row["learner"]: row["00.1"] for row in gather.rows(found)}
    assert cells == {"jovyan (kim/my_progress.jsonl)": "1", "jovyan (lee/my_progress.jsonl)": "not yet (1)"}
    assert "jovyan: two learners or more have this name" in odd[0]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "of another").write_text(attempt("Kim"))
    (tmp_path / "lee.jsonl").symlink_to(tmp_path / "of another")
    (tmp_path / "nowhere.jsonl").symlink_to(tmp_path / "nothing")
    found, odd = gather.gathered(tmp_path)
    ends = "a link, which is not followed. Ask for the file itself."
    assert not found.attempts and odd == [f"lee.jsonl: {ends}", f"nowhere.jsonl: {ends}"]


def test_a_class_is_gathered(tmp_path, capsys):
    out, tried = tmp_path / "class.csv", attempt("Kim", outcome="not yet")
    (tmp_path / "lee").mkdir()
    (tmp_path / "kim.jsonl").write_text(f"{tried}\n{attempt('Kim', '2026-01-01T10:05:00+00:00')}")
    (tmp_path / "kim again.jsonl").write_text(tried)  # handed in twice
    other = attempt("Lee", exercise="00.2", outcome="not yet")
    (tmp_path / "lee" / "my_progress.jsonl").write_text(f"{other}\ncut of")
    (tmp_path / "empty.jsonl").touch()
    gathering(tmp_path, "--out", out)
    with open(out, newline="", encoding="utf-8-sig") as file:
        kim, lee = csv.DictReader(file)
    assert (kim["learner"], kim["00.1"], kim["00.2"]) == ("Kim", "2", "")
    assert (lee["learner"], lee["done"], lee["00.2"]) == ("Lee", "0", "not yet (1)")
    printed = capsys.readouterr().out
    assert "| 00.2 | 1 | 0 | 1.0 |\n| 00.1 | 1 | 1 | 2.0 |" in printed  # the hardest first
    assert "empty.jsonl: good lines 0, damaged 0." in printed
    assert "lee/my_progress.jsonl: good lines 1, damaged 1." in printed and "2 learners" in printed


def test_what_cannot_be_gathered_or_written_is_said(tmp_path):
    with pytest.raises(SystemExit, match=r"Expected a folder with files of exercises, \*\.jsonl"):
        gathering(tmp_path)
    checks.check("00.1", 12.5)
    with pytest.raises(SystemExit, match="Expected to write .*Close it elsewhere, or give another --out"):
        gathering(tmp_path, "--out", tmp_path / "nowhere" / "class.csv")
