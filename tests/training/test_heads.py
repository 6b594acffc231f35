"""Classifier heads: what each is, what it refuses, and what the two SVMs have in common."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from course_utils import anatomy, backbones, data, features, head_comparison, head_kinds, heads
from course_utils.cards import CourseError
from course_utils.quiet import keras


@pytest.fixture(scope="module")
def garden_maps():
    """Return scaled feature maps and labels of 128 pictures to train on and of 256 others."""
    task, base = data.task("garden"), backbones.load("coursenet_guide")
    seen, new = data.sample(task.train, 128, seed=0), data.sample(task.test, 256, seed=0)
    maps = heads.scaled(*(features.extract("coursenet_guide", base, part.images) for part in (seen, new)))
    return maps[0], seen.labels, maps[1], new.labels


def often(times, *arrays):
    """Return arrays several times over: few long epochs take less time than many short ones."""
    return [np.concatenate([array] * times) for array in arrays]


def test_every_head_learns(garden_maps):
    seen, labels, new, new_labels = garden_maps
    keras.utils.set_random_seed(0)
    for name in head_kinds.HEADS:
        trained = heads.train(name, *often(5, seen, labels), 8, learning_rate=0.004, epochs=6, margin_cost=0.03 / 5)
        assert np.mean(heads.scores(trained, new, 8).argmax(1) == new_labels) > 0.75, name


def test_both_svms_find_the_same_minimum(garden_maps):
    # Compared by what both make small. scikit-learn keeps the bias small, too, unless it is scaled up.
    seen, labels, *_ = garden_maps
    pooled, targets, cost = seen.mean((1, 2)), 2 * np.eye(8)[labels] - 1, 0.1

    def total(kernel, bias):
        losses = np.maximum(1 - targets * (pooled @ kernel + bias), 0) ** 2
        return 0.5 * np.sum(kernel**2) + cost * losses.sum()

    keras.utils.set_random_seed(0)
    settings = {"learning_rate": 0.05, "epochs": 20, "margin_cost": cost / 10}
    head = heads.train("SVM in Keras", *often(10, pooled[:, None, None], labels), 8, **settings)
    machine = LinearSVC(C=cost, intercept_scaling=30, max_iter=100_000, random_state=0).fit(pooled, labels)
    solved = heads.train("linear SVM", seen, labels, 8, margin_cost=cost)
    assert isinstance(solved, LinearSVC) and solved.get_params()["C"] == cost
    least = total(machine.coef_.T, machine.intercept_)
    assert total(*head.layers[-1].get_weights()) == pytest.approx(least, rel=0.02)
    assert total(solved.coef_.T, solved.intercept_) < 1.5 * least
    scores = keras.ops.convert_to_tensor(pooled[:, :8])
    assert np.allclose(*(head_kinds.squared_hinge(given, scores) for given in (labels, labels[:, None])))


def test_parameters_are_those_of_the_arithmetic(garden_maps):
    seen, labels, *_ = garden_maps
    assert head_kinds.build("fully connected", (4, 4, 128), 8).count_params() == (
        anatomy.dense_parameters(4 * 4 * 128, head_kinds.HIDDEN) + anatomy.dense_parameters(head_kinds.HIDDEN, 8)
    )
    assert heads.parameters(heads.train("linear SVM", seen, labels, 8)) == anatomy.dense_parameters(128, 8)
    assert head_kinds.build("average pooling", (9, 2, 128), 8).count_params() == anatomy.dense_parameters(128, 8)
    dropped = head_kinds.build("fully connected, dropout", (4, 4, 128), 8)
    kinds = [(type(layer).__name__, getattr(layer, "rate", None)) for layer in dropped.layers]
    assert kinds == [("Flatten", None), ("Dropout", 0.5), ("Dense", None), ("Dropout", 0.5), ("Dense", None)]


def test_scaling_learns_from_the_first_features_alone():
    rng = np.random.default_rng(0)
    seen, new = rng.normal(3, 2, (50, 2, 2, 5)), rng.normal(0, 1, (20, 2, 2, 5))
    scaled, other = heads.scaled(seen, new)
    assert np.allclose(scaled.mean((0, 1, 2)), 0, atol=1e-5) and np.allclose(scaled.std((0, 1, 2)), 1, atol=1e-3)
    assert np.allclose(other, (new - seen.mean((0, 1, 2))) / seen.std((0, 1, 2)), atol=1e-5)
    seen[..., 0] = 0  # a channel that says nothing of these pictures must not drown the others in new ones
    assert np.abs(heads.scaled(seen, new)[1]).max() < 20
    assert not heads.scaled(np.zeros((3, 1, 1, 2)))[0].any()


@pytest.mark.parametrize("seen", [(0, 2), (1, 2, 3)])
def test_a_class_that_was_never_seen_gets_no_score_and_the_others_get_theirs(seen):
    labels = np.tile(seen, 20)
    maps = np.random.default_rng(0).normal(size=(len(labels), 1, 1, 4)) + 9 * np.eye(4)[labels][:, None, None]
    scores = heads.scores(heads.train("linear SVM", maps, labels, 4), maps, 4)
    assert (np.isneginf(scores) == ~np.isin(range(4), seen)).all() and (scores.argmax(1) == labels).all()


def zeros(*shape):
    return np.zeros(shape, np.float32)


HALVES, MAPS = np.arange(6) % 2, zeros(6, 2, 2, 4)
SHAPE = r"Expected features of shape \(n, height, width, channels\) and n labels"
OTHER = "Expected feature maps of .*Received .*Use the same base"
REFUSED = [
    (lambda: heads.train("linear SVM", MAPS, np.full(6, 3), 8), r"two classes\. All 6 are of class 3\. Add pictures"),
    (lambda: heads.train("average pooling", zeros(6, 16), HALVES, 2), SHAPE),
    (lambda: heads.train("average pooling", zeros(5, 2, 2, 4), HALVES, 2), SHAPE),
    (lambda: heads.scores(heads.train("linear SVM", MAPS, HALVES, 2), zeros(3, 2, 2, 5), 2), OTHER),
    (lambda: heads.scores(head_kinds.build("fully connected", (2, 2, 4), 2), zeros(3, 2, 2, 5), 2), OTHER),
    (lambda: head_kinds.build("average pooling", (128,), 8), r"feature maps of shape \(height, width, channels\)"),
    (lambda: head_kinds.find("softmax"), "Expected the name of a head: fully connected, .*Received: 'softmax'"),
    (lambda: head_comparison.recorded("linear SVM", "moss", 64), "recorded results for .*'task': 'moss'.*heads.csv"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_what_cannot_be_is_refused(call, words):
    with pytest.raises(CourseError, match=words):
        call()
