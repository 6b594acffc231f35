"""Measure the strategies and every freeze depth, on a near and a far task, with few and with many pictures.

    python -m course_utils.commands.depths            # goes on where it was stopped
    python -m course_utils.commands.depths biopsy     # one task only: two terminals share the work
    python -m course_utils.commands.depths --narrow   # the same for a CourseNet of half the width (see `pretrain`)
    python -m course_utils.commands.depths --table    # print the recorded tables

CourseNet pre-trained on the guide; garden (near) and biopsy (far); 256 and 4,096 pictures. Nothing frozen is warm
start, blocks 1 to 4 frozen are strategy 2, the whole base frozen is strategy 3; beside them strategy 1, from scratch.
Epochs and seeds are those of `commands.scratch`. The learning rate is chosen for every depth, task and size.
"""

import argparse

from course_utils import data, measuring, metrics, networks, records, strategies
from course_utils.commands import pretrain, scratch
from course_utils.quiet import keras

BACKBONE = "coursenet_guide"
NARROW = 0.5
TASKS = ("garden", "biopsy")
SIZES = (256, 4096)
DEPTHS = ("scratch", "none", "block1", "block2", "block3", "block4", "all")


def strategy_at(depth):
    """Return the strategy that freezes so much, and the depth to name for it."""
    whole = {"scratch": 1, "none": "warm start", "all": 3}
    return (strategies.find(whole[depth]), None) if depth in whole else (strategies.find(2), depth)


def options(width):
    """Return what `training.train` needs to know of a width."""
    return {} if width == 1 else {"width": width, "weights": pretrain.narrow_weights("guide", width)}


def measure(task, n_samples, depth, width):
    """Choose the rate and record the runs of one depth that are not yet recorded."""
    keras.backend.clear_session()  # the networks of the depth before
    strategy, freeze_depth = strategy_at(depth)
    epochs = scratch.EPOCHS[n_samples]
    wanted = measuring.Case(strategy, task, n_samples, epochs, BACKBONE, freeze_depth, options(width))
    # From scratch most tries have been made already, by `commands.scratch`.
    tries = "from_scratch_rates" if depth == "scratch" and width == 1 else "depths_rates"
    rate = measuring.choose_rate(tries, [wanted], range(scratch.TRIES[n_samples]))
    measuring.measure("depths", wanted, rate, scratch.seeds(n_samples))


def recorded(task, n_samples, width=1):
    """Return the recorded rows of a task and size: a dict of every depth to a list of rows."""
    backbone = networks.label(BACKBONE, options(width))
    rows = records.select(records.read("depths"), backbone=backbone, task=task, n_samples=n_samples)
    found = {}
    for depth in DEPTHS:
        strategy, freeze_depth = strategy_at(depth)
        wanted = {"strategy": strategy.name, "freeze_depth": freeze_depth or strategy.freeze}
        found[depth] = records.select(rows, **wanted)
    return found


def curves(task, n_samples, width=1):
    """Return what was measured at every depth.

    Returns
    -------
    dict of str to dict of str to (float, float)
        Depth -> "test" and "train" accuracy in percent, and "seconds": mean, and half the width of its 95 % interval.
    """
    columns = {"test": ("accuracy", 100), "train": ("train_accuracy", 100), "seconds": ("seconds", 1)}
    return {
        depth: {
            name: metrics.mean_interval([factor * float(row[column]) for row in rows])
            for name, (column, factor) in columns.items()
        }
        for depth, rows in recorded(task, n_samples, width).items()
    }


def table(width=1):
    """Return the recorded test accuracies as a table in Markdown: mean and 95 % interval over seeds, in percent."""
    lines = ["| task | pictures | " + " | ".join(DEPTHS) + " |", "| --- " * (len(DEPTHS) + 2) + "|"]
    for task in TASKS:
        for n_samples in SIZES:
            cells = []
            for rows in recorded(task, n_samples, width).values():
                mean, half = metrics.mean_interval([100 * float(row["accuracy"]) for row in rows])
                cells.append(f"{mean:.1f} ± {half:.1f}")
            lines.append(f"| {task} | {n_samples:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", default=TASKS, metavar="TASK", help=f"which tasks: {', '.join(TASKS)}")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    parser.add_argument("--narrow", action="store_true", help=f"measure a CourseNet of width {NARROW}")
    arguments = parser.parse_args()
    width = NARROW if arguments.narrow else 1
    if not arguments.table:
        for n_samples in SIZES:
            for name in arguments.tasks:
                for depth in DEPTHS:
                    measure(data.task(name), n_samples, depth, width)
    print(table(width))


if __name__ == "__main__":
    main()
