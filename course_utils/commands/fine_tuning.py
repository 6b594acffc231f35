"""Measure what notebook 03 shows: forgetting by learning rate, and four ways to fine-tune, also under shifts.

    python -m course_utils.commands.fine_tuning                  # both; goes on where it was stopped
    python -m course_utils.commands.fine_tuning --task biopsy    # one task only: two terminals share the work
    python -m course_utils.commands.fine_tuning --table          # only print the recorded tables

What is compared is in `course_utils.fine_tuning`. For forgetting, rates are given; for the ways, the rate is chosen for
each way and task on a quarter of the pictures, set aside.
"""

import argparse

from course_utils import backbones, batch_norm, data, fitting, manifest, measuring, records
from course_utils.fine_tuning import (
    BACKBONE,
    EPOCHS,
    FORGETTING_SEEDS,
    FROZEN,
    N_SAMPLES,
    RATES,
    SEEDS,
    TASKS,
    WAYS,
    forgetting_table,
    ways_table,
)
from course_utils.quiet import keras
from course_utils.shifts import SHIFTS, shifted


def source_accuracies(model, held_out):
    """Return how well a fine-tuned network still does on its source task.

    The classifier that the base had there is put back on the base as it is now.

    Parameters
    ----------
    model : keras.Model
        CourseNet with any head.
    held_out : Pictures
        Of the source task.

    Returns
    -------
    as_it_is, with_own_statistics : float
        The second with BatchNorm statistics of the source task, measured anew on half of the pictures and judged on
        the other half: what is missing then was lost by the weights alone.
    """
    source = backbones.load_source_model(BACKBONE)
    for layer in source.layers[1:-2]:
        layer.set_weights(model.get_layer(layer.name).get_weights())
    as_it_is = _accuracy(source, held_out)
    judged, measured = data.split(held_out, 0.5, seed=0)
    mixed = data.sample(measured, len(measured), seed=0)
    batch_norm.settle(source, backbones.preprocess(BACKBONE, mixed.images))
    return as_it_is, _accuracy(source, judged)


def _accuracy(model, pictures):
    """Return the share of pictures that a network names correctly."""
    fitting.compile_model(model, 1.0, 1)  # it is only judged
    return fitting.accuracy(model, backbones.preprocess(BACKBONE, pictures.images), pictures.labels)


def case(strategy, task, depth=None, options=None):
    """Return what is measured, as a `measuring.Case`."""
    return measuring.Case(strategy, task, N_SAMPLES, EPOCHS, BACKBONE, depth, options or {})


def measure_forgetting(task, held_out):
    """Record the runs at every rate that are not yet recorded."""
    done = {_key(row) for row in measuring.recorded("forgetting")}
    for depth, strategy in FROZEN.items():
        for rate in RATES:
            for seed in FORGETTING_SEEDS:
                if (task.name, strategy.name, rate, seed) not in done:
                    run = _run(case(strategy, task, depth if depth == "block3" else None), rate, seed)
                    accuracies = [f"{accuracy:.4f}" for accuracy in source_accuracies(run.model, held_out)]
                    found = dict(zip(("source_accuracy", "own_statistics_accuracy"), accuracies, strict=True))
                    records.append("forgetting", records.row(run) | found)


def measure_ways(task, held_out):
    """Choose the rate of every way; record the runs that are not yet recorded."""
    done = {_key(row) for row in measuring.recorded("head_first")}
    for name, (strategy, options) in WAYS.items():
        wanted = case(strategy, task, options=options)
        file = "head_first_rates" if options else "depths_rates"  # two of the ways have been tried before
        rate = measuring.choose_rate(file, [wanted], range(2))
        for seed in SEEDS:
            if (task.name, strategy.name, rate, seed) not in done:
                run = _run(wanted, rate, seed)
                found = {kind: _accuracy(run.model, shifted(task.test, kind)) for kind in SHIFTS}
                found["source_accuracy"], _ = source_accuracies(run.model, held_out)
                records.append("head_first", records.row(run) | {key: f"{value:.4f}" for key, value in found.items()})
                print(task.name, name, seed, f"{run.test_accuracy:.3f}", flush=True)


def _run(wanted, rate, seed):
    """Train once, and say so."""
    keras.backend.clear_session()  # the network before
    run = measuring.run_once(wanted, rate, seed)
    print(wanted.task.name, run.strategy, run.freeze_depth, f"{rate:g}", seed, f"{run.test_accuracy:.3f}", flush=True)
    return run


def _key(row):
    """Return what tells the runs of one file apart."""
    return row["task"], row["strategy"], float(row["learning_rate"]), int(row["seed"])


def main():
    """Measure what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=TASKS, help="only this task; no table is printed")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    held_out, _ = data.read_pictures(manifest.verified("sources/guide_held_out.zip"), 64)
    for name in () if arguments.table else TASKS:
        if arguments.task in (None, name):
            task = data.task(name)
            measure_ways(task, held_out)
            measure_forgetting(task, held_out)
    if arguments.task is None:
        print(forgetting_table(), ways_table(), sep="\n\n")


if __name__ == "__main__":
    main()
