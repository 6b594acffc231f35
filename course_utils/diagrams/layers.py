"""What happens inside a layer."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import anatomy


def fully_connected(sizes=(6, 5, 3), marked=1, ax=None):
    """Draw fully-connected layers: every unit is joined to every output of the layer before.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer.
    marked : int
        Unit of the second layer whose connections are drawn in colour.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 3.6))
    places = [[(2.5 * layer, unit - (n - 1) / 2) for unit in range(n)] for layer, n in enumerate(sizes)]
    for layer in range(1, len(sizes)):
        for unit, end in enumerate(places[layer]):
            bold = layer == 1 and unit == marked
            for begin in places[layer - 1]:
                style = {"color": "C1", "lw": 2.2, "zorder": 2} if bold else {"color": "0.57", "lw": 0.6, "zorder": 1}
                ax.plot(*zip(begin, end, strict=True), **style)
    for column in places:
        ax.scatter(*zip(*column, strict=True), s=260, facecolor="white", edgecolor="0.25", lw=1.5, zorder=3)
    names = ["inputs: outputs of the layer before", *["fully-connected layer"] * (len(sizes) - 2), "class scores"]
    for layer, name in enumerate(names):
        ax.text(2.5 * layer, max(sizes) / 2 + 0.4, f"{name}\n{sizes[layer]} values", ha="center", fontsize=9.5)
    ax.set(xlim=(-1.2, 2.5 * (len(sizes) - 1) + 1), ylim=(-max(sizes) / 2, max(sizes) / 2 + 1.2))
    ax.axis("off")
    return ax


def kernel_places(side, kernel, stride, padding, axs=None):
    """Draw where a kernel stands on a picture, and the output that has one value for each place.

    Parameters
    ----------
    side, kernel, stride : int
        In pixels.
    padding : {"same", "valid"}
    axs : pair of matplotlib.axes.Axes, optional

    Returns
    -------
    pair of matplotlib.axes.Axes
        The picture with its padding and the first, second and last place; the output.

    Raises
    ------
    CourseError
        If the kernel does not fit.
    """
    out = anatomy.output_side(side, kernel, stride, padding)
    missing = max((out - 1) * stride + kernel - side, 0) if padding == "same" else 0
    before = missing // 2  # Keras puts the odd one behind
    if axs is None:
        _, axs = plt.subplots(1, 2, figsize=(8, 3.8), width_ratios=(1, 1))
    if missing:
        _grid(axs[0], -before, side + missing, "white", edgecolor="0.85")
    _grid(axs[0], 0, side, "0.85", edgecolor="white")
    axs[0].set_title(f"input: {side} x {side}" + f", padded by {before} + {missing - before}" * (missing > 0))
    _grid(axs[1], 0, out, "0.93", edgecolor="white")
    axs[1].set_title(f"output: {out} x {out}")
    places = {"first": (0, "C0", "-"), "second": (min(1, out - 1), "C1", "--"), "last": (out - 1, "C3", "-.")}
    for name, (column, color, line) in places.items():
        row = out - 1 if name == "last" else 0
        corner = (column * stride - before, row * stride - before)
        box = {"fill": False, "edgecolor": color, "ls": line, "lw": 2.5, "zorder": 3}
        axs[0].add_patch(Rectangle(corner, kernel, kernel, label=f"{name} place", **box))
        axs[1].add_patch(Rectangle((column, row), 1, 1, **box))
    for ax in axs:
        reach = max(side + missing, 1)
        ax.set(xlim=(-before - 0.3, reach - before + 0.3), ylim=(reach - before + 0.3, -before - 0.3), aspect="equal")
        ax.axis("off")
    axs[0].legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3, fontsize=9)
    return axs


def _grid(ax, start, count, color, edgecolor):
    """Draw a square grid of pixels whose upper left corner is at (start, start)."""
    end, style = start + count, {"color": edgecolor, "lw": 1, "zorder": 0}
    ax.add_patch(Rectangle((start, start), count, count, facecolor=color, edgecolor=edgecolor, zorder=0))
    ax.hlines(np.arange(start + 1, end), start, end, **style)
    ax.vlines(np.arange(start + 1, end), start, end, **style)
