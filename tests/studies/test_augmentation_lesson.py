"""What notebook 07 rests on: readers and verdicts, its figures, and changed views of one picture."""

from dataclasses import replace
from itertools import product

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import augmentation_gain, augmentation_verdicts, changes, data, digits, plots, records
from course_utils.cards import CourseError
from course_utils.changes import Changes

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


# Readers and verdicts


@pytest.fixture
def measured(monkeypatch):
    """Let the records hold what a function of strategy, size, augmentation, epochs and seed says."""

    def hold(accuracy, seeds=range(5)):
        rows, sizes = {}, [*augmentation_gain.EPOCHS.items(), (4096, 10), (256, 100)]
        cases = product(augmentation_gain.PAIRS.items(), sizes, (1, "warm start", 2, 3), (False, True), reversed(seeds))
        for (name, pair), (n_samples, epochs), key, augmented, seed in cases:
            file = augmentation_gain.files(pair, key, n_samples, augmented)[0]
            strategy = augmentation_gain.named(key, augmented)
            row = {"task": pair.task, "backbone": pair.backbone, "n_samples": str(n_samples), "epochs": str(epochs)}
            row |= {"strategy": strategy.name, "freeze_depth": pair.depth if key == 2 else strategy.freeze}
            row |= {"accuracy": str(accuracy(name, n_samples, key, augmented, epochs, seed)), "seed": str(seed)}
            rows.setdefault("augmentation_gain" if epochs == 100 else file, []).append(row)
        monkeypatch.setattr(records, "read", rows.__getitem__)

    return hold


def share(name, n_samples, key, augmented, epochs, seed):
    """Augmentation brings 4 points to strategy 2, and costs strategy 3 one; all else differs by pair, size, seed."""
    gain = {2: 0.04, 3: -0.01}.get(key, 0) if augmented else 0
    start = {"near": 0.2, "far": 0.1, "near slides": 0.3}[name] + (0.05 if (n_samples, epochs) == (256, 100) else 0)
    return start + {64: 0.1, 256: 0.2, 1024: 0.3, 4096: 0.4}[n_samples] + seed / 100 + gain


def test_what_is_recorded_is_read_by_pair_size_strategy_and_epochs(measured):
    measured(share)
    assert augmentation_gain.accuracies("far", 64, 2, True) == pytest.approx([24, 25, 26, 27, 28])
    assert augmentation_gain.mean("near", 256, 3, False)[0] == pytest.approx(42)
    assert augmentation_gain.mean("near", 4096, 3, False)[0] == pytest.approx(62)
    assert augmentation_gain.mean("far", 256, 2, True, 100)[0] == pytest.approx(41)
    assert augmentation_verdicts.gain("far", 64, 2) == pytest.approx((4, 0), abs=1e-6)
    assert augmentation_verdicts.collecting("far", 64, 2)[0] == pytest.approx(6)


def test_only_what_is_whole_is_a_case(measured, monkeypatch):
    monkeypatch.setattr(augmentation_gain, "SHOWN_CASES", (("far", 64, 2), ("near", 1024, 2)))
    measured(share)
    assert augmentation_gain.cases() == [("far", 64, 2)], "with 1,024 pictures three seeds are wanted"
    measured(share, range(3))
    assert augmentation_gain.cases() == [("near", 1024, 2)]
    assert augmentation_gain.cases(100) == [("far", 256, 1), ("far", 256, 2)]


@pytest.mark.parametrize(
    ("points", "half", "word"),
    [(2, 1, "helps"), (-2, 1, "harms"), (1, 2, "cannot be told"), (-1, 2, "cannot be told"), (1, 1, "cannot be told")],
)
def test_a_verdict_needs_an_interval_beside_zero(points, half, word):
    assert augmentation_verdicts.verdict((points, half)) == word


@pytest.mark.parametrize(("small", "large", "word"), [(4, 4, "holds"), (4, 0, "holds in part"), (4, -4, "fails")])
def test_the_advice_for_quadrant_3(measured, small, large, word):
    def accuracy(name, n_samples, key, augmented, epochs, seed):
        right = name == "far" and key == 2 and augmented
        # The runs of different seeds differ, so that the interval has a width.
        return 0.5 + (({64: small, 256: large}.get(n_samples, 0) + (seed - 2) / 2) / 100 if right else 0)

    measured(accuracy)
    assert augmentation_verdicts.advice() == word


def test_a_number_of_pictures_is_read_off_on_the_logarithm_of_the_size(measured):
    measured(share)
    assert augmentation_verdicts.equivalent("far", 64, 2) == pytest.approx(64 * 4**0.4)
    assert augmentation_verdicts.equivalent("far", 64, 3) == 0
    assert augmentation_verdicts.size_for(99, {64: 50, 256: 60}) == np.inf
    assert augmentation_verdicts.size_for(50, {64: 50, 256: 60}) == 64


