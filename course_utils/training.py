"""Train a backbone on a task by one of the strategies."""

import time
import warnings

import numpy as np

from course_utils import backbones, batch_norm, cutting, data, features, networks
from course_utils.cards import CourseError, Run
from course_utils.quiet import keras

BATCH = 32


def train(
    strategy,
    backbone,
    task,
    n_samples,
    *,
    learning_rate,
    epochs,
    freeze_depth=None,
    batch_size=BATCH,
    seed=0,
    image_size=None,
    weights="pretrained",
    **options,
):
    """Train on a sample of a task and measure on all of its test pictures.

    The rate falls to zero along a cosine (Loshchilov & Hutter 2017); the optimiser is Adam (Kingma & Ba 2015). Where
    a part of the base is frozen it is run once, and the rest is trained on its features, which are kept (see
    `features.kept`); the result is the same as running it in every epoch.

    Parameters
    ----------
    strategy : Strategy
    backbone : str
    task : Task
    n_samples : int
        Number of training pictures, drawn with `seed`.
    learning_rate : float
        The rate at the start.
    epochs : int
    freeze_depth : str, optional
        For strategy 2: the last block, or layer, that is frozen, such as "block3". Where the network cannot be cut
        behind it, a warning says up to which layer is frozen instead.
    batch_size : int
        Pictures in a step. With BatchNorm and few pictures, larger batches leave less between training and inference.
    seed : int
        Decides the sample, the initial weights and the order of the pictures.
    image_size : int, optional
        Side of the pictures; by default the one that the backbone was trained on. It must be that of the task.
    weights : "pretrained" or Path
        What strategies with a pre-trained base start from: the backbone's own weights, or a file of yours.
    **options
        Passed on to `backbones.load`, such as `alpha=0.35`.

    Returns
    -------
    Run

    Raises
    ------
    CourseError
        If the pictures are not of the backbone's size, a class has too few for the sample, or there is no such
        block or layer.
    """
    depth = _depth(strategy, freeze_depth)
    _check_size(task, backbone, image_size)
    chosen = data.sample(task.train, n_samples, seed)
    keras.utils.set_random_seed(seed)
    base = backbones.load(backbone, weights if strategy.pretrained else None, image_size, **options)
    started = time.perf_counter()
    model = backbones.attach_head(base, len(task.class_names))
    trained, prepare, depth = _trained_part(backbone, base, model, depth)
    inputs = prepare(chosen.images)
    history = fit(trained, inputs, chosen.labels, learning_rate, epochs, batch_size)
    if depth != "all":
        batch_norm.settle(trained, inputs)
    seconds = time.perf_counter() - started
    return Run(
        strategy=strategy.name,
        backbone=networks.label(backbone, options),
        task=task.name,
        source=backbones.find(backbone).source if strategy.pretrained else "none",
        freeze_depth=depth,
        image_size=task.train.images.shape[1],
        n_samples=n_samples,
        epochs=epochs,
        learning_rate=learning_rate,
        seed=seed,
        train_accuracy=accuracy(trained, inputs, chosen.labels),
        test_accuracy=accuracy(trained, prepare(task.test.images), task.test.labels),
        seconds=seconds,
        history=history,
        model=model,
    )


def fit(model, inputs, labels, learning_rate, epochs, batch_size=BATCH):
    """Train a model whose rate falls to zero over all the epochs; return Keras's history as a dict."""
    compile_model(model, learning_rate, epochs * steps(len(labels), batch_size))
    return model.fit(inputs, labels, batch_size=batch_size, epochs=epochs, verbose=0).history


def steps(n_samples, batch_size=BATCH):
    """Return the number of updates in an epoch.

    Examples
    --------
    >>> steps(100)
    4
    """
    return -(-n_samples // batch_size)


def accuracy(model, inputs, labels):
    """Return the share of correct answers in inference mode."""
    return float(model.evaluate(inputs, labels, batch_size=100, verbose=0, return_dict=True)["accuracy"])


def compile_model(model, learning_rate, updates):
    """Compile for class scores (logits) with Adam, whose rate falls to zero over `updates` steps."""
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, updates)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])


class AnswerLog(keras.callbacks.Callback):
    """Keep, after every epoch, the class that the network gives to each of a few pictures.

    Attributes
    ----------
    answers : list of ndarray of shape (n_samples,), int
        One array an epoch.
    """

    def __init__(self, inputs):
        """Watch these preprocessed pictures, of shape (n_samples, height, width, 3)."""
        super().__init__()
        self.inputs, self.answers = inputs, []

    def on_epoch_end(self, epoch, logs=None):
        """Ask the network as it is now, in inference mode."""
        self.answers.append(np.argmax(self.model(self.inputs, training=False), axis=1))


def _check_size(task, backbone, image_size):
    """Refuse a task whose pictures are not of the size that the backbone will be built for."""
    size = image_size or backbones.find(backbone).image_size
    height, width = task.train.images.shape[1:3]
    if (height, width) != (size, size):
        raise CourseError(
            f"Expected pictures of {size} x {size} pixels for {backbone}. Received {height} x {width}. "
            "Give image_size=, or read the pictures at another size."
        )


def _depth(strategy, freeze_depth):
    """Return how much is frozen: "none", "all", or the name given, which strategy 2 needs and no other takes."""
    if (strategy.freeze == "part") != (freeze_depth is not None):
        wanted = "freeze_depth=, such as 'block3'," if strategy.freeze == "part" else "no freeze_depth="
        raise CourseError(f"Expected {wanted} for strategy {strategy.name!r}. Received: {freeze_depth!r}.")
    return freeze_depth or strategy.freeze


def _trained_part(backbone, base, model, depth):
    """Freeze `base` up to `depth`.

    Returns
    -------
    trained : keras.Model
        The part of `model` that is trained.
    prepare : callable
        From pictures to the inputs of that part.
    depth : str
        How much is frozen: less than was asked for where the network cannot be cut there.
    """
    if depth == "none":
        return model, lambda images: backbones.preprocess(backbone, images), depth
    last = base.layers[-1] if depth == "all" else cutting.nearest_cut(base, depth)
    if depth != "all" and last is not cutting.last_layer(base, depth):
        warnings.warn(
            f"{base.name} cannot be cut behind {depth!r}: branches or connections lead past it. It is frozen up to "
            f"{last.name!r}, the nearest place below.",
            stacklevel=3,
        )
        depth = last.name
    below, above = cutting.cut(model, last)
    backbones.freeze(below)
    return above, lambda images: features.kept(backbone, below, images), depth
