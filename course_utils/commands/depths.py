"""Measure the strategies and the freeze depths, on a near and a far task, with few and with many pictures.

    python -m course_utils.commands.depths                   # drawn pictures; goes on where it was stopped
    python -m course_utils.commands.depths --task biopsy     # one task only: two terminals share the work
    python -m course_utils.commands.depths narrow            # a CourseNet of half the width (see `pretrain`)
    python -m course_utils.commands.depths photographs --pictures FOLDER    # with cats_vs_dogs and malaria_cells in it
    python -m course_utils.commands.depths --seconds --task garden    # then the training times, on an idle machine
    python -m course_utils.commands.depths --table           # only print the recorded tables

The learning rate is chosen for every depth, task and size on a quarter of the pictures, set aside. What is compared is
in `course_utils.comparisons`.
"""

import argparse
from pathlib import Path

from course_utils import data, measuring, variants
from course_utils.commands import scratch
from course_utils.comparisons import COMPARISONS, depths_table, recorded, strategies_table, strategy_at
from course_utils.quiet import keras


def case(name, task, n_samples, depth):
    """Return what is measured at one depth, as a `measuring.Case`."""
    comparison = COMPARISONS[name]
    strategy, freeze_depth = strategy_at(depth)
    options = {}
    if comparison.width != 1:
        options = {"width": comparison.width, "weights": variants.narrow_weights("guide", comparison.width)}
    epochs = comparison.epochs[task.name, n_samples]
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
    """Record how long training takes at every depth: three rounds of a short training, one of a long one."""
    rates = {depth: float(rows[0]["learning_rate"]) for depth, rows in recorded(name, task.name, n_samples).items()}
    for seed in range(3 if n_samples < 1000 else 1):
        for depth, rate in rates.items():
            keras.backend.clear_session()
            measuring.measure("depths_seconds", case(name, task, n_samples, depth), rate, [seed])


def main():
    """Measure what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="drawn", choices=COMPARISONS)
    parser.add_argument("--task", help="only this task; no table is printed")
    parser.add_argument("--pictures", type=Path, help="folder with the photographs")
    parser.add_argument("--seconds", action="store_true", help="only measure training times")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if arguments.name == "photographs" and not (arguments.pictures or arguments.table):
        parser.error("expected --pictures FOLDER, received none: say where cats_vs_dogs and malaria_cells are")
    comparison = COMPARISONS[arguments.name]
    for task_name, n_samples in () if arguments.table else comparison.epochs:
        if arguments.task in (None, task_name):
            folder = arguments.pictures
            task = data.folder_task(folder / task_name, 64) if folder else data.task(task_name)
            if arguments.seconds:
                measure_seconds(arguments.name, task, n_samples)
            else:
                for depth in comparison.depths:
                    measure(arguments.name, task, n_samples, depth)
    if arguments.task is None:
        print(depths_table(arguments.name))
        print(strategies_table(arguments.name) if "scratch" in comparison.depths else "")


if __name__ == "__main__":
    main()
