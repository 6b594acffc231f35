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


def accuracy(trained, maps, labels):
    return np.mean(heads.scores(trained, maps, 8).argmax(1) == labels)


def test_every_head_learns(garden_maps):
    seen, labels, new, new_labels = garden_maps
    keras.utils.set_random_seed(0)
    for name in head_kinds.HEADS:
        trained = heads.train(name, seen, labels, 8, learning_rate=0.004, epochs=30, margin_cost=0.03)
        assert accuracy(trained, new, new_labels) > 0.75, name


def test_both_svms_find_the_same_minimum(garden_maps):
    # Compared by what both make small. scikit-learn keeps the bias small, too, unless it is scaled up.
    seen, labels, *_ = garden_maps
    pooled, targets, cost = seen.mean((1, 2)), 2 * np.eye(8)[labels] - 1, 0.1

    def total(kernel, bias):
        losses = np.maximum(1 - targets * (pooled @ kernel + bias), 0) ** 2
        return 0.5 * np.sum(kernel**2) + cost * losses.sum()

    keras.utils.set_random_seed(0)
    head = heads.train("SVM in Keras", seen, labels, 8, learning_rate=0.05, epochs=200, margin_cost=cost)
    machine = LinearSVC(C=cost, intercept_scaling=30, max_iter=100_000, random_state=0).fit(pooled, labels)
    solved = heads.train("linear SVM", seen, labels, 8, margin_cost=cost)
    least = total(machine.coef_.T, machine.intercept_)
    assert total(*head.layers[-1].get_weights()) == pytest.approx(least, rel=0.02)
    assert total(solved.coef_.T, solved.intercept_) < 1.5 * least


def test_squared_hinge_is_that_of_the_equation():
    scores = np.array([[1.5, -0.5, -2.0], [0.0, 0.3, -1.0]], np.float32)
    targets = np.array([[1, -1, -1], [-1, 1, -1]])
    wanted = (np.maximum(1 - targets * scores, 0) ** 2).mean(1)
    for labels in (np.array([0, 1]), np.array([[0], [1]])):
        assert np.allclose(head_kinds.squared_hinge(labels, keras.ops.convert_to_tensor(scores)), wanted)


def test_parameters_are_those_of_the_arithmetic(garden_maps):
    seen, labels, *_ = garden_maps
    assert head_kinds.build("fully connected", (4, 4, 128), 8).count_params() == (
        anatomy.dense_parameters(4 * 4 * 128, head_kinds.HIDDEN) + anatomy.dense_parameters(head_kinds.HIDDEN, 8)
    )
    assert heads.parameters(heads.train("linear SVM", seen, labels, 8)) == anatomy.dense_parameters(128, 8)
    assert head_kinds.build("average pooling", (9, 2, 128), 8).count_params() == anatomy.dense_parameters(128, 8)


def test_scaling_learns_from_the_first_features_alone():
    rng = np.random.default_rng(0)
    seen, new = rng.normal(3, 2, (50, 2, 2, 5)), rng.normal(0, 1, (20, 2, 2, 5))
    scaled, other = heads.scaled(seen, new)
    assert np.allclose(scaled.mean((0, 1, 2)), 0, atol=1e-5) and np.allclose(scaled.std((0, 1, 2)), 1, atol=1e-3)
    assert np.allclose(other, (new - seen.mean((0, 1, 2))) / seen.std((0, 1, 2)), atol=1e-5)
    seen[..., 0] = 0  # a channel that says nothing of these pictures must not drown the others in new ones
    assert np.abs(heads.scaled(seen, new)[1]).max() < 20
    assert not heads.scaled(np.zeros((3, 1, 1, 2)))[0].any()


def test_the_score_of_a_class_is_the_mean_of_its_activation_map():
    head = head_kinds.build("average pooling", (4, 6, 16), 5)
    maps = np.random.default_rng(0).normal(size=(3, 4, 6, 16)).astype(np.float32)
    assert np.allclose(heads.activations(head, maps).mean((1, 2)), head.predict(maps, verbose=0), atol=1e-5)


def test_a_class_that_was_never_seen_gets_no_score():
    maps, labels = np.random.default_rng(0).normal(size=(30, 1, 1, 4)), np.arange(30) % 2
    labels[labels == 1] = 2
    scores = heads.scores(heads.train("linear SVM", maps, labels, 4), maps, 4)
    assert np.isneginf(scores[:, [1, 3]]).all() and np.isfinite(scores[:, [0, 2]]).all()


@pytest.mark.parametrize("name", head_kinds.HEADS)
def test_one_class_is_refused(name):
    with pytest.raises(CourseError, match=r"at least two classes\. All 6 are of class 3\. Add pictures"):
        heads.train(name, np.zeros((6, 2, 2, 4), np.float32), np.full(6, 3), 8)


@pytest.mark.parametrize("shape", [(6, 16), (6, 4, 16), (5, 2, 2, 4)])
def test_features_of_another_shape_are_refused(shape):
    with pytest.raises(CourseError, match=r"Expected features of shape \(n, height, width, channels\) and n labels"):
        heads.train("average pooling", np.zeros(shape, np.float32), np.arange(6) % 2, 2)


def test_a_head_says_what_it_was_trained_on():
    maps, labels = np.random.default_rng(0).normal(size=(8, 2, 2, 4)).astype(np.float32), np.arange(8) % 2
    wrong = np.zeros((3, 2, 2, 5), np.float32)
    for name in ("fully connected", "linear SVM"):
        with pytest.raises(CourseError, match="Expected feature maps of .*Received .*Use the same base"):
            heads.scores(heads.train(name, maps, labels, 2, epochs=1), wrong, 2)
    with pytest.raises(CourseError, match=r"Expected feature maps of shape \(height, width, channels\)"):
        head_kinds.build("average pooling", (128,), 8)


def test_an_unknown_head_is_refused():
    with pytest.raises(CourseError, match="Expected the name of a head: fully connected, .*Received: 'softmax'"):
        head_kinds.find("softmax")


def test_results_that_are_missing_are_named():
    with pytest.raises(CourseError, match=r"Expected recorded results for .*'task': 'moss'.*heads.csv"):
        head_comparison.recorded("linear SVM", "moss", 64)


def test_a_linear_svm_is_scikit_learns(garden_maps):
    seen, labels, *_ = garden_maps
    assert isinstance(heads.train("linear SVM", seen, labels, 8), LinearSVC)
