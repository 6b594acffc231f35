"""Rates are found by climbing, every try is recorded once, and test pictures have no part in the choice."""

from dataclasses import replace

import numpy as np
import pytest

from course_utils import head_runs, measuring, networks, rates, records, strategies
from course_utils.cards import CourseError, Pictures, Run, Task
from course_utils.commands import blocks


@pytest.fixture
def task():
    """Return a task whose pictures are numbered; those of the test are 1000 and more."""
    labels = np.arange(40) % 2
    numbered = np.arange(40).reshape(40, 1, 1, 1)
    return Task("toy", ("a", "b"), Pictures(numbered, labels), Pictures(1000 + numbered, labels))


@pytest.fixture
def case(task):
    return measuring.Case(strategies.find(1), task, 40, epochs=1)


class Trainer:
    """Stands in for training: the accuracy of each rate is given, and the calls are kept."""

    def __init__(self, accuracies):
        self.accuracies, self.calls = accuracies, []

    def __call__(self, case, rate, seed):
        self.calls.append((case, rate, seed))
        return training_result(case, rate, seed, self.accuracies(rate))


def training_result(case, rate, seed, accuracy):
    backbone = networks.label(case.backbone, case.options)
    source = networks.find(case.backbone).source if case.strategy.pretrained else "none"
    names = (case.strategy.name, backbone, case.task.name, source, case.freeze_depth or case.strategy.freeze)
    size = case.options.get("image_size", networks.find(case.backbone).image_size)
    return Run(*names, size, case.n_samples, case.epochs, rate, seed, 1.0, accuracy, 0.1, {}, None)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "path", lambda name: tmp_path / f"{name}.csv")
    monkeypatch.setattr(records, "versions", lambda: "none")


@pytest.mark.parametrize("peak", [1.25e-4, 5e-4, 2e-3, 3.2e-2])
def test_the_climb_ends_at_the_peak(case, peak):
    trainer = Trainer(lambda rate: 1 - abs(np.log(rate / peak)) / 20)
    assert measuring.choose_rate("tries", [case], [0], trainer) == pytest.approx(peak)
    tried = [rate for _, rate, _ in trainer.calls]
    assert all(any(rate == pytest.approx(peak * factor) for rate in tried) for factor in (0.25, 1, 4))


@pytest.mark.parametrize(("of_equals", "wanted"), [("largest", 8e-3), ("smallest", 2e-3)])
def test_of_equals(case, of_equals, wanted):
    trainer = Trainer(lambda rate: 0.5 if rate in (2e-3, 8e-3) else 0.3)
    assert measuring.choose_rate("tries", [case], [0], trainer, of_equals=of_equals) == wanted


def test_all_cases_and_seeds_decide_together(task):
    scores = {2e-3: [0.9, 0.9, 0.9, 0.1], 8e-3: [0.8, 0.8, 0.8, 0.6]}  # without the last the first would be better
    cases = [measuring.Case(strategies.find(1), task, 40, epochs) for epochs in (1, 2)]

    def run(case, rate, seed):
        return training_result(case, rate, seed, scores.get(rate, [0.0] * 4)[2 * case.epochs - 2 + seed])

    assert measuring.choose_rate("tries", cases, range(2), run) == 8e-3


def test_among_a_few_rates_all_are_tried_and_of_equals_the_nearest_to_the_start_is_taken(case):
    trainer = Trainer(lambda rate: min(rate, 0.03))
    assert measuring.choose_among("tries", [case], [0], rates.COSTS, trainer) == 0.032
    assert [rate for _, rate, _ in trainer.calls] == list(rates.COSTS)
    assert [float(row["learning_rate"]) for row in records.read("tries")] == list(rates.COSTS)


def test_a_peak_on_the_edge_is_refused(case):
    with pytest.raises(CourseError, match="on the edge"):
        measuring.choose_rate("tries", [case], [0], Trainer(lambda rate: rate / 100))


def test_rates_are_chosen_without_test_pictures(case):
    trainer = Trainer(lambda rate: 0.5 if rate == 2e-3 else 0.3)
    measuring.choose_rate("tries", [case], [0, 1], trainer)
    for tried, _, _ in trainer.calls:
        assert (len(tried.task.train), len(tried.task.test), tried.n_samples) == (30, 10, 30)
        seen = [*tried.task.train.images.flat, *tried.task.test.images.flat]
        assert sorted(seen) == list(range(40)), "all of the sample, none twice, no test picture"
    assert {row["n_samples"] for row in records.read("tries")} == {"40"}


