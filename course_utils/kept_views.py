"""What kept views of augmented pictures are worth: what is compared, and what was recorded (see `commands.views`)."""

from course_utils import comparisons, metrics, records

FROZEN = ("block2", "all")
# Shown -> how pictures are changed: not at all, in so many kept views, or anew in every epoch.
WAYS = {
    "no augmentation": None,
    "1 kept view": 1,
    "5 kept views": 5,
    "25 kept views": 25,
    "new views, nothing kept": "new",
}
PLAIN = "no augmentation"
# The results of the control: pictures are mirrored, and turned by quarters, so that pixels only move.
QUARTER = "views_quarter"


def recorded(frozen, way, name="views"):
    """Return the recorded rows of a freeze depth and a way, in the order of their seeds."""
    rows = records.select(records.read(name), freeze_depth=frozen, views=way)
    return sorted(rows, key=lambda row: int(row["seed"]))


def accuracies(frozen, way, column="accuracy", name="views"):
    """Return the accuracies of a freeze depth and a way, one a seed, in percent."""
    return comparisons.percent(recorded(frozen, way, name), column)


def difference(frozen, first, second, name="views"):
    """Return by how many points one way beats another: mean and half the width of the 95 % interval, paired.

    Parameters
    ----------
    frozen : {"block2", "all"}
    first, second : str
        Ways of `WAYS`.
    name : {"views", "views_quarter"}
        Where the first was recorded; the second is always taken from "views".
    """
    return metrics.paired_difference(accuracies(frozen, first, name=name), accuracies(frozen, second))


def table():
    """Return what was recorded as a table in Markdown: mean and 95 % interval over seeds, and seconds of training."""
    lines = ["| frozen | pictures are changed | test accuracy (%) | training accuracy (%) | seconds |"]
    lines.append("| --- " * 5 + "|")
    for frozen in FROZEN:
        for way in WAYS:
            parts = [_cell(accuracies(frozen, way, column)) for column in ("accuracy", "train_accuracy")]
            timed = recorded(frozen, way, "views_seconds")
            seconds = sum(float(row["seconds"]) for row in timed) / len(timed)
            lines.append(f"| {_shown(frozen)} | {way} | {' | '.join(parts)} | {seconds:.0f} |")
    return "\n".join(lines)


def quarter_table():
    """Return the control as a table in Markdown: test accuracy by both kinds of turn, and quarters against none."""
    columns = "frozen", "pictures are changed", "by any angle (%)", "by quarters (%)", "quarters minus none (points)"
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for frozen in FROZEN:
        for way in list(WAYS)[1:]:
            cells = [_cell(accuracies(frozen, way, name=name)) for name in ("views", QUARTER)]
            cells.append("{:+.1f} ± {:.1f}".format(*difference(frozen, way, PLAIN, QUARTER)))
            lines.append(f"| {_shown(frozen)} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _shown(frozen):
    """Return what a freeze depth is called in a table."""
    return "the base" if frozen == "all" else f"to {frozen}"


def _cell(values):
    """Return a mean and its 95 % interval as text."""
    return "{:.1f} ± {:.1f}".format(*metrics.mean_interval(values))
