"""Recorded results: one row per training run, in `data/results/*.csv`."""

import csv
import io
import platform
from importlib.metadata import packages_distributions, version
from pathlib import Path

from course_utils import DATA, leftovers
from course_utils.cards import CourseError

CPUINFO = Path("/proc/cpuinfo")  # where Linux describes the processors
COLUMNS = (
    "backbone",
    "source",
    "task",
    "image_size",
    "n_samples",
    "strategy",
    "freeze_depth",
    "epochs",
    "learning_rate",
    "seed",
    "train_accuracy",
    "accuracy",
    "seconds",
    "versions",
    "processor",
)


def row(run):
    """Return one run as a dict with the columns of a results file.

    Parameters
    ----------
    run : Run
    """
    values = (
        run.backbone,
        run.source,
        run.task,
        run.image_size,
        run.n_samples,
        run.strategy,
        run.freeze_depth,
        run.epochs,
        run.learning_rate,
        run.seed,
        f"{run.train_accuracy:.4f}",
        f"{run.test_accuracy:.4f}",
        f"{run.seconds:.1f}",
        versions(),
        processor(),
    )
    return dict(zip(COLUMNS, values, strict=True))


def versions():
    """Return the versions of what decides a result, as one line of text."""
    names = {name.replace("_", "-") for name in packages_distributions()["tensorflow"]} & {
        "tensorflow",
        "tensorflow-cpu",
    }
    packages = [*sorted(names), "keras", "numpy"]
    return ", ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)])


def processor():
    """Return the name of this machine's processor, such as "AMD EPYC", or "AMD EPYC, AVX-512".

    Rented machines of different speed have one name; whether they know AVX-512 tells some of them apart.
    """
    try:
        lines = [line.partition(":") for line in CPUINFO.read_text().splitlines()]
    except OSError:
        lines = []
    told = {key.strip(): value.strip() for key, _, value in reversed(lines)}  # each processor's; the first counts
    if not told.get("model name"):
        return platform.processor() or platform.machine()
    return told["model name"] + (", AVX-512" if "avx512f" in told.get("flags", "").split() else "")


def path(name):
    """Return where the results of that name are."""
    return DATA / "results" / f"{name}.csv"


def append(name, values, counted=lambda rows: None):
    """Add a row to a results file; it is on disk when this returns. A new file gets the columns of its first row.

    Parameters
    ----------
    name : str
    values : dict
        Column -> value.
    counted : callable, optional
        Gets the rows that are there, while no other process may write. A row that it returns counts, and none is added.

    Returns
    -------
    dict
        The row that counts.
    """
    path(name).parent.mkdir(parents=True, exist_ok=True)
    with open(path(name), "a+", newline="", encoding="utf-8") as file:
        leftovers.wait_for(file)
        file.seek(0)
        text = file.read()
        found = counted(list(csv.DictReader(io.StringIO(text))))
        if found is not None:
            return found
        header = next(csv.reader(io.StringIO(text)), None)
        writer = csv.DictWriter(file, header or values, lineterminator="\n")
        if header is None:
            writer.writeheader()
        elif not text.endswith("\n"):  # somebody's editor, or a program that was killed
            file.write("\n")
        writer.writerow(values)
    return values


def read(name):
    """Return the rows of a results file as a list of dicts of text.

    Raises
    ------
    CourseError
        If the file is missing.
    """
    if not path(name).is_file():
        raise CourseError(
            f"Expected recorded results in data/results/{name}.csv. The file is missing. "
            f"`git checkout data/results/{name}.csv` brings it back; if you downloaded a zip, unpack it again."
        )
    with open(path(name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def select(rows, **wanted):
    """Return the rows whose columns have the wanted values, compared as text."""
    return [row for row in rows if all(row[column] == str(value) for column, value in wanted.items())]
