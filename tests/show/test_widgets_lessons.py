"""Widgets of notebooks 01 and 02: every control changes what the artists hold, and bad input is answered in place."""

import datetime
import io
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.patches import Rectangle
from PIL import Image

from course_utils import widgets

matplotlib.use("Agg")


def drawn(box):
    """Return all that a person can see in the figure of a widget."""
    seen = [text.get_text() for text in box.figure.findobj(matplotlib.text.Text)]
    for ax in box.figure.axes:
        seen += [image.get_array().tobytes() for image in ax.images]
        seen += [(patch.get_path().vertices.tobytes(), patch.get_hatch(), patch.get_label()) for patch in ax.patches]
        seen += [patch.get_extents().bounds for patch in ax.patches]
        seen += [line.get_xydata().tobytes() for line in ax.lines]
    return [str(part) for part in seen]


def each_change(box, changes):
    """Set controls one after the other; return what was drawn and the picture after each, the first state included."""
    states = [(drawn(box), box.children[-1].value)]
    for place, value in changes:
        box.children[place].value = value
        states.append((drawn(box), box.children[-1].value))
    return states


def all_differ(states):
    return all(a[0] != b[0] and a[1] != b[1] for a, b in zip(states, states[1:], strict=False))


def test_every_control_of_the_convolution_changes_the_figure():
    box = widgets.convolution()
    states = each_change(box, [(0, 12), (1, 5), (2, 2), (3, "valid"), (4, 32)])
    assert all_differ(states)
    assert "12 x 12 x 3  →  4 x 4 x 32" in states[-1][1] and "= 2,432" in states[-1][1]


def test_a_kernel_larger_than_the_picture_is_answered_in_place():
    box = widgets.convolution()
    box.children[3].value = "valid"
    box.children[1].value = 9
    assert "does not fit" in box.children[-1].value and "<img" not in box.children[-1].value
    box.children[0].value = 12
    assert "<img" in box.children[-1].value


def uploaded(content, name):
    return (
        {
            "name": name,
            "type": "image/png",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": datetime.datetime(2020, 1, 1),
        },
    )


@pytest.fixture
def maps():
    rng = np.random.default_rng(0)
    pictures = {name: rng.integers(0, 255, (size, size, 3), dtype=np.uint8) for name, size in (("a", 64), ("b", 96))}
    return widgets.feature_maps(["coursenet_guide", "coursenet_photos"], pictures)


def test_every_control_of_the_feature_maps_changes_the_figure(maps):
    assert all_differ(each_change(maps, [(0, "coursenet_photos"), (1, "b"), (2, "block4")]))
    assert "block4 of coursenet_photos, 6 x 6 each" in maps.children[-1].value


def test_a_picture_of_ones_own(maps):
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(buffer, format="png")
    maps.children[3].value = uploaded(buffer.getvalue(), "mine.png")
    assert maps.children[1].value == "your own" and "your own" in maps.children[-1].value
    shown = maps.figure.axes[0].images[0].get_array()
    assert shown.shape == (160, 160, 3) and tuple(shown[80, 80]) == (255, 0, 0)


def test_a_picture_that_is_none_is_answered_in_place(maps):
    maps.children[1].value = "your own"
    assert "There is none yet" in maps.children[-1].value
    maps.children[3].value = uploaded(b"no picture", "notes.txt")
    assert "Expected a picture in notes.txt" in maps.children[-1].value and "0x" not in maps.children[-1].value
    maps.children[1].value = "a"
    assert "<img" in maps.children[-1].value


def test_the_strongest_pictures_of_a_unit():
    features = np.array([[0.1, 3.0], [2.0, 1.0], [1.0, 2.0]])
    images = np.stack([np.full((4, 4, 3), shade, np.uint8) for shade in (10, 20, 30)])
    box = widgets.strongest(features, images, n=2)
    shades = lambda: [int(ax.images[0].get_array()[0, 0, 0]) for ax in box.figure.axes]  # noqa: E731
    assert shades() == [20, 30]
    box.children[0].value = 1
    assert shades() == [10, 30]


@pytest.mark.parametrize("n", [1, 5])
def test_fewer_pictures_than_asked_for_are_all_shown(n):
    box = widgets.strongest(np.ones((2, 1)), np.zeros((2, 4, 4, 3), np.uint8), n=n)
    assert len(box.figure.axes) == min(n, 2)


def test_every_control_of_the_freeze_depth_changes_the_figure():
    depths = ("none", "block1", "all")
    measured = {
        name: {
            depth: {"test": (mean + place, 1.0), "train": (99.0, 0.5), "seconds": 9.0 - place}
            for place, depth in enumerate(depths)
        }
        for name, mean in (("near", 80.0), ("far", 50.0))
    }
    box = widgets.freeze_depth(measured, {"block1": (8, 4), "block2": (4, 8)}, {"none": 900, "block1": 500, "all": 40})

    def hatched():
        blocks = [patch for patch in box.figure.axes[0].patches if isinstance(patch, Rectangle)][:2]
        return [bool(block.get_hatch()) for block in blocks]

    assert hatched() == [True, True] and "40 of 900 parameters" in box.children[-1].value
    assert all_differ(each_change(box, [(1, "block1"), (0, "far")]))
    assert hatched() == [True, False]
    assert all_differ(each_change(box, [(1, "none")]))
    assert hatched() == [False, False]
    alt = box.children[-1].value
    assert "900 of 900 parameters" in alt and "test 50.0 ± 1.0 %" in alt and "gap 49" in alt and "9.0 s" in alt


def test_every_control_of_the_guessers_changes_the_figure():
    box = widgets.best_of_many()
    assert all_differ(each_change(box, [(0, 300), (1, 25), (0, 3), (1, 800)]))


def test_the_best_of_many_guessers_is_luck():
    box = widgets.best_of_many()
    best = {}
    for guessers in box.children[0].options:
        for pictures in box.children[1].options:
            box.children[0].value, box.children[1].value = guessers, pictures
            alt = box.children[-1].value
            best[guessers, pictures], again = map(float, re.findall(r"(\d+\.\d) %", alt))
            assert abs(again - 12.5) < 4
    assert best[300, 100] > best[3, 100] and best[100, 25] > best[100, 400]
    assert best[100, 400] < 17.5 < best[100, 100]  # "a few hundred are enough", notebook 02


def test_a_choice_for_each_label():
    box = widgets.choice("Which?", ["one", "two"], ["block1", "block2"])
    assert [part.description for part in box.children[1:]] == ["one", "two"]
    assert list(box.children[1].options) == ["?", "block1", "block2"]
