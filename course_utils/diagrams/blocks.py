"""The building blocks of networks as small diagrams: branches of layers, and where they come together."""

import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, Rectangle

# Not the colours of `diagrams.networks`: there they say what is frozen, trained or new.
_PLAIN, _KERNELS = "#d9d9d9", "#c9b8e0"
# Title -> branches of layers from top to bottom, and what joins them. An empty branch is a connection past the others.
BLOCKS = {
    "VGG16: two 3 x 3": ((("3 x 3", "3 x 3", "max pooling"),), ""),
    "InceptionV3: branches": (
        (("1 x 1",), ("1 x 1", "5 x 5"), ("1 x 1", "3 x 3", "3 x 3"), ("pooling", "1 x 1")),
        "concatenate",
    ),
    "ResNet50: skip connection": ((("1 x 1, fewer", "3 x 3", "1 x 1, more"), ()), "add"),
    "MobileNetV2: inverted residual": ((("1 x 1, more", "3 x 3 depthwise", "1 x 1, fewer,\nno ReLU"), ()), "add"),
}


def block(branches, join, ax=None):
    """Draw one block: the maps come in at the top, go through every branch, and come together at the bottom.

    Parameters
    ----------
    branches : sequence of sequence of str
        The layers of each branch, from top to bottom.
    join : str
        What brings the branches together; empty if there is only one.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(3, 4))
    middle = (len(branches) - 1) / 2
    _box(ax, middle, 0, "maps", _PLAIN)
    bottom = -(max(len(layers) for layers in branches) + 1)
    for place, layers in enumerate(branches):
        if not layers:
            _arrow(ax, (middle + 0.42, 0), (middle + 0.42, bottom), "arc3,rad=-0.5")
            continue
        _arrow(ax, (middle, -0.3), (place, -0.7))
        for number, layer in enumerate(layers, start=1):
            _box(ax, place, -number, layer, _PLAIN if "pooling" in layer else _KERNELS)
            if number > 1:
                _arrow(ax, (place, 0.7 - number), (place, 0.3 - number))
        ax.plot([place, place], [-len(layers) - 0.3, bottom + 0.7], color="0.25", lw=1)
        _arrow(ax, (place, bottom + 0.7), (middle, bottom + 0.3))
    _box(ax, middle, bottom, join or "maps", _PLAIN)
    ax.set(xlim=(-0.6, max(len(branches) - 0.4, 1.4)), ylim=(bottom - 0.5, 0.5))
    ax.axis("off")
    return ax


def blocks():
    """Draw the blocks of four well-known networks side by side; return the axes."""
    _, axs = plt.subplots(1, len(BLOCKS), figsize=(13, 4.2), width_ratios=[1, 2.4, 1.3, 1.3])
    for ax, (title, (branches, join)) in zip(axs, BLOCKS.items(), strict=True):
        block(branches, join, ax).set_title(title, fontsize=10)
    return axs


def _box(ax, x, y, text, colour):
    """Draw a box with words in it."""
    ax.add_patch(Rectangle((x - 0.42, y - 0.3), 0.84, 0.6, facecolor=colour, edgecolor="0.25"))
    ax.text(x, y, text, ha="center", va="center", fontsize=8)


def _arrow(ax, start, end, bend="arc3"):
    """Draw an arrow from one place to another."""
    style = {"arrowstyle": "->", "mutation_scale": 10, "color": "0.25", "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(start, end, connectionstyle=bend, **style))
