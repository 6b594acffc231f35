"""Every exercise: its own solution is right, plausible slips are not, and nothing makes a check raise."""

import inspect
import math
import re

import numpy as np
import pytest

from course_utils import (
    ROOT,
    advice,
    augmentation_gain,
    augmentation_verdicts,
    backbones,
    batch_norm,
    chart,
    checks,
    comparisons,
    data,
    fine_tuning,
    metrics,
    outlines,
    preprocessing,
    similarity_measures,
    zoo,
)
from course_utils.cards import CourseError, Pictures
from course_utils.quiet import keras, tensorflow


def head(classes=8, frozen=True, pooled=True, head_frozen=False, source="slides", weights="pretrained", hidden=0):
    base = backbones.load(f"coursenet_{source}", weights)
    base.trainable = not frozen
    shrink = keras.layers.GlobalAveragePooling2D() if pooled else keras.layers.Flatten()
    between = [keras.layers.Dense(hidden, activation="relu")] if hidden else []
    model = keras.Sequential([base, shrink, *between, keras.layers.Dense(classes)])
    model.trainable = not head_frozen
    return model


def only_convolutions_frozen():
    model = head(frozen=False)
    for layer in model.layers[0].layers:
        layer.trainable = "conv" not in layer.name
    return model


@pytest.fixture(scope="module")
def pool():
    return data.sample(data.task("garden").train, 320, seed=5)


def taken_apart(pictures, first=0.5, second=0.5):
    kept, rest = data.split(pictures, first, seed=0)
    return (kept, *data.split(rest, second, seed=0))


def with_others_held_out(pictures):
    """Split twice, each time all of the pictures: the mistake of `take` and `skip` on pictures shuffled anew."""
    return (data.split(pictures, 0.5, 0)[0], data.split(pictures, 0.25, 1)[1], data.split(pictures, 0.25, 2)[1])


def with_the_rest_kept(pictures):
    kept, rest = data.split(pictures, 0.5, seed=0)
    return kept, rest, data.split(rest, 0.5, seed=0)[1]


def uneven(pictures):
    order = np.argsort(pictures.labels, kind="stable")
    parts = (order[:160], order[160:240], order[240:])
    return tuple(Pictures(pictures.images[part], pictures.labels[part]) for part in parts)


def with_blocks(*trained, classes=8, weights="pretrained", frozen_head=False):
    """Return a CourseNet of which some blocks, and the head, are trained."""
    base = backbones.load("coursenet_guide", weights)
    for layer in base.layers:
        layer.trainable = layer.name.startswith(trained)
    head = keras.layers.Dense(classes, trainable=not frozen_head)
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), head])


def still(thawed=False, frozen=(), classes=8, weights="pretrained"):
    """Return a CourseNet with batch normalisation frozen, and, if it is said, other layers too."""
    base = backbones.load("coursenet_guide", weights)
    for layer in base.layers:
        layer.trainable = ("_bn" not in layer.name or thawed) and not any(part in layer.name for part in frozen)
    head = keras.layers.Dense(classes, trainable="head" not in frozen)
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), head])


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


curves = fine_tuning.forgetting("garden", "none")
FORGOTTEN = curves[0.00002]["own statistics"][0] - curves[0.002]["own statistics"][0]
WITH_NEW_STATISTICS = curves[0.00002]["source"][0] - curves[0.002]["source"][0]


def collected():
    return augmentation_verdicts.collecting("far", 64, 1)[0]


# Each wrong answer with a word that the message must hold.
def garden_labels():
    """Return the labels of the pictures of notebook 06."""
    return data.sample(data.task("garden").train, 256, seed=1).labels


def place(maps):
    return np.unravel_index(maps.argmax(), maps.shape)


def chosen(name, rule, layer):
    return {"name": name, "preprocessing": rule, "last layer": layer}


ONE_AFTER_ANOTHER = np.random.default_rng(0)


def plain(name):
    return name.removeprefix("Parasitized")


def photographed():
    """Return the case of malaria cells with 256 pictures."""
    found = chart.whole_sizes("photographs")
    return next(case for case in found if (case.task, case.n_samples) == ("malaria_cells", 256))


def unseeded_split(groups, share, seed):
    """Return a split of exercise 09.1 that is another one at every call."""
    return np.isin(groups, ONE_AFTER_ANOTHER.choice(np.unique(groups), 3, replace=False))


