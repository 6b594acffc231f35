"""Notebook 07: behind every recorded number in its prose, the assertion that fails when it stops being true."""

import itertools

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from course_utils import augmentation, augmentation_gain, augmentation_verdicts, backbones, data, features, kept_views
from course_utils.changes import Changes, seen
from course_utils.commands import augmentation_gain as command
from course_utils.commands import pretrain, views
from course_utils.measuring import try_once
from course_utils.quiet import keras
from tests.lessons.prose import Text, less, sure

says = Text("07_augmentation")


# Section 1


def test_a_flip_in_both_directions_is_half_a_turn_and_mirrors_nothing():
    images = np.random.default_rng(0).uniform(0, 255, (64, 8, 8, 3)).astype(np.float32)
    found = np.asarray(keras.layers.RandomFlip(seed=0)(images, training=True))
    same, half, across, down = (
        (found == other).all(axis=(1, 2, 3))
        for other in (images, images[:, ::-1, ::-1], images[:, :, ::-1], images[:, ::-1])
    )
    assert (same | half).all() and 16 < half.sum() < 48 and not (across | down).any()
    row = [keras.layers.RandomFlip(way, seed=n) for n, way in enumerate(("horizontal", "vertical"))]
    assert len({np.asarray(keras.Sequential(row)(images[:1], training=True)).tobytes() for _ in range(40)}) == 4


@pytest.mark.parametrize(("factor", "least"), [(0.5, 1), ((0.5, 0.5), 0.5)])
def test_contrast_grows_only_if_one_number_is_given(factor, least):
    images = np.random.default_rng(0).normal(128, 15, (256, 8, 8, 3)).astype(np.float32)
    found = np.asarray(keras.layers.RandomContrast(factor, seed=0)(images, training=True))
    ratios = found.std(axis=(1, 2, 3)) / images.std(axis=(1, 2, 3))
    assert ratios.min() == pytest.approx(least, abs=0.03) and ratios.max() == pytest.approx(1.5, abs=0.03)


def test_a_model_that_is_called_moves_statistics():
    norm = keras.layers.BatchNormalization()
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.RandomFlip("horizontal", seed=0), norm])
    images = np.random.default_rng(0).uniform(0, 255, (16, 8, 8, 3)).astype(np.float32)
    calls = (lambda: model.predict(images, verbose=0), lambda: model(images, training=False), lambda: model(images))
    for answer, moves in zip(calls, (False, False, True), strict=True):
        before = norm.moving_mean.numpy()
        answer()
        assert (norm.moving_mean.numpy() != before).any() == moves


# Section 2


def test_logistic_regression_is_softmax_with_cross_entropy_and_c_weighs_it_as_in_the_svm():
    rng, cost = np.random.default_rng(0), 0.3
    seen, labels = rng.normal(size=(60, 5)), np.arange(60) % 3
    head = LogisticRegression(C=cost, max_iter=1000, tol=1e-8).fit(seen, labels)
    exp = np.exp(seen @ head.coef_.T + head.intercept_)
    found = exp / exp.sum(axis=1, keepdims=True)
    assert np.allclose(found, head.predict_proba(seen))
    # At the minimum of 1/2 squared weights + C * sum of the cross-entropies, the slope is zero.
    slope = head.coef_ + cost * (found - np.eye(3)[labels]).T @ seen
    assert np.abs(slope).max() < 1e-3 < np.abs(head.coef_).max()


# Section 3


