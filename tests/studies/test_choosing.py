"""Notebook 04's code: the table of networks, the front that nobody beats, conventions, outlines, and figures."""

import functools
from dataclasses import replace
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from course_utils import backbones, checks, networks, outlines, plots, preprocessing, published, records, zoo
from course_utils.checks import choosing_a_model
from course_utils.commands import models
from course_utils.quiet import keras

ONE = zoo.Network("A", "VGG", 2_000_000, 1_000_000, 9, 224, "7 x 7 x 8", 10.0, 100.0, 70.0)
outline = functools.cache(outlines.outline)


@pytest.fixture(scope="module")
def found():
    return zoo.recorded()


def test_every_network_of_the_installed_keras_is_in_the_table(found):
    builders = {name for name in dir(keras.applications) if name[0].isupper()}
    assert {one.name for one in found} == builders == {card.name for card in networks.BACKBONES if card.module}
    assert len(found) == 40 and set(published.TOP_1) == builders


def test_of_several_rounds_the_fastest_counts(found):
    rows = [row for row in records.read("models") if not row["error"]]
    fastest = [min(float(row["milliseconds"]) for row in rows if row["network"] == one.name) for one in found]
    assert [one.milliseconds for one in found] == sorted(fastest)


@pytest.mark.parametrize(
    ("name", "depth"),
    [("VGG16", 16), ("ResNet50", 50), ("MobileNet", 28), ("DenseNet121", 121), ("ConvNeXtTiny", 59)],
)
def test_what_is_recorded_agrees_with_the_networks_and_their_papers(found, name, depth):
    # ConvNeXt-T: a stem, 18 blocks of three, three steps down, and the classifier.
    one = next(one for one in found if one.name == name)
    whole, base = outline(name, include_top=True), outline(name)
    assert (one.parameters, one.base_parameters) == (whole.count_params(), base.count_params())
    assert one.depth == outlines.depth(whole) == depth and one.image_size == base.input.shape[1]
    assert one.output == " x ".join(map(str, base.output.shape[1:]))


def test_what_is_measured_is_what_is_recorded(monkeypatch):
    inputs = keras.Input((8, 8, 3))
    small = keras.Model(inputs, keras.layers.Flatten()(inputs))
    assert len(models.timed(small)) == 5
    monkeypatch.setattr(models, "PATIENCE", 0)
    assert len(models.timed(small)) == 2
    monkeypatch.setattr(models, "timed", lambda base: [0.8, 0.4, 0.6, 0.5])
    monkeypatch.setattr(models, "mebibytes", iter([600.4, 677.4]).__next__)
    (row, *_) = records.select(records.read("models"), network="MobileNetV3Small")
    row |= {"repeats": "4", "milliseconds": "50.00", "milliseconds_median": "68.75"}
    row |= {"memory_before": "600", "memory_peak": "677"}
    assert {column: row[column] for column in zoo.COLUMNS[1:-3]} == {
        column: str(value) for column, value in models.measure_here("MobileNetV3Small").items()
    }


def test_a_failed_measurement_is_recorded_with_its_error(monkeypatch):
    monkeypatch.setattr(models, "ROOT", models.ROOT / "tests")  # there the package is not found
    row = models.measure("VGG16")
    assert row["network"] == "VGG16" and "exit status 1" in row["error"] and row["milliseconds"] == ""
    assert tuple(row) == zoo.COLUMNS


def test_an_outline_has_the_shapes_of_the_network_and_takes_no_memory_also_when_the_next_network_runs():
    built, same = backbones.load("MobileNetV3Small", weights=None), outline("MobileNetV3Small")
    assert built.count_params() == same.count_params() and built.output.shape == same.output.shape
    assert [type(layer) for layer in built.layers] == [type(layer) for layer in same.layers]
    before = models.mebibytes("VmRSS")
    whole = outlines.outline("VGG16", include_top=True)
    with keras.StatelessScope():  # at its end, as in `features.forward`, Keras fills the variables that wait for it
        pass
    assert whole.count_params() == 138_357_544 and models.mebibytes("VmRSS") - before < 100  # of 528


def test_blocks_share_out_all_parameters():
    for name in ("VGG16", "InceptionV3", "ResNet50", "MobileNetV2"):
        sizes = outlines.block_parameters(outline(name))
        assert sum(sizes.values()) == outline(name).count_params() and all(sizes.values())
    assert outlines.block_parameters(outline("VGG16"))["block1"] == 38_720


def test_nobody_beats_the_front_and_the_front_beats_all_others(found):
    for cost in zoo.COSTS.values():
        front = zoo.front(found, cost)

        def beats(a, b, cost=cost):
            costs, tops = (getattr(a, cost), getattr(b, cost)), (a.top_1, b.top_1)
            return costs[0] <= costs[1] and tops[0] >= tops[1] and (costs[0] < costs[1] or tops[0] > tops[1])

        assert not [one for one in front if any(beats(other, one) for other in found)]
        assert all(any(beats(other, one) for other in front) for one in found if one not in front)


