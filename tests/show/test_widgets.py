"""Every widget: at both ends of each control its artists hold what the control says, and that is what is painted."""

import functools
import html
import json
import re
import tempfile
import zlib
from itertools import product
from operator import attrgetter, methodcaller
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image
from scipy.special import softmax
from sklearn.decomposition import PCA
from sklearn.svm import LinearSVC

from course_utils import backbones, changes, chart_rules, looking, reading, similarity, widgets, zoo
from course_utils.cards import Pictures, Task
from course_utils.descent import CURVES, descend
from course_utils.plans import Finding
from course_utils.quiet import keras
from tests.chart.test_chart import PAIRS, made, textbook
from tests.show.conftest import HISTORIES, uploaded

ANY, OWN, NAMES = float("inf"), "your own", ("ash", "birch", "cedar")
RNG = np.random.default_rng(0)
PICTURES = {name: RNG.integers(0, 255, (side, side, 3), np.uint8) for name, side in (("a", 32), ("b", 48))}
RED = ((uploaded(),),)
WIDGETS = {}


def shows(build, *ends, last=()):
    """Register a function from a widget's figure and its controls' values to pairs of what is held and what is right.

    `ends` are values for each control, both ends among them and none of them the one before; None stands for all.
    Controls are moved one after the other, those at the places `last` in the end.
    """

    def register(function):
        order = sorted(range(len(ends)), key=lambda place: (place in last, place))
        WIDGETS[function.__name__] = build, ends, order, function
        return function

    return register


def red(side):
    return np.full((side, side, 3), (255, 0, 0), np.uint8)


def title(ax):
    return ax.get_title() or ax.get_title("left")


def words(ax):
    return [text.get_text() for text in ax.texts]


def image(picture):
    """Return what stands for a picture: its shape, and a number that another one has not."""
    array = np.ascontiguousarray(getattr(picture, "get_array", lambda: picture)())
    return array.shape, zlib.crc32(array.tobytes())


