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


def recorded(frozen, way, name="views"):
    """Return the recorded rows of a freeze depth and a way, in the order of their seeds."""
    rows = records.select(records.read(name), freeze_depth=frozen, views=way)
    return sorted(rows, key=lambda row: int(row["seed"]))


def accuracies(frozen, way, column="accuracy"):
    """Return the accuracies of a freeze depth and a way, one a seed, in percent."""
    return comparisons.percent(recorded(frozen, way), column)


def difference(frozen, first, second):
    """Return by how many points one way beats another: mean and half the width of the 95 % interval, paired."""
    return metrics.paired_difference(accuracies(frozen, first), accuracies(frozen, second))


def table():
    """Return what was recorded as a table in Markdown: mean and 95 % interval over seeds, and seconds of training."""
    lines = ["| frozen | pictures are changed | test accuracy (%) | training accuracy (%) | seconds |"]
    lines.append("| --- " * 5 + "|")
    for frozen in FROZEN:
        for way in WAYS:
            columns = ("accuracy", "train_accuracy")
            parts = [
                "{:.1f} ± {:.1f}".format(*metrics.mean_interval(accuracies(frozen, way, column))) for column in columns
            ]
            timed = recorded(frozen, way, "views_seconds")
            seconds = sum(float(row["seconds"]) for row in timed) / len(timed)
            shown = "the base" if frozen == "all" else f"to {frozen}"
            lines.append(f"| {shown} | {way} | {' | '.join(parts)} | {seconds:.0f} |")
    return "\n".join(lines)
