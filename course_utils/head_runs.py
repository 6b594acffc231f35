"""Heads as measured: one training of a head as a measuring case says, and features behind blocks for it."""

import time
from dataclasses import replace

import numpy as np

from course_utils import backbones, data, head_kinds, heads, measuring, probes
from course_utils.cards import Pictures
from course_utils.quiet import keras


def behind_blocks(task, backbone, options, blocks):
    """Return the task with the pooled features of some blocks, as maps of one pixel: a dict of block to Task."""
    base = backbones.load(backbone, **options)
    train, test = (probes.block_features(backbone, base, part.images, blocks) for part in (task.train, task.test))
    return {
        block: replace(
            task,
            train=Pictures(train[block][:, None, None], task.train.labels),
            test=Pictures(test[block][:, None, None], task.test.labels),
        )
        for block in train
    }


def run_once(case, rate, seed):
    """Train a head as a case says; return the Run. What else is recorded stands in its history."""
    keras.backend.clear_session()
    task, name = case.task, case.strategy.name.removeprefix("head: ")
    n_classes = len(task.class_names)
    chosen = data.sample(task.train, case.n_samples, seed)
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    seen, test = heads.scaled(chosen.images, task.test.images)
    settings = {"margin_cost": rate} if head_kinds.find(name).solver else {"learning_rate": rate, "epochs": case.epochs}
    settings |= {key: value for key, value in case.options.items() if key == "margin_cost"}
    trained = heads.train(name, seen, chosen.labels, n_classes, **settings)
    seconds = time.perf_counter() - started
    seen_scores, test_scores = (heads.scores(trained, part, n_classes) for part in (seen, test))
    return measuring.frozen_run(
        case,
        rate,
        seed,
        train_accuracy=float(np.mean(seen_scores.argmax(1) == chosen.labels)),
        test_accuracy=float(np.mean(test_scores.argmax(1) == task.test.labels)),
        seconds=seconds,
        history={"confidence": [confidence(test_scores)], "parameters": [heads.parameters(trained)]},
        model=trained,
    )


def confidence(scores):
    """Return the mean of the highest probability, if scores are read as those of a softmax."""
    return float(keras.ops.convert_to_numpy(keras.ops.softmax(scores)).max(1).mean())
