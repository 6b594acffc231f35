"""Linear probes: how much of a task can be read off each block of a network (Alain & Bengio 2016)."""

import time

import numpy as np

from course_utils import backbones, cutting, data, fitting, measuring
from course_utils.quiet import keras


def block_features(name, base, images, names=None):
    """Return what every block of a base says of pictures: each of its last maps averaged to one number.

    Parameters
    ----------
    name : str
        The backbone's name: it decides the preprocessing.
    base : keras.Model
    images : ndarray of shape (n, height, width, 3), uint8
    names : sequence of str, optional
        Blocks or layers; by default all blocks.

    Returns
    -------
    dict of str to ndarray of shape (n, channels of the block), float32
    """
    names = names or cutting.blocks(base)
    pooled = [keras.layers.GlobalAveragePooling2D()(cutting.last_layer(base, block).output) for block in names]
    model = keras.Model(base.input, pooled)
    parts = [
        model.predict(backbones.preprocess(name, images[start : start + 256]), batch_size=32, verbose=0)
        for start in range(0, len(images), 256)
    ]
    return {block: np.concatenate(found) for block, *found in zip(names, *parts, strict=True)}


def build(features, n_classes):
    """Build a probe: features brought to mean 0 and spread 1, then one dense layer of class scores.

    Parameters
    ----------
    features : ndarray of shape (n, channels)
        Those of the training pictures: their mean and spread are taken.
    n_classes : int

    Returns
    -------
    keras.Sequential
    """
    scale = keras.layers.Normalization()
    scale.adapt(features)
    return keras.Sequential([keras.Input(features.shape[1:]), scale, keras.layers.Dense(n_classes)])


def run_once(case, rate, seed):
    """Train a probe as a measuring case says; return the Run.

    The task of the case holds the features of one block in place of pictures.
    """
    task = case.task
    chosen = data.sample(task.train, case.n_samples, seed)
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    model = build(chosen.images, len(task.class_names))
    fitting.compile_model(model, rate, case.epochs * fitting.steps(len(chosen)))
    history = fitting.fit(model, chosen.images, chosen.labels, case.epochs).history
    return measuring.frozen_run(
        case,
        rate,
        seed,
        train_accuracy=fitting.accuracy(model, chosen.images, chosen.labels),
        test_accuracy=fitting.accuracy(model, task.test.images, task.test.labels),
        seconds=time.perf_counter() - started,
        history=history,
        model=model,
    )
