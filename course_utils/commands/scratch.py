"""Measure how hard the target tasks are from scratch: the only results on which their drawings were settled.

    python -m course_utils.commands.scratch            # all tasks; goes on where it was stopped
    python -m course_utils.commands.scratch --table    # print the recorded table

CourseNet is trained from random weights on 64 to 4,096 pictures. At each size one learning rate is chosen for the three
tasks together, on a quarter of the pictures, set aside for that. Then all pictures are used and the test pictures are
looked at. (Some sizes were measured again with other settings: see data/README.md.)
"""

import argparse

from course_utils import data, measuring, metrics, records, strategies

# Epochs by number of pictures: enough to know them almost by heart.
EPOCHS = {64: 100, 256: 25, 1024: 20, 4096: 10}
SIZES = tuple(EPOCHS)
# Seeds on which a rate is chosen: the fewer the validation pictures, the more.
TRIES = {64: 5, 256: 2, 1024: 1, 4096: 1}


def seeds(n_samples):
    """Return the seeds of a size: fewer where a run is long."""
    return range(5 if n_samples < 1000 else 3)


def cases(n_samples):
    """Return what is measured at a size: a case for each task."""
    return [measuring.Case(strategies.find(1), data.task(name), n_samples, EPOCHS[n_samples]) for name in data.TASKS]


def choose_rate(n_samples):
    """Return the rate that the recorded tries choose, trying what is not yet recorded."""
    return measuring.choose_rate("from_scratch_rates", cases(n_samples), range(TRIES[n_samples]))


def table(rows):
    """Return the from-scratch table in Markdown: a row per size, mean and 95 % interval over seeds, in percent."""
    lines = ["| pictures | " + " | ".join(data.TASKS) + " |", "| --- " * (len(data.TASKS) + 1) + "|"]
    for n_samples in SIZES:
        cells = []
        for name in data.TASKS:
            chosen = records.select(rows, task=name, n_samples=n_samples)
            mean, half_width = metrics.mean_interval([100 * float(row["accuracy"]) for row in chosen])
            cells.append(f"{mean:.1f} ± {half_width:.1f}")
        lines.append(f"| {n_samples:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    if not parser.parse_args().table:
        for n_samples in SIZES:
            rate = choose_rate(n_samples)
            for case in cases(n_samples):
                measuring.measure("from_scratch", case, rate, seeds(n_samples))
    print(table(records.read("from_scratch")))


if __name__ == "__main__":
    main()
