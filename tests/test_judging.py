"""A network is judged: by class, by its mistakes, by where it looks, and by what more pictures would bring."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_utils import backbones, data, heads, judging, measuring, strategies
from course_utils.cards import CourseError
from course_utils.quiet import keras

NAMES = ("cat", "dog", "cow")
LABELS = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2])
LOGITS = np.array([[5, 0, 0]] * 4 + [[0, 9, 0], [0, 3, 0], [0, 5, 0], [7, 0, 0], [0, 0, 1]], float)


def test_by_hand():
    found = judging.judged(LOGITS, LABELS, NAMES)
    assert found.confusion.tolist() == [[4, 2, 0], [1, 1, 0], [0, 0, 1]]
    assert found.accuracy == pytest.approx(6 / 9) and found.majority == pytest.approx(6 / 9)
    assert found.balanced == pytest.approx((4 / 6 + 1 / 2 + 1) / 3)
    assert found.mistakes.tolist() == [4, 7, 5]  # the surest first
    low, high = found.interval
    assert low < 0.4 and high > 0.85
    assert found.table().splitlines()[2:] == [
        "| dog | 2 | 50% | cat (1) |",
        "| cat | 6 | 67% | dog (2) |",
        "| cow | 1 | 100% | – |",
    ]


def test_a_class_without_test_pictures():
    found = judging.judged(LOGITS[:8], LABELS[:8], NAMES)
    assert found.balanced == pytest.approx((4 / 6 + 1 / 2) / 2) and found.confusion[2].sum() == 0


def test_scores_for_every_label():
    with pytest.raises(CourseError, match="Received 9 for 8"):
        judging.judged(LOGITS, LABELS[:8], NAMES)


def test_grad_cam_is_the_class_map_under_average_pooling():
    # With average pooling the gradient of a score is the weight of its channel: Grad-CAM and CAM are the same.
    base = backbones.load("coursenet_guide")
    model = backbones.attach_head(base, 3)
    inputs = backbones.preprocess("coursenet_guide", data.task("garden").test.images[:1])
    seen = judging.grad_cam(model, inputs, 1)
    head = keras.Sequential(model.layers[-2:])
    wanted = heads.activations(head, base.predict(inputs, verbose=0))[0, ..., 1] - model.layers[-1].bias.numpy()[1]
    wanted = np.maximum(wanted, 0)
    assert seen.shape == (4, 4) and seen.max() in (0, 1)
    assert np.allclose(seen, wanted / max(wanted.max(), 1e-9), atol=1e-4)
    assert not np.allclose(seen, judging.grad_cam(model, inputs, 2), atol=1e-2)
    with pytest.raises(CourseError, match="feature maps"):
        judging.grad_cam(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), np.zeros((1, 4), "float32"), 0)


def test_a_learning_curve_leaves_the_test_pictures_alone(monkeypatch):
    task = data.task("garden")
    seen = []

    def run_once(case, rate, seed):
        seen.append(case.task)
        return SimpleNamespace(test_accuracy=len(case.task.train) / 200 + seed / 1000)

    monkeypatch.setattr(measuring, "run_once", run_once)
    curve = judging.learning_curve(measuring.Case(strategies.find(3), task, 128, 15), 0.032)
    assert curve == {n: pytest.approx([n / 2 + seed / 10 for seed in range(3)]) for n in (24, 48, 96)}
    assert judging.more_would_help(curve) == pytest.approx((24, 0))
    pool = {image.tobytes() for image in task.train.images}
    for one in seen:
        train, aside = ({image.tobytes() for image in part.images} for part in (one.train, one.test))
        assert not train & aside and len(aside) == 32 and train | aside <= pool