@shows(widgets.convolution, (1, 12, 8), (1, 9, 2), (4, 1), ("valid",), (1, 64))
def convolution(figure, side, kernel, stride, padding, filters):
    before, after = figure.axes
    out = -(-side // stride) if padding == "same" else (side - kernel) // stride + 1
    first = -(max((out - 1) * stride + kernel - side, 0) // 2) if padding == "same" else 0
    second, last = first + stride * min(1, out - 1), first + stride * (out - 1)
    places = [(*patch.get_xy(), patch.get_width()) for patch in before.patches if "place" in patch.get_label()]
    says = f"{side} x {side} x 3  →  {out} x {out} x {filters}      parameters: {filters} x "
    says += f"({kernel} x {kernel} x 3 + 1) = {filters * (3 * kernel**2 + 1):,}"
    yield places, [(first, first, kernel), (second, first, kernel), (last, last, kernel)]
    yield after.patches[-1].get_xy(), (out - 1, out - 1)
    yield figure.get_suptitle(), says


BASES = ["coursenet_guide", "coursenet_photos"]


@shows(lambda: widgets.feature_maps(BASES, PICTURES), BASES[1:], ("b", "a"), ("block5", "block1"), RED, last=[3])
def feature_maps(figure, base, picture, block, _):
    left, right = figure.axes
    given = red(160) if picture == OWN else PICTURES[picture]
    network = backbones.load(base, image_size=len(given))
    last = [layer for layer in network.layers if layer.name.startswith(block)][-1]
    (maps,) = keras.Model(network.input, last.output)(backbones.preprocess(base, given[None])).numpy()
    strongest = maps[..., np.argsort(-maps.mean(axis=(0, 1)))[:16]]
    side, scale = len(maps), max(80 // len(maps), 1)
    sheet, size = np.asarray(right.images[0].get_array()), side * scale
    edges = [(size + 3) * place for place in range(4)]
    tiles = [sheet[top : top + size : scale, left : left + size : scale] for top in edges for left in edges]
    yield image(left.images[0]), image(given)
    brightest = np.maximum(strongest.max(axis=(0, 1)), 1e-9)
    yield np.allclose(np.stack(tiles, -1), strongest / brightest, atol=1e-3), True
    yield [title(left), title(right)], [picture, f"16 strongest of {maps.shape[-1]} maps, {side} x {side} each"]
    yield base, base  # which no title names


STRENGTHS = np.array([[0.1, 3.0], [2.0, 1.0], [1.0, 2.0]])
SHADES = np.stack([np.full((4, 4, 3), shade, np.uint8) for shade in (10, 20, 30)])
CHANGES = [("vertical", "none", "horizontal"), ("constant",), (180, 0), (90, 0), (90, 20), (90, 0), (90, 0), (99, 0)]


@shows(lambda: widgets.strongest(STRENGTHS, SHADES, n=2), (1, 0))
def strongest(figure, unit):
    yield [ax.images[0].get_array()[0, 0, 0] for ax in figure.axes], [[20, 30], [10, 30]][unit]
    yield list(map(title, figure.axes)), [["2.00", "1.00"], ["3.00", "2.00"]][unit]


@shows(lambda: widgets.augmented_views(PICTURES), ("b", "a"), RED, *CHANGES, last=[1])
def augmented_views(figure, picture, _, flip, fill, turn, zoom, shift, contrast, brightness, seed):
    given = red(160) if picture == OWN else PICTURES[picture]
    light = {"contrast": contrast, "brightness": brightness}
    wanted = changes.Changes(flip=flip, fill=fill, turn=turn, zoom=zoom, shift=shift, **light)
    views, shares = changes.views(given, wanted, 11, seed), changes.seen(len(given), wanted, 11, seed)
    yield [image(ax.images[0]) for ax in figure.axes], [image(given), *map(image, views)]
    yield list(map(title, figure.axes)), ["as it is", *(f"{100 * share:.0f} % seen" for share in shares)]
    yield figure.axes[0].images[0].get_extent(), (0, len(given), len(given), 0)


def build_measured_chart():
    """Return the chart of cases with augmentation, which is not compared; one case was not measured."""
    found = [one for one in made(textbook) if (one.n_samples, one.backbone, one.task) != (64, *PAIRS[1])]
    for one in found:
        one.scores["2 with augmentation"] = [99, 99, 99]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "of_pair", lambda backbone, task, n: 0.9 - 0.1 * PAIRS.index((backbone, task)))
        return widgets.measured_chart(found)


@shows(build_measured_chart, (4096, 1024, 64), (PAIRS[0], PAIRS[-1]))
def measured_chart(figure, n_samples, pair):
    (ax,) = figure.axes
    similar, large = pair in chart_rules.SIMILAR, n_samples >= 1000
    place = "between small and large" if n_samples == 1024 else f"quadrant {3 + similar - 2 * large}"
    best = {(False, True): "1", (True, True): "2", (False, False): "2", (True, False): "3"}[similar, large]
    rival = "warm start" if large else "strategy 3" if similar else "SVM"
    means = {way: 80 if way == best else 70 for way in ("1", "warm start", "2", "3")}
    notes = [f"{mean:.1f} ± 1.2" + "   best" * (way == best) for way, mean in means.items()]
    spans = [(mean - 4.303 / 12**0.5, mean + 4.303 / 12**0.5) for mean in means.values()]  # t of three, spread 0.5
    named = f"{pair[0].removeprefix('coursenet_')} → {pair[1]}, similarity {0.9 - 0.1 * PAIRS.index(pair):.2f}"
    says = f"Marcelino says: strategy {best};  CS231n says: {rival};  measured advice: strategy {best}"
    yield [bar.get_width() for bar in ax.patches], [*means.values(), 99, 0]
    yield np.allclose([line.get_xdata() for line in ax.lines[:4]], spans, atol=1e-3), True
    yield words(ax), [*notes, "99.0 ± 0.0", "not measured"]
    yield title(ax), f"{named}, {n_samples:,} pictures: {place}\n{says}"
    yield f"Best: strategy {best}. {says}." in figure.alt, True


FOUND, COSTS = zoo.recorded(), list(zoo.COSTS)


@shows(lambda: widgets.networks(FOUND), COSTS[::-1], ("VGG", "ResNet", "all"), (10, ANY), (5, ANY), (100, ANY))
def networks(figure, cost, family, megabytes, milliseconds, memory):
    (ax,) = figure.axes
    kept = [one for one in FOUND if family in ("all", one.family) and one.memory <= memory]
    kept = [one for one in kept if one.megabytes <= megabytes and one.milliseconds <= milliseconds]
    places = {one.name: (getattr(one, zoo.COSTS[cost]), one.top_1) for one in kept}
    front = [
        (place, name)
        for name, place in sorted(places.items(), key=lambda item: item[1])
        if not any(other != place and other[0] <= place[0] and other[1] >= place[1] for other in places.values())
    ]
    best = max(kept, key=attrgetter("top_1"), default=None)
    says = best and f"{len(kept)} of 40 networks; the most accurate: {best.name}, {best.top_1:.1f} %"
    lines = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    yield lines.pop("Pareto front"), [place for place, _ in front]
    yield sorted(sum(lines.values(), [])), sorted(places.values())
    yield sorted(lines), sorted({one.family for one in kept})
    yield words(ax), [name for _, name in front]
    yield [title(ax), ax.get_xlabel()], [says or "no network keeps all these limits", cost]


SEEN, MAPS = RNG.integers(0, 255, (2, 16, 16, 3), np.uint8), RNG.normal(size=(2, 4, 5, 3))


@shows(lambda: widgets.activation(SEEN, MAPS, NAMES), (1, 0), ("cedar", "birch", "ash"))
def activation(figure, number, name):
    left, right = figure.axes
    scores = MAPS[number, ..., NAMES.index(name)]
    row, column = np.argwhere(scores == scores.max())[0] + 1
    yield [image(left.images[0]), image(right.images[0])], [image(SEEN[number]), image(SEEN[number].mean(axis=2))]
    yield right.images[1].get_array(), scores
    yield right.images[1].get_clim(), (0, MAPS[number].max())
    yield title(right), f"{name}: strongest in\nrow {row} of 4, column {column} of 5"


@shows(widgets.flattening, (1, 16), (64, 2048), (16, 4096), (2, 1000))
def flattening(figure, side, maps, hidden, classes):
    (ax,) = figure.axes
    counts = [hidden * (side**2 * maps + 1) + classes * (hidden + 1), classes * (maps + 1)]
    yield [bar.get_width() * 1e6 for bar in ax.patches], counts
    yield words(ax), [f"{count:,}" for count in counts]
    yield title(ax), f"{side} x {side} x {maps}: flattening costs {counts[0] / counts[1]:,.0f} times as many"


LABELS = np.repeat([0, 1, 2], 20)
FEATURES = RNG.normal(size=(60, 6)) + LABELS[:, None] * [1, 0, 1, 0, 2, 1]


@shows(lambda: widgets.margin(FEATURES, LABELS, NAMES), ("cedar", "ash"), ("cedar", "birch"), (1e-5, 0.01, 1.0, 100.0))
def margin(figure, one, another, cost):
    (ax,) = figure.axes
    pair = NAMES.index(one), NAMES.index(another)
    if one == another:
        return (yield [title(ax), len(ax.lines)], ["choose two different classes", 0])
    features, sides = FEATURES[np.isin(LABELS, pair)], LABELS[np.isin(LABELS, pair)] == pair[1]
    points = PCA(2).fit_transform(features)
    points /= points.std()
    machine = LinearSVC(C=cost, random_state=0, max_iter=20_000).fit(points, sides)
    scores, width = machine.decision_function(points), 2 / np.linalg.norm(machine.coef_)
    first, second, inside, *lines = (line.get_xydata() for line in ax.lines)
    right = np.mean((scores > 0) == sides)
    yield [first, second, inside], [points[~sides], points[sides], points[np.abs(scores) < 1]]
    yield [machine.decision_function(line) for line in lines], [[0, 0], [-1, -1], [1, 1]]
    yield [line.get_label() for line in ax.lines[:2]], [one, another]
    yield title(ax), f"C {cost:g}: margin {width:.1f} wide, {right:.0%} on their side"


TRUTHS = np.arange(8) % 2
ANSWERS = {"one": [1 - TRUTHS, TRUTHS, TRUTHS], "two": [1 - TRUTHS, np.zeros(8, int), TRUTHS]}
OF_TWO = Pictures(SHADES[TRUTHS], TRUTHS)


@shows(lambda: widgets.watch_learning(HISTORIES, ANSWERS, OF_TWO, ("red", "blue-ish")), (3, 2, 1))
def watch_learning(figure, epoch):
    curves, true_names, *rows = figure.axes
    names = np.array(["red\n", "blue\nish"])
    yield curves.lines[-1].get_xdata(), [epoch, epoch]
    yield [*words(true_names), len(true_names.patches)], [*names[TRUTHS], 0]
    for ax, (name, given) in zip(rows, ANSWERS.items(), strict=True):
        right = given[epoch - 1] == TRUTHS
        answers = zip(right, names[given[epoch - 1]], strict=True)
        yield words(ax), [f"{'✓' if one else '✗'} {answer}" for one, answer in answers]
        yield [patch.get_linestyle() for patch in ax.patches], ["-" if one else "--" for one in right]
        yield title(ax), f"{name}: {right.sum()} of 8 right"


def build_odd_files():
    """Return the widget for thirteen odd files, of which twelve are shown, one that is gone, and one odd class."""
    folder = Path(tempfile.mkdtemp(), "birds")
    folder.mkdir()
    paths = tuple(folder / f"{number:02} and its long name.png" for number in range(13))
    for number, path in enumerate(paths):
        Image.new("RGB", (40, 40), (20 * number, 0, 0)).save(path)
    odd = Finding("look like another", tuple(path.name for path in paths), "kept", paths)
    gone = Finding("are gone", ("gone.png",), "left out", (folder / "gone.png",))
    return widgets.odd_files(SimpleNamespace(findings=[gone, Finding("is small", ("birds",), "kept"), odd]))


@shows(build_odd_files, None)
def odd_files(figure, finding):
    shown = finding.paths[:12]
    names = [f"{path.name[:11]}…{path.name[-8:]}" if len(path.name) > 20 else path.name for path in shown]
    grey = np.full((128, 128, 3), 225, np.uint8)
    pictures = [reading.read_files([path], [0], 128).images[0] if path.exists() else grey for path in shown]
    rest = 12 - len(shown)
    yield [list(map(image, ax.images)) for ax in figure.axes], [*([image(one)] for one in pictures), *[[]] * rest]
    yield list(map(title, figure.axes)), [*(f"birds\n{name}" for name in names), *[""] * rest]


CORNERS = np.kron([[[1, 0], [0, 0]], [[0, 1], [0, 0]], [[0, 0], [0, 1]]], np.ones((32, 32), int))  # where something is
TESTS = Pictures(np.uint8(CORNERS[..., None] * RNG.integers(0, 255, (3, 64, 64, 3))), np.array([2, 0, 1]))


@functools.cache
def network():
    model = backbones.attach_head(backbones.load("coursenet_guide"), 3)
    model.layers[-1].set_weights([np.random.default_rng(1).normal(size=(128, 3)), np.zeros(3)])
    return model


def build_where_it_looks():
    run = SimpleNamespace(backbone="coursenet_guide", model=network())
    return widgets.where_it_looks(run, Task("t", NAMES, TESTS, TESTS))


@shows(build_where_it_looks, (2, 1, 0), RED, ("test picture",), NAMES, last=[1, 2])
def where_it_looks(figure, number, _, use, name):
    left, right = figure.axes
    given = red(64) if use == OWN else TESTS.images[number]
    inputs = backbones.preprocess("coursenet_guide", given[None])
    (shares,) = softmax(network()(inputs, training=False).numpy(), axis=-1)
    label = NAMES.index(name) if name in NAMES else shares.argmax()
    truth = "" if use == OWN else f"it is: {NAMES[TESTS.labels[number]]}\n"
    yield image(left.images[0]), image(given)
    yield np.allclose(right.images[1].get_array(), looking.grad_cam(network(), inputs, label), atol=1e-4), True
    yield title(left), f"{truth}answer: {NAMES[shares.argmax()]} ({shares.max():.0%})"
    yield title(right), f"what speaks for\n{NAMES[label]} ({shares[label]:.0%})"


@shows(widgets.descent, ("two valleys", "bowl"), (0.01, 2.0, 0.5), (-3.5, 3.5), (1, 40))
def descent(figure, loss, rate, start, steps):
    (ax,) = figure.axes
    curve, path = CURVES[loss], descend(CURVES[loss], start, rate, steps)
    near = path[np.abs(path) < 1e6]
    away = [step for step, weight in enumerate(path) if not curve.low <= weight <= curve.high]
    end = [[(path[-1], curve.loss(path[-1]))]] * (not away)
    says = f"after {steps} steps: weight {path[-1]:.2f}, loss {curve.loss(path[-1]):.2f}"
    slope, *drawn = (line.get_xydata() for line in ax.lines)
    yield slope[:, 1], curve.loss(np.linspace(curve.low, curve.high, 300))
    yield drawn, [np.stack([near, curve.loss(near)], axis=1), [(start, curve.loss(start))], *end]
    yield title(ax), f"the weight has left the picture in step {away[0]}" if away else says


PARTS = {"target": "", "source": "field guide, as it is", "own statistics": "field guide, its own statistics"}
# Task -> way -> of each rate, the accuracies of the parts.
ACCURACIES = {
    "garden": {"warm start": {0.001: (80, 97, 98), 0.1: (60, 12, 20)}, "3": {0.001: (50, 90, 91), 0.1: (40, 80, 82)}},
    "biopsy": {"warm start": {0.001: (30, 70, 75), 0.1: (35, 10, 15)}, "3": {0.001: (20, 93, 94), 0.1: (25, 92, 93)}},
}


def with_intervals(found):
    """Return accuracies as they are recorded, each ± 2."""
    if isinstance(found, tuple):
        return {part: (mean, 2.0) for part, mean in zip(PARTS, found)}
    return {key: with_intervals(one) for key, one in found.items()}


@shows(lambda: widgets.forgetting(with_intervals(ACCURACIES)), ("biopsy", "garden"), ("3", "warm start"), (0.1, 0.001))
def forgetting(figure, task, way, rate):
    (ax,) = figure.axes
    found = ACCURACIES[task][way]
    new, old, own = found[rate]
    yield [bars.get_label() for bars in ax.containers], [name or task for name in PARTS.values()]
    yield [bars.lines[0].get_ydata() for bars in ax.containers], list(zip(*found.values(), strict=True))
    yield [ax.containers[0].lines[0].get_xdata(), ax.lines[-1].get_xdata()], [list(found), [rate, rate]]
    says = f"{task} {new} %, field guide {old} %, with its own statistics {own} %"
    yield title(ax), says
    yield f"{way}, rate {rate:g}: {says.replace(' %', '.0 ± 2.0 %')}" in figure.alt, True


@shows(lambda: widgets.best_of_many(seed=7), (1, 300, 100), (25, 800, 100))
def best_of_many(figure, guessers, n_pictures):
    (ax,) = figure.axes
    chance = np.random.default_rng(7)
    scores, again = 100 * chance.binomial(n_pictures, 1 / 8, guessers) / n_pictures, chance.binomial(1000, 1 / 8) / 10
    dots, *marks = ax.lines
    labels = [f"the best, validation pictures: {scores.max():.1f} %", f"the same one, test pictures: {again:.1f} %"]
    yield sorted(dots.get_xdata()), sorted(scores)
    yield [mark.get_xdata()[0] for mark in marks], [scores.max(), again, 12.5]
    yield [mark.get_label() for mark in marks[:2]], labels


SHAPES, TRAINED = {"block1": (8, 4), "block2": (4, 8)}, {"none": 900, "block1": 500, "all": 40}
BY_DEPTH = {
    name: {
        depth: {"test": (mean + 3 * place, 1.0), "train": (99 - place, 0.5), "seconds": 9.0 - place - mean / 50}
        for place, depth in enumerate(TRAINED)
    }
    for name, mean in (("near", 80.0), ("far", 45.0))
}


@shows(lambda: widgets.freeze_depth(BY_DEPTH, SHAPES, TRAINED), ("far", "near"), ("none", "block1", "all"))
def freeze_depth(figure, which, depth):
    top, left, right = figure.axes
    place = list(TRAINED).index(depth)
    test, training, seconds = ([at[part] for at in BY_DEPTH[which].values()] for part in ("test", "train", "seconds"))
    (right_new, _), (right_old, _) = test[place], training[place]
    accuracy = f"test {right_new:.1f} ± 1.0 %, training {right_old:.1f} %: gap {right_old - right_new:.0f}"
    titles = [f"{TRAINED[depth]} of 900 parameters are trained", accuracy, f"training takes {seconds[place]:.1f} s"]
    yield [bool(one.get_hatch()) for one in top.patches if isinstance(one, Rectangle)], [place > 0, place > 1, False]
    yield left.containers[0].lines[0].get_ydata(), [mean for mean, _ in test]
    yield left.lines[-2].get_ydata(), [mean for mean, _ in training]
    yield [bar.get_height() for bar in right.patches], seconds
    yield [ax.lines[-1].get_xdata() for ax in (left, right)], [[place, place]] * 2
    yield [*left.get_ylim(), *map(title, figure.axes)], [30, 102, *titles]
    yield figure.alt, f"{which}, frozen: {depth}. {'. '.join(titles)}."


def plain(values):
    """Return values as JSON has them, numbers with three digits behind the point."""
    text = json.dumps(values, default=methodcaller("tolist"))
    return json.loads(text, parse_float=lambda number: round(float(number), 3) + 0.0)


def test_every_widget_with_a_figure_is_here():
    assert set(WIDGETS) == set(widgets.__all__) - {"bring_pictures", "choice", "prediction"}


@pytest.mark.parametrize("name", WIDGETS)
def test_at_both_ends_of_each_control_artists_hold_what_it_says(name):
    build, ends, order, pairs = WIDGETS[name]
    box = build()
    *controls, picture = box.children
    ends = [values or tuple(control.options.values()) for control, values in zip(controls, ends, strict=True)]

    def right():
        box.figure.alt = html.unescape(re.search('alt="([^"]*)"', picture.value)[1])
        held, wanted = zip(*pairs(box.figure, *(control.value for control in controls)), strict=True)
        assert plain(held) == plain(wanted)
        return plain(wanted), box.figure.alt

    before = right()
    moves = [(controls[place], value) for place in order for value in ends[place]]
    for control, value in moves:
        control.value = value
        now = right()
        assert now[0] != before[0], (control.description, value)
        assert now[1] != before[1] or name == "augmented_views", (control.description, value)
        before = now
    for control, values in zip(controls, ends, strict=True):
        control.value = values[0]
    right()
    for ax in box.figure.axes:  # no artist has changed since it was drawn
        titles = [text for text in ax.findobj(Text) if title(ax) and text.get_text() == title(ax)]
        assert not [part for part in (*ax.lines, *ax.patches, *ax.images, *ax.texts, *titles) if part.stale]


@pytest.mark.parametrize(
    ("name", "moves", "answer", "back"),
    [
        ("convolution", {3: "valid", 1: 9}, "does not fit", {0: 12}),
        ("feature_maps", {1: OWN}, "There is none yet", {1: "a"}),
        (
            "feature_maps",
            {3: (uploaded("notes.txt", content=b"text"),)},
            "Expected a picture in notes.txt",
            {1: "a"},
        ),
        ("augmented_views", {0: OWN}, "There is none yet", {0: "a"}),
        ("measured_chart", {1: PAIRS[1]}, "guide → biopsy with 64 pictures is not", {0: 256}),
    ],
)
def test_what_cannot_be_shown_is_answered_in_place_and_the_next_move_shows_again(name, moves, answer, back):
    box = WIDGETS[name][0]()
    for place, value in moves.items():
        box.children[place].value = value
    said = box.children[-1].value
    assert answer in said and "<img" not in said and "0x" not in said
    for place, value in back.items():
        box.children[place].value = value
    assert "<img" in box.children[-1].value and answer not in box.children[-1].value


def test_augmentation_begins_with_views_that_differ():
    box = widgets.augmented_views(PICTURES)
    *_, flip, fill, turn, zoom, shift, contrast, brightness, seed = (part.value for part in box.children[:-1])
    assert (flip, fill, turn, zoom, shift, contrast, brightness, seed) == ("horizontal", "reflect", 20, 0, 0, 0, 0, 0)
    assert len({image(ax.images[0]) for ax in box.figure.axes}) == 12


def test_fewer_pictures_than_asked_for_are_all_shown():
    assert len(widgets.strongest(np.ones((2, 1)), SHADES[:2], n=5).figure.axes) == 2


def test_the_best_of_many_guessers_is_luck():
    box = widgets.best_of_many()
    best = {}
    for guessers, n_pictures in product((3, 100, 300), (25, 100, 400)):
        box.children[0].value, box.children[1].value = guessers, n_pictures
        best[guessers, n_pictures], again = (mark.get_xdata()[0] for mark in box.figure.axes[0].lines[1:3])
        assert abs(again - 12.5) < 4
    assert best[300, 100] > best[3, 100] and best[100, 25] > best[100, 400]
    assert best[100, 400] < 17.5 < best[100, 100]  # "a few hundred are enough", notebook 02


def test_predictions_and_choices_stand_below_a_question():
    question, *sliders = widgets.prediction("How many?", ["one", "two"]).children
    found = [(slider.description, slider.min, slider.value, slider.max) for slider in sliders]
    assert "How many?" in question.value and found == [("one", 0, 50, 100), ("two", 0, 50, 100)]
    question, *choices = widgets.choice("Which?", ["one", "two"], ["block1"]).children
    found = [(choice.description, choice.value, choice.options) for choice in choices]
    assert "Which?" in question.value and found == [("one", "?", ("?", "block1")), ("two", "?", ("?", "block1"))]
