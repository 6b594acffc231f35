"""Measure what augmentation brings, by pair of source and target, number of pictures, and strategy.

    python -m course_utils.commands.augmentation_gain                # goes on where it was stopped
    python -m course_utils.commands.augmentation_gain --pair far     # one pair only: two terminals share the work
    python -m course_utils.commands.augmentation_gain --longer       # only the runs with more epochs
    python -m course_utils.commands.augmentation_gain --table        # only print the recorded tables

Every way has the same pictures and epochs. Its learning rate is chosen for each pair, size and strategy, with and
without augmentation, on a quarter of the pictures, set aside and never changed; runs with more epochs have the rates of
those with fewer. What is compared, and by which rules it is judged, is in `course_utils.augmentation_gain`; the readers
of what was recorded are there and in `course_utils.augmentation_verdicts`.
"""

import argparse
from dataclasses import replace

from course_utils import augmentation_gain, augmentation_verdicts, data, measuring
from course_utils.augmentation_gain import EPOCHS, PAIRS, SEEDS, STRATEGIES, files, layers, named
from course_utils.quiet import keras

# Seeds on which a rate is chosen: the fewer the validation pictures, the more.
TRIES = {64: 2, 256: 2, 1024: 1}


def case(pair, key, n_samples, augmented, task):
    """Return what is measured, as a `measuring.Case`."""
    depth = pair.depth if key == 2 else None
    return measuring.Case(named(key, augmented), task, n_samples, EPOCHS[n_samples], pair.backbone, depth)


def run_once(wanted, rate, seed):
    """Train as a case says, with augmentation if its strategy is named so; return the Run."""
    keras.backend.clear_session()  # the network before
    if "with augmentation" in wanted.strategy.name:
        wanted = replace(wanted, options=wanted.options | {"augmentation": layers(wanted.task.name)})
    return measuring.run_once(wanted, rate, seed)


def measure(pair, n_samples):
    """Choose the rates and record the runs of one pair and size that are not yet recorded."""
    task = data.task(pair.task)
    for key in STRATEGIES[n_samples]:
        if key == 1 and pair.backbone != "coursenet_guide":
            continue  # random weights have no source: these runs are those of the pair "far"
        for augmented in (False, True):
            wanted = case(pair, key, n_samples, augmented, task)
            runs, tries = files(pair, key, n_samples, augmented)
            rate = measuring.choose_rate(tries, [wanted], range(TRIES[n_samples]), run_once)
            measuring.measure(runs, wanted, rate, SEEDS[n_samples], run_once)


def measure_longer():
    """Record the runs with more epochs, at the rates that were chosen for fewer."""
    for seed in augmentation_gain.LONGER_SEEDS:
        for key in augmentation_gain.LONGER_STRATEGIES:
            for augmented in (True, False):
                rows = augmentation_gain.recorded("far", 256, key, augmented)
                wanted = case(PAIRS["far"], key, 256, augmented, data.task("biopsy"))
                wanted = replace(wanted, epochs=augmentation_gain.LONGER)
                measuring.measure("augmentation_gain", wanted, float(rows[0]["learning_rate"]), [seed], run_once)


def main():
    """Measure what is missing, the small sizes first, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pair", choices=PAIRS, help="only this pair; no table is printed")
    parser.add_argument("--most", type=int, default=max(EPOCHS), help="only up to so many pictures")
    parser.add_argument("--longer", action="store_true", help="only the runs with more epochs; no table is printed")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if arguments.longer:
        measure_longer()
        return
    for n_samples in () if arguments.table else EPOCHS:
        for name, pair in PAIRS.items():
            if arguments.pair in (None, name) and n_samples in pair.sizes and n_samples <= arguments.most:
                measure(pair, n_samples)
    if arguments.pair is None:
        for table in ("table", "longer_table", "collecting_table"):
            print(getattr(augmentation_verdicts, table)(), end="\n\n")


if __name__ == "__main__":
    main()
