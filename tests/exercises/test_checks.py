"""Every exercise: its own solution is right, plausible slips are not, and nothing makes a check raise."""

import functools
import importlib
import inspect
import math
import re
import sys

import numpy as np
import pytest

from course_utils import ROOT, backbones, chart, checks, data, fine_tuning, metrics, outlines, zoo
from course_utils.cards import CourseError, Pictures
from course_utils.checks import your_pictures
from course_utils.checks.judges import number, short
from course_utils.quiet import keras, tensorflow

NOTHING, NO_NORM = "(?!)", "^(?!.*_bn)"
MODULES = "advice augmentation_gain batch_norm comparisons preprocessing similarity_measures"


def network(trained="", source="guide", weights="pretrained", classes=8, head=True, pooled=True, hidden=0):
    """Return a CourseNet with a head; `trained` is found in the names of the layers of the base that are trained."""
    base = backbones.load(f"coursenet_{source}", weights)
    for layer in base.layers:
        layer.trainable = bool(re.search(trained, layer.name))
    shrink = keras.layers.GlobalAveragePooling2D() if pooled else keras.layers.Flatten()
    between = [keras.layers.Dense(hidden, activation="relu")] if hidden else []
    return keras.Sequential([base, shrink, *between, keras.layers.Dense(classes, trainable=head)])


