"""What commands.preprocessing measures: its features are those of the base, and a wrong rule shows on photographs."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course_utils import backbones, data, features, measuring, strategies
from course_utils.cards import Task
from course_utils.commands import preprocessing as command
from course_utils.quiet import keras

REAL = Path(os.environ.get("COURSE_REAL_DATA", "not given"))
WEIGHTS = "keras_home/models/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"


def test_pooled_features_are_those_of_strategy_3():
    base = backbones.load("coursenet_guide")
    images = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), dtype=np.uint8)
    wanted = features.extract("coursenet_guide", base, images).mean(axis=(1, 2))
    np.testing.assert_allclose(command.pooled(base, images, "-1 to 1"), wanted, atol=1e-4)
    assert np.abs(command.pooled(base, images, "0 to 1") - wanted).max() > 0.01


def test_a_head_on_pooled_features_learns_what_strategy_3_learns():
    base, task = backbones.load("coursenet_guide"), data.task("garden")
    few = replace(task, train=data.sample(task.train, 64, seed=0), test=data.sample(task.test, 64, seed=0))
    case = measuring.Case(strategies.find(3), command.featured(few, base, "-1 to 1"), 64, 25)
    run = command.run_once(case, 0.032, seed=0)
    assert run.train_accuracy > 0.9 and run.test_accuracy > 0.5 and run.freeze_depth == "all"
    assert (run.backbone, run.image_size, run.source) == ("coursenet_guide", 64, "the drawn field guide")


@pytest.mark.long
@pytest.mark.skipif(
    not (REAL / WEIGHTS).is_file(), reason="COURSE_REAL_DATA names no folder with photographs and weights"
)
def test_on_photographs_a_wrong_rule_in_use_leaves_a_guess():
    folder = REAL / "photos" / "cats_vs_dogs"
    train, names = data.read_pictures(folder, 96, part="train", per_class=60)
    test, _ = data.read_pictures(folder, 96, part="test", per_class=60)
    base = backbones.load("MobileNetV2", REAL / WEIGHTS, image_size=96, alpha=0.35)
    task = Task("cats_vs_dogs", names, train, test)
    parts = {rule: command.featured(task, base, rule) for rule in ("-1 to 1", "as they are")}
    case = measuring.Case(strategies.find(3), parts["-1 to 1"], 120, 25, "MobileNetV2", options={"image_size": 96})
    run = command.run_once(case, 0.008, seed=0)
    wrong = run.model.predict(parts["as they are"].test.images, verbose=0).argmax(axis=1)
    assert run.test_accuracy > 0.75
    assert np.mean(wrong == test.labels) < 0.65
    keras.backend.clear_session()
