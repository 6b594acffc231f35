"""Which exercises a learner has done: one small file in the course's folder, to which each attempt adds a line.

Lines are only added, while the file is locked. So two kernels cannot undo each other's work, and a damaged line costs
no other. The variable
`COURSE_PROGRESS` may name another place for the file, and `COURSE_LEARNER` the learner, where many share an account.
"""

import codecs
import getpass
import json
import os
import re
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course_utils import ROOT, leftovers
from course_utils.cards import CourseError, CourseWarning

FILE = "my_progress.jsonl"
KEYS = ("who", "when", "exercise", "outcome")


@dataclass(frozen=True)
class Progress:
    """What a file of attempts says.

    Attributes
    ----------
    attempts : tuple of dict
        With the keys `KEYS`, in the order in which they were made; all texts, the time in UTC (ISO 8601).
    damaged : tuple of int
        Numbers of the lines that could not be read, from 1 on.
    """

    attempts: tuple[dict, ...]
    damaged: tuple[int, ...]

    @property
    def learners(self):
        """The names of those who made attempts, in the order in which they began: a list of str."""
        return list(dict.fromkeys(one["who"] for one in self.attempts))

    def tries(self, who):
        """Return how often each exercise was tried, up to the first correct answer: a dict of exercise to int."""
        counts, solved = {}, set()
        for one in self.attempts:
            if one["who"] == who and one["exercise"] not in solved:
                counts[one["exercise"]] = counts.get(one["exercise"], 0) + 1
                solved |= {one["exercise"]} if one["outcome"] == "correct" else set()
        return counts

    def solved(self, who):
        """Return when each exercise was first answered correctly: a dict of exercise to text."""
        found = {}
        for one in self.attempts:
            if one["who"] == who and one["outcome"] == "correct":
                found.setdefault(one["exercise"], one["when"])
        return found


def learner():
    """Return the name under which attempts are kept."""
    try:
        name = os.environ.get("COURSE_LEARNER") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return "learner"
    return name.encode("utf-8", "replace").decode()


def place():
    """Return the path of the file."""
    return Path(os.environ.get("COURSE_PROGRESS") or ROOT / FILE).expanduser()


def note(exercise, outcome):
    """Keep an attempt. If it cannot be kept, a warning says why, and the lesson goes on.

    Parameters
    ----------
    exercise : str
        Such as "00.1".
    outcome : {"not yet", "correct"}
    """
    values = (learner(), datetime.now(UTC).isoformat(timespec="microseconds"), exercise, outcome)
    line = json.dumps(dict(zip(KEYS, values, strict=True)), ensure_ascii=False)
    try:
        with open(place(), "ab+") as file:
            leftovers.wait_for(file)
            file.write((b"\n" if _cut_off(file) else b"") + line.encode() + b"\n")
    except OSError as error:
        warnings.warn(
            f"Your progress could not be kept in {place()} ({error}). The exercise counts all the same; to keep it, "
            "set COURSE_PROGRESS to a file that you may write.",
            CourseWarning,
            stacklevel=3,
        )


def _cut_off(file):
    """Tell whether the last line of a file has no end, as after a crash: the next must not be joined to it."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def read(path=None):
    """Return what is in a file of attempts; nothing, if there is none yet.

    Parameters
    ----------
    path : str or Path, optional
        By default the learner's own.

    Returns
    -------
    Progress

    Raises
    ------
    CourseError
        If the file is there and cannot be read.
    """
    path = Path(path or place())
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise CourseError(
            f"Expected a file of exercises at {path}. It cannot be read: {error}. Mend that, or name "
            "another file in COURSE_PROGRESS."
        ) from error
    attempts, damaged = [], []
    for number, line in enumerate(lines, 1):
        line = line.removeprefix(codecs.BOM_UTF8)  # which some editors put at the front
        one = _attempt(line)
        if one:
            attempts.append(one)
        elif line.strip():
            damaged.append(number)
    return Progress(tuple(attempts), tuple(damaged))


def _attempt(line):
    """Return a line as a dict; None if it is damaged."""
    try:
        found = json.loads(line.decode())
        datetime.fromisoformat(found["when"])
        found["who"].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    known = set(found) == set(KEYS) and found["outcome"] in ("not yet", "correct")
    return found if known and re.fullmatch(r"\d\d\.\d+", str(found["exercise"])) else None


def table(exercises):
    """Return what the learner has done, as Markdown: a row for each notebook.

    Parameters
    ----------
    exercises : collection of str
        All there are, such as `checks.EXERCISES`.

    Raises
    ------
    CourseError
        If the file is there and cannot be read.
    """
    found, who, lines = read(), learner(), ["| notebook | exercises | done |", "| --- | --- | ---: |"]
    solved, tries = found.solved(who), found.tries(who)
    for number in sorted({name.split(".")[0] for name in exercises}):
        names = [name for name in exercises if name.split(".")[0] == number]
        marks = " ".join(f"{'✓' if name in solved else '✗' if name in tries else '·'} {name}" for name in names)
        lines.append(f"| {number} | {marks} | {sum(name in solved for name in names)} of {len(names)} |")
    return "\n".join([*lines, "", *_remarks(found, who)])


def _remarks(found, who):
    """Say what is odd about the file."""
    others = [name for name in found.learners if name != who]
    if others:
        yield f"Shown is {who}. The file also holds exercises of {', '.join(others)}; COURSE_LEARNER may name another."
    if found.damaged:
        yield (
            f"Of {place().name} these lines cannot be read: {', '.join(map(str, found.damaged))}. They are left as "
            "they are, and all others count."
        )
