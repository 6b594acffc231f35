"""Keras's own training loop, with what every training of the course shares: loss, optimiser, callbacks, clear stops."""

import warnings
from dataclasses import dataclass

import numpy as np
from tqdm.keras import TqdmCallback

from course_utils import depth_rates, schedules
from course_utils.batches import Batches
from course_utils.cards import CourseWarning
from course_utils.quiet import keras

BATCH = 32
# Updates that run without coming back to Python: measured with 1 to 63, training takes about a tenth less with 8, and
# more bring nothing.
STEPS_AT_ONCE = 8


@dataclass(frozen=True)
class Fitted:
    """What came of a training.

    Attributes
    ----------
    history : dict of str to list of float
        One value an epoch, as Keras recorded it.
    stopped : str
        Why it ended before its last epoch; empty if it did not.
    """

    history: dict[str, list[float]]
    stopped: str


def fit(model, inputs, labels, epochs, *, batch_size=BATCH, validation=None, patience=None, seed=0, progress=False):
    """Train a compiled model; return what came of it also when it is interrupted, or when the loss is lost.

    Parameters
    ----------
    model : keras.Model
    inputs : ndarray of shape (n, ...), or Batches
    labels : ndarray of shape (n,), int
    epochs : int
    batch_size : int
    validation : tuple of ndarray, optional
        Inputs and labels that are judged after every epoch.
    patience : int, optional
        Stop after so many epochs without a lower loss on the validation pictures, and go back to the best epoch.
    seed : int
        Decides the order where the inputs lie on disk.
    progress : bool
        Show a bar.

    Returns
    -------
    Fitted
    """
    given = inputs if isinstance(inputs, Batches) else _feed(inputs, labels, batch_size, seed)
    data = {"x": given} if isinstance(given, Batches) else {"x": given, "y": labels, "batch_size": batch_size}
    if validation is not None:
        held_out = _feed(*validation, 100)
        data["validation_data"] = held_out if isinstance(held_out, Batches) else validation
        data["validation_batch_size"] = None if isinstance(held_out, Batches) else 100
    recorded = keras.callbacks.History()  # one of our own: Keras's comes into being only after its preparations
    best = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True) if patience else None
    bar = TqdmCallback(verbose=0, leave=False) if progress else None
    callbacks = [callback for callback in (recorded, keras.callbacks.TerminateOnNaN(), best, bar) if callback]
    shuffle = not isinstance(given, Batches)  # these have an order of their own
    try:
        model.fit(**data, epochs=epochs, shuffle=shuffle, callbacks=callbacks, verbose=0)
        interrupted = False
    except KeyboardInterrupt:
        interrupted = True
        if recorded.history:  # else it was interrupted before the first epoch had ended
            for callback in callbacks:
                callback.on_train_end()  # takes the bar away, and goes back to the best epoch so far
    return Fitted(recorded.history, _reason(recorded.history, epochs, interrupted, best))


def compile_model(model, learning_rate, updates, schedule="cosine", factors=None, loss=None):
    """Compile for class scores (logits) with Adam (Kingma & Ba 2015).

    Parameters
    ----------
    model : keras.Model
    learning_rate : float
        The highest rate.
    updates : int
        Number of updates in the whole training.
    schedule : str
        See `schedules.find`.
    factors : dict of str to float, optional
        For a rate of its own at each depth; see `depth_rates.factors`.
    loss : callable, optional
        By default cross-entropy.
    """
    rate = schedules.find(schedule, learning_rate, updates)
    optimizer = depth_rates.DepthAdam(rate, factors) if factors else keras.optimizers.Adam(rate)
    loss = loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, metrics=["accuracy"], steps_per_execution=STEPS_AT_ONCE)


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
    feed = _feed(inputs, labels, 100)
    given = {"x": feed} if isinstance(feed, Batches) else {"x": feed, "y": labels, "batch_size": 100}
    return float(model.evaluate(**given, verbose=0, return_dict=True)["accuracy"])


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


def _feed(inputs, labels, batch_size, seed=None):
    """Return the inputs in the form in which Keras takes them without reading a file into memory as a whole."""
    return Batches([inputs], labels, batch_size, seed) if isinstance(inputs, np.memmap) else inputs


def _reason(history, epochs, interrupted, best):
    """Say why a training ended early, and warn where something went wrong."""
    losses = history.get("loss", [])
    if losses and not np.isfinite(losses[-1]):
        kept = best is not None and best.best_weights is not None
        now = "the network is that of the best epoch before" if kept else "the network knows nothing any more"
        reason = (
            f"In epoch {len(losses)} of {epochs} the loss became NaN (not a number): the weights had grown beyond all "
            f"bounds; {now}. The usual cause is a learning rate that is too high. Train again with a tenth of it."
        )
    elif interrupted:
        reason = f"Interrupted after {len(losses)} of {epochs} epochs; what was learned until then is kept."
    elif best and best.stopped_epoch:
        return f"No lower validation loss after epoch {best.best_epoch + 1}: training stopped, and went back to it."
    else:
        return ""
    warnings.warn(reason, CourseWarning, stacklevel=2)
    return reason
