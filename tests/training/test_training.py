"""Strategies: a training gives the very weights that plain Keras gives, though it runs the frozen part only once."""

import numpy as np
import pytest

from course_utils import backbones, batch_norm, data, fitting, strategies
from course_utils.quiet import keras

BLOCKS = ("block1", "block2", "block3", "block4", "block5")
# A strategy, its settings, and which layers of the base stay as they are.
WAYS = (
    (1, {"learning_rate": 2e-3}, ()),
    ("warm start", {"learning_rate": 1e-4, "batch_size": 20}, ()),
    (2, {"learning_rate": 1e-3, "freeze_depth": "block4_conv1"}, (*BLOCKS[:3], "block4_conv1")),
    (3, {"learning_rate": 8e-3}, BLOCKS),
)
N, EPOCHS, SEED = 48, 2, 5


def weights(model):
    return {weight.path: weight.numpy() for weight in model.weights}


def train_plainly(task, pretrained, frozen, learning_rate, batch_size=32, **_):
    """Train with nothing but Keras, the frozen part inside the network; return it, and its weights before."""
    keras.utils.set_random_seed(SEED)
    model = backbones.attach_head(backbones.load("coursenet_guide", "pretrained" if pretrained else None), 8)
    before = weights(model)
    for layer in model.layers:
        layer.trainable = not layer.name.startswith(frozen)
    seen = data.sample(task.train, N, SEED)
    inputs = backbones.preprocess("coursenet_guide", seen.images)
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, EPOCHS * -(-N // batch_size))
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(inputs, seen.labels, batch_size, EPOCHS, verbose=0)
    for layer in batch_norm.layers_of(model):
        layer.momentum = 0.0
    model(inputs, training=True)  # the statistics become those of all pictures, with the weights as they are
    return model, before


def share_right(model, pictures):
    scores = model.predict(backbones.preprocess("coursenet_guide", pictures.images), verbose=0)
    return pytest.approx((scores.argmax(axis=1) == pictures.labels).mean())


@pytest.mark.parametrize(("number", "settings", "frozen"), WAYS, ids=[str(number) for number, *_ in WAYS])
def test_a_training_gives_the_weights_of_plain_keras(number, settings, frozen, small, run, double_precision):
    strategy = strategies.find(number)
    plain, before = train_plainly(small, strategy.pretrained, frozen, **settings)
    done = run(number, n_samples=N, epochs=EPOCHS, seed=SEED, **settings)
    found = weights(done.model)
    for path, wanted in weights(plain).items():
        assert np.linalg.norm(found[path] - wanted) <= 1e-6 * np.linalg.norm(wanted), path
    stayed = {path for path in before if np.array_equal(before[path], found[path])}
    assert stayed == {path for path in before if path.startswith(frozen)}, "these, and no others"
    assert not [weight.path for weight in done.model.trainable_weights if weight.path.startswith(frozen)]
    assert done.test_accuracy == share_right(plain, small.test)
    assert done.train_accuracy == share_right(plain, data.sample(small.train, N, SEED))
    assert (done.strategy, done.backbone, done.task) == (strategy.name, "coursenet_guide", "garden")
    assert done.source == (backbones.find("coursenet_guide").source if strategy.pretrained else "none")
    assert done.freeze_depth == settings.get("freeze_depth", strategy.freeze)
    assert (done.n_samples, done.epochs, done.seed, done.image_size) == (N, EPOCHS, SEED, 64)
    assert done.learning_rate == done.recipe.learning_rate == settings["learning_rate"] and done.seconds > 0


def test_answer_log_keeps_the_answers_of_every_epoch_in_inference_mode():
    # In training mode the dropout would leave hardly a number; the weights turn by one class an epoch.
    dense, images = keras.layers.Dense(3, use_bias=False), np.eye(3, dtype="float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.99), dense])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    turn = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: dense.set_weights([np.roll(images, epoch, 1)]))
    log = fitting.AnswerLog(images)
    model.fit(images, np.arange(3), epochs=3, verbose=0, callbacks=[turn, log])
    assert np.array_equal(log.answers, [[0, 1, 2], [1, 2, 0], [2, 0, 1]])
