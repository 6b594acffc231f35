"""Measure what kept views of augmented pictures are worth: accuracy and time, against no augmentation and new views.

    python -m course_utils.commands.views                   # goes on where it was stopped
    python -m course_utils.commands.views --frozen block2   # one freeze depth only: two terminals share the work
    python -m course_utils.commands.views --seconds         # then the training times, on an idle machine
    python -m course_utils.commands.views --table           # only print the recorded table

The task is biopsy with 256 pictures, far from the field guide, with the learning rates that `commands.depths` chose
without augmentation. Tissue has no up and no down, so flips and turns keep the class. What is compared, and the readers
of what was recorded, are in `course_utils.kept_views`.
"""

import argparse
import tempfile
from pathlib import Path

from course_utils import comparisons, data, features, measuring, records, store, training
from course_utils.kept_views import FROZEN, WAYS, recorded, table
from course_utils.quiet import keras

__all__ = ["FROZEN", "WAYS", "recorded", "table"]  # of `course_utils.kept_views`, for whoever has the command

TASK, N_SAMPLES = "biopsy", 256
EPOCHS = comparisons.COMPARISONS["drawn"].epochs[TASK, N_SAMPLES]
SEEDS = range(3)


def layers():
    """Return the augmentation: flips and turns by any angle."""
    flip = keras.layers.RandomFlip("horizontal_and_vertical")
    return keras.Sequential([flip, keras.layers.RandomRotation(0.5, fill_mode="reflect")])


def train(task, frozen, way, seed):
    """Train once; return the Run."""
    keras.backend.clear_session()  # the network before
    strategy, depth = comparisons.strategy_at(frozen)
    settings = {"epochs": EPOCHS, "freeze_depth": depth, "seed": seed, "progress": False}
    settings["learning_rate"] = float(comparisons.recorded("drawn", TASK, N_SAMPLES)[frozen][0]["learning_rate"])
    if WAYS[way] is not None:
        settings["augmentation"] = layers()
    if isinstance(WAYS[way], int):
        settings |= {"views": WAYS[way], "reuse_views": True}
    return training.train(strategy, "coursenet_guide", task, N_SAMPLES, **settings)


def measure(name, frozen, seeds):
    """Record the runs that are not yet recorded."""
    task = data.task(TASK)
    done = {(row["freeze_depth"], row["views"], int(row["seed"])) for row in measuring.recorded(name)}
    for way in WAYS:
        for seed in seeds:
            if (frozen, way, seed) not in done:
                features.forget()  # those of another way would save time
                run = train(task, frozen, way, seed)
                records.append(name, records.row(run) | {"views": way})
                print(frozen, way, seed, f"{run.test_accuracy:.3f}", f"{run.seconds:.1f} s", flush=True)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frozen", choices=FROZEN, help="only this freeze depth; no table is printed")
    parser.add_argument("--seconds", action="store_true", help="only measure training times")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    name, seeds = ("views_seconds", range(2)) if arguments.seconds else ("views", SEEDS)
    with tempfile.TemporaryDirectory() as place:
        store.FOLDER = Path(place)  # so that no one else's features are forgotten
        for frozen in () if arguments.table else FROZEN:
            if arguments.frozen in (None, frozen):
                measure(name, frozen, seeds)
    if arguments.frozen is None:
        print(table())


if __name__ == "__main__":
    main()
