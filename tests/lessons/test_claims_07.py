"""Notebook 07: behind every recorded number in its prose, the assertion that fails when it stops being true."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from course_utils import (
    ROOT,
    augmentation,
    augmentation_gain,
    augmentation_verdicts,
    backbones,
    changes,
    data,
    features,
    kept_views,
    measuring,
)
from course_utils.cards import Task
from course_utils.changes import Changes
from course_utils.commands import augmentation_gain as command
from course_utils.commands import pretrain, views
from course_utils.quiet import keras

PROSE = (ROOT / "notebooks/src/07_augmentation.py").read_text(encoding="utf-8")
SENTENCES = " ".join(PROSE.replace("\n#", " ").split())


def shown(difference, sign=""):
    return f"{{:{sign}.1f}} ± {{:.1f}}".format(*difference)


# Section 1


def test_what_a_view_leaves_of_the_picture():
    assert changes.seen(64, Changes(turn=180), 99, 0).min() == pytest.approx(0.83, abs=0.02)
    assert changes.seen(64, Changes(shift=30), 99, 0).min() == pytest.approx(0.49, abs=0.05)
    assert changes.seen(64, Changes(zoom=90), 99, 0).min() == pytest.approx(0.01, abs=0.02)
    assert changes.seen(64, Changes("horizontal_and_vertical", contrast=90, brightness=90), 9, 0).min() > 0.999


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


def test_a_model_that_is_called_changes_pictures_and_moves_statistics():
    norm = keras.layers.BatchNormalization()
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.RandomFlip("horizontal", seed=0), norm])
    images = np.random.default_rng(0).uniform(0, 255, (16, 8, 8, 3)).astype(np.float32)
    for answer, moves in ((lambda: model.predict(images, verbose=0), False), (lambda: model(images), True)):
        before = np.array(norm.moving_mean)
        answer()
        assert (np.array(norm.moving_mean) != before).any() == moves
    still = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.RandomFlip("horizontal", seed=0)])
    for settings, changed in (({}, True), ({"training": True}, True), ({"training": False}, False)):
        assert (np.asarray(still(images, **settings)) != images).any() == changed


# Section 2


def test_logistic_regression_is_softmax_with_cross_entropy_and_c_weighs_it_as_in_the_svm():
    assert "one dense layer with softmax and cross-entropy" in SENTENCES
    assert "it weighs the losses against the squared weights" in SENTENCES
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
    assert "mirrored, and moved by whole pixels, brought less than 5 points" in SENTENCES
    garden, base = data.task("garden"), backbones.load("coursenet_guide")
    test, rng = data.sample(garden.test, 512, seed=0), np.random.default_rng(0)
    lean = augmentation_gain.layers("garden")

    def score(images, labels, n_views=1):
        seen, asked = (
            features.extract("coursenet_guide", base, np.asarray(some)).mean(axis=(1, 2))
            for some in (images, test.images)
        )
        return 100 * LogisticRegression(C=1 / n_views, max_iter=1000).fit(seen, labels).score(asked, test.labels)

    gains = []
    for seed in range(3):
        few = data.sample(garden.train, 16, seed)
        whole = np.concatenate([pretrain.augment(few.images, rng) for _ in range(16)])
        leaning = np.concatenate([lean(few.images, training=True) for _ in range(16)])
        plain, labels = score(few.images, few.labels), np.tile(few.labels, 16)
        gains.append([score(some, labels, 16) - plain for some in (whole, leaning)])
    by_whole, by_leaning = np.mean(gains, axis=0)
    assert by_leaning < by_whole < 5


# Section 5

GAINS = [
    (("near", 64, 1), "5.5 ± 2.4", "helps"),
    (("near", 64, "warm start"), "5.1 ± 3.9", "helps"),
    (("near", 64, 2), "4.0 ± 3.8", "helps"),
    (("near", 64, 3), "-8.0 ± 4.3", "harms"),
    (("far", 64, 1), "29.6 ± 4.5", "helps"),
    (("far", 64, "warm start"), "20.4 ± 5.8", "helps"),
    (("far", 64, 2), "21.1 ± 2.7", "helps"),
    (("far", 64, 3), "-8.7 ± 4.0", "harms"),
    (("near", 256, 1), "1.8 ± 4.5", "cannot be told"),
    (("near", 256, 2), "0.9 ± 1.7", "cannot be told"),
    (("near", 256, 3), "-7.2 ± 1.2", "harms"),
    (("far", 256, 1), "9.3 ± 6.6", "helps"),
    (("far", 256, 2), "5.0 ± 1.7", "helps"),
    (("far", 256, 3), "-14.1 ± 4.4", "harms"),
    (("near", 1024, 1), "3.5 ± 0.3", "helps"),
    (("near", 1024, 2), "0.4 ± 0.8", "cannot be told"),
    (("far", 1024, 1), "5.1 ± 1.5", "helps"),
    (("far", 1024, 2), "4.1 ± 0.4", "helps"),
    (("near slides", 64, "warm start"), "4.3 ± 3.0", "helps"),
    (("near slides", 64, 2), "2.4 ± 1.1", "helps"),
    (("near slides", 64, 3), "2.5 ± 1.4", "helps"),
    (("near slides", 256, 2), "1.6 ± 1.2", "helps"),
    (("near slides", 256, 3), "0.6 ± 1.6", "cannot be told"),
]
# What the text names, in the order of the text.
NAMED = [
    (("far", 64, 2), "21.1 ± 2.7 points for 64 pictures"),
    (("far", 256, 2), "5.0 ± 1.7 for 256"),
    (("far", 64, 2), "with strategy 2 21.1 ± 2.7 points with 64 pictures"),
    (("far", 256, 2), "5.0 ± 1.7 with 256"),
    (("far", 1024, 2), "4.1 ± 0.4 with 1,024"),
    (("far", 64, 1), "from random weights 29.6 ± 4.5, 9.3"),
    (("far", 256, 1), "9.3 ± 6.6 and"),
    (("far", 1024, 1), "and 5.1 ± 1.5. In the other two pairs"),
    (("near", 64, 1), "small at all sizes, 5.5 ± 2.4 at most"),
    (("far", 64, "warm start"), "warm start gains 20.4 ± 5.8"),
    (("near slides", 64, 2), "2.4 ± 1.1 near to it"),
    (("near", 64, 3), "8.0 ± 4.3 and"),
    (("near", 256, 3), "and 7.2 ± 1.2 points are lost in the garden"),
    (("far", 64, 3), "8.7 ± 4.0 and"),
    (("far", 256, 3), "and 14.1 ± 4.4 on the biopsy"),
    (("near slides", 64, 3), "it helps a little with 64 pictures, 2.5 ± 1.4"),
    (("near slides", 256, 3), "with 256 it cannot be told, 0.6 ± 1.6"),
]
CASES = [case for case, _, _ in GAINS]


def test_every_case_of_the_text_is_measured():
    assert augmentation_gain.cases() == list(augmentation_gain.SHOWN_CASES) == CASES


@pytest.mark.parametrize(("name", "n_samples", "key"), CASES)
@pytest.mark.parametrize("augmented", [False, True])
def test_the_rates_are_those_that_were_chosen(name, n_samples, key, augmented, monkeypatch):
    monkeypatch.setattr(measuring, "try_once", None)  # nothing may be tried anew
    pair = augmentation_gain.PAIRS[name]
    rows = augmentation_gain.recorded(name, n_samples, key, augmented)
    wanted = command.case(pair, key, n_samples, augmented, Task(pair.task, (), None, None))
    tries = augmentation_gain.files(pair, key, n_samples, augmented)[1]
    rate = measuring.choose_rate(tries, [wanted], range(command.TRIES[n_samples]))
    assert {float(row["learning_rate"]) for row in rows} == {rate}
    assert [int(row["seed"]) for row in rows] == list(augmentation_gain.SEEDS[n_samples])


def test_with_64_pictures_the_rate_is_chosen_on_16_in_two_samples():
    assert "the rate is chosen on 16 validation pictures, in two samples" in SENTENCES and command.TRIES[64] == 2
    wanted = command.case(augmentation_gain.PAIRS["far"], 1, 64, True, data.task("biopsy"))
    judged = []

    def judge(case, rate, seed):
        judged.append(len(case.task.test))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        measuring.try_once(wanted, 0.1, 0, judge)
    assert judged == [16]


@pytest.mark.parametrize(("case", "wanted", "word"), GAINS)
def test_what_augmentation_brings(case, wanted, word):
    gain = augmentation_verdicts.gain(*case)
    assert shown(gain) == wanted and augmentation_verdicts.verdict(gain) == word


@pytest.mark.parametrize(("case", "words"), NAMED)
def test_what_the_text_says_of_it(case, words):
    assert words in SENTENCES and dict((one, gain) for one, gain, _ in GAINS)[case].removeprefix("-") in words


def test_by_size_and_by_distance():
    points = {case: augmentation_verdicts.gain(*case)[0] for case in CASES}
    for key in (1, 2):
        far = [points["far", n, key] for n in (64, 256, 1024)]
        assert far == sorted(far, reverse=True)
    trained = {case: gain for case, gain in points.items() if case[2] != 3}
    assert max(gain for (name, *_), gain in trained.items() if name != "far") == points["near", 64, 1] < 6
    assert "augmentation never did harm here" in SENTENCES
    words = {case: word for case, _, word in GAINS}
    assert "harms" not in {words[case] for case in trained}
    assert all(20 < gain < 30 for (name, n, _), gain in trained.items() if (name, n) == ("far", 64))
    assert points["far", 64, 1] > 5 * points["near", 64, 1]


def test_four_times_as_long():
    means = {
        (key, way, epochs): augmentation_gain.mean("far", 256, key, way, epochs)[0]
        for key in (1, 2)
        for way in (True, False)
        for epochs in (None, augmentation_gain.LONGER)
    }
    long = augmentation_gain.LONGER
    with_it, without = (f"{means[1, way, long]:.1f} % instead of {means[1, way, None]:.1f} %" for way in (True, False))
    assert f"brought {with_it} with augmentation, and {without} without" in SENTENCES
    assert all(0 < means[2, way, long] - means[2, way, None] < 2 for way in (True, False))


def test_four_times_as_long_in_the_repeats_that_both_lengths_have():
    repeats, more = len(augmentation_gain.LONGER_SEEDS), {}
    assert list(augmentation_gain.LONGER_SEEDS) == list(augmentation_gain.SEEDS[256])[:repeats]
    for key in (1, 2):
        for way in (True, False):
            short, long = (
                augmentation_gain.accuracies("far", 256, key, way, n) for n in (None, augmentation_gain.LONGER)
            )
            more[key, way] = np.mean(np.subtract(long, short[:repeats]))
    assert f"{more[1, True]:.1f} points more with augmentation, and {more[1, False]:.1f} without" in SENTENCES
    assert all(0 < more[2, way] < 1 for way in (True, False))


def test_with_the_whole_base_frozen():
    known = [augmentation_gain.mean("far", 256, 3, way, None, "train_accuracy")[0] for way in (False, True)]
    assert [round(mean) for mean in known] == [94, 50] and "falls from 94 to 50 % with 256" in SENTENCES
    few = [augmentation_gain.mean("far", 64, 3, way, None, "train_accuracy")[0] for way in (False, True)]
    assert few[1] < few[0]
    assert all(augmentation_verdicts.equivalent(name, 64, 3) == 0 for name in ("near", "far"))


def test_the_advice_for_quadrant_3_holds():
    assert augmentation_verdicts.advice() == "holds"
    gains = {key: augmentation_verdicts.gain("far", 64, key)[0] for key in (1, "warm start", 2, 3)}
    assert gains[1] > gains[2] > gains["warm start"] > gains[3]
    assert gains[2] > augmentation_verdicts.gain("far", 256, 2)[0]


# Section 8


@pytest.mark.parametrize(
    ("case", "ahead", "worth"),
    [
        (("far", 64, 1), "1.8 ± 6.5", "about 240"),
        (("far", 64, "warm start"), "3.4 ± 3.8", "about 210"),
        (("far", 64, 2), "1.4 ± 1.2", "about 240"),
        (("near", 64, 1), "25.9 ± 3.9", "about 80"),
        (("near", 64, "warm start"), "9.6 ± 3.2", "about 100"),
        (("near", 64, 2), "8.2 ± 1.4", "about 100"),
    ],
)
def test_collecting_against_augmenting(case, ahead, worth):
    assert shown(augmentation_verdicts.collecting(*case)) == ahead and ahead in PROSE
    name, _, key = case
    row = next(
        line
        for line in augmentation_verdicts.collecting_table().splitlines()
        if line.startswith(f"| {name} | {augmentation_verdicts.SHOWN[key]} |")
    )
    section = SENTENCES[SENTENCES.index("## 8.") : SENTENCES.index("## What you have seen")]
    assert row.endswith(f"| {worth} without |") and worth in section


# Sections 6 and 7


def said(name, way, frozen="block2", against=kept_views.PLAIN):
    """Return by how many points a way is ahead, as it stands in the prose."""
    found = shown(kept_views.difference(frozen, way, against, name)).removeprefix("-")
    assert found in SENTENCES
    return found


def test_a_kept_view_loses_the_gain():
    means = {way: np.mean(kept_views.accuracies("block2", way)) for way in kept_views.WAYS}
    assert means["1 kept view"] < means["no augmentation"]
    found = "no better than none, {:.1f} and {:.1f} %: all of the gain is gone"
    assert found.format(means["1 kept view"], means["no augmentation"]) in SENTENCES
    mean, half = kept_views.difference("block2", "new views, nothing kept", "1 kept view")
    assert mean > half


def test_what_kept_views_bring():
    assert said("views", "new views, nothing kept") == "3.5 ± 1.4"
    assert said("views", "5 kept views") == "2.9 ± 3.9"
    mean, half = kept_views.difference("block2", "1 kept view", kept_views.PLAIN)
    assert abs(mean) < half
    assert said("views", "5 kept views", against="1 kept view") == "4.2 ± 0.6"
    five, new = (np.mean(kept_views.accuracies("block2", way)) for way in ("5 kept views", "new views, nothing kept"))
    assert f"nearly what new ones bring, {five:.1f} and {new:.1f} %" in SENTENCES and new - five < 1


def test_with_the_whole_base_frozen_every_way_is_behind():
    behind = {way: kept_views.difference("all", way, "no augmentation") for way in list(kept_views.WAYS)[1:]}
    assert all(-8.05 < mean < -4 for mean, _ in behind.values()) and "all four ways are 4 to 8 points" in SENTENCES
    assert [way for way, (mean, half) in behind.items() if mean < -half] == ["5 kept views"]
    assert said("views", "5 kept views", "all") == "5.7 ± 3.4"
    known = {way: np.mean(kept_views.accuracies("all", way, "train_accuracy")) for way in kept_views.WAYS}
    plain = known.pop("no augmentation")
    assert f"{plain:.0f} % without, at most {max(known.values()):.0f} % with" in SENTENCES


def test_by_quarters_the_frozen_base_gains_too():
    assert said(kept_views.QUARTER, "5 kept views", "all") == "3.5 ± 0.5"
    assert said(kept_views.QUARTER, "new views, nothing kept", "all") == "3.9 ± 1.7"
    for way in list(kept_views.WAYS)[1:]:
        mean, half = kept_views.difference("all", way, kept_views.PLAIN, kept_views.QUARTER)
        assert mean > (half if way != "1 kept view" else 0), way
        quarters, any_angle = (
            np.mean(kept_views.accuracies("block2", way, name=name)) for name in (kept_views.QUARTER, "views")
        )
        assert abs(quarters - any_angle) < 2, "where blocks train, both kinds of turn bring about the same"


def test_the_control_moves_pixels_and_draws_none():
    images = data.task("biopsy").train.images[:64]
    found = augmentation.view(images, views.layers(quarter=True), seed=0)
    places = [
        next(n for n in range(8) if (np.rot90(image[:, ::-1] if n < 4 else image, n) == view).all())
        for image, view in zip(images, found, strict=True)
    ]
    assert set(places) == set(range(8))


def test_a_turn_by_30_degrees_is_smoother_and_one_by_90_is_not():
    images = data.sample(data.task("biopsy").train, 64, seed=0).images
    steps = []
    for degrees in (0, 90, 30):
        turn = keras.layers.RandomRotation((degrees / 360, degrees / 360))
        inner = np.asarray(turn(images, training=True))[:, 16:48, 16:48]  # without the corners
        steps.append(sum(np.abs(np.diff(inner, axis=axis)).mean() for axis in (1, 2)))
    assert steps[1] == pytest.approx(steps[0], rel=1e-4) and steps[2] < 0.9 * steps[0]


def test_in_section_5_the_base_of_the_guide_lost_more_and_that_of_the_slides_nothing():
    most = min(kept_views.difference("all", way, kept_views.PLAIN)[0] for way in list(kept_views.WAYS)[1:])
    assert augmentation_verdicts.gain("far", 256, 3)[0] < most
    slides = [augmentation_verdicts.gain("near slides", n_samples, 3) for n_samples in (64, 256)]
    assert all(mean > 0 and augmentation_verdicts.verdict((mean, half)) != "harms" for mean, half in slides)


def test_the_guide_was_pre_trained_with_flips_and_whole_pixels():
    images = data.task("garden").train.images[:32]
    known = {value.tobytes() for image in images for value in image.reshape(-1, 3)}
    found = pretrain.augment(images, np.random.default_rng(0))
    assert {value.tobytes() for image in found for value in image.reshape(-1, 3)} <= known
