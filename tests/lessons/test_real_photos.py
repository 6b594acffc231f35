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

WHY = "COURSE_REAL_DATA names no folder with real photographs and weights"
pytestmark = [pytest.mark.long, pytest.mark.skipif(not (REAL / "photos").is_dir(), reason=WHY)]

# Programs run in processes of their own, since Keras reads KERAS_HOME when it is first imported, and two at a time,
# each on one core, which is much faster than one on both.
START = """
from course_utils import data, strategies, training
from course_utils.cards import Task

def cats_and_dogs(size):
    place = {photos!r}
    train, names = data.read_pictures(place, size, part="train", per_class=200)
    test, _ = data.read_pictures(place, size, part="test", per_class=200)
    return Task("cats_vs_dogs", names, train, test)

def train(strategy, n_samples, size, epochs, rate=2e-3, **options):
    run = training.train(strategies.find(strategy), "MobileNetV2", cats_and_dogs(size), n_samples, learning_rate=rate,
                         epochs=epochs, image_size=size, alpha=0.35, **options)
    print(strategy, n_samples, run.train_accuracy, run.test_accuracy)
"""
# Strategy 1 works at a third of the side, a ninth of the time. Side, epochs, rate and batch size were chosen on the
# training accuracy alone, without a look at test pictures. The first settings of strategy 3 were short of the aim at
# 400: side, rate and epochs were then chosen on other pictures of the training folder, and the test pictures were used
# again.
PROGRAMS = (
    "train(1, 400, 64, 80, rate=5e-3, batch_size=100)",
    "train(1, 100, 64, 60, batch_size=100)\ntrain(3, 100, 192, 30)\ntrain(3, 400, 192, 30)",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Run the programs; return {(strategy, pictures): (training accuracy, test accuracy)}."""
    keras_home = tmp_path_factory.mktemp("keras_home")
    (keras_home / "models").mkdir()
    for file in (REAL / "keras_home" / "models").iterdir():  # links: Keras writes into its folder
        (keras_home / "models" / file.name).symlink_to(file.resolve())
    start = START.format(photos=str(REAL / "photos" / "cats_vs_dogs"))
    environment = {**os.environ, "KERAS_HOME": str(keras_home), "TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    commands = [[sys.executable, "-c", start + program] for program in PROGRAMS]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) for command in commands]
    outputs = [process.communicate() for process in running]
    results = {}
    for process, (output, errors) in zip(running, outputs, strict=True):
        assert process.returncode == 0, errors[-2000:]
        for strategy, n_samples, *accuracies in (line.split() for line in output.splitlines()):
            results[int(strategy), int(n_samples)] = tuple(map(float, accuracies))
    print(results)  # pytest shows it with -s, and where a test fails
    return results


def test_frozen_base(found):
    assert found[3, 100][1] >= 0.85 and found[3, 400][1] >= 0.92


@pytest.mark.parametrize("n_samples", [100, 400])
def test_from_scratch(found, n_samples):
    train_accuracy, test_accuracy = found[1, n_samples]
    assert train_accuracy > 0.95 and test_accuracy < 0.80
