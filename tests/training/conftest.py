"""What tests of training share: a small task, a function that trains on it, and a training that others only look at."""

from dataclasses import replace

import pytest

from course_utils import data, strategies, training
from course_utils.quiet import keras


@pytest.fixture(scope="session")
def garden():
    return data.task("garden")


@pytest.fixture(scope="session")
def small(garden):
    """Return a garden with 64 training and 32 test pictures."""
    return replace(garden, train=data.sample(garden.train, 64, 0), test=data.sample(garden.test, 32, 0))


@pytest.fixture(scope="session")
def run(small):
    """Return a function that trains by a strategy: for one epoch, on the whole small garden, unless told otherwise."""

    def trained(number, task=small, **settings):
        chosen = {"n_samples": len(task.train), "learning_rate": 1e-3, "epochs": 1, "progress": False} | settings
        if number == 2:
            chosen.setdefault("freeze_depth", "block3")
        return training.train(strategies.find(number), "coursenet_guide", task, **chosen)

    return trained


@pytest.fixture(scope="session")
def head_trained(run):
    """Return a run of strategy 3, long enough to learn. Nobody trains it further."""
    return run(3, learning_rate=0.03, epochs=20)


@pytest.fixture
def double_precision():
    """Compute with 64 bits: with 32, rounding changes weights by a thousandth after three steps with BatchNorm."""
    for name in ("float64", "float32"):
        keras.config.set_floatx(name)
        keras.config.set_dtype_policy(name)
        if name == "float64":
            yield
    keras.backend.clear_session()  # the networks
