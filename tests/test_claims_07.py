"""Notebook 07: behind every recorded number in its prose, the assertion that fails when it stops being true."""

import re

import numpy as np
import pytest

from course_utils import ROOT, augmentation_gain, augmentation_verdicts, changes, kept_views, measuring
from course_utils.cards import Task
from course_utils.changes import Changes
from course_utils.commands import augmentation_gain as command

PROSE = (ROOT / "notebooks/src/07_augmentation.py").read_text(encoding="utf-8")


def shown(difference, sign=""):
    return f"{{:{sign}.1f}} ± {{:.1f}}".format(*difference)


# Section 1


def test_what_a_view_leaves_of_the_picture():
    assert changes.seen(64, Changes(turn=180), 99, 0).min() == pytest.approx(0.83, abs=0.02)
    assert changes.seen(64, Changes(shift=30), 99, 0).min() == pytest.approx(0.49, abs=0.05)
    assert changes.seen(64, Changes(zoom=90), 99, 0).min() == pytest.approx(0.01, abs=0.02)
    assert changes.seen(64, Changes("horizontal_and_vertical", contrast=90, brightness=90), 9, 0).min() > 0.999


# Section 5

CASES = [
    ("near", 64, 1),
    ("near", 64, "warm start"),
    ("far", 64, 1),
    ("far", 64, "warm start"),
    ("far", 64, 2),
    ("far", 64, 3),
    ("far", 256, 2),
    ("far", 256, 3),
]


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


@pytest.mark.parametrize(
    ("case", "wanted", "word"),
    [
        (("near", 64, 1), "5.5 ± 2.4", "helps"),
        (("near", 64, "warm start"), "5.1 ± 3.9", "helps"),
        (("far", 64, 1), "29.6 ± 4.5", "helps"),
        (("far", 64, "warm start"), "20.4 ± 5.8", "helps"),
        (("far", 64, 2), "21.1 ± 2.7", "helps"),
        (("far", 64, 3), "-8.7 ± 4.0", "harms"),
        (("far", 256, 2), "5.0 ± 1.7", "helps"),
        (("far", 256, 3), "-14.1 ± 4.4", "harms"),
    ],
)
def test_what_augmentation_brings(case, wanted, word):
    gain = augmentation_verdicts.gain(*case)
    assert shown(gain) == wanted and augmentation_verdicts.verdict(gain) == word
    assert wanted.removeprefix("-") in PROSE


def test_from_random_weights_and_with_the_whole_base_frozen():
    assert [f"{augmentation_gain.mean('far', 64, 1, way)[0]:.1f}" for way in (False, True)] == ["39.0", "68.6"]
    known = [augmentation_gain.mean("far", 256, 3, way, None, "train_accuracy")[0] for way in (False, True)]
    assert [round(mean) for mean in known] == [94, 50]
    few = [augmentation_gain.mean("far", 64, 3, way, None, "train_accuracy")[0] for way in (False, True)]
    assert few[1] < few[0] and augmentation_verdicts.equivalent("far", 64, 3) == 0


def test_the_advice_for_quadrant_3_holds():
    assert augmentation_verdicts.advice() == "holds"
    gains = {key: augmentation_verdicts.gain("far", 64, key)[0] for key in (1, "warm start", 2, 3)}
    assert gains[1] > gains[2] > gains["warm start"] > gains[3]
    assert gains[2] > augmentation_verdicts.gain("far", 256, 2)[0]


# Section 8


@pytest.mark.parametrize(
    ("case", "ahead", "worth"),
    [
        (("far", 64, 1), "1.8 ± 6.5", 236),
        (("far", 64, "warm start"), "3.4 ± 3.8", 210),
        (("far", 64, 2), "1.4 ± 1.2", 235),
        (("near", 64, 1), "25.9 ± 3.9", 82),
        (("near", 64, "warm start"), "9.6 ± 3.2", 104),
    ],
)
def test_collecting_against_augmenting(case, ahead, worth):
    assert shown(augmentation_verdicts.collecting(*case)) == ahead and ahead in PROSE
    assert round(augmentation_verdicts.equivalent(*case)) == worth and re.search(rf"\b{worth}\b", PROSE)


# Sections 6 and 7


def test_a_kept_view_loses_the_gain():
    means = {way: np.mean(kept_views.accuracies("block2", way)) for way in kept_views.WAYS}
    assert f"{means['1 kept view']:.1f}" == "82.7" and f"{means['no augmentation']:.1f}" == "84.0"
    assert f"{means['new views, nothing kept']:.1f}" == "87.6" and f"{means['5 kept views']:.1f}" == "86.9"
    assert means["1 kept view"] < means["no augmentation"]
    mean, half = kept_views.difference("block2", "new views, nothing kept", "1 kept view")
    assert mean > half


def test_what_kept_views_bring():
    against_none = {way: kept_views.difference("block2", way, "no augmentation") for way in list(kept_views.WAYS)[1:]}
    assert shown(against_none["new views, nothing kept"]) == "3.5 ± 1.4"
    assert shown(against_none["5 kept views"]) == "2.9 ± 3.9"
    assert abs(against_none["1 kept view"][0]) < against_none["1 kept view"][1]
    assert shown(kept_views.difference("block2", "5 kept views", "1 kept view")) == "4.2 ± 0.6"


def test_with_the_whole_base_frozen_every_way_is_behind():
    behind = {way: kept_views.difference("all", way, "no augmentation") for way in list(kept_views.WAYS)[1:]}
    assert all(-8.05 < mean < -4 for mean, _ in behind.values())
    assert [way for way, (mean, half) in behind.items() if mean < -half] == ["5 kept views"]
    assert shown(behind["5 kept views"]) == "-5.7 ± 3.4"
    known = {way: np.mean(kept_views.accuracies("all", way, "train_accuracy")) for way in kept_views.WAYS}
    assert round(known.pop("no augmentation")) == 93 and round(max(known.values())) == 63
