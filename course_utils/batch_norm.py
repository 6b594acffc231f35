"""Batch normalisation: its layers, and the statistics that it uses in inference mode."""

import numpy as np

from course_utils.quiet import keras, tensorflow


def settle(model, inputs, batches=10):
    """Measure the statistics of the BatchNorm layers that train anew, with the weights as they are.

    While a network trains, these statistics are running averages over steps at which the weights were still
    changing; some networks average over thousands of steps (MobileNetV2: momentum 0.999). After a short training they
    are wrong, and the network is useless in inference mode. Here they become plain averages over a few large batches,
    in the manner of "PreciseBN" (Wu & Johnson 2021, section 3). Frozen layers keep theirs.

    Parameters
    ----------
    model : keras.Model
        Layers inside layers are found too.
    inputs : ndarray
        Preprocessed training pictures, or features, in random order; of shape (n, height, width, channels).
    batches : int
        Use at most this many batches: of 128 where pictures have 64 x 64 pixels, and of fewer where they are larger.
    """
    layers = [layer for layer in layers_of(model) if layer.trainable]
    if not layers:
        return
    size = max(min(128, 128 * 64**2 // (inputs.shape[1] * inputs.shape[2])), 16)
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0  # the statistics become those of the last batch
    forward = tensorflow.function(lambda batch: model(batch, training=True))  # a graph frees what it no longer needs
    used = inputs[: size * batches]
    parts = np.array_split(used, -(-len(used) // size))
    sums = [[0.0, 0.0] for _ in layers]
    try:
        for part in parts:
            forward(part)
            sums = [
                [mean + layer.moving_mean.numpy(), variance + layer.moving_variance.numpy()]
                for layer, (mean, variance) in zip(layers, sums, strict=True)
            ]
    finally:  # also when it is interrupted
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum
    for layer, (mean, variance) in zip(layers, sums, strict=True):
        layer.moving_mean.assign(mean / len(parts))
        layer.moving_variance.assign(variance / len(parts))


def quicken(model, momentum=0.9):
    """Let the running averages follow the weights at least so fast; see `settle`.

    What a network answers while it trains, on validation pictures for example, depends on them; how it trains does not.
    """
    for layer in layers_of(model):
        layer.momentum = min(layer.momentum, momentum)


def layers_of(model):
    """List the BatchNorm layers of a model, those of models inside it included."""
    found = [layers_of(layer) if hasattr(layer, "layers") else [layer] for layer in model.layers]
    return [layer for layer in sum(found, []) if isinstance(layer, keras.layers.BatchNormalization)]
