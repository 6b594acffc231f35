"""Figures of pictures."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.cards import Pictures
from course_utils.plots.style import LINE_STYLES


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


def answers(images, guesses, truths, class_names, ax=None):
    """Draw pictures in a row, each with a name below it; a network's answers are ticked or crossed, and framed.

    Parameters
    ----------
    images : ndarray of shape (n, side, side, 3), uint8
    guesses : sequence of int or None
        The network's answers; None to show the true names.
    truths : sequence of int
    class_names : sequence of str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    side = images.shape[1]
    gap = round(0.42 * side)  # room for the names
    if ax is None:
        _, ax = plt.subplots(figsize=(1.3 * len(images), 1.7))
    for place, (image, truth) in enumerate(zip(images, truths, strict=True)):
        left = place * (side + gap)
        ax.imshow(image, extent=(left, left + side, side, 0))
        if guesses is not None:
            ax.add_patch(plt.Rectangle((left, 0), side, side, fill=False, lw=3))
        name = _short(class_names[truth])
        ax.text(left + side / 2, 1.08 * side, name, ha="center", va="top", color="0.15", fontsize=8.5)
    if guesses is not None:
        set_answers(ax, guesses, truths, class_names)
    ax.set(xlim=(-3, len(images) * (side + gap) - gap + 3), ylim=(1.55 * side, -4))
    ax.axis("off")
    return ax


def set_answers(ax, guesses, truths, class_names):
    """Replace the answers on axes that `answers` has drawn."""
    for frame, text, guess, truth in zip(ax.patches, ax.texts, guesses, truths, strict=True):
        right = guess == truth
        frame.set(edgecolor="#029e73" if right else "#d55e00", linestyle="-" if right else "--")
        text.set_text(f"{'✓' if right else '✗'} {_short(class_names[guess])}")


def _short(name):
    """Break the name of a class into two lines."""
    words = name.split("-")
    middle = -(-len(words) // 2)
    return " ".join(words[:middle]) + "\n" + " ".join(words[middle:])


def picture(image, ax=None):
    """Draw one picture without axes, in a thin frame: a white one would be lost on a white page.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3) or (height, width)
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(3, 3))
    ax.imshow(image, cmap="gray")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.7", lw=0.5)
    return ax


def feature_maps(maps, n=16, ax=None):
    """Draw the feature maps with the highest mean, strongest first, each from black (0) to white (its maximum).

    Parameters
    ----------
    maps : ndarray of shape (side, side, n_maps)
    n : int
        How many at most, in rows of a square.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 5))
    order = np.argsort(maps.mean(axis=(0, 1)))[::-1][:n]
    columns, scale = int(np.ceil(np.sqrt(n))), max(80 // maps.shape[0], 1)
    side, gap = maps.shape[0] * scale, 3
    sheet = np.ones((-(-n // columns) * (side + gap), columns * (side + gap)))
    for place, index in enumerate(order):
        row, column = divmod(place, columns)
        one = maps[..., index].repeat(scale, axis=0).repeat(scale, axis=1)
        top, left = row * (side + gap), column * (side + gap)
        sheet[top : top + side, left : left + side] = one / max(one.max(), 1e-9)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=1)
    ax.axis("off")
    return ax


def receptive_fields(image, sides, ax=None):
    """Draw how much of a picture a unit in its middle sees, one square for each block.

    Parameters
    ----------
    image : ndarray of shape (side, side, 3)
    sides : dict of str to int
        Block -> side of the receptive field in pixels.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 4.4))
    middle = image.shape[0] / 2
    ax.imshow(image, extent=(0, 2 * middle, 2 * middle, 0))
    for number, (name, side) in enumerate(sides.items()):
        square = {"xy": (middle - side / 2, middle - side / 2), "width": side, "height": side, "fill": False}
        ax.add_patch(plt.Rectangle(**square, lw=5, ec="white"))
        line = LINE_STYLES[number % len(LINE_STYLES)]
        ax.add_patch(plt.Rectangle(**square, lw=2.5, ec=f"C{number}", ls=line, label=f"{name}: {side} pixels"))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    reach = max(sides.values()) / 2 + 3
    ax.set(xlim=(middle - reach, middle + reach), ylim=(middle + reach, middle - reach))
    ax.axis("off")
    return ax
