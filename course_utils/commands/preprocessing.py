"""Measure what the wrong preprocessing costs on real photographs, with a frozen ImageNet network and a new head.

    python -m course_utils.commands.preprocessing --pictures FOLDER    # goes on where it was stopped
    python -m course_utils.commands.preprocessing --table              # only print the recorded table

For every preprocessing, a head is trained on the pooled features of 256 pictures and judged with the same
preprocessing. The head that was trained with the right one is judged with the wrong ones as well, as if they had come
in only when the network was put to use. Rates are chosen on a quarter of the pictures, set aside, for every
preprocessing. The ImageNet weights must be on this machine.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from course_utils import backbones, data, fitting, measuring, preprocessing, records
from course_utils.cards import Pictures, Strategy
from course_utils.preprocessing import BACKBONE, EPOCHS, OPTIONS, RIGHT, WAYS, N
from course_utils.quiet import keras

SEEDS = range(5)
TRIES = range(2)
PER_CLASS = 500


def pooled(base, images, way):
    """Return the pooled features of pictures that were preprocessed in a way: ndarray of shape (n, channels)."""
    model = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output))
    rule = preprocessing.CONVENTIONS[way]
    parts = [rule(images[start : start + 256].astype(np.float32)) for start in range(0, len(images), 256)]
    return np.concatenate([model.predict(part, batch_size=32, verbose=0) for part in parts])


def featured(task, base, way):
    """Return a task with pooled features in place of its pictures."""
    train, test = (Pictures(pooled(base, part.images, way), part.labels) for part in (task.train, task.test))
    return replace(task, train=train, test=test)


def run_once(case, rate, seed):
    """Train a head on pooled features, which is strategy 3 without running the base; return the Run."""
    keras.backend.clear_session()
    task, started = case.task, time.perf_counter()
    chosen = data.sample(task.train, case.n_samples, seed)
    keras.utils.set_random_seed(seed)
    head = keras.Sequential([keras.Input(chosen.images.shape[1:]), keras.layers.Dense(len(task.class_names))])
    fitting.compile_model(head, rate, case.epochs * fitting.steps(len(chosen)))
    history = fitting.fit(head, chosen.images, chosen.labels, case.epochs).history
    return measuring.frozen_run(
        case,
        rate,
        seed,
        train_accuracy=fitting.accuracy(head, chosen.images, chosen.labels),
        test_accuracy=fitting.accuracy(head, task.test.images, task.test.labels),
        seconds=time.perf_counter() - started,
        history=history,
        model=head,
    )


def measure(task):
    """Record what is not yet recorded of a task."""
    done = {(row["task"], row["trained_with"], int(row["seed"])) for row in measuring.recorded("preprocessing")}
    if all((task.name, way, seed) in done for way in WAYS for seed in SEEDS):
        return
    keras.backend.clear_session()
    base = backbones.load(BACKBONE, **OPTIONS)
    parts = {way: featured(task, base, way) for way in WAYS}
    for way, part in parts.items():
        strategy = Strategy(f"3: freeze the base; pixels {way}", pretrained=True, freeze="all")
        case = measuring.Case(strategy, part, N, EPOCHS, BACKBONE, options=OPTIONS)
        rate = measuring.choose_rate("preprocessing_rates", [case], TRIES, run_once)
        for seed in SEEDS:
            if (task.name, way, seed) not in done:
                record(run_once(case, rate, seed), way, parts)


def record(run, way, parts):
    """Record a head judged with its own preprocessing; if that is the right one, with the others as well."""
    for judged in WAYS if way == RIGHT else (way,):
        test = parts[judged].test
        row = {"backbone": run.backbone, "task": run.task, "image_size": run.image_size, "n_samples": run.n_samples}
        row |= {"epochs": run.epochs, "trained_with": way, "judged_with": judged, "learning_rate": run.learning_rate}
        row |= {"seed": run.seed, "accuracy": f"{fitting.accuracy(run.model, test.images, test.labels):.4f}"}
        records.append("preprocessing", row | {"versions": records.versions(), "processor": records.processor()})
        print(*row.values(), flush=True)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help=f"folder with {', '.join(preprocessing.TASKS)} in it")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if not (arguments.pictures or arguments.table):
        parser.error(f"expected --pictures FOLDER, received none: say where {', '.join(preprocessing.TASKS)} are")
    for name in () if arguments.table else preprocessing.TASKS:
        measure(data.folder_task(arguments.pictures / name, OPTIONS["image_size"], per_class=PER_CLASS))
    print(preprocessing.table())


if __name__ == "__main__":
    main()