def test_the_tables_hold_every_case(measured):
    measured(share)
    table = augmentation_verdicts.table().splitlines()
    assert len(table) == 2 + len(augmentation_gain.cases())
    assert "| far | 64 | 2 | 22.0 ± 2.0 | 26.0 ± 2.0 | +4.0 ± 0.0 | helps |" in table
    collecting = augmentation_verdicts.collecting_table()
    assert "| far | 2 | 26.0 ± 2.0 | 32.0 ± 2.0 | +6.0 ± 0.0 | about 110 without |" in collecting
    assert "| far | 3 | 21.0 ± 2.0 | 32.0 ± 2.0 | +11.0 ± 0.0 | fewer than 64 without |" in collecting
    measured(share, range(3))
    assert "| 100 | 2 | 36.0 ± 2.5 | 40.0 ± 2.5 | +4.0 ± 0.0 | helps |" in augmentation_verdicts.longer_table()


# Figures


def test_gains_stand_in_their_rows():
    found = {"few": {"one": (2.0, 1.0), "two": (-3.0, 0.5)}, "many": {"two": (0.0, 1.0)}}
    ax = plots.gains(found, xlabel="with minus without (points)")
    assert ax.get_xlabel() == "with minus without (points)"
    few, many = (container.lines[0].get_xydata() for container in ax.containers)
    assert few[:, 0].tolist() == [2, -3] and few[:, 1].round().tolist() == [0, 1]
    assert many[:, 0].tolist() == [0] and round(many[0, 1]) == 1
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "two"]


def test_spreads_add_up_to_all_and_name_their_means():
    ax = plots.spreads({"near": np.array([1.0, 2.0, 3.0]), "far": np.array([4.0, 6.0])}, "distance")
    assert [patch.get_data().values.sum() for patch in ax.patches] == pytest.approx([100, 100])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["near: mean 2.0", "far: mean 5.0"]


# Digits


def test_a_nine_is_a_six_on_its_head():
    drawn = digits.pictures(6, seed=0)
    assert drawn.images.shape == (6, 64, 64, 3) and drawn.images.dtype == np.uint8
    assert list(drawn.labels) == [0, 1, 0, 1, 0, 1]
    assert (digits.pictures(6, seed=0).images == drawn.images).all()
    assert (digits.pictures(6, seed=1).images != drawn.images).any()
    six, nine = (np.asarray(digits._shape(64, label)) for label in (0, 1))
    assert (six[::-1, ::-1] == nine).all() and six[32:].sum() > 1.2 * six[:32].sum()


# Changed views


@pytest.fixture(scope="module")
def picture():
    return data.task("garden").test.images[0]


def test_a_flip_leaves_all_and_comes_out_mirrored(picture):
    wanted = Changes(flip="horizontal")
    views = changes.views(picture, wanted, 12, seed=0)
    mirrored = [(view == picture[:, ::-1]).all() for view in views]
    assert any(mirrored) and all(one or (view == picture).all() for one, view in zip(mirrored, views, strict=True))
    assert changes.seen(64, wanted, 12, seed=0) == pytest.approx(np.ones(12))


@pytest.mark.parametrize(
    ("wanted", "least", "most"),
    [
        (Changes(), 1, 1),
        (Changes(contrast=50, brightness=50), 1, 1),
        (Changes(turn=180), 0.8, 0.95),
        (Changes(shift=30), 0.49, 0.95),
        (Changes(shift=90), 0, 0.7),
    ],
)
def test_what_is_seen_is_what_geometry_says(wanted, least, most):
    # A square that is turned by 45 degrees covers 83 % of a square of its size.
    shares = changes.seen(64, wanted, 40, seed=0)
    assert least - 0.03 <= shares.min() <= most and shares.max() <= 1
    moved = replace(wanted, contrast=0, brightness=0, fill="constant")
    white = changes.views(np.full((64, 64, 3), 255, np.uint8), moved, 40, seed=0) > 254
    np.testing.assert_allclose(shares, white.mean(axis=(1, 2, 3)), atol=0.05)


def test_a_zoom_into_a_part_shows_that_part():
    # Every view shows (1 - z)² of the picture, with one z for each; a picture made smaller can be seen whole.
    shares = changes.seen(64, Changes(zoom=50), 60, seed=1)
    assert shares.min() == pytest.approx(0.25, abs=0.06) and shares.max() == pytest.approx(1, abs=0.03)


def test_views_are_decided_by_the_seed_and_differ_from_each_other(picture):
    wanted = Changes("horizontal", 20, 10, 10, 20, 20)
    first, again, other = (changes.views(picture, wanted, 4, seed) for seed in (0, 0, 1))
    assert (first == again).all() and (first != other).any() and first.dtype == np.uint8
    assert len({view.tobytes() for view in first}) == 4


def test_contrast_goes_both_ways(picture):
    spread = changes.views(picture, Changes(contrast=50), 20, seed=0).std(axis=(1, 2, 3)) / picture.std()
    assert spread.min() < 0.8 and spread.max() > 1.1


def test_an_unknown_fill_is_refused(picture):
    with pytest.raises(CourseError, match="fill= one of reflect, .*Received: 'none' and 'white'"):
        changes.views(picture, Changes(fill="white"), 1, 0)
