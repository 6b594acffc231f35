"""Judging a trained network: by class, by its worst mistakes, by where it looks, by what more pictures would bring."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from course_utils import backbones, data, fitting, measuring, metrics
from course_utils.cards import CourseError
from course_utils.looking import grad_cam

__all__ = ["Judgement", "grad_cam", "judge", "judged", "learning_curve", "more_would_help"]

LONGEST = 4  # times the epochs of the largest size, at most, for the smaller sizes of a learning curve


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

    @property
    def by_class(self):
        """The share of every class that is right: ndarray of shape (n_classes,); 0 for a class without pictures."""
        return self.confusion.diagonal() / np.maximum(self.confusion.sum(1), 1)

    def table(self):
        """Return how many pictures of each class were right, as a table in Markdown, the worst class first."""
        lines = ["| class | pictures | right | 95 % interval | most often taken for |", "| --- " * 5 + "|"]
        shares = self.by_class
        for place in np.argsort(shares, kind="stable"):
            others = self.confusion[place].copy()
            others[place] = 0
            taken = f"{self.class_names[others.argmax()]} ({others.max()})" if others.any() else "–"
            count = self.confusion[place].sum()
            low, high = metrics.share_interval(shares[place], count) if count else (0, 1)
            cells = f"{count} | {shares[place]:.0%} | {low:.0%} to {high:.0%} | {taken}"
            lines.append(f"| {self.class_names[place]} | {cells} |")
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

    Raises
    ------
    CourseError
        If the network has another number of classes than the task, as after another task.
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
    n_classes = len(class_names)
    if logits.shape[1:] != (n_classes,):
        raise CourseError(
            f"Expected a score for each of {n_classes} classes ({', '.join(class_names)}). Received scores of shape "
            f"{logits.shape}. Judge the network on the task that it was trained for, with all of its classes."
        )
    answers = logits.argmax(1)
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


def learning_curve(case, rate, seeds=(0, 1, 2), shares=(0.25, 0.5, 1.0)):
    """Return the accuracy on validation pictures by number of training pictures; test pictures have no part in it.

    Fewer pictures make fewer updates in an epoch. So that only the pictures differ, smaller sizes get more epochs,
    until they have about as many updates as the largest, but at most four times its epochs.

    Parameters
    ----------
    case : measuring.Case
        Trained with up to `case.n_samples` pictures, a quarter of which is set aside each time. Its epochs are those
        of the largest size.
    rate : float
    seeds : sequence of int
        2 to 10 different ones.
    shares : sequence of float
        Above 0, up to 1: of the pictures that are not set aside. Two or more.

    Returns
    -------
    dict of int to list of float
        Number of pictures that were trained on (in classes of unequal size, about so many) -> accuracies in percent,
        one a seed; the smallest number first.

    Raises
    ------
    CourseError
        If there are fewer than two sizes or seeds, so that nothing could be compared, or a size makes no sense.
    """
    if not 2 <= len(set(seeds)) == len(seeds) <= 10:
        raise CourseError(f"Expected 2 to 10 different seeds, to see how far repeats differ. Received: {seeds}.")
    n_kept = len(_drawn(case, 1, seeds[0])[0])
    sizes, least = sorted({int(share * n_kept) for share in shares}), len(case.task.class_names)
    if len(sizes) < 2 or sizes[0] < least or sizes[-1] > n_kept:
        raise CourseError(
            f"Expected two or more sizes from {least}, one picture a class, to {n_kept}, as a quarter of "
            f"{case.n_samples} is set aside. Received: {sizes}. Take other shares, or more pictures."
        )
    curve = {n: [] for n in sizes}
    for n, seed in product(sizes, seeds):
        train, aside = _drawn(case, n / n_kept, seed)
        task = replace(case.task, train=train, test=aside)
        run = measuring.run_once(replace(_longer(case, len(train), sizes[-1]), task=task), rate, seed)
        curve[n].append(100 * run.test_accuracy)
    return curve


def _drawn(case, share, seed):
    """Return a share of every class of what is trained on, and the quarter that is set aside."""
    kept, aside = data.split(data.sample(case.task.train, case.n_samples, seed), 0.25, seed)
    return (kept if share == 1 else data.split(kept, 1 - share, seed)[0]), aside


def _longer(case, n, largest):
    """Return a case for `n` pictures, with about as many updates as it has for the largest number."""
    batch_size = case.options.get("batch_size", fitting.BATCH)
    times = min(LONGEST, fitting.steps(largest, batch_size) / fitting.steps(n, batch_size))
    longer = {name: round(times * case.options[name]) for name in ("head_epochs", "patience") if case.options.get(name)}
    return replace(case, n_samples=n, epochs=round(times * case.epochs), options=case.options | longer)


def more_would_help(curve):
    """Say what the last step of a learning curve brought: points gained, and half the width of its 95 % interval.

    The interval is that of the differences of repeats with the same seed, which share their pictures. If it lies above
    0, more pictures will probably help; the next doubling mostly brings less than the last. If it holds 0, the curve
    does not tell, however large the gain looks. Repeats are drawn from one pool, so it is rather too narrow.

    Parameters
    ----------
    curve : dict of int to list of float
        As `learning_curve` returns it: two sizes or more, with 2 to 10 repeats each.

    Returns
    -------
    gained, half_width : float
    """
    repeats = {len(found) for found in curve.values()}
    if len(curve) < 2 or len(repeats) > 1 or not 2 <= max(repeats) <= 10:
        raise CourseError(
            "Expected two or more sizes, with 2 to 10 repeats of each. Received: "
            f"{ {n: len(found) for n, found in curve.items()} }. Give learning_curve more shares, or more seeds."
        )
    before, last = sorted(curve)[-2:]
    return metrics.paired_difference(curve[last], curve[before])
