"""What notebook 07 rests on: verdicts, its figures, and changed views of one picture."""

from dataclasses import replace

import numpy as np
import pytest

from course_utils import augmentation_gain, augmentation_verdicts, changes, data, digits, plots
from course_utils.cards import CourseError
from course_utils.changes import Changes

# Verdicts


@pytest.mark.parametrize(
    ("plain", "augmented", "wanted"),
    [(5, 5, [("far", 64, 2)]), (3, 3, [("near", 1024, 2)]), (5, 4, []), (4, 5, [])],
)
def test_only_what_is_whole_is_a_case(plain, augmented, wanted, monkeypatch):
    monkeypatch.setattr(augmentation_gain, "SHOWN_CASES", (("far", 64, 2), ("near", 1024, 2)))
    recorded = [[{"seed": str(seed)} for seed in range(count)] for count in (plain, augmented)]
    monkeypatch.setattr(augmentation_gain, "recorded", lambda *case: recorded[case[3]])
    assert augmentation_gain.cases() == wanted
    longer = [("far", 256, 1), ("far", 256, 2)] if plain == augmented == 3 else []
    assert augmentation_gain.cases(100) == longer


def test_a_verdict_needs_an_interval_beside_zero():
    verdicts = [augmentation_verdicts.verdict((points, 1)) for points in (-1.1, -1, 1, 1.1)]
    assert verdicts == ["harms", "cannot be told", "cannot be told", "helps"]


@pytest.mark.parametrize(("small", "large", "word"), [(4, 4, "holds"), (4, 0, "holds in part"), (4, -4, "fails")])
def test_the_advice_for_quadrant_3(small, large, word, monkeypatch):
    points = {("far", 64, 2): small, ("far", 256, 2): large}
    monkeypatch.setattr(augmentation_verdicts, "gain", lambda *case: (points[case], 1))
    assert augmentation_verdicts.advice() == word


def test_a_size_that_was_measured_is_not_read_off_beyond_it():
    assert [augmentation_verdicts.size_for(share, {64: 50, 256: 60}) for share in (50, 60)] == [64, pytest.approx(256)]


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


LIGHT = {"contrast": 50, "brightness": 50}


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [(LIGHT, 1, 1), ({"turn": 180}, 0.8, 0.95), ({"shift": 30}, 0.49, 0.95), ({"shift": 90}, 0, 0.7)],
)
def test_what_is_seen_is_what_geometry_says(change, least, most):
    # A square that is turned by 45 degrees covers 83 % of a square of its size.
    wanted = Changes(**change)
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
