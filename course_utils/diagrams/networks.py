"""Networks as rows of boxes."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

FROZEN, TRAINED, HEAD = "#9ec3dd", "#f3c27b", "#8fd0bb"  # light enough for black words
HATCH = "//"  # a second cue beside colour: what is frozen is hatched


def network(shapes, n_frozen=0, start="learned", n_classes=8, head="head\nnew", ax=None):
    """Draw a network as a row of boxes: blocks whose height stands for the side of their maps, and the head.

    Parameters
    ----------
    shapes : dict of str to (int, int)
        Block -> side and number of its maps, from input to output.
    n_frozen : int
        How many blocks are frozen, from the input on: blue and hatched. The others are trained: orange.
    start : str
        What the blocks start from, written into each.
    n_classes : int
    head : str
        What is written into the head.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(9, 2.6))
    sides = [side for side, _ in shapes.values()]
    for place, (name, (side, channels)) in enumerate(shapes.items()):
        height = 0.7 + 1.3 * np.log2(side / min(sides) + 1) / np.log2(max(sides) / min(sides) + 1)
        is_frozen = place < n_frozen
        ax.add_patch(
            Rectangle(
                (1.5 * place, -height / 2),
                1.2,
                height,
                facecolor=FROZEN if is_frozen else TRAINED,
                edgecolor="0.25",
                hatch=HATCH if is_frozen else None,
                label="frozen" if is_frozen else "trained",
            )
        )
        label = {"ha": "center", "va": "center", "bbox": {"fc": "white", "ec": "none", "alpha": 0.75, "pad": 1}}
        ax.text(1.5 * place + 0.6, 0, f"{name}\n{start}".strip(), fontsize=8.5, **label)
        ax.text(1.5 * place + 0.6, -1.35, f"{side} x {side} x {channels}", ha="center", va="top", fontsize=8.5)
        _arrow(ax, 1.5 * place - 0.3, 1.5 * place)
    end = 1.5 * len(shapes)
    _arrow(ax, end - 0.3, end)
    ax.add_patch(Rectangle((end, -0.45), 1.2, 0.9, facecolor=HEAD, edgecolor="0.25", label="new head, trained"))
    ax.text(end + 0.6, 0, head, ha="center", va="center", fontsize=8.5)
    ax.text(end + 0.6, -1.35, f"{n_classes} classes", ha="center", va="top", fontsize=8.5)
    ax.set(xlim=(-0.5, end + 1.4), ylim=(-1.75, 1.15))
    ax.axis("off")
    return ax


def shapes_of(base):
    """Return the side and the number of the maps that each block of a base gives.

    Parameters
    ----------
    base : keras.Model
        With layers named "block1_...".

    Returns
    -------
    dict of str to (int, int)
    """
    found = {}
    for layer in base.layers:
        if layer.name.startswith("block"):
            found[layer.name.split("_")[0]] = (layer.output.shape[1], layer.output.shape[3])
    return found


def strategies(shapes, n_frozen=3):
    """Draw the strategies below each other: what each starts from, what is frozen and what is trained.

    Parameters
    ----------
    shapes : dict of str to (int, int)
        As for `network`.
    n_frozen : int
        How many blocks strategy 2 freezes in the drawing.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    rows = (
        ("Strategy 1: only the architecture is reused; everything is trained, from random numbers", 0, "random"),
        ("Warm start: everything is trained, from what was learned", 0, "learned"),
        ("Strategy 2: the early part is frozen, the rest is trained", n_frozen, "learned"),
        ("Strategy 3: the whole base is frozen, only the head is trained", len(shapes), "learned"),
    )
    fig, axs = plt.subplots(len(rows), figsize=(9, 2.1 * len(rows)))
    for ax, (title, frozen, start) in zip(axs, rows, strict=True):
        network(shapes, frozen, start, ax=ax)
        ax.set_title(title)
    handles = {h.get_label(): h for ax in axs for h in ax.patches if isinstance(h, Rectangle)}
    fig.legend(handles=list(handles.values()), loc="outside lower center", ncols=3)
    return axs


def base_and_classifier(picture, shapes, class_names, ax=None):
    """Draw a picture going through the convolutional base and the classifier to the names of the classes.

    Parameters
    ----------
    picture : ndarray of shape (height, width, 3)
    shapes : dict of str to (int, int)
        As for `network`.
    class_names : sequence of str

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(11, 3.4))
    network(shapes, 0, "", len(class_names), "classifier", ax)
    ax.imshow(picture, extent=(-2.7, -0.5, -1.1, 1.1), zorder=2)
    end = 1.5 * len(shapes)
    for left, right, text in (
        (0, end - 0.3, "convolutional base: finds features"),
        (end, end + 1.2, "names the class"),
    ):
        ax.plot([left, left, right, right], [1.3, 1.4, 1.4, 1.3], color="0.25", lw=1.2)
        ax.text((left + right) / 2, 1.5, text, ha="center", va="bottom")
    for place, name in enumerate(class_names):
        height = 1.1 - 2.2 * place / (len(class_names) - 1)
        ax.text(end + 1.7, height, name, va="center", fontsize=8.5)
        ax.plot([end + 1.25, end + 1.6], [0, height], color="0.5", lw=0.8)
    ax.set(xlim=(-2.8, end + 4.4), ylim=(-1.75, 2.2), aspect="equal")
    return ax


def _arrow(ax, left, right):
    """Draw a short arrow at half height."""
    ax.add_patch(FancyArrowPatch((left, 0), (right, 0), arrowstyle="->", mutation_scale=10, color="0.25"))
