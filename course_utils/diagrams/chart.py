"""The size-similarity chart as a drawing."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from course_utils.diagrams.networks import FROZEN, HATCH, HEAD, TRAINED

# Quadrant -> where it stands: column by similarity, row by size.
PLACES = {1: (0, 1), 2: (1, 1), 3: (0, 0), 4: (1, 0)}
NAMES = {1: "large, dissimilar", 2: "large, similar", 3: "small, dissimilar", 4: "small, similar"}


def quadrants(words=None, ax=None):
    """Draw the four quadrants by size and similarity.

    Parameters
    ----------
    words : dict of int to str, optional
        Quadrant -> what is written into it, below its name.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 4.2))
    for quadrant, (column, row) in PLACES.items():
        ax.add_patch(
            Rectangle((column, row), 1, 1, facecolor="0.97" if (column + row) % 2 else "white", edgecolor="0.4")
        )
        ax.text(column + 0.04, row + 0.94, f"{quadrant}: {NAMES[quadrant]}", va="top", weight="bold")
        ax.text(column + 0.5, row + 0.42, (words or {}).get(quadrant, ""), ha="center", va="center")
    ax.set(xlim=(0, 2), ylim=(0, 2), xlabel="similarity to what the network has seen  →", ylabel="training pictures  →")
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    return ax


def frozen_in_quadrants(frozen, n_blocks=5, ax=None):
    """Draw in every quadrant how many blocks of the base are frozen, from the input on.

    Parameters
    ----------
    frozen : dict of int to (int, str)
        Quadrant -> number of blocks, and what is written below the network.
    n_blocks : int
        Of the base.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = quadrants(ax=ax)
    width = 0.84 / (n_blocks + 1)
    for quadrant, (count, words) in frozen.items():
        column, row = PLACES[quadrant]
        for block in range(n_blocks + 1):
            is_frozen, is_head = block < count, block == n_blocks
            colour = HEAD if is_head else FROZEN if is_frozen else TRAINED
            label = "new head" if is_head else "frozen" if is_frozen else "trained"
            box = {"facecolor": colour, "edgecolor": "0.25", "hatch": HATCH if is_frozen else None, "label": label}
            ax.add_patch(Rectangle((column + 0.08 + block * width, row + 0.38), 0.85 * width, 0.3, **box))
        ax.text(column + 0.5, row + 0.18, words, ha="center", va="center", fontsize=9)
    handles = {patch.get_label(): patch for patch in ax.patches if patch.get_label()}
    ax.legend(handles=list(handles.values()), loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3)
    return ax
