"""Measure the strategies and every freeze depth, on a near and a far task, with few and with many pictures.

    python -m course_utils.commands.depths            # goes on where it was stopped
    python -m course_utils.commands.depths --table    # print the recorded table

CourseNet pre-trained on the guide; garden (near) and biopsy (far); 256 and 4,096 pictures. Nothing frozen is warm
start, blocks 1 to 4 frozen are strategy 2, the whole base frozen is strategy 3. Epochs, learning rates and seeds follow
the protocol of `commands.scratch`, whose runs are strategy 1. The learning rate is chosen for every depth.
"""

import argparse

from course_utils import data, measuring, metrics, records, strategies
from course_utils.commands import scratch

TASKS = ("garden", "biopsy")
SIZES = (256, 4096)
DEPTHS = ("none", "block1", "block2", "block3", "block4", "all")


def strategy_at(depth):
    """Return the strategy that freezes so much of a pre-trained base, and the depth to name for it."""
    if depth in ("none", "all"):
        return strategies.find("warm start" if depth == "none" else 3), None
    return strategies.find(2), depth


def case(task, n_samples, depth):
    """Return what is measured at one depth."""
    strategy, freeze_depth = strategy_at(depth)
    return measuring.Case(strategy, task, n_samples, scratch.EPOCHS[n_samples], freeze_depth=freeze_depth)


def measure(task, n_samples, depth):
    """Choose the rate and record the runs of one depth that are not yet recorded."""
    wanted = case(task, n_samples, depth)
    rate = measuring.choose_rate("depths_rates", [wanted], range(scratch.TRIES[n_samples]))
    measuring.measure("depths", wanted, rate, scratch.seeds(n_samples))


def recorded(task, n_samples):
    """Return the recorded rows of a task and size: a dict of "scratch" and of every depth to a list of rows."""
    rows = records.select(records.read("depths"), task=task, n_samples=n_samples)
    found = {"scratch": records.select(records.read("from_scratch"), task=task, n_samples=n_samples)}
    return found | {depth: records.select(rows, freeze_depth=depth) for depth in DEPTHS}


def table():
    """Return the recorded test accuracies as a table in Markdown: mean and 95 % interval over seeds, in percent."""
    lines = ["| task | pictures | from scratch | " + " | ".join(DEPTHS) + " |", "| --- " * (len(DEPTHS) + 3) + "|"]
    for task in TASKS:
        for n_samples in SIZES:
            cells = []
            for rows in recorded(task, n_samples).values():
                mean, half = metrics.mean_interval([100 * float(row["accuracy"]) for row in rows])
                cells.append(f"{mean:.1f} ± {half:.1f}")
            lines.append(f"| {task} | {n_samples:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    if not parser.parse_args().table:
        for n_samples in SIZES:
            for name in TASKS:
                for depth in DEPTHS:
                    measure(data.task(name), n_samples, depth)
    print(table())


if __name__ == "__main__":
    main()
