"""What a sweep has done so far: every run is a row on disk as soon as it ends, and none is recorded twice."""

import threading

from course_utils import records, sweep_plan
from course_utils.cards import CourseError

RUNS, TRIES, FAILED = "sweep", "sweep_tries", "sweep_failed"
# Other commands measured some of the same runs before, by the same protocol. They are read and not repeated.
EARLIER_RUNS = ("depths", "from_scratch", "augmentation_gain", "sources", "heads_earlier")
EARLIER_TRIES = tuple(f"{name}_rates" for name in EARLIER_RUNS)
_IDENTITY = ("backbone", "source", "task", "image_size", "n_samples", "strategy", "freeze_depth", "epochs")


class NotRecorded(CourseError):
    """What was measured cannot be written down: to measure more would be in vain."""


class Ledger:
    """The recorded runs and tries of sweeps; threads may share it.

    Attributes
    ----------
    new : int
        Rows recorded through this object.
    """

    def __init__(self):
        self.new, self._lock = 0, threading.Lock()
        self._known = {key: row for key, row in self._rows()}

    def find(self, job):
        """Return the recorded row of a job, or None."""
        return self._known.get(_job_key(job))

    def add(self, job, row):
        """Record the row of a job, unless another sweep did so meanwhile; return the row that counts.

        Raises
        ------
        CourseError
            If it is the row of another job.
        NotRecorded
            If the file cannot be written.
        """
        name, key = TRIES if job.trying else RUNS, _job_key(job)
        if _row_key(row, job.trying) != key:
            raise CourseError(f"Expected the row of {job}. A worker of another version sent {row}.")

        def counted(rows):
            for other in rows:
                if not _problem(other):  # whoever damaged the file meanwhile: this run is kept all the same
                    self._known.setdefault(_row_key(other, job.trying), other)
            return self._known.get(key)

        with self._lock:
            kept = _append(name, row, counted)
            self.new += kept is row
            return self._known.setdefault(key, kept)

    def fail(self, job, error):
        """Record that a job failed, and why."""
        values = sweep_plan.identity(job.cell, job.depth)
        values |= {"learning_rate": job.rate, "seed": job.seed, "what": "try" if job.trying else "run"}
        with self._lock:
            _append(FAILED, values | {"error": " ".join(f"{type(error).__name__}: {error}".split())})

    def _rows(self):
        for names, trying in (((TRIES, *EARLIER_TRIES), True), ((RUNS, *EARLIER_RUNS), False)):
            for name in reversed(names):  # what the sweep itself recorded counts more
                for row in checked(name):
                    yield _row_key(row, trying), row


def _append(name, values, *counted):
    """Add a row to a results file; see `records.append`."""
    try:
        return records.append(name, values, *counted)
    except OSError as error:
        raise NotRecorded(f"Expected to write to {records.path(name)}. It cannot be written: {error}.") from error


def checked(name):
    """Return the rows of a results file, none if there is no file yet; refuse what cannot be told apart.

    Raises
    ------
    CourseError
        If the file has other columns, a damaged line, or a run twice.
    """
    if not records.path(name).is_file():
        return []
    rows, seen = records.read(name), set()
    for number, row in enumerate(rows, start=2):
        problem = _problem(row)
        if problem:
            raise CourseError(
                f"Expected the columns {', '.join(records.COLUMNS)} in {records.path(name)}. Line {number} {problem}: "
                "it is damaged, or of another version. Remove the line, or move the file away."
            )
        key = _row_key(row, False)
        if key in seen and name in (RUNS, TRIES):
            raise CourseError(
                f"Expected every run once in {records.path(name)}. Line {number} repeats an earlier one. Remove it."
            )
        seen.add(key)
    return rows


def _problem(row):
    """Say what is wrong with a row; nothing if it can be used."""
    missing = [column for column in records.COLUMNS if row.get(column) is None]
    if missing:
        return f"lacks {', '.join(missing)}"
    if None in row:
        return f"has {len(row[None])} values too many"
    for column in ("learning_rate", "seed", "accuracy"):
        try:
            float(row[column])
        except ValueError:
            return f"has {row[column]!r} for {column}"
    return ""


def _row_key(row, trying):
    """Return what tells a row apart from all others."""
    return *(str(row[column]) for column in _IDENTITY), float(row["learning_rate"]), int(row["seed"]), trying


def _job_key(job):
    """Return the same of a job."""
    identity = sweep_plan.identity(job.cell, job.depth)
    return *(identity[column] for column in _IDENTITY), job.rate, job.seed, job.trying