@pytest.fixture(scope="module", autouse=True)
def once():
    """Let what checks read and build be read and built once: it is the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        for place, name in ((data, "task"), (outlines, "outline"), (chart, "whole_sizes"), (your_pictures, "_enough")):
            patch.setattr(place, name, functools.cache(getattr(place, name)))
        yield


@pytest.fixture(scope="module")
def pool():
    return data.sample(data.task("garden").train, 320, seed=5)


def taken_apart(pictures, first=0.5, second=0.5):
    kept, rest = data.split(pictures, first, seed=0)
    return (kept, *data.split(rest, second, seed=0))


def with_others_held_out(pictures):
    """Split twice, each time all of the pictures: the mistake of `take` and `skip` on pictures shuffled anew."""
    return (data.split(pictures, 0.5, 0)[0], data.split(pictures, 0.25, 1)[1], data.split(pictures, 0.25, 2)[1])


def uneven(pictures):
    order = np.argsort(pictures.labels, kind="stable")
    parts = (order[:160], order[160:240], order[240:])
    return tuple(Pictures(pictures.images[part], pictures.labels[part]) for part in parts)


def few(pool):
    return tensorflow.data.Dataset.from_tensor_slices(pool.images[:32]).batch(8)


flip = keras.layers.RandomFlip("horizontal", seed=0)
tissue = keras.Sequential([keras.layers.RandomFlip(seed=0), keras.layers.RandomRotation(0.5, seed=1)])


def for_the_garden(flips="horizontal", turn=20 / 360, light=0.2, more=(), **settings):
    """Return augmentation with a part that may be wrong."""
    kinds = [keras.layers.RandomFlip(flips)] if flips else []
    kinds += [keras.layers.RandomRotation(turn)] if turn else []
    kinds += [keras.layers.RandomBrightness(light, **settings)] if light else []
    return keras.Sequential([*kinds, *more])


def changed(batches):
    return batches.map(lambda images, labels: (tissue(images, training=True), labels))


def colours(images):
    """Stand for the features of a base: the mean colour of each half of a picture."""
    images = np.asarray(images, np.float32) / 255
    return np.concatenate([images[:, :32].mean(axis=(1, 2)), images[:, 32:].mean(axis=(1, 2))], axis=-1)


def kept(n=None, order=np.tile, training=True, once=False):
    """Return a function that keeps views of pictures, with a part that may be wrong."""

    def function(images, labels, n_views):
        views = [tissue(images, training=training) for _ in range(1 if once else n or n_views)]
        views *= n_views if once else 1
        return colours(np.concatenate(views)), order(labels, n or n_views)

    return function


def first_as_it_is_then_one_view(images, labels, n_views):
    """Change the pictures once, and repeat this view behind the pictures as they are."""
    view = np.asarray(tissue(images, training=True))
    return colours(np.concatenate([images, *[view] * (n_views - 1)])), np.tile(labels, n_views)


def numbers():
    return tensorflow.data.Dataset.range(100)


def parts(numbers):
    return numbers.skip(20), numbers.take(20)


def garden_labels():
    """Return the labels of the pictures of notebook 06."""
    return data.sample(data.task("garden").train, 256, seed=1).labels


def place(maps):
    return np.unravel_index(maps.argmax(), maps.shape)


def chosen(name, rule, layer):
    return {"name": name, "preprocessing": rule, "last layer": layer}


def slide(name):
    return name.removeprefix("Parasitized").split("_")[0]


ONE_AFTER_ANOTHER = np.random.default_rng(0)


def unseeded_split(groups, share, seed):
    """Return a split of exercise 09.1 that is another one at every call."""
    return np.isin(groups, ONE_AFTER_ANOTHER.choice(np.unique(groups), 3, replace=False))


def empty_split(groups, share, seed):
    """Return a split of exercise 09.1 that may be empty."""
    names = np.unique(groups)
    return np.isin(groups, np.random.default_rng(seed).choice(names, round(share * len(names)), replace=False))


# Exercises whose answer is one number: how far from the solution's it may be.
TOLERANCES = {"00.1": 0.01, "00.2": 0, "01.1": 0, "01.3": 0, "01.4": 0, "02.2": 0, "02.4": 0.15, "03.1": 1e-6}
TOLERANCES |= {"03.2": 0.15, "04.2": 0.5, "05.4": 0.2, "06.1": 0.5, "06.2": 1e-6, "07.4": 0.15, "08.3": 0.1}
TOLERANCES |= {"09.2": 0.1, "09.3": 2}
# Others whose answer holds numbers, with the places of these.
SEVERAL = {"05.3": ("guide", "slides", "photos"), "08.2": (0, 1)}
# Wrong answers that a check does not list itself, each with words that only its message holds.
WRONG = [
    ("00.3", lambda: network(NOTHING), "not the base"),
    ("00.3", lambda: network(NOTHING, "slides", classes=40), "(None, 40)"),
    ("00.3", lambda: network(NOTHING, "slides", pooled=False), "16,392"),
    ("00.3", lambda: network(NOTHING, "slides", hidden=1024), "140,296"),
    ("00.3", lambda: network("^(?!.*conv)", "slides"), "not frozen"),
    ("00.3", keras.Sequential, "A Keras model is wanted"),
    ("00.3", lambda: network(NOTHING, "slides", head=False), "head is frozen too"),
    ("00.3", lambda: backbones.load("coursenet_slides"), "(None, 4, 4, 128)"),
    ("00.3", lambda: keras.Sequential(), "no shape yet"),
    ("01.2", (32, 32, 32), "same"),
    ("01.2", (60, 60, 32), "stride 1"),
    ("01.2", (30, 30, 3), "How many filters"),
    ("01.2", (30, 30), "third"),
    ("01.2", (29, 29, 32), "first place"),
    ("01.2", (1, 2, 3), "one by one"),
    ("01.2", 30, "tuple"),
    ("01.2", "303032", "tuple"),
    ("01.2", (30.5, 30.5, 32), "whole pixels"),
    ("01.2", (31, 31, 32), "Round 29.5"),
    ("01.2", (32, 30, 30), "last"),
    ("01.2", (None, 30, 30, 32), "batch"),
    ("01.2", (30, 30, 96), "per filter"),
    ("02.1", with_others_held_out, "Split what the first split has held out"),
    ("02.1", lambda pictures: taken_apart(pictures, 0.75), "80, 120 and 120"),
    ("02.1", uneven, "more of some species"),
    ("02.1", lambda pictures: (*data.split(pictures, 0.5, 0), taken_apart(pictures)[2]), "use both"),
    ("02.1", lambda pictures: data.split(pictures, 0.5, seed=0), "three sets"),
    ("02.1", (160, 80, 80), "three sets"),
    ("02.3", lambda: network("block"), "trainable = True"),
    ("02.3", lambda: network(NOTHING), "whole base is frozen"),
    ("02.3", lambda: network("block5"), "block4 and block5"),
    ("02.3", lambda: network("block[45]", classes=64), "put a new head"),
    ("02.3", lambda: network("block[45]", head=False), "head is not"),
    ("02.3", lambda: network("block[45]_conv"), "Only a part of blocks 4 and 5"),
    ("02.3", lambda: network("block[45]", weights=None), "learned from the guide"),
    ("02.3", 398_216, "A Keras model is wanted"),
    ("02.4", (24.9, 3.5), "take the first"),
    ("03.2", (86.0, 1.0), "take the first"),
    ("03.3", lambda: network(), "8 of 8 layers still move"),
    ("03.3", lambda: network("^(?!.*(_bn|conv))"), "no convolution is trained"),
    ("03.3", lambda: network("^(?!.*(_bn|block[12]_conv))"), "Only 6 of 8"),
    ("03.3", lambda: network(NO_NORM, head=False), "head is frozen"),
    ("03.3", lambda: network(NO_NORM, weights=None), "learned from the guide"),
    ("03.3", lambda: network(NO_NORM, classes=64), "eight species"),
    ("03.3", lambda: keras.Sequential([keras.Input((3,)), keras.layers.Dense(8)]), "has 0"),
    ("03.3", 8, "A Keras model is wanted"),
    ("03.4", lambda: lambda data: data.map(flip).cache(), "Still the same"),
    ("03.4", lambda: lambda data: data.map(flip), "read again in every epoch"),
    ("03.4", lambda: lambda data: data.cache().map(flip).repeat(), "once in each epoch"),
    ("03.4", lambda: lambda data: data.cache().map(flip).take(2), "once in each epoch"),
    ("03.4", lambda: lambda data: data.unbatch().cache().shuffle(32).batch(8).map(flip), "more than a flip"),
    ("03.4", lambda: lambda data: data.cache().map(lambda x: flip(x) / 2), "more than a flip"),
    ("03.4", lambda pool: few(pool).cache().map(flip), "without calling it"),
    ("03.4", 5, "A function is wanted"),
    ("03.5", lambda: parts(numbers().shuffle(100)), "Read again"),
    ("03.5", lambda: parts(numbers().shuffle(100, reshuffle_each_iteration=False))[::-1], "wrong way round"),
    ("03.5", lambda: parts(numbers()), "not drawn at random"),
    ("03.5", lambda: (numbers().skip(50), numbers().take(50)), "50 and 50"),
    ("03.5", numbers, "tuple of two"),
    ("03.5", ([1], [2]), "Two tf.data.Dataset"),
    ("04.1", "VGG16", "does not keep the limits"),
    ("04.1", "MobileNetV2", "keeps the limits"),
    ("04.1", "ResNet34", "not in the table"),
    ("04.1", 82.0, "in quotes"),
    ("04.3", "conv5_block16_concat", "2 more layers"),
    ("04.3", "avg_pool", "classifier"),
    ("04.3", "mixed10", "no layer 'mixed10'"),
    ("04.3", 427, "in quotes"),
    ("04.4", lambda: lambda images: images / 255, "'0 to 1'"),
    ("04.4", lambda: lambda images: images.astype("float32"), "'as they are'"),
    ("04.4", lambda: lambda images: (images / 127.5 - 1) / 127.5 - 1, "Preprocessed twice"),
    ("04.4", lambda: lambda images: images // 127 - 1, "whole numbers"),
    ("04.4", lambda: lambda images: images[..., ::-1] - np.float32([103.939, 116.779, 123.68]), "BGR"),
    ("04.4", lambda: lambda images: np.zeros(3), "shape must stay"),
    ("04.4", lambda: lambda images: images / 127.5, "numbers from 0.24 to 1.72. Wanted: from -0.76 to 0.72"),
    ("04.4", lambda: lambda images: images / images.max() * 2 - 1, "divide by the same number"),
    ("04.4", lambda: lambda images: images / images.max((1, 2, 3), keepdims=True) * 2 - 1, "divide by the same number"),
    ("04.4", np.zeros((1, 64, 64, 3)), "function itself"),
    ("04.5", chosen("VGG16", "BGR minus mean", "block5_pool"), "takes 58.9 MB"),
    ("04.5", chosen("DenseNet121", "mean and spread", "relu"), "neither larger nor slower"),
    ("04.5", chosen("EfficientNetV2B0", "0 to 1", "top_activation"), "by the rule '0 to 1'"),
    ("04.5", chosen("EfficientNetV2B0", "caffe", "top_activation"), "one of five"),
    ("04.5", chosen("EfficientNetB0", "as they are", "top_conv"), "2 more layers"),
    ("04.5", {"name": "EfficientNetB0"}, "A dict with the keys"),
    ("04.5", "EfficientNetB0", "A dict with the keys"),
    ("05.1", [4, 2, 1, 3], "Problem 3"),
    ("05.1", [2, 2, 3, 1], "300 are few"),
    ("05.1", [4, 2, 3], "four numbers"),
    ("05.1", ["4", "2", "3", "1"], "without quotes"),
    ("05.1", 4, "four numbers"),
    ("05.2", lambda: lambda first, second: sum(first) > sum(second), "half a point"),
    ("05.2", lambda: lambda first, second: metrics.paired_difference(first, second)[0] >= 1, "12, -3 and 6"),
    ("05.2", lambda: lambda first, second: abs(sum(first) - sum(second)) >= 3, "12, -3 and 6"),
    ("05.2", lambda: lambda first, second: min(first) > max(second) + 1, "rise together"),
    ("05.2", lambda: lambda first, second: metrics.paired_difference(first, second), "True or False"),
    ("05.2", lambda: lambda first, second: min(np.subtract(first, second)) > 1, "exactly one point"),
    ("05.2", True, "without calling it"),
    ("05.3", {"guide": 0.81}, "for each source"),
    ("05.3", "guide", "for each source"),
    ("06.3", garden_labels, "shape (256, 8)"),
    ("06.3", lambda: np.eye(8)[garden_labels()].T, "wrong way round"),
    ("06.3", lambda: np.eye(8)[garden_labels()] * 2, "one of two numbers"),
    ("06.3", lambda: 1 - np.eye(8)[garden_labels()], "In each row one target is 1"),
    ("06.3", lambda: np.eye(8)[(garden_labels() + 1) % 8], "another species"),
    ("06.3", lambda: np.eye(8)[(garden_labels() + (np.arange(256) == 255)) % 8], "another species"),
    ("06.4", lambda: lambda maps, kernel, bias, one: int((maps @ kernel)[..., one].argmax()), "counted along"),
    ("06.4", lambda: lambda maps, kernel, bias, one: place((maps @ kernel)[..., one])[::-1], "wrong way round"),
    ("06.4", lambda: lambda maps, kernel, bias, one: place(maps.mean(axis=-1)), "another place"),
    ("06.4", lambda: lambda maps, kernel, bias, one: (maps @ kernel + bias)[..., one], "A pair is wanted"),
    ("06.4", 5, "A function is wanted"),
    ("07.1", lambda: for_the_garden(flips="horizontal_and_vertical"), "stand on their heads"),
    ("07.1", lambda: for_the_garden(turn=0), "lean by 0 degrees"),
    ("07.1", lambda: for_the_garden(turn=12 / 360), "lean by 12 degrees at most"),
    ("07.1", lambda: for_the_garden(turn=24 / 360), "turned by"),
    ("07.1", lambda: for_the_garden(turn=(0, 20 / 360)), "to one side only"),
    ("07.1", lambda: for_the_garden(turn=(-20 / 360, 10 / 360)), "to the other"),
    ("07.1", lambda: for_the_garden(flips=None), "0 of 256 views are mirrored"),
    ("07.1", lambda: for_the_garden(value_range=(0, 1)), "nearly black"),
    ("07.1", lambda: for_the_garden(light=0), "light hardly changes"),
    ("07.1", lambda: for_the_garden(light=0.6), "At most a fifth"),
    ("07.1", lambda: for_the_garden(light=0.1), "Up to a fifth is wanted"),
    ("07.1", lambda: for_the_garden(light=(0, 0.2)), "give RandomBrightness one number"),
    ("07.1", lambda: for_the_garden(light=(-0.2, 0)), "give RandomBrightness one number"),
    ("07.1", lambda: for_the_garden(more=[keras.layers.RandomZoom(0.2)]), "neither is asked for"),
    ("07.1", lambda: for_the_garden(more=[keras.layers.RandomContrast(0.3)]), "neither is asked for"),
    ("07.1", lambda: for_the_garden(more=[keras.layers.Rescaling(1 / 255)]), "with training=False"),
    ("07.1", lambda: for_the_garden(more=[keras.layers.Resizing(32, 32)]), "must stay as it is"),
    ("07.1", lambda: [keras.layers.RandomFlip("horizontal")], "A Keras layer is wanted"),
    ("07.2", lambda: lambda b: (changed(b).cache().skip(2), changed(b).cache().take(2)), "Validation pictures"),
    ("07.2", lambda: lambda b: (changed(b.skip(2)).cache(), b.take(2).cache()), "the same in both epochs"),
    ("07.2", lambda: lambda b: (changed(b.skip(2)), b.take(2)), "read again in every epoch"),
    ("07.2", lambda: lambda b: (b.skip(2).cache(), b.take(2).cache()), "nothing is changed at all"),
    ("07.2", lambda: lambda b: (changed(b.cache()), b.take(2).cache()), "among the training pictures"),
    ("07.2", lambda: lambda b: (changed(b.take(2).cache()), b.skip(2).cache()), "16 and 32"),
    ("07.2", lambda: lambda b: changed(b.cache()), "two data sets"),
    ("07.2", 5, "A function is wanted"),
    ("07.3", lambda: kept(once=True), "changed once"),
    ("07.3", lambda: kept(training=False), "changed once"),
    ("07.3", lambda: first_as_it_is_then_one_view, "Change the picture anew for each"),
    ("07.3", lambda: kept(order=np.repeat), "do not belong to the features"),
    ("07.3", lambda: kept(n=1), "4 and 4"),
    ("07.3", lambda: lambda images, labels, n_views: kept()(images, labels, n_views)[0], "features and labels"),
    ("07.3", 5, "A function is wanted"),
    ("07.4", (2.0, 6.5), "take the first"),
    ("08.1", lambda: lambda names: names, "names as they came"),
    ("08.1", lambda: lambda names: sorted({name.split("_")[0] for name in names}), "without 'Parasitized'"),
    ("08.1", lambda: lambda names: [slide(name) for name in names], "Each slide is wanted once"),
    ("08.1", lambda: lambda names: list(dict.fromkeys(map(slide, names))), "be sorted"),
    ("08.1", lambda: lambda names: ["C1_a", "C2"], "Only what stands"),
    ("08.1", lambda: lambda names: sorted({slide(name) for name in names})[:1], "['C1', 'C2'] is wanted"),
    ("08.1", ["C1", "C2"], "without calling it"),
    ("08.2", 4.16, "Two numbers"),
    ("09.1", lambda: lambda groups, share, seed: np.arange(len(groups)) < share * len(groups), "is on both sides"),
    ("09.1", lambda: lambda groups, share, seed: np.unique(groups)[:3], "One True or False"),
    ("09.1", lambda: lambda groups, share, seed: np.isin(groups, np.unique(groups)[:3]), "Every seed"),
    ("09.1", lambda: lambda groups, share, seed: np.isin(groups, np.unique(groups)[:5]), "Yours holds 5"),
    ("09.1", lambda: unseeded_split, "two answers"),
    ("09.1", lambda: empty_split, "the test is empty"),
    ("09.1", 5, "Give the function itself"),
    ("09.4", {"Ada": "yes", "Ben": "yes", "Cho": "yes"}, "Ben: the last doubling brought 0.3"),
    ("09.4", {"Ada": "yes", "Ben": "no", "Cho": "no"}, "Cho: the last doubling"),
    ("09.4", {"Ada": "yes"}, "A dict with the names"),
    ("09.4", {"Ada": "maybe", "Ben": "no", "Cho": "no"}, "'cannot tell' is wanted"),
]


class Hostile:
    """An answer that fails whatever one asks of it."""

    def __getattr__(self, name):
        raise RuntimeError("no " + name)

    def __repr__(self):
        raise RuntimeError("not even this")


def test_every_exercise_has_wrong_answers():
    assert {*TOLERANCES, *SEVERAL, *(name for name, *_ in WRONG)} == set(checks.EXERCISES)


@pytest.fixture(scope="module")
def solution(pool):
    """Return a function from an exercise to the answer of its solution."""
    lesson = {name: importlib.import_module(f"course_utils.{name}") for name in MODULES.split()}
    lesson |= {"backbones": backbones, "data": data, "metrics": metrics, "outlines": outlines, "zoo": zoo}
    lesson |= {"keras": keras, "tf": tensorflow, "np": np, "pool": pool, "few": few(pool), "flip": flip}
    lesson |= {"tissue": tissue, "features": colours, "pictures": data.sample(data.task("garden").train, 256, seed=1)}
    lesson["measured"] = {"garden": {"warm start": fine_tuning.forgetting("garden", "none")}}
    for notebook, function in (("02_three_strategies", "build"), ("03_learning_rate", "colleagues_network")):
        source = (ROOT / f"notebooks/src/{notebook}.py").read_text(encoding="utf-8")
        exec(re.search(rf"^def {function}\(.*?(?=^# %%)", source, re.M | re.S).group(), lesson)

    @functools.cache
    def answer(name):
        names = lesson | {"found": chart.whole_sizes("photographs") if name == "08.3" else zoo.recorded()}
        exec(checks.solutions()[name], names)
        return names["answer"]

    return answer


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_solution_is_right(name, solution):
    feedback = checks.check(name, solution(name))
    assert feedback.outcome == "correct", feedback
    assert repr(feedback) == f"✓ Correct. {checks.EXERCISES[name].praise}"


@pytest.mark.parametrize("name", TOLERANCES)
def test_numbers_are_right_up_to_the_tolerance(name, solution):
    right, tolerance = solution(name), TOLERANCES[name]
    for side in (-1, 1):
        assert checks.check(name, right + side * tolerance * (1 - 1e-6)).outcome == "correct"
        assert checks.check(name, right + side * (tolerance * (1 + 1e-6) or 1e-6)).outcome == "not yet"


@pytest.mark.parametrize("name", [*TOLERANCES, *SEVERAL])
def test_slips_that_a_check_lists_are_told_apart(name, solution, monkeypatch):
    asked, places = [], SEVERAL.get(name, (None,))
    judge, right = checks.EXERCISES[name].judge, solution(name)
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules[judge.__module__], "number", lambda *given: asked.append(given[-1]))
        judge(right)
    assert len(asked) == len(places) and all(asked)
    for place, slips in zip(places, asked, strict=True):
        for slip, reason in slips.items():
            answer = slip
            if place is not None:
                answer = right.copy()
                answer[place] = slip
            feedback = checks.check(name, answer)
            assert feedback.outcome == "not yet"
            assert feedback.message.endswith(f"You gave {short(slip)}. {reason}"), slip


@pytest.mark.parametrize("name", dict.fromkeys(name for name, *_ in WRONG))
def test_other_slips_are_told_apart(name, pool):
    answers = [(answer, words) for of, answer, words in WRONG if of == name]
    for answer, words in answers:
        if inspect.isfunction(answer):
            answer = answer(*[pool] * len(inspect.signature(answer).parameters))
        feedback = checks.check(name, answer)
        assert feedback.outcome == "not yet"
        assert {other for _, other in answers if other in feedback.message} == {words}, feedback


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        *[(right, None) for right in (2, 1.5, 2.5, np.float64(2.5), np.int64(2))],
        ("2", "A number is wanted, without quotes and without a percent sign. You gave '2'."),
        *[(odd, f"A number is wanted. You gave {short(odd)}.") for odd in (True, 2j)],
        *[(far, f"A finite number is wanted. You gave {far}.") for far in (math.nan, -math.inf)],
        (math.nextafter(2.5, 3), "You gave 2.5000000000000004, which is too large."),
        (math.nextafter(1.5, 1), "You gave 1.4999999999999998, which is too small."),
        *[(3.5, "You gave 3.5. Twice."), (4, "You gave 4. Twice."), (4.5, "You gave 4.5. Twice.")],
        (4.75, "You gave 4.75. Two and a half times."),  # the nearest slip
        (math.nextafter(5.5, 6), "You gave 5.500000000000001, which is too large."),
        pytest.param(10**400, f"You gave 1{'0' * 56}..., which is too large.", id="huge"),
        pytest.param(-(10**400), f"You gave -1{'0' * 55}..., which is too small.", id="far below"),
    ],
)
def test_a_number_is_judged_in_one_line_that_is_true(answer, message):
    for kind in (int, float):
        assert number(answer, kind(2), 0.5, {kind(4): "Twice.", kind(5): "Two and a half times."}) == message


ODD = [math.nan, math.inf, -math.inf, "", [], {}, Hostile(), object, -1, 10**400, -(10**400), 1j, b"12.5", print]


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_a_check_never_raises(name):
    for answer in ODD:
        assert checks.check(name, answer).outcome == "not yet", type(answer)


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_not_attempted_points_to_the_hint(name, capsys):
    feedback = checks.check(name, None)
    assert feedback.outcome == "not attempted" and f"checks.hint({name!r})" in feedback.message
    checks.hint(name)
    checks.solution(name)
    assert capsys.readouterr().out == f"{checks.EXERCISES[name].hint}\n{checks.solutions()[name]}\n"


def test_every_exercise_has_one_solution():
    assert re.findall(r"^## (\S+)$", checks.SOLUTIONS.read_text(encoding="utf-8"), re.M) == list(checks.EXERCISES)
    assert list(checks.solutions()) == list(checks.EXERCISES)


def test_a_copy_without_solutions_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checks, "SOLUTIONS", tmp_path / "solutions.md")
    checks.solution("00.1")
    assert "not part of this copy of the course. Ask your instructor" in capsys.readouterr().out


def test_unknown_exercise():
    assert "00.1" in checks.check("99.9", 1).message
    with pytest.raises(CourseError, match=r"99\.9"):
        checks.hint("99.9")


@pytest.mark.parametrize(("change", "outcome"), [(5e-3, "correct"), (0.03, "not yet")])
def test_a_network_that_was_tried_out_is_still_right(change, outcome):
    tried = network(NO_NORM)
    for weight in tried.trainable_weights:
        weight.assign(weight + change)
    assert checks.check("03.3", tried).outcome == outcome
