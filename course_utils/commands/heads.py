"""Measure classifier heads on the same kept features, by task and size, and linear SVMs behind earlier blocks.

    python -m course_utils.commands.heads                       # heads; goes on where it was stopped
    python -m course_utils.commands.heads earlier               # SVMs behind every block, for few pictures
    python -m course_utils.commands.heads photographs --pictures FOLDER    # the same: MobileNetV2 on photographs
    python -m course_utils.commands.heads --task biopsy         # one task only: two terminals share the work
    python -m course_utils.commands.heads --table               # only print the recorded tables

The base is frozen. Rates, and the C of SVMs, are chosen for each head, task and size on a quarter of the pictures, set
aside. For SVMs of scikit-learn the column learning_rate holds C; the SVM in Keras has the same C. What is compared is
in `course_utils.head_comparison`.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from course_utils import backbones, data, features, head_kinds, measuring
from course_utils.cards import Pictures
from course_utils.head_comparison import BACKBONE, EARLIER, EPOCHS, SEEDS, TASKS, earlier_table, strategy, table
from course_utils.head_runs import behind_blocks, run_once
from course_utils.rates import COSTS

# Seeds on which a rate is chosen: the fewer the validation pictures, the more.
TRIES = {64: 5, 256: 1, 4096: 1}
EARLIER_TRIES = {64: 2, 256: 1}
PHOTOGRAPHS = {"alpha": 0.35, "image_size": 96}  # the base for photographs, MobileNetV2


def featured(task):
    """Return a task with the feature maps of its pictures in place of the pictures."""
    base = backbones.load(BACKBONE)
    train, test = (features.extract(BACKBONE, base, part.images) for part in (task.train, task.test))
    return replace(task, train=Pictures(train, task.train.labels), test=Pictures(test, task.test.labels))


def more(run):
    """Return further columns of a run."""
    return {"parameters": run.history["parameters"][0], "confidence": f"{run.history['confidence'][0]:.4f}"}


def measure(task, n_samples):
    """Choose the rates and record the runs of every head that are not yet recorded."""
    costs = {}
    for name, head in head_kinds.HEADS.items():
        # Both SVMs have the same C: what is to be seen is the way in which the minimum is found.
        options = {"margin_cost": costs["linear SVM"]} if name == "SVM in Keras" else {}
        case = measuring.Case(strategy(name), task, n_samples, EPOCHS[n_samples], BACKBONE, None, options)
        tries = range(TRIES[n_samples])
        if head.solver:
            rate = costs[name] = measuring.choose_among("heads_rates", [case], tries, COSTS, run_once)
        else:
            rate = measuring.choose_rate("heads_rates", [case], tries, run_once, of_equals="smallest")
        measuring.measure("heads", case, rate, SEEDS, run_once, more)


def measure_earlier(name, task):
    """Do the same for linear SVMs behind every block."""
    backbone, options = ("MobileNetV2", PHOTOGRAPHS) if name == "photographs" else (BACKBONE, {})
    behind = behind_blocks(task, backbone, options, EARLIER[name].blocks)
    for block in EARLIER[name].blocks:
        for n_samples in EARLIER[name].sizes:
            case = measuring.Case(strategy("linear SVM"), behind[block], n_samples, 1, backbone, block, options)
            tries = range(EARLIER_TRIES[n_samples])
            cost = measuring.choose_among("heads_earlier_rates", [case], tries, COSTS, run_once)
            measuring.measure("heads_earlier", case, cost, SEEDS, run_once)


def main():
    """Measure what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="heads", choices=("heads", "earlier", "photographs"))
    parser.add_argument("--task", help="only this task; no table is printed")
    parser.add_argument("--pictures", type=Path, help="folder with the photographs")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if arguments.what == "photographs" and not (arguments.pictures or arguments.table):
        parser.error("expected --pictures FOLDER, received none: say where the photographs are")
    name = {"heads": None, "earlier": "drawn"}.get(arguments.what, arguments.what)
    tasks = EARLIER[name].tasks if name else TASKS
    for task_name in () if arguments.table else tasks:
        if arguments.task not in (None, task_name):
            continue
        if name:
            folder = arguments.pictures
            task = data.folder_task(folder / task_name, PHOTOGRAPHS["image_size"]) if folder else data.task(task_name)
            measure_earlier(name, task)
        else:
            task = featured(data.task(task_name))
            for n_samples in EPOCHS:
                measure(task, n_samples)
    if arguments.task is None:
        print(earlier_table(name) if name else table())


if __name__ == "__main__":
    main()