def test_views_by_whole_pixels_bring_less_than_5_points_and_more_than_leaning_ones():
    garden, base, rng = data.task("garden"), backbones.load("coursenet_guide"), np.random.default_rng(0)

    def seen(images):
        return features.extract("coursenet_guide", base, images).mean(axis=(1, 2))

    test, gains = data.sample(garden.test, 512, seed=0), []
    asked = seen(test.images)
    for seed in range(3):
        few = data.sample(garden.train, 16, seed)
        views = seen(np.concatenate([pretrain.augment(few.images, rng) for _ in range(16)]))
        plain = LogisticRegression(max_iter=1000).fit(seen(few.images), few.labels)
        changed = LogisticRegression(C=1 / 16, max_iter=1000).fit(views, np.tile(few.labels, 16))
        gains.append(100 * (changed.score(asked, test.labels) - plain.score(asked, test.labels)))
    assert says("brought less than 5 points") and 1 < np.mean(gains) < 5  # leaning ones bring less than 1


# Section 5


gain = augmentation_verdicts.gain

# Sentence, and the cases whose gains stand in it; a loss stands there without its sign.
NAMED = [
    ("brings {} points for 64 pictures, and {} for 256", ("far", 64, 2), ("far", 256, 2)),
    ("{} points with 64 pictures, {} with 256, {} with 1,024", *(("far", n, 2) for n in (64, 256, 1024))),
    ("from random weights {}, {} and {}. In the other", *(("far", n, 1) for n in (64, 256, 1024))),
    ("In the other two pairs gains are small at all sizes, {} at most", ("near", 64, 1)),
    ("with 64 pictures of the biopsy warm start gains {}", ("far", 64, "warm start")),
    ("{} points far from the source, and {} near to it", ("far", 64, 2), ("near slides", 64, 2)),
    ("{} and {} points are lost in the garden", ("near", 64, 3), ("near", 256, 3)),
    ("{} and {} on the biopsy, where training accuracy falls", ("far", 64, 3), ("far", 256, 3)),
    ("it helps a little with 64 pictures, {}; with 256", ("near slides", 64, 3)),
    ("with 256 it cannot be told, {}", ("near slides", 256, 3)),
]


@pytest.mark.parametrize(("sentence", "cases"), [(sentence, cases) for sentence, *cases in NAMED])
def test_what_the_text_says_augmentation_brings(sentence, cases):
    assert says(sentence, *(less(found) if found[0] < 0 else found for found in (gain(*case) for case in cases)))


def test_with_64_pictures_the_rate_is_chosen_on_16_in_two_samples():
    assert says("the rate is chosen on 16 validation pictures, in two samples") and command.TRIES[64] == 2
    case = command.case(augmentation_gain.PAIRS["far"], 1, 64, True, data.task("biopsy"))
    assert len(try_once(case, 0.1, 0, run=lambda case, *_: case).task.test) == 16


def test_by_size_and_by_distance():
    points = {case: gain(*case)[0] for case in augmentation_gain.SHOWN_CASES}
    for key in (1, 2):
        by_size = [points["far", n, key] for n in (64, 256, 1024)]
        assert by_size == sorted(by_size, reverse=True)
    trained = {case: gain for case, gain in points.items() if case[2] != 3}
    assert says("in the two pairs near to the source 6 at most")
    assert max(gain for (name, *_), gain in trained.items() if name != "far") == points["near", 64, 1] < 6
    most = [gain for (name, n, _), gain in trained.items() if (name, n) == ("far", 64)]
    assert says("20 to 30 points") and 20 < min(most) < max(most) < 30
    assert says("the biopsy gains far more than the garden, too") and points["far", 64, 1] > 5 * points["near", 64, 1]
    assert says("warm start gains") and points["far", 64, 2] > points["far", 64, "warm start"]  # "no less"
    assert says("the textbook's advice **holds** here") and augmentation_verdicts.advice() == "holds"


def test_four_times_as_long():
    at_25, at_100 = (
        {case: augmentation_gain.accuracies("far", 256, *case, n) for case in itertools.product((1, 2), (True, False))}
        for n in (None, augmentation_gain.LONGER)
    )
    words = "brought {:.1f} % instead of {:.1f} % with augmentation, and {:.1f} % instead of {:.1f} % without"
    assert says(words, *(np.mean(found[1, way]) for way in (True, False) for found in (at_100, at_25)))
    assert list(augmentation_gain.LONGER_SEEDS) == list(augmentation_gain.SEEDS[256])[:3]
    more = {case: np.mean(np.subtract(at_100[case], at_25[case][:3])) for case in at_25}
    assert says("{:.1f} points more with augmentation, and {:.1f} without", more[1, True], more[1, False])
    assert says("With strategy 2 both ways gained little") and all(0 < more[2, way] < 1 for way in (True, False))


