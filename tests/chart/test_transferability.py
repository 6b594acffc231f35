"""Transferability scores: hand-made cases, and LogME against its defining equation."""

import numpy as np
import pytest
from scipy.optimize import minimize

from course_utils.cards import CourseError
from course_utils.transferability import feature_distance, leep, logme, probe_accuracy

LABELS = np.array([0, 0, 1, 1, 2, 2])


@pytest.mark.parametrize(
    ("probabilities", "labels", "likelihoods"),
    [
        ([[1, 0], [1, 0], [1, 0], [0, 1]], [0, 0, 1, 1], [2 / 3, 2 / 3, 1 / 3, 1]),  # P(0 | a) = 2/3, P(1 | b) = 1
        ([[0.75, 0.25], [0.25, 0.75]], [7, 9], [0.75**2 + 0.25**2]),  # unsure: P(0, a) = 0.375, so P(0 | a) = 0.75
        (np.full((6, 4), 0.25), LABELS, [1 / 3]),  # the source tells nothing: the entropy of the labels
    ],
)
def test_leep_by_hand(probabilities, labels, likelihoods):
    assert leep(np.array(probabilities, float), np.array(labels)) == pytest.approx(np.log(likelihoods).mean())


def negative_evidence(logs, features, target):
    """Return -log p(y | F, alpha, beta) as the density of a Gaussian: the weights are integrated out."""
    n, (alpha, beta) = len(target), np.exp(logs)
    covariance = np.eye(n) / beta + features @ features.T / alpha
    _, log_det = np.linalg.slogdet(covariance)
    return 0.5 * (n * np.log(2 * np.pi) + log_det + target @ np.linalg.solve(covariance, target))


def largest_evidence(features, target):
    """Search for alpha and beta without any knowledge of the paper's algorithm."""
    starts = [(0, 0), (2, 2), (5, 1), (-2, 2)]
    return -min(minimize(negative_evidence, at, (features, target), method="Nelder-Mead").fun for at in starts)


@pytest.mark.parametrize("shape", [(60, 5), (20, 30)])  # more pictures than channels, and fewer
def test_logme_is_the_largest_evidence(shape):
    rng = np.random.default_rng(0)
    labels = np.arange(shape[0]) % 3
    features = rng.normal(size=shape) + 0.8 * np.eye(3)[labels] @ rng.normal(size=(3, shape[1]))
    best = [largest_evidence(features, target) / len(target) for target in np.eye(3)[labels].T]
    assert logme(features, labels) == pytest.approx(np.mean(best), abs=1e-3)


def test_scores_rise_with_what_features_tell():
    rng = np.random.default_rng(1)
    labels = np.arange(120) % 4
    noise, centres = rng.normal(size=(120, 8)), np.repeat(np.eye(4), 2, axis=1)[labels]
    for score in (logme, probe_accuracy):
        values = [score(noise + strength * centres, labels) for strength in (0, 1, 3)]
        assert values == sorted(values) and values[0] < values[1] < values[2]
    assert probe_accuracy(noise, labels) < 0.4 < 0.95 < probe_accuracy(noise + 5 * centres, labels)


def test_feature_distance():
    rng = np.random.default_rng(2)
    source = rng.normal(size=(4000, 3)) * [1, 10, 100]
    assert feature_distance(source, source) == 0
    # Each channel is moved by two of its own spreads; the first hardly speaks and counts less.
    moved = feature_distance(source, source + 2 * source.std(0))
    assert moved == pytest.approx(np.sqrt((4 + 4 + (2 * 1 / 3.7) ** 2) / 3), rel=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: leep(np.ones((6, 3)), LABELS), "add up to 3.00"),
        (lambda: leep(np.full((5, 2), 0.5), LABELS), "one row for each of 6 labels"),
        (lambda: leep(np.full((6, 2), 0.5), np.zeros(6, int)), "two classes or more"),
        (lambda: logme(np.ones((6, 2, 2, 3)), LABELS), "Average feature maps"),
        (lambda: logme(np.ones((6, 3)), np.zeros(6, int)), "two classes or more"),
        (lambda: feature_distance(np.ones((6, 3)), np.ones((6, 4))), "same number of channels"),
        (lambda: probe_accuracy(np.ones((6, 3)), LABELS), "The smallest class has 2"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(CourseError, match=words):
        call()
