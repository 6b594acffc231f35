"""Drawn figures say what they mean: what is frozen is hatched, every unit is joined, the kernel stands where it can."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from course_utils import anatomy, backbones, diagrams
from course_utils.quiet import keras

SHAPES = {"block1": (32, 16), "block2": (16, 32), "block3": (4, 96)}


def boxes(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


@pytest.mark.parametrize("n_frozen", [0, 2, 3])
def test_frozen_blocks_differ_in_colour_and_hatch(n_frozen):
    *blocks, head = boxes(diagrams.network(SHAPES, n_frozen))
    assert [bool(box.get_hatch()) for box in blocks] == [place < n_frozen for place in range(3)]
    assert [box.get_label() for box in blocks] == ["frozen"] * n_frozen + ["trained"] * (3 - n_frozen)
    assert not head.get_hatch()
    heights = [box.get_height() for box in blocks]
    assert heights == sorted(heights, reverse=True)


def test_shapes_are_those_of_the_network():
    shapes = diagrams.shapes_of(backbones.load("coursenet_guide"))
    assert list(shapes.items())[::4] == [("block1", (32, 16)), ("block5", (4, 128))] and len(shapes) == 5


def test_strategies_differ_in_what_is_frozen_and_where_they_start():
    axs = diagrams.strategies(SHAPES, n_frozen=1)
    frozen = [sum(box.get_label() == "frozen" for box in boxes(ax)) for ax in axs]
    starts = [next(text.get_text().split()[-1] for text in ax.texts) for ax in axs]
    assert frozen == [0, 0, 1, 3]
    assert starts == ["random", "learned", "learned", "learned"]


def test_base_and_classifier_names_the_classes():
    ax = diagrams.base_and_classifier(np.zeros((4, 4, 3)), SHAPES, ["cat", "dog"])
    words = [text.get_text() for text in ax.texts]
    assert {"cat", "dog", "classifier", "16 x 16 x 32"} <= set(words)


def test_every_unit_is_joined_to_every_output_of_the_layer_before():
    lines = diagrams.fully_connected((6, 5, 3)).lines
    assert len({(tuple(line.get_xdata()), tuple(line.get_ydata())) for line in lines}) == 6 * 5 + 5 * 3
    marked = [line for line in lines if line.get_color() == "C1"]
    assert len(marked) == 6 and len({line.get_ydata()[1] for line in marked}) == 1


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("side", "kernel", "stride"), [(8, 3, 1), (8, 3, 2), (7, 5, 3), (4, 4, 1), (5, 2, 1)])
def test_the_kernel_stands_where_it_does_in_keras(side, kernel, stride, padding):
    before, after = diagrams.kernel_places(side, kernel, stride, padding)
    *_, last = boxes(before)
    column, row = last.get_xy()
    # A kernel of ones counts its pixels inside the picture: each pixel here has a number of its own.
    numbered = np.arange(side * side, dtype="float32").reshape(1, side, side, 1)
    sums = keras.ops.conv(numbered, np.ones((kernel, kernel, 1, 1), "float32"), stride, padding)
    rows, columns = (np.arange(max(start, 0), min(start + kernel, side)) for start in (row, column))
    assert float(sums[0, -1, -1, 0]) == numbered[0, rows.astype(int)][:, columns.astype(int)].sum()
    out = anatomy.output_side(side, kernel, stride, padding)
    assert f"{out} x {out}" in after.get_title() + after.get_title(loc="left")
    assert boxes(after)[-1].get_xy() == (out - 1, out - 1)