def test_with_the_whole_base_frozen():
    known = augmentation_gain.accuracies
    few, more = ([np.mean(known("far", n, 3, way, None, "train_accuracy")) for way in (False, True)] for n in (64, 256))
    assert says("falls from {:.0f} to {:.0f} % with 256", *more) and few[1] < few[0]
    assert all(augmentation_verdicts.equivalent(name, 64, 3) == 0 for name in ("near", "far"))


# Section 8

KEYS = (1, "warm start", 2)
COLLECTED = [
    ("Collecting four times as many is ahead by {} points", ("far", 64, 1)),
    ("With warm start it is {}, and about 210 slides", ("far", 64, "warm start")),
    ("with strategy 2 it is {}, little, but the interval lies above 0, and about 240 slides", ("far", 64, 2)),
    ("Collecting is ahead by {}, {} and {} points", *(("near", 64, key) for key in KEYS)),
]


@pytest.mark.parametrize(("sentence", "cases"), [(sentence, cases) for sentence, *cases in COLLECTED])
def test_collecting_against_augmenting(sentence, cases):
    assert says(sentence, *(augmentation_verdicts.collecting(*case) for case in cases))


def test_how_many_pictures_augmented_ones_are_worth():
    slides, flowers = ([augmentation_verdicts.equivalent(name, 64, key) for key in KEYS] for name in ("far", "near"))
    tens = [[round(count, -1) for count in found] for found in (slides, flowers)]
    assert says("From random weights 64 slides with augmentation are worth about {:.0f} without", tens[0][0])
    assert says("and about {:.0f} slides; with strategy 2", tens[0][1])
    assert says("lies above 0, and about {:.0f} slides", tens[0][2])
    words = "Here 64 flowers are worth about {:.0f} from random weights, and about {:.0f} with warm start or strategy 2"
    assert says(words, *tens[1][:2]) and tens[1][1] == tens[1][2]
    words = "were worth about {:.0f} to {:.0f} without; 64 flowers of the garden were worth about {:.0f} to"
    assert says(words, min(tens[0]), max(tens[0]), min(tens[1]))


# Sections 6 and 7


ONE, FIVE, MANY, NEW = list(kept_views.WAYS)[1:]
PLAIN, QUARTER = kept_views.PLAIN, kept_views.QUARTER


def mean(frozen, way, column="accuracy", name="views"):
    return np.mean(kept_views.accuracies(frozen, way, column, name))


def test_what_kept_views_bring():
    ahead = kept_views.difference
    assert says("New views in every epoch help: by {} points", ahead("block2", NEW, PLAIN))
    assert says("Five kept views are {} points ahead of one", ahead("block2", FIVE, ONE))
    assert sure(ahead("block2", NEW, PLAIN)) == sure(ahead("block2", NEW, ONE)) == 1
    five, new, one, none = (mean("block2", way) for way in (FIVE, NEW, ONE, PLAIN))
    assert says("they bring nearly what new ones bring, {:.1f} and {:.1f} %", five, new) and new - five < 1
    unsure = ahead("block2", FIVE, PLAIN)
    assert says("whether they beat no augmentation three repeats cannot tell: {}", unsure) and not sure(unsure)
    assert says("is no better than none, {:.1f} and {:.1f} %: all of the gain is gone", one, none) and one < none
    assert not sure(ahead("block2", ONE, PLAIN))


