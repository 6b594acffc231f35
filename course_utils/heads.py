"""Classifier heads on kept features: how they are trained, and what they answer."""

import numpy as np
from sklearn.svm import LinearSVC

from course_utils import fitting
from course_utils.cards import CourseError
from course_utils.head_kinds import build, find, squared_hinge


def scaled(seen, *others):
    """Bring features to mean 0 and spread 1, channel by channel.

    A channel that hardly speaks in a few training pictures would be made enormous in others. So no channel is taken to
    spread less than a tenth of what channels spread on average.

    Parameters
    ----------
    seen : ndarray of shape (n, ..., channels)
        Features of the training pictures: mean and spread are taken from them alone.
    *others : ndarray of shape (any number, ..., channels)

    Returns
    -------
    list of ndarray of the same shapes, float32
    """
    places = tuple(range(seen.ndim - 1))
    mean, spread = seen.mean(places), seen.std(places)
    spread = np.maximum(spread, 0.1 * spread.mean() or 1.0)
    return [((part - mean) / spread).astype(np.float32) for part in (seen, *others)]


def train(name, features, labels, n_classes, *, learning_rate=0.002, epochs=50, margin_cost=1.0):
    """Train a head on feature maps; seeds are the caller's.

    The SVM finds weights w that make ½|w|² + C Σ max(0, 1 − target · score)² small (Tang 2013, section 2.2). In Keras
    the same sum is divided by C, by the number of pictures and by that of classes, so both have the same minimum but
    for the bias, which scikit-learn keeps small, too.

    Parameters
    ----------
    name : str
        A key of `head_kinds.HEADS`.
    features : ndarray of shape (n, height, width, channels)
        Scaled; see `scaled`.
    labels : ndarray of shape (n,), int
    n_classes : int
    learning_rate, epochs
        For heads in Keras.
    margin_cost : float
        For SVMs: C.

    Returns
    -------
    keras.Sequential or sklearn.svm.LinearSVC

    Raises
    ------
    CourseError
        If the features are no maps, labels and features are not of one number, or there are fewer than two classes.
    """
    head = find(name)
    _check(features, labels)
    if head.solver:
        machine = LinearSVC(C=margin_cost, random_state=0, max_iter=20_000)
        return machine.fit(features.mean((1, 2)), labels)
    decay = 1 / (2 * margin_cost * len(labels) * n_classes) if head.loss == "squared hinge" else 0.0
    model = build(name, features.shape[1:], n_classes, decay)
    loss = squared_hinge if head.loss == "squared hinge" else None
    fitting.compile_model(model, learning_rate, epochs * fitting.steps(len(labels)), loss=loss)
    fitting.fit(model, features, labels, epochs)
    return model


def scores(trained, features, n_classes):
    """Return the class scores that a trained head gives.

    Parameters
    ----------
    trained : keras.Sequential or sklearn.svm.LinearSVC
    features : ndarray of shape (n, height, width, channels)
    n_classes : int

    Returns
    -------
    ndarray of shape (n, n_classes)
        For a class that the SVM has never seen: minus infinity.
    """
    solved = isinstance(trained, LinearSVC)
    wanted = (*features.shape[1:3], trained.n_features_in_) if solved else trained.input_shape[1:]
    if features.shape[1:] != wanted:
        raise CourseError(
            f"Expected feature maps of shape {wanted}, as this head was trained on. Received {features.shape[1:]}. "
            "Use the same base, and pictures of the same size."
        )
    if not solved:
        return trained.predict(features, batch_size=256, verbose=0)
    found = np.full((len(features), n_classes), -np.inf)
    given = trained.decision_function(features.mean((1, 2)))
    found[:, trained.classes_] = given if given.ndim == 2 else np.stack([-given, given], axis=1)
    return found


def activations(head, features):
    """Return the score of every class at every place: class activation maps (Zhou et al. 2016, equation 2).

    With average pooling, the score of a class is the mean of these over all places.

    Parameters
    ----------
    head : keras.Sequential
        Average pooling, then one dense layer.
    features : ndarray of shape (n, height, width, channels)
        Of pictures of any size, scaled as those that the head was trained on.

    Returns
    -------
    ndarray of shape (n, height, width, n_classes)
    """
    kernel, bias = head.layers[-1].get_weights()
    return features @ kernel + bias


def parameters(trained):
    """Return the number of parameters of a trained head."""
    if isinstance(trained, LinearSVC):
        return trained.coef_.size + trained.intercept_.size
    return trained.count_params()


def _check(features, labels):
    """Refuse what no head can be trained on."""
    if features.ndim != 4 or len(features) != len(labels):
        raise CourseError(
            f"Expected features of shape (n, height, width, channels) and n labels. Received {features.shape} and "
            f"{len(labels)}. Take what comes out of the base, before any pooling, for the same pictures."
        )
    if len(np.unique(labels)) < 2:
        raise CourseError(
            f"Expected pictures of at least two classes. All {len(labels)} are of class {labels[0]}. "
            "Add pictures of another class."
        )