def test_what_is_recorded_is_not_repeated(case):
    trainer = Trainer(lambda rate: 0.5 if rate == 2e-3 else 0.3)
    first = measuring.choose_rate("tries", [case], [0], trainer)
    count = len(trainer.calls)
    assert measuring.choose_rate("tries", [case], [0], trainer) == first
    assert len(trainer.calls) == count == len(records.read("tries")) == 3
    measuring.measure("runs", case, 2e-3, range(2), trainer)
    measuring.measure("runs", case, 2e-3, range(3), trainer)
    assert [row["seed"] for row in records.read("runs")] == ["0", "1", "2"]
    assert [c.n_samples for c, _, _ in trainer.calls[count:]] == [40] * 3


def test_runs_that_differ_in_anything_are_kept_apart(task):
    trainer = Trainer(lambda rate: 0.5)
    one = strategies.find(1)
    cases = [measuring.Case(one, task, *sizes) for sizes in ((40, 1), (20, 1), (40, 2))]
    cases += [measuring.Case(strategies.find(2), task, 40, 1, freeze_depth=depth) for depth in ("block1", "block2")]
    cases += [measuring.Case(strategies.find("warm start"), replace(task, name=name), 40, 1) for name in ("a", "b")]
    cases.append(measuring.Case(one, task, 40, 1, "VGG16"))
    for options in ({}, {"alpha": 0.35}, {"image_size": 96}):
        cases.append(measuring.Case(one, task, 40, 1, "MobileNetV2", options=options))
    for wanted in cases * 2:
        measuring.measure("runs", wanted, 2e-3, [0], trainer)
    assert len(records.read("runs")) == len(cases)


def test_runs_of_another_rate_are_not_taken_for_these(case):
    trainer = Trainer(lambda rate: 0.5)
    measuring.measure("runs", case, 2e-3, [0], trainer)
    with pytest.raises(CourseError, match=r"Expected runs with rate 0\.008.*Found rate 0\.002"):
        measuring.measure("runs", case, 8e-3, [0], trainer)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx2 avx\n\nprocessor\t: 1\n", "AMD EPYC"),
        ("model name\t: AMD EPYC\nflags\t\t: avx2 avx512f avx512cd\n\n", "AMD EPYC, AVX-512"),
        ("model name\t: a\nflags\t: avx512f\n\nmodel name\t: b\nflags\t: avx\n", "a, AVX-512"),
        ("processor\t: 0\nFeatures\t: fp asimd\n", "arm"),
        (None, "arm"),
    ],
)
def test_processors_with_and_without_avx_512_are_told_apart(told, name, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(records.platform, "processor", lambda: "arm")
    if told:
        (tmp_path / "cpuinfo").write_text(told)
    assert records.processor() == name


def test_confidence_is_the_mean_over_pictures_of_their_highest_share():
    shares = [[0.25, 0.75], [0.9, 0.1], [0.5, 0.5]]
    assert head_runs.confidence(np.log(shares)) == pytest.approx((0.75 + 0.9 + 0.5) / 3)


@pytest.mark.parametrize(("strategy", "n_bases"), [(blocks.LEARNED, 1), (blocks.RANDOM, len(blocks.SEEDS))])
def test_each_seed_of_random_weights_has_features_of_its_own(strategy, n_bases, monkeypatch):
    drawn, used = [], []
    monkeypatch.setattr(blocks, "featured", lambda *given: drawn.append(given[-1]) or {"block1": given[-1]})
    monkeypatch.setattr(measuring, "choose_rate", lambda *_, **__: 0.1)
    monkeypatch.setattr(measuring, "measure", lambda name, case, rate, seeds, run: used.append((case.task, [*seeds])))
    blocks.measure(None, "coursenet_guide", strategy)
    assert drawn == [*blocks.SEEDS][:n_bases] and [seed for _, seeds in used for seed in seeds] == [*blocks.SEEDS]
    assert n_bases == 1 or used == [(seed, [seed]) for seed in blocks.SEEDS], "features of a seed are used for it alone"


def test_a_row_holds_all_that_one_picture_of_a_thousand_changes(case):
    run = replace(training_result(case, 0.002, 3, 0.98765), train_accuracy=0.12344, seconds=1.26)
    row = records.row(run)
    assert (row["accuracy"], row["train_accuracy"], row["seconds"]) == ("0.9877", "0.1234", "1.3")
    assert (row["learning_rate"], row["seed"], row["n_samples"], row["epochs"]) == (0.002, 3, 40, 1)