def test_limits_are_kept_up_to_their_value():
    other = replace(ONE, name="B", milliseconds=20.0, top_1=80.0)
    assert zoo.within([ONE, other], milliseconds=20) == [ONE, other]
    assert zoo.within([ONE, other], milliseconds=19) == [ONE]
    assert zoo.within([ONE], family="ResNet") == [] and zoo.within([ONE], megabytes=4) == [ONE]
    assert zoo.most_accurate([ONE, other]) is other and zoo.most_accurate([]) is None
    assert zoo.most_accurate([ONE, replace(ONE, name="C", milliseconds=5.0)]).name == "C"


def test_names_on_the_front_do_not_stand_on_each_other(found):
    for title, cost in zoo.COSTS.items():
        front = [one.name for one in zoo.front(found, cost)]
        points = {one.name: (getattr(one, cost), one.top_1, one.family) for one in found}
        _, ax = plt.subplots(figsize=(10, 5), layout="constrained")
        ax.set_ylim(66, 89)
        plots.accuracy_cost(points, front, title, ax, legend=False)
        ax.figure.canvas.draw()
        boxes = [Text.get_window_extent(text) for text in ax.texts]  # without the line to the point
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])], title
        assert min(box.x0 for box in boxes) > ax.get_window_extent().x0


def test_which_networks_beat_one_in_everything():
    assert zoo.beaten_by([ONE], ONE) == []
    better, slower = replace(ONE, name="B", top_1=71.0), replace(ONE, name="C", top_1=90.0, milliseconds=11.0)
    best, larger = replace(ONE, name="D", top_1=72.0), replace(ONE, name="E", top_1=90.0, base_parameters=1_000_001)
    assert [one.name for one in zoo.beaten_by([ONE, better, slower, best, larger], ONE)] == ["D", "B"]


def test_there_is_more_than_one_good_network_for_the_flowers(found, monkeypatch):
    monkeypatch.setattr(outlines, "outline", outline)  # the check outlines the network too
    kept = zoo.within(found, **choosing_a_model.FLOWERS)
    good = [one.name for one in kept if not zoo.beaten_by(found, one)]
    assert 1 < len(good) < len(kept)
    for name in good:
        end = outline(name).layers[-1].name
        answer = {"name": name, "preprocessing": preprocessing.convention(name), "last layer": end}
        assert checks.check("04.5", answer).outcome == "correct", name


def test_conventions_are_those_of_keras():
    pixels = np.random.default_rng(1).integers(0, 256, (2, 5, 5, 3)).astype(np.float32)
    keras_modes = {"-1 to 1": "tf", "mean and spread": "torch", "BGR minus mean": "caffe"}
    for name, mode in keras_modes.items():
        wanted = keras.applications.imagenet_utils.preprocess_input(pixels.copy(), mode=mode)
        np.testing.assert_allclose(preprocessing.CONVENTIONS[name](pixels), wanted, atol=1e-4)
    found = {preprocessing.convention(card.name) for card in networks.BACKBONES}
    assert found == {*keras_modes, "as they are"}


def test_networks_that_want_pixels_as_they_are_hold_their_preprocessing():
    wanting = {card.module for card in networks.BACKBONES if preprocessing.convention(card.name) == "as they are"}
    assert wanting == {"convnext", "efficientnet", "efficientnet_v2", "mobilenet_v3"}
    for name in ("ConvNeXtTiny", "EfficientNetB0", "EfficientNetV2B0", "EfficientNetV2S", "MobileNetV3Small"):
        first = {type(layer).__name__ for layer in outline(name).layers[1:4]}
        assert first & {"Rescaling", "Normalization", "PrestemNormalization"}, (name, first)


def test_figures_hold_what_they_are_given():
    points = {"A": (1.0, 70.0, "VGG"), "B": (2.0, 65.0, "ResNet")}
    ax = plots.accuracy_cost(points, ["A"], "ms")
    assert [text.get_text() for text in ax.texts] == ["A"] and ax.get_xscale() == "log" and ax.get_legend()
    ax = plots.accuracy_cost(points, ["A"], "ms", named={"B": "right"}, legend=False)
    assert [text.get_text() for text in ax.texts] == ["A", "B"] and ax.get_legend() is None
    curves = {"garden": {1: (50.0, 2.0), 20: (80.0, 1.0)}, "biopsy": {1: (40.0, 2.0), 20: (40.0, 1.0)}}
    ax = plots.transfer(curves, {1: 10.0, 20: 98.0})
    assert [list(bars.lines[0].get_ydata()) for bars in ax.containers] == [[50.0, 80.0], [40.0, 40.0]]
    first, second = (bars.lines[0].get_xdata() for bars in ax.containers)
    assert all(a < place < b for a, place, b in zip(first, (0, 1), second, strict=True))  # side by side
    assert [text.get_text() for text in ax.get_xticklabels()] == ["10.0\n1 epoch", "98.0\n20 epochs"]
    scores = {"a": {"x": (10.0, 1.0), "y": (20.0, 1.0)}, "b": {"x": (30.0, 1.0), "y": (40.0, 1.0)}}
    ax = plots.by_source(scores, guessing=12.5)
    assert [bar.get_height() for bar in ax.patches] == [10, 20, 30, 40]
    assert [list(line.get_ydata()) for line in ax.lines if line.get_label() == "guessing"] == [[12.5, 12.5]]
    numbers = np.linspace(-1, 1, 48).reshape(4, 4, 3)
    (ax,) = plots.as_seen({"rule": numbers})
    assert ax.get_xlabel() == "-1.0 to 1.0" and ax.images[0].get_array().min() == 0
