"""How well a source's features may suit a task, told from kept features in seconds, before anything is trained."""

import numpy as np

from course_utils.cards import CourseError

FOLDS = 4  # parts into which pictures are cut to judge a linear probe
MOST_STEPS, TOLERANCE = 100, 1e-6  # of the iteration in `logme`


def leep(probabilities, labels):
    """Return the LEEP score: the log-likelihood of labels under the source classifier's own answers.

    A "flower" of the target that the source mostly calls "shell" is told by the source's word for it. Close to 0 is
    best. (Nguyen et al. 2020, LEEP: A New Measure to Evaluate Transferability of Learned Representations, eq. 2.)

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_source_classes)
        The source classifier's softmax outputs for target pictures.
    labels : ndarray of shape (n,), int
        Target classes.

    Returns
    -------
    float
        At most 0.

    Raises
    ------
    CourseError
        If rows are no probabilities, numbers differ, or there are fewer than two target classes.

    Examples
    --------
    >>> round(leep(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])), 3)
    0.0
    """
    _check(probabilities, labels)
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(1), 1, atol=1e-3):
        raise CourseError(
            "Expected probabilities: rows from 0 to 1 that add up to 1. Received rows that add up to "
            f"{probabilities.sum(1).min():.2f} to {probabilities.sum(1).max():.2f}. Put a softmax on the scores."
        )
    joint = _one_hot(labels).T @ probabilities / len(labels)  # of target class y and source class z
    given = joint / np.maximum(joint.sum(0), 1e-12)  # P(y | z)
    expected = (probabilities @ given.T)[np.arange(len(labels)), _places(labels)]
    return float(np.log(np.maximum(expected, 1e-12)).mean())


def logme(features, labels):
    """Return the LogME score: the evidence for a linear model from features to each class, per picture.

    For each class, numbers 0 and 1 are explained by a linear model with a Gaussian prior on its weights; its evidence,
    eq. 2 in You et al. 2021 (LogME: Practical Assessment of Pre-trained Models for Transfer Learning), is made as large
    as it can be by their Algorithm 1. Higher is better.

    Parameters
    ----------
    features : ndarray of shape (n, n_channels)
    labels : ndarray of shape (n,), int

    Returns
    -------
    float

    Raises
    ------
    CourseError
        If numbers differ, or there are fewer than two classes.
    """
    _check(features, labels)
    left, sizes, _ = np.linalg.svd(np.asarray(features, np.float64), full_matrices=False)
    scores = [_evidence(left.T @ target, sizes**2, target, features.shape) for target in _one_hot(labels).T]
    return float(np.mean(scores))


def _evidence(turned, squares, target, shape):
    """Return the largest evidence for one class, per picture; the letters are those of the paper."""
    n, n_channels = shape
    outside = target @ target - turned @ turned  # what no linear model can explain
    alpha, beta = 1.0, 1.0
    for _ in range(MOST_STEPS):
        ratio = alpha / beta
        gamma = (squares / (squares + ratio)).sum()
        m_2 = (squares * turned**2 / (squares + ratio) ** 2).sum()
        res_2 = ((ratio * turned / (squares + ratio)) ** 2).sum() + outside
        alpha, beta = gamma / max(m_2, 1e-12), (n - gamma) / max(res_2, 1e-12)
        if abs(alpha / beta - ratio) <= TOLERANCE * ratio:
            break
    ratio = alpha / beta
    m_2 = (squares * turned**2 / (squares + ratio) ** 2).sum()
    res_2 = ((ratio * turned / (squares + ratio)) ** 2).sum() + outside
    log_det = np.log(alpha + beta * squares).sum() + (n_channels - len(squares)) * np.log(alpha)
    terms = n * np.log(beta) + n_channels * np.log(alpha) - n * np.log(2 * np.pi) - beta * res_2 - alpha * m_2 - log_det
    return terms / 2 / n


def feature_distance(source, target):
    """Return how far a target's features lie from the source's: the distance of the means, in the source's spreads.

    Parameters
    ----------
    source, target : ndarray of shape (any number, n_channels)

    Returns
    -------
    float
        The root mean square over channels; 0 if the means are the same.

    Examples
    --------
    >>> feature_distance(np.array([[0.0], [2.0]]), np.array([[3.0], [5.0]]))
    3.0
    """
    if source.ndim != 2 or target.ndim != 2 or source.shape[1] != target.shape[1]:
        raise CourseError(
            "Expected two sets of features with the same number of channels. "
            f"Received shapes {source.shape} and {target.shape}."
        )
    spread = source.std(0)
    spread = np.maximum(spread, 0.1 * spread.mean() or 1.0)  # channels that hardly speak would decide everything
    return float(np.sqrt((((target.mean(0) - source.mean(0)) / spread) ** 2).mean()))


def probe_accuracy(features, labels, folds=FOLDS):
    """Return the accuracy of a linear probe on pictures that it has not seen, by cross-validation.

    Parameters
    ----------
    features : ndarray of shape (n, n_channels)
    labels : ndarray of shape (n,), int
        At least `folds` of each class.
    folds : int

    Returns
    -------
    float
        0 to 1.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    _check(features, labels)
    fewest = np.bincount(_places(labels)).min()
    if fewest < folds:
        raise CourseError(
            f"Expected at least {folds} pictures of every class. The smallest class has {fewest}. Add some to it, or "
            "leave it out."
        )
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    return float(
        cross_val_score(probe, features, labels, cv=StratifiedKFold(folds, shuffle=True, random_state=0)).mean()
    )


def _check(rows, labels):
    """Refuse what has no two classes, or not one row for each label."""
    if rows.ndim != 2 or len(rows) != len(labels):
        raise CourseError(
            f"Expected one row for each of {len(labels)} labels. Received an array of shape {rows.shape}. "
            "Average feature maps to one number a channel first."
        )
    if len(np.unique(labels)) < 2:
        raise CourseError(f"Expected pictures of two classes or more. Received {len(np.unique(labels))}.")


def _places(labels):
    """Return labels as places among the classes that occur."""
    return np.unique(labels, return_inverse=True)[1]


def _one_hot(labels):
    """Return a column for each class that occurs: 1 where a picture is of it, 0 elsewhere."""
    return np.eye(len(np.unique(labels)))[_places(labels)]