def empty_split(groups, share, seed):
    """Return a split of exercise 09.1 that may be empty."""
    names = np.unique(groups)
    return np.isin(groups, np.random.default_rng(seed).choice(names, round(share * len(names)), replace=False))


WRONG = {
    "00.1": [
        (0.125, "percent"),
        (50, "two classes"),
        (8, "one chance in eight"),
        ("a lot", "number"),
        ("12.5%", "without quotes"),
    ],
    "00.2": [(1024, "bias"), (136, "multiply"), (459_120, "too large"), (True, "number")],
    "00.3": [
        (lambda: head(frozen=False), "not frozen"),
        (lambda: head(source="guide"), "not the base"),
        (lambda: head(weights=None), "not the base"),
        (lambda: head(classes=40), "(None, 40)"),
        (lambda: head(pooled=False), "16,392"),
        (lambda: head(hidden=1024), "140,296"),
        (lambda: only_convolutions_frozen(), "not frozen"),
        (keras.Sequential, "A Keras model is wanted"),
        (lambda: head(head_frozen=True), "head is frozen too"),
        (lambda: backbones.load("coursenet_slides"), "output shape"),
        (lambda: keras.Sequential(), "no shape yet"),
    ],
    "01.1": [(-23, "negative number"), (23, "signs"), (46, "once"), ("0?", "number")],
    "01.2": [
        ((32, 32, 32), "same"),
        ((60, 60, 32), "stride 1"),
        ((30, 30, 3), "one map"),
        ((30, 30), "third"),
        ((29, 29, 32), "first place"),
        ((1, 2, 3), "one by one"),
        (30, "tuple"),
        ("303032", "tuple"),
        ((30.5, 30.5, 32), "whole pixels"),
        ((31, 31, 32), "Round 29.5"),
        ((32, 30, 30), "last"),
        ((None, 30, 30, 32), "batch"),
        ((30, 30, 96), "per filter"),
    ],
    "01.3": [(3, "side by side"), (6, "overlap"), (9, "overlap"), (25, "wide"), (7, "stride 2")],
    "01.4": [
        (25_088 * 4096, "bias"),
        (25_088 + 4096, "multiply"),
        (25_088 * 4097, "outputs"),
        (138_357_544, "too large"),
    ],
    "02.1": [
        (lambda pictures: with_others_held_out(pictures), "Split what the first split has held out"),
        (lambda pictures: taken_apart(pictures, 0.75), "80, 120 and 120"),
        (lambda pictures: uneven(pictures), "more of some species"),
        (lambda pictures: with_the_rest_kept(pictures), "use both"),
        (lambda pictures: data.split(pictures, 0.5, seed=0), "three sets"),
        ((160, 80, 80), "three sets"),
    ],
    "02.2": [
        (258_560, "new head"),
        (259_072, "head is missing"),
        (199_312, "in front of"),
        (458_904, "names of the blocks"),
        (260_104, "running mean"),
        (398_216, "blocks 1 to 3"),
        (1032, "strategy 3"),
        (200_344, "block 5 alone is frozen"),
    ],
    "02.3": [
        (lambda: with_blocks("block"), "trainable = True"),
        (lambda: with_blocks("nothing"), "whole base is frozen"),
        (lambda: with_blocks("block5"), "block4 and block5"),
        (lambda: with_blocks("block4", "block5", classes=64), "eight species"),
        (lambda: with_blocks("block4", "block5", frozen_head=True), "head is not"),
        (lambda: with_blocks("block4_conv", "block5_conv"), "Only a part of blocks 4 and 5"),
        (lambda: with_blocks("block4", "block5", weights=None), "learned from the guide"),
        (lambda: backbones.load("coursenet_guide"), "new head"),
        (398_216, "A Keras model is wanted"),
    ],
    "02.4": [
        (0.249, "share"),
        ((24.9, 3.5), "first"),
        (1.5, "garden"),
        (23.3, "4,096"),
        (-24.9, "sign"),
        (11.9, "too small"),
        (3.5, "interval"),
        (6.3, "column accuracy"),
    ],
    "03.1": [(4.5, "2w"), (6, "uphill"), (2.5, "25 is the loss"), (1, "length of the step"), (16, "weight is asked")],
    "03.2": [
        (FORGOTTEN / 100, "share"),
        (-FORGOTTEN, "sign"),
        (99, "too large"),
        ((FORGOTTEN, 1.0), "the first"),
        (WITH_NEW_STATISTICS, "orange line"),
    ],
    "03.3": [
        (lambda: still(thawed=True), "8 of 8 layers still move"),
        (lambda: still(frozen=("conv",)), "no convolution is trained"),
        (lambda: still(frozen=("block1_conv", "block2_conv")), "Only 6 of 8"),
        (lambda: still(frozen=("head",)), "head is frozen"),
        (lambda: still(weights=None), "learned from the guide"),
        (lambda: still(classes=64), "eight species"),
        (lambda: keras.Sequential([keras.Input((3,)), keras.layers.Dense(8)]), "has 0"),
        (8, "A Keras model is wanted"),
    ],
    "03.4": [
        (lambda: lambda data: data.map(flip).cache(), "Still the same"),
        (lambda: lambda data: data.map(flip), "read again in every epoch"),
        (lambda: lambda data: data.cache().map(flip).repeat(), "once in each epoch"),
        (lambda: lambda data: data.cache().map(flip).take(2), "once in each epoch"),
        (lambda: lambda data: data.unbatch().cache().shuffle(32).batch(8).map(flip), "Keep their order"),
        (lambda: lambda data: data.cache().map(lambda x: flip(x) / 2), "more than a flip"),
        (lambda pool: few(pool).cache().map(flip), "without calling it"),
        (5, "A function is wanted"),
    ],
    "03.5": [
        (lambda: parts(numbers().shuffle(100)), "Read again"),
        (lambda: parts(numbers().shuffle(100, reshuffle_each_iteration=False))[::-1], "wrong way round"),
        (lambda: parts(numbers()), "not drawn at random"),
        (lambda: (numbers().skip(50), numbers().take(50)), "50 and 50"),
        (lambda: numbers(), "tuple of two"),
        (([1], [2]), "Two tf.data.Dataset"),
    ],
    "04.1": [
        ("VGG16", "does not keep the limits"),
        ("MobileNetV2", "keeps the limits"),
        ("EfficientNetV2L", "does not keep"),
        ("ResNet34", "not in the table"),
        (82.0, "in quotes"),
    ],
    "04.2": [
        (294_912, "plain convolution"),
        (1152, "depthwise kernels"),
        (32_768, "the 1 x 1 convolution"),
        (35_072, "128 channels"),
        (34_304, "biases"),
        ("33920", "without quotes"),
    ],
    "04.3": [
        ("conv5_block16_concat", "2 more layers"),
        ("avg_pool", "classifier"),
        ("predictions", "classifier"),
        ("mixed10", "no layer 'mixed10'"),
        (427, "in quotes"),
    ],
    "04.4": [
        (lambda: lambda images: images / 255, "'0 to 1'"),
        (lambda: lambda images: images.astype("float32"), "'as they are'"),
        (lambda: lambda images: (images / 127.5 - 1) / 127.5 - 1, "Preprocessed twice"),
        (lambda: lambda images: images // 127 - 1, "whole numbers"),
        (lambda: lambda images: images[..., ::-1] - np.float32([103.939, 116.779, 123.68]), "BGR"),
        (lambda: lambda images: np.zeros(3), "shape must stay"),
        (lambda: lambda images: images / 127.5, "numbers from 0.24 to 1.72. Wanted: from -0.76 to 0.72"),
        (lambda: lambda images: images / images.max() * 2 - 1, "divide by the same number"),
        (lambda: lambda images: (images - images.min()) / np.ptp(images) * 2 - 1, "divide by the same number"),
        (lambda: lambda images: images / images.max((1, 2, 3), keepdims=True) * 2 - 1, "divide by the same number"),
        (np.zeros((1, 64, 64, 3)), "function itself"),
    ],
    "04.5": [
        (chosen("VGG16", "BGR minus mean", "block5_pool"), "takes 58.9 MB"),
        (chosen("DenseNet121", "mean and spread", "relu"), "neither larger nor slower"),
        (chosen("EfficientNetV2B0", "0 to 1", "top_activation"), "by the rule '0 to 1'"),
        (chosen("EfficientNetV2B0", "caffe", "top_activation"), "one of five"),
        (chosen("EfficientNetB0", "as they are", "top_conv"), "2 more layers"),
        (chosen("EfficientNetB0", "as they are", "avg_pool"), "classifier"),
        (chosen("MobileNetV2", "-1 to 1", "relu"), "no layer 'relu'"),
        (chosen("flowers", "-1 to 1", "relu"), "not in the table"),
        ({"name": "EfficientNetB0"}, "keys 'name', 'preprocessing', 'last layer'"),
        ("EfficientNetB0", "keys"),
    ],
    "05.1": [
        ([4, 2, 1, 3], "Problem 3"),
        ([2, 2, 3, 1], "300 are few"),
        ([4, 2, 3], "four numbers"),
        (["4", "2", "3", "1"], "without quotes"),
        (4, "four numbers"),
    ],
    "05.2": [
        (lambda: lambda first, second: sum(first) > sum(second), "half a point"),
        (lambda: lambda first, second: metrics.paired_difference(first, second)[0] >= 1, "12, -3 and 6"),
        (lambda: lambda first, second: abs(sum(first) - sum(second)) >= 3, "12, -3 and 6"),
        (lambda: lambda first, second: min(first) > max(second) + 1, "rise together"),
        (lambda: lambda first, second: metrics.paired_difference(first, second), "True or False"),
        (lambda: lambda first, second: min(np.subtract(first, second)) > 1, "exactly one point"),
        (True, "without calling it"),
    ],
    "05.3": [
        ({"guide": 0.41, "slides": 0.81, "photos": 0.36}, "gap of the biopsy"),
        ({"guide": 0.2, "slides": 0.77, "photos": 0.45}, "share of errors that is left"),
        ({"guide": 0.81}, "for each source"),
        ("guide", "for each source"),
    ],
    "05.4": [
        (lambda: advice.advise(200, 0.25).regrets["1"], "That is strategy 1"),
        (lambda: advice.advise(200, 0.25).regrets["2"], "strategy 2, or a warm start"),
        (100, "too large"),
        ("30 points", "without quotes"),
    ],
    "06.1": [
        (8 * 8 * 2048 * 256, "has a bias"),
        (2048 * 256 + 256, "averaged maps"),
        ("33554688", "without quotes"),
    ],
    "06.2": [(0.7, "Square it"), (0.09, "missing up to 1"), (0.0, "inside the margin"), (1.69, "wrong side")],
    "06.3": [
        (lambda: garden_labels(), "shape (256, 8)"),
        (lambda: np.eye(8)[garden_labels()].T, "wrong way round"),
        (lambda: np.eye(8)[garden_labels()] * 2, "one of two numbers"),
        (lambda: 1 - np.eye(8)[garden_labels()], "In each row one target is 1"),
        (lambda: np.eye(8)[(garden_labels() + 1) % 8], "another species"),
    ],
    "06.4": [
        (lambda: lambda maps, kernel, bias, one: int((maps @ kernel)[..., one].argmax()), "counted along all places"),
        (lambda: lambda maps, kernel, bias, one: place((maps @ kernel)[..., one])[::-1], "wrong way round"),
        (lambda: lambda maps, kernel, bias, one: place(maps.mean(axis=-1)), "another place"),
        (lambda: lambda maps, kernel, bias, one: (maps @ kernel + bias)[..., one], "A pair is wanted"),
        (5, "A function is wanted"),
    ],
    "07.1": [
        (lambda: for_the_garden(flips="horizontal_and_vertical"), "stand on their heads"),
        (lambda: for_the_garden(turn=0.2), "share of a full turn"),
        (lambda: for_the_garden(turn=0), "lean by 0 degrees"),
        (lambda: for_the_garden(turn=60 / 360), "turned by"),
        (lambda: for_the_garden(turn=12 / 360), "lean by 12 degrees at most"),
        (lambda: for_the_garden(turn=24 / 360), "at most 20 are wanted"),
        (lambda: for_the_garden(turn=(0, 20 / 360)), "to one side only"),
        (lambda: for_the_garden(turn=(-20 / 360, 10 / 360)), "Give RandomRotation one number"),
        (lambda: for_the_garden(flips=None), "0 of 256 views are mirrored"),
        (lambda: for_the_garden(value_range=(0, 1)), "nearly black"),
        (lambda: for_the_garden(light=0), "light hardly changes"),
        (lambda: for_the_garden(light=0.6), "At most a fifth"),
        (lambda: for_the_garden(light=0.1), "Up to a fifth is wanted"),
        (lambda: for_the_garden(light=(0, 0.2)), "give RandomBrightness one number"),
        (lambda: for_the_garden(light=(-0.2, 0)), "give RandomBrightness one number"),
        (lambda: for_the_garden(more=[keras.layers.RandomZoom(0.2)]), "neither is asked for"),
        (lambda: for_the_garden(more=[keras.layers.RandomContrast(0.3)]), "neither is asked for"),
        (lambda: for_the_garden(more=[keras.layers.Rescaling(1 / 255)]), "with training=False"),
        (lambda: for_the_garden(more=[keras.layers.Resizing(32, 32)]), "must stay as it is"),
        (lambda: [keras.layers.RandomFlip("horizontal")], "A Keras layer is wanted"),
    ],
    "07.2": [
        (lambda: lambda b: (changed(b).cache().skip(2), changed(b).cache().take(2)), "Validation pictures are changed"),
        (lambda: lambda b: (changed(b.skip(2).cache()), changed(b.take(2).cache())), "Validation pictures are changed"),
        (lambda: lambda b: (changed(b.skip(2)).cache(), b.take(2).cache()), "the same in both epochs"),
        (lambda: lambda b: (changed(b.skip(2)), b.take(2)), "read again in every epoch"),
        (lambda: lambda b: (b.skip(2).cache(), b.take(2).cache()), "nothing is changed at all"),
        (lambda: lambda b: (changed(b.cache()), b.take(2).cache()), "among the training pictures"),
        (lambda: lambda b: (changed(b.take(2).cache()), b.skip(2).cache()), "16 and 32"),
        (lambda: lambda b: changed(b.cache()), "two data sets"),
        (5, "A function is wanted"),
    ],
    "07.3": [
        (lambda: kept(once=True), "changed once"),
        (lambda: kept(training=False), "changed once, or not at all"),
        (lambda: first_as_it_is_then_one_view, "Change the picture anew for each"),
        (lambda: kept(order=np.repeat), "do not belong to the features"),
        (lambda: kept(n=1), "4 and 4"),
        (lambda: lambda images, labels, n_views: kept()(images, labels, n_views)[0], "features and labels"),
        (5, "A function is wanted"),
    ],
    "07.4": [
        (lambda: collected() / 100, "share"),
        (0.1, "too small"),
        (lambda: -collected(), "sign"),
        (lambda: (collected(), 1.0), "the first"),
        (lambda: augmentation_verdicts.gain("far", 64, 1)[0], "what augmentation brings"),
        (lambda: augmentation_verdicts.collecting("near", 64, 1)[0], "pair near"),
        (99, "too large"),
    ],
    "08.1": [
        (lambda: lambda names: names, "names as they came"),
        (lambda: lambda names: sorted({name.split("_")[0] for name in names}), "without 'Parasitized'"),
        (lambda: lambda names: [plain(name).split("_")[0] for name in names], "Each slide is wanted once"),
        (lambda: lambda names: list(dict.fromkeys(plain(name).split("_")[0] for name in names)), "should be sorted"),
        (lambda: lambda names: sorted({plain(name).rsplit("_cell", 1)[0] for name in names}), "Only what stands"),
        (lambda: lambda names: sorted({plain(name).split("_")[0] for name in names})[:1], "['C1', 'C2'] is wanted"),
        (["C1", "C2"], "without calling it"),
    ],
    "08.2": [
        ((8.32, 4.16), "That is the other one"),
        ((0.0416, 0.0832), "That is a share"),
        ((4.16, 16.63), "By slides: You gave 16.63. That is the whole width"),
        (4.16, "Two numbers"),
    ],
    "08.3": [
        (lambda: photographed().means["3"], "That is its accuracy"),
        (lambda: chart.regret(photographed(), "1"), "Freezing the whole base"),
        ("3 points", "without quotes"),
    ],
    "09.1": [
        (lambda: lambda groups, share, seed: np.arange(len(groups)) < share * len(groups), "is on both sides"),
        (lambda: lambda groups, share, seed: np.unique(groups)[:3], "One True or False"),
        (lambda: lambda groups, share, seed: np.isin(groups, np.unique(groups)[:3]), "Every seed"),
        (lambda: lambda groups, share, seed: np.isin(groups, np.unique(groups)[:5]), "Yours holds 5"),
        (lambda: unseeded_split, "two answers"),
        (lambda: empty_split, "the test is empty"),
        (5, "Give the function itself"),
    ],
    "09.2": [(95, "hides"), (40, "whole ones"), (0.689, "share"), (97.9, "cracked ones"), (60, "too small")],
    "09.3": [(100, "82.6"), (864, "reaches lower"), (2500, "any accuracy"), (5000, "too large")],
    "09.4": [
        ({"Ada": "yes", "Ben": "yes", "Cho": "yes"}, "Ben: the last doubling brought 0.3"),
        ({"Ada": "yes", "Ben": "no", "Cho": "no"}, "Cho"),
        ({"Ada": "yes"}, "A dict with the names"),
        ({"Ada": "maybe", "Ben": "no", "Cho": "no"}, "'cannot tell' is wanted"),
    ],
}


class Hostile:
    """An answer that fails whatever one asks of it."""

    def __getattr__(self, name):
        raise RuntimeError("no " + name)

    def __repr__(self):
        raise RuntimeError("not even this")


def test_every_exercise_has_wrong_answers():
    assert set(WRONG) == set(checks.EXERCISES)
    assert all(len(answers) >= 2 for answers in WRONG.values())


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_solution_is_right(name, pool):
    names = {"keras": keras, "backbones": backbones, "data": data, "comparisons": comparisons, "pool": pool}
    names |= {"tf": tensorflow, "batch_norm": batch_norm, "few": few(pool), "flip": flip}
    names |= {"tissue": tissue, "features": colours, "augmentation_gain": augmentation_gain}
    names |= {"np": np, "pictures": data.sample(data.task("garden").train, 256, seed=1)}
    names |= {"found": zoo.recorded(), "zoo": zoo, "outlines": outlines, "preprocessing": preprocessing}
    names |= {"advice": advice, "metrics": metrics, "similarity_measures": similarity_measures}
    names["measured"] = {"garden": {"warm start": fine_tuning.forgetting("garden", "none")}}
    for notebook, function in (("02_three_strategies", "build"), ("03_learning_rate", "colleagues_network")):
        source = (ROOT / f"notebooks/src/{notebook}.py").read_text(encoding="utf-8")
        exec(re.search(rf"^def {function}\(.*?(?=^# %%)", source, re.M | re.S).group(), names)
    names |= {"found": chart.whole_sizes("photographs")} if name == "08.3" else {}
    exec(checks.solutions()[name], names)
    feedback = checks.check(name, names["answer"])
    assert feedback.outcome == "correct", feedback
    assert repr(feedback).startswith("✓")


@pytest.mark.parametrize(("name", "answer", "word"), [(n, *wrong) for n, answers in WRONG.items() for wrong in answers])
def test_plausible_slips_are_named(name, answer, word, pool):
    if inspect.isfunction(answer):
        answer = answer(*[pool] * len(inspect.signature(answer).parameters))
    feedback = checks.check(name, answer)
    assert feedback.outcome == "not yet"
    assert word in feedback.message


@pytest.mark.parametrize("name", checks.EXERCISES)
@pytest.mark.parametrize(
    "answer", [math.nan, math.inf, "", [], {}, Hostile(), object, -1], ids=lambda a: type(a).__name__
)
def test_a_check_never_raises(name, answer):
    assert checks.check(name, answer).outcome == "not yet"


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_not_attempted_points_to_the_hint(name, capsys):
    feedback = checks.check(name, None)
    assert feedback.outcome == "not attempted" and "checks.hint" in feedback.message
    checks.hint(name)
    checks.solution(name)
    assert "answer =" in capsys.readouterr().out


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


@pytest.mark.parametrize(
    "answer", [10**400, -(10**400), 1j, float("-inf"), b"12.5", print], ids=lambda a: type(a).__name__
)
@pytest.mark.parametrize("name", checks.EXERCISES)
def test_a_check_does_not_raise_on_odd_values(name, answer):
    feedback = checks.check(name, answer)
    assert feedback.outcome == "not yet"


def test_a_network_that_was_tried_out_is_still_right():
    network = still()
    for weight in network.trainable_weights:
        weight.assign(weight + 5e-4)
    assert checks.check("03.3", network).outcome == "correct"


def test_a_rounded_difference_will_do():
    assert checks.check("02.4", 25).outcome == "correct"


def test_numbers_of_numpy_count_as_numbers():
    assert checks.check("00.1", np.float64(12.5)).outcome == "correct"
    assert checks.check("00.2", np.int64(1032)).outcome == "correct"


def test_odd_numbers_are_answered_in_one_line_that_is_true():
    assert len(checks.check("00.2", 10**400).message) < 200
    assert "too" not in checks.check("00.2", math.nan).message
