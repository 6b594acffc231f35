"""Measure what kept views of augmented pictures are worth: accuracy and time, against no augmentation and new views.

    python -m course_utils.commands.views                   # goes on where it was stopped
    python -m course_utils.commands.views --frozen block2   # one freeze depth only: two terminals share the work
    python -m course_utils.commands.views --quarter         # the control: mirrored, and turned by quarters
    python -m course_utils.commands.views --seconds         # then the training times, on an idle machine
    python -m course_utils.commands.views --table           # only print the recorded tables

The task is biopsy with 256 pictures, far from the field guide, with the learning rates that `commands.depths` chose
without augmentation. Tissue has no up and no down, so turns keep the class, and mirroring would. (No slide is mirrored
in these runs: Keras's `RandomFlip("horizontal_and_vertical")` flips in both directions or in none, half a turn.) What
is compared, and the readers of what was recorded, are in `course_utils.kept_views`.

A turn by any angle interpolates: it computes pixels between the old ones. It also puts a mirror image into the corners.
Whether that is what a frozen base suffers from, a control says: slides are mirrored, and turned by 0, 90, 180 or 270
degrees. That moves pixels, and computes none.
"""

import argparse
import tempfile
from pathlib import Path

from course_utils import comparisons, data, features, measuring, records, store, training
from course_utils.kept_views import FROZEN, QUARTER, WAYS, quarter_table, recorded, table
from course_utils.quiet import keras

__all__ = ["FROZEN", "WAYS", "recorded", "table"]  # of `course_utils.kept_views`, for whoever has the command

TASK, N_SAMPLES = "biopsy", 256
EPOCHS = comparisons.COMPARISONS["drawn"].epochs[TASK, N_SAMPLES]
SEEDS = range(3)


class QuarterTurn(keras.layers.Layer):
    """Turn every picture of a batch by 0, 90, 180 or 270 degrees: pixels move, and none is interpolated."""

    def __init__(self):
        super().__init__()
        self.seed_generator = keras.random.SeedGenerator(0)

    def call(self, images, training=False):
        """Return the turned pictures; without `training`, the pictures."""
        if not training:
            return images
        turns = keras.random.randint((keras.ops.shape(images)[0], 1, 1, 1), 0, 4, seed=self.seed_generator)
        turned = images
        for number in (1, 2, 3):
            turned = keras.ops.where(turns == number, keras.ops.rot90(images, number, axes=(1, 2)), turned)
        return turned


def layers(quarter=False):
    """Return the augmentation: turns by any angle; or mirroring, and turns by quarters."""
    if quarter:
        return keras.Sequential([keras.layers.RandomFlip("horizontal"), QuarterTurn()])
    flip = keras.layers.RandomFlip("horizontal_and_vertical")  # half a turn, or none: it adds nothing to the next
    return keras.Sequential([flip, keras.layers.RandomRotation(0.5, fill_mode="reflect")])


def train(task, frozen, way, seed, quarter=False):
    """Train once; return the Run."""
    keras.backend.clear_session()  # the network before
    strategy, depth = comparisons.strategy_at(frozen)
    settings = {"epochs": EPOCHS, "freeze_depth": depth, "seed": seed, "progress": False}
    settings["learning_rate"] = float(comparisons.recorded("drawn", TASK, N_SAMPLES)[frozen][0]["learning_rate"])
    if WAYS[way] is not None:
        settings["augmentation"] = layers(quarter)
    if isinstance(WAYS[way], int):
        settings |= {"views": WAYS[way], "reuse_views": True}
    return training.train(strategy, "coursenet_guide", task, N_SAMPLES, **settings)


def measure(name, frozen, seeds, ways=WAYS):
    """Record the runs that are not yet recorded."""
    task = data.task(TASK)
    done = {(row["freeze_depth"], row["views"], int(row["seed"])) for row in measuring.recorded(name)}
    for way in ways:
        for seed in seeds:
            if (frozen, way, seed) not in done:
                features.forget()  # those of another way would save time
                run = train(task, frozen, way, seed, quarter=name == QUARTER)
                records.append(name, records.row(run) | {"views": way})
                print(frozen, way, seed, f"{run.test_accuracy:.3f}", f"{run.seconds:.1f} s", flush=True)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frozen", choices=FROZEN, help="only this freeze depth; no table is printed")
    parser.add_argument("--quarter", action="store_true", help="only measure the control")
    parser.add_argument("--seconds", action="store_true", help="only measure training times")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    name, seeds, ways = ("views_seconds", range(2), WAYS) if arguments.seconds else ("views", SEEDS, WAYS)
    if arguments.quarter:
        name, seeds, ways = QUARTER, SEEDS, list(WAYS)[1:]  # without augmentation it is as recorded
    with tempfile.TemporaryDirectory() as place:
        store.FOLDER = Path(place)  # so that no one else's features are forgotten
        for frozen in () if arguments.table else FROZEN:
            if arguments.frozen in (None, frozen):
                measure(name, frozen, seeds, ways)
    if arguments.frozen is None:
        print(table())
        print(quarter_table())


if __name__ == "__main__":
    main()
