"""Measure the strategies and the freeze depths, on a near and a far task, with few and with many pictures.

    python -m course_utils.commands.depths                   # drawn pictures; goes on where it was stopped
    python -m course_utils.commands.depths --tasks biopsy    # one task only: two terminals share the work
    python -m course_utils.commands.depths narrow            # a CourseNet of half the width (see `pretrain`)
    python -m course_utils.commands.depths photographs --pictures FOLDER    # with cats_vs_dogs and malaria_cells in it
    python -m course_utils.commands.depths --seconds         # then the training times, on an idle machine
    python -m course_utils.commands.depths --table           # only print the recorded tables

The learning rate is chosen for every depth, task and size on a quarter of the pictures, set aside. What is compared is
in `course_utils.comparisons`.
"""

import argparse
from pathlib import Path

from course_utils import data, measuring
from course_utils.commands import pretrain, scratch
from course_utils.comparisons import COMPARISONS, depths_table, recorded, strategies_table, strategy_at
from course_utils.quiet import keras

ROUNDS = 3  # of the training times: of the near task, since they do not depend on the task


def case(name, task, n_samples, depth):
    """Return what is measured at one depth, as a `measuring.Case`."""
    comparison = COMPARISONS[name]
    strategy, freeze_depth = strategy_at(depth)
    options = {}
    if comparison.width != 1:
        options = {"width": comparison.width, "weights": pretrain.narrow_weights("guide", comparison.width)}
    epochs = comparison.epochs[n_samples]
    return measuring.Case(strategy, task, n_samples, epochs, comparison.backbone, freeze_depth, options)


def tries(name, n_samples, depth):
    """Return the results file of the tries, and the seeds with which a rate is tried."""
    # From scratch, most tries on drawn pictures have been made already, by `commands.scratch`.
    file = "from_scratch_rates" if (name, depth) == ("drawn", "scratch") else "depths_rates"
    return file, range(2 if n_samples < 1000 else 1)  # small samples have few validation pictures


def measure(name, task, n_samples, depth):
    """Choose the rate and record the runs of one depth that are not yet recorded."""
    keras.backend.clear_session()  # the networks of the depth before
    wanted = case(name, task, n_samples, depth)
    file, seeds = tries(name, n_samples, depth)
    rate = measuring.choose_rate(file, [wanted], seeds)
    measuring.measure("depths", wanted, rate, scratch.seeds(n_samples))


def measure_seconds(name, task, n_samples):
    """Record how long training takes at every depth: in rounds, so that a slow spell of the machine meets them all."""
    rates = {depth: float(rows[0]["learning_rate"]) for depth, rows in recorded(name, task.name, n_samples).items()}
    for seed in range(ROUNDS):
        for depth, rate in rates.items():
            keras.backend.clear_session()
            measuring.measure("depths_seconds", case(name, task, n_samples, depth), rate, [seed])


def main():
    """Measure what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="drawn", choices=COMPARISONS)
    parser.add_argument("--tasks", nargs="+", help="only these tasks; no table is printed")
    parser.add_argument("--pictures", type=Path, help="folder with the photographs")
    parser.add_argument("--seconds", action="store_true", help="only measure training times")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    comparison = COMPARISONS[arguments.name]
    for n_samples in () if arguments.table else comparison.epochs:
        for task_name in comparison.tasks[:1] if arguments.seconds else arguments.tasks or comparison.tasks:
            folder = arguments.pictures
            task = data.folder_task(folder / task_name, 64) if folder else data.task(task_name)
            if arguments.seconds:
                measure_seconds(arguments.name, task, n_samples)
                continue
            for depth in comparison.depths:
                measure(arguments.name, task, n_samples, depth)
    if not arguments.tasks:
        print(depths_table(arguments.name))
        print(strategies_table(arguments.name) if "scratch" in comparison.depths else "")


if __name__ == "__main__":
    main()
