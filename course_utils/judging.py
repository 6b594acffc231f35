"""Judging a trained network: by class, by its worst mistakes, by where it looks, by what more pictures would bring."""

from dataclasses import dataclass, replace

import numpy as np

from course_utils import backbones, data, measuring, metrics
from course_utils.cards import CourseError
from course_utils.quiet import keras, tensorflow


@dataclass(frozen=True)
class Judgement:
    """How a network did on pictures that it had not seen.

    Attributes
    ----------
    class_names : tuple of str
    confusion : ndarray of shape (n_classes, n_classes), int
        Rows are true classes, columns are answers.
    accuracy : float
    interval : (float, float)
        Of the accuracy, 95 %, as far as the number of pictures decides it.
    majority : float
        Accuracy of always naming the most frequent class.
    balanced : float
        The mean over classes of the share that is right: what to look at where classes are unequal.
    mistakes : ndarray of int
        Places of the pictures that were named wrongly, the surest mistake first.
    shares : ndarray of shape (n, n_classes)
        What the network gave to every class.
    """

    class_names: tuple[str, ...]
    confusion: np.ndarray
    accuracy: float
    interval: tuple[float, float]
    majority: float
    balanced: float
    mistakes: np.ndarray
    shares: np.ndarray

    def table(self):
        """Return how many pictures of each class were right, as a table in Markdown, the worst class first."""
        lines = ["| class | pictures | right | most often taken for |", "| --- " * 4 + "|"]
        shares = self.confusion.diagonal() / np.maximum(self.confusion.sum(1), 1)
        for place in np.argsort(shares, kind="stable"):
            others = self.confusion[place].copy()
            others[place] = 0
            taken = f"{self.class_names[others.argmax()]} ({others.max()})" if others.any() else "–"
            count = self.confusion[place].sum()
            lines.append(f"| {self.class_names[place]} | {count} | {shares[place]:.0%} | {taken} |")
        return "\n".join(lines)


def judge(run, task):
    """Judge the network of a run on the test pictures of its task.

    Parameters
    ----------
    run : cards.Run
    task : cards.Task

    Returns
    -------
    Judgement
    """
    inputs = backbones.preprocess(run.backbone.split(" ")[0], task.test.images)
    return judged(run.model.predict(inputs, verbose=0), task.test.labels, task.class_names)


def judged(logits, labels, class_names):
    """Judge class scores.

    Parameters
    ----------
    logits : ndarray of shape (n, n_classes)
    labels : ndarray of shape (n,), int
    class_names : sequence of str

    Returns
    -------
    Judgement
    """
    if len(logits) != len(labels) or not len(labels):
        raise CourseError(f"Expected scores for every label. Received {len(logits)} for {len(labels)}.")
    answers, n_classes = logits.argmax(1), len(class_names)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares = powers / powers.sum(1, keepdims=True)
    confusion = np.bincount(labels * n_classes + answers, minlength=n_classes**2).reshape(n_classes, n_classes)
    counts = confusion.sum(1)
    accuracy = float((answers == labels).mean())
    wrong = np.flatnonzero(answers != labels)
    return Judgement(
        tuple(class_names),
        confusion,
        accuracy,
        metrics.share_interval(accuracy, len(labels)),
        float(counts.max() / counts.sum()),
        float((confusion.diagonal()[counts > 0] / counts[counts > 0]).mean()),
        wrong[np.argsort(-shares[wrong].max(1), kind="stable")],
        shares,
    )


def grad_cam(model, inputs, label):
    """Return where a network looks when it scores a class (Selvaraju et al. 2017, equations 1 and 2).

    Parameters
    ----------
    model : keras.Model
        With a head of `backbones.attach_head`, or any other; the last feature maps of the model are used.
    inputs : ndarray of shape (1, height, width, 3)
        One preprocessed picture.
    label : int

    Returns
    -------
    ndarray of shape (rows, columns)
        From 0 to 1; all 0 if nothing in the picture speaks for the class.
    """
    maps = [layer.output for layer in model.layers if len(getattr(layer, "output", inputs[0]).shape) == 4]
    if not maps:
        raise CourseError("Expected a network with feature maps. This one has none: Grad-CAM needs convolutions.")
    both = keras.Model(model.input, [maps[-1], model.output])
    with tensorflow.GradientTape() as tape:
        found, scores = both(inputs, training=False)
        tape.watch(found)
        score = scores[0, label]
    weights = tape.gradient(score, found).numpy().mean((1, 2))
    seen = np.maximum((found.numpy() * weights[:, None, None]).sum(-1)[0], 0)
    return seen / seen.max() if seen.max() > 0 else seen


def learning_curve(case, rate, seeds=(0, 1, 2), shares=(0.25, 0.5, 1.0)):
    """Return the accuracy on validation pictures by number of training pictures; test pictures have no part in it.

    Parameters
    ----------
    case : measuring.Case
        Trained with up to `case.n_samples` pictures, a quarter of which is set aside each time.
    rate : float
    seeds : sequence of int
        Two or more.
    shares : sequence of float

    Returns
    -------
    dict of int to list of float
        Number of pictures that were trained on -> accuracies in percent, one a seed.
    """
    curve = {}
    for share in shares:
        for seed in seeds:
            kept, aside = data.split(data.sample(case.task.train, case.n_samples, seed), 0.25, seed)
            n = int(share * len(kept))
            task = replace(case.task, train=data.sample(kept, n, seed), test=aside)
            run = measuring.run_once(replace(case, task=task, n_samples=n), rate, seed)
            curve.setdefault(n, []).append(100 * run.test_accuracy)
    return curve


def more_would_help(curve):
    """Say what the last doubling of a learning curve brought: points gained, and half the width of its 95 % interval.

    If the interval lies above 0, more pictures will probably help; the next doubling mostly brings less than the last.
    """
    *_, before, last = curve.values()
    return metrics.paired_difference(last, before)
