"""The course's own code on real photographs with a real ImageNet network.

The place of the photographs and weights is given by the environment variable COURSE_REAL_DATA (see CONTRIBUTING.md).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import ROOT

REAL = Path(os.environ.get("COURSE_REAL_DATA", "not given"))

pytestmark = pytest.mark.skipif(
    not (REAL / "photos").is_dir(), reason="COURSE_REAL_DATA names no folder with real photographs and weights"
)

# Each program runs in a process of its own: Keras reads KERAS_HOME when it is first imported.
START = """
from course_utils import data, strategies, training
from course_utils.cards import Task

def cats_and_dogs(size):
    place = {photos!r}
    train, names = data.read_pictures(place, size, part="train", per_class=200)
    test, _ = data.read_pictures(place, size, part="test", per_class=200)
    return Task("cats_vs_dogs", names, train, test)

def train(strategy, task, n_samples, rate, epochs, size, **options):
    run = training.train(strategies.find(strategy), "MobileNetV2", task, n_samples, learning_rate=rate,
                         epochs=epochs, image_size=size, alpha=0.35, **options)
    print(n_samples, run.train_accuracy, run.test_accuracy)
"""


def results(program, keras_home):
    """Run a program; return its printed lines as {pictures: (training accuracy, test accuracy)}."""
    (keras_home / "models").mkdir()
    for file in (REAL / "keras_home" / "models").iterdir():  # links: Keras writes into its folder
        (keras_home / "models" / file.name).symlink_to(file.resolve())
    start = START.format(photos=str(REAL / "photos" / "cats_vs_dogs"))
    done = subprocess.run(
        [sys.executable, "-c", start + program],
        cwd=ROOT,
        env={**os.environ, "KERAS_HOME": str(keras_home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    return {int(n): (float(train), float(test)) for n, train, test in lines}


def test_frozen_base(tmp_path):
    # A first try at 160 px named 89.5 % and 91.5 % of these test pictures, short of the aim at 400. Size, rate and
    # epochs were then chosen on other pictures of the training folder, and the test pictures were used again.
    found = results(
        "task = cats_and_dogs(192)\nfor n in (100, 400):\n    train(3, task, n, 2e-3, 30, 192, min_updates=100)\n",
        tmp_path,
    )
    assert found[100][1] >= 0.85
    assert found[400][1] >= 0.92


def test_from_scratch(tmp_path):
    # A third of the side of the other test: a ninth of the time. Side, epochs and batch size were chosen on the
    # training accuracy with two other seeds (400 pictures: 97.5 % and 98.8 %), without a look at test pictures.
    program = """
task = cats_and_dogs(64)
train(1, task, 100, 2e-3, 60, 64, batch_size=100)
train(1, task, 400, 2e-3, 50, 64, batch_size=100)
"""
    for train_accuracy, test_accuracy in results(program, tmp_path).values():
        assert train_accuracy > 0.95
        assert test_accuracy < 0.80
