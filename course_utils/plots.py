"""Figures. Each function draws recorded values on axes and returns the axes; none trains or computes results."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.cards import Pictures

# A second cue beside colour, for readers who do not tell the colours apart.
LINE_STYLES = ("-", "--", "-.", ":")


def contact_sheet(pictures, class_names, per_class=6, ax=None):
    """Draw the first pictures of every class, one row a class.

    Parameters
    ----------
    pictures : Pictures
    class_names : sequence of str
    per_class : int
        How many of each class; fewer if there are not as many.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    side, gap = pictures.images.shape[1], 4
    sheet = np.full((len(class_names) * (side + gap), per_class * (side + gap), 3), 255, np.uint8)
    for label in range(len(class_names)):
        for place, index in enumerate(np.flatnonzero(pictures.labels == label)[:per_class]):
            row, column = label * (side + gap), place * (side + gap)
            sheet[row : row + side, column : column + side] = pictures.images[index]
    if ax is None:
        _, ax = plt.subplots(figsize=(1.0 * per_class + 2, 0.95 * len(class_names)))
    ax.imshow(sheet)
    ax.set_yticks([label * (side + gap) + side / 2 for label in range(len(class_names))], class_names)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    return ax


def task_strip(tasks, ax=None):
    """Draw one training picture of every class of several tasks, one row a task.

    Parameters
    ----------
    tasks : sequence of Task
        All with the same number of classes.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    firsts = [task.train.images[np.unique(task.train.labels, return_index=True)[1]] for task in tasks]
    rows = np.repeat(np.arange(len(tasks)), [len(images) for images in firsts])
    strip = Pictures(np.concatenate(firsts), rows)
    return contact_sheet(strip, [task.name for task in tasks], per_class=len(firsts[0]), ax=ax)


def learning_curves(curves, chance=None, ax=None):
    """Draw accuracy by epoch: one colour a network, thick on new pictures, thin and dotted on training ones.

    Parameters
    ----------
    curves : dict of str to dict of str to sequence of float
        Name of the network -> a Keras history with "accuracy" and "val_accuracy", shares from 0 to 1.
    chance : float, optional
        Accuracy of a guess, drawn as a grey line.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(10, 4))
    for number, (name, history) in enumerate(curves.items()):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        style = {"color": f"C{number}"}
        ax.plot(epochs, 100 * np.array(history["accuracy"]), ":", lw=1.5, label=f"{name}: training pictures", **style)
        line = LINE_STYLES[number % 3]
        ax.plot(epochs, 100 * np.array(history["val_accuracy"]), line, label=f"{name}: new pictures", **style)
    if chance is not None:
        ax.axhline(100 * chance, color="0.6", lw=1)
        ax.annotate("guessing", (0.99, 100 * chance + 1), xycoords=("axes fraction", "data"), ha="right", color="0.4")
    ax.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 103))
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def answers(images, guesses, truths, class_names, ax=None):
    """Draw pictures in a row, each with the network's answer below it; wrong answers are crossed and framed.

    Parameters
    ----------
    images : ndarray of shape (n, side, side, 3), uint8
    guesses, truths : sequence of int
    class_names : sequence of str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    side, gap = images.shape[1], 10
    if ax is None:
        _, ax = plt.subplots(figsize=(1.3 * len(images), 1.7))
    for place, image in enumerate(images):
        left = place * (side + gap)
        ax.imshow(image, extent=(left, left + side, side, 0))
        ax.add_patch(plt.Rectangle((left, 0), side, side, fill=False, lw=3))
        ax.text(left + side / 2, side + 6, "", ha="center", va="top", color="0.15", fontsize=9)
    set_answers(ax, guesses, truths, class_names)
    ax.set(xlim=(-3, len(images) * (side + gap)), ylim=(side + 48, -4))
    ax.axis("off")
    return ax


def set_answers(ax, guesses, truths, class_names):
    """Replace the answers on axes that `answers` has drawn."""
    for frame, text, guess, truth in zip(ax.patches, ax.texts, guesses, truths, strict=True):
        right = guess == truth
        frame.set(edgecolor="#029e73" if right else "#d55e00", linestyle="-" if right else "--")
        text.set_text(f"{'✓' if right else '✗'} {class_names[guess].replace('-', chr(10))}")