def test_with_the_whole_base_frozen_every_way_is_behind():
    behind = {way: less(kept_views.difference("all", way, PLAIN)) for way in (ONE, FIVE, MANY, NEW)}
    least, most = (end(points for points, _ in behind.values()) for end in (min, max))
    assert says("all four ways are {:.0f} to {:.0f} points *behind* no augmentation", least, most)
    assert says("only for five views does the interval exclude 0: {}", behind[FIVE])
    assert [way for way, found in behind.items() if sure(found)] == [FIVE]
    known = [mean("all", way, "train_accuracy") for way in kept_views.WAYS]
    assert says("{:.0f} % without, at most {:.0f} % with", known[0], max(known[1:]))
    assert says("The guide's lost more there than here") and -gain("far", 256, 3)[0] > most
    assert all(gain("near slides", n_samples, 3)[0] > 0 for n_samples in (64, 256))


def test_by_quarters_the_frozen_base_gains_too():
    gains = {way: kept_views.difference("all", way, PLAIN, QUARTER) for way in (ONE, FIVE, MANY, NEW)}
    assert says("{} points with five kept views, and {} with new ones", gains[FIVE], gains[NEW])
    assert [sure(found) for found in gains.values()] == [0, 1, 1, 1] and min(points for points, _ in gains.values()) > 0
    assert all(abs(mean("block2", way, name=QUARTER) - mean("block2", way)) < 2 for way in gains)


def test_the_control_moves_pixels_and_draws_none():
    images = data.task("biopsy").train.images[:64]
    found = augmentation.view(images, views.layers(quarter=True), seed=0)
    places = [
        next(n for n in range(8) if (np.rot90(image[:, ::-1] if n < 4 else image, n) == view).all())
        for image, view in zip(images, found, strict=True)
    ]
    assert set(places) == set(range(8))


def test_what_a_view_leaves_of_the_picture():
    every = [Changes(turn=180), Changes(shift=30), Changes(zoom=90), Changes("horizontal", contrast=90, brightness=90)]
    turned, shifted, zoomed, others = (100 * seen(64, one, 99, 0).min() for one in every)
    assert says("A turn cuts the corners off: about 83 % stays at least") and 81 < turned < 85
    assert says("leaves 49 % in the worst case, 0.7 times 0.7") and 48 < shifted < 54
    assert says("Zoom at 90 % can leave only a hundredth") and 0 < zoomed < 3
    assert says("And contrast and brightness leave all places") and others > 99.9


UNTOLD = {("near", 256, 1), ("near", 256, 2), ("near", 1024, 2), ("near slides", 256, 3)}  # all others help, or harm


def test_it_helps_where_layers_train_and_harms_the_frozen_base_of_the_guide():
    assert augmentation_gain.cases() == list(augmentation_gain.SHOWN_CASES)
    verdicts = {case: augmentation_verdicts.verdict(gain(*case)) for case in augmentation_gain.SHOWN_CASES}
    assert says("Where layers trained, augmentation never did harm here")
    assert says("With the whole base of the guide frozen, augmentation **harms**, with 64 and with 256 pictures")
    for (name, n_samples, key), word in verdicts.items():
        harmed = key == 3 and name != "near slides"
        untold = (name, n_samples, key) in UNTOLD
        assert word == ("harms" if harmed else "cannot be told" if untold else "helps"), (name, n_samples, key)


def test_a_turn_by_30_degrees_is_smoother_and_one_by_90_is_not():
    images = data.sample(data.task("biopsy").train, 64, seed=0).images
    steps = []
    for degrees in (0, 90, 30):
        turn = keras.layers.RandomRotation((degrees / 360, degrees / 360))
        inner = np.asarray(turn(images, training=True))[:, 16:48, 16:48]  # without the corners
        steps.append(sum(np.abs(np.diff(inner, axis=axis)).mean() for axis in (1, 2)))
    assert steps[1] == pytest.approx(steps[0], rel=1e-4) and steps[2] < 0.9 * steps[0]
