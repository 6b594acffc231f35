"""Comparisons: what beats what; curves over freeze depths, the depth that is chosen, what the command measures."""

from itertools import product

import pytest

from course_utils import chart_rules, comparisons, course_net, measuring, records
from course_utils.cards import Task
from course_utils.commands import depths
from course_utils.comparisons import COMPARISONS, DEPTHS


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "path", lambda name: tmp_path / f"{name}.csv")


def record(file, depth, accuracy, rate=0.002, seed=0, task="garden", n_samples=256):
    strategy, freeze_depth = comparisons.strategy_at(depth)
    values = dict.fromkeys(records.COLUMNS, "") | {"backbone": "coursenet_guide", "task": task, "n_samples": n_samples}
    values |= {"epochs": COMPARISONS["drawn"].epochs[task, n_samples], "strategy": strategy.name, "seed": seed}
    values |= {"freeze_depth": freeze_depth or strategy.freeze, "learning_rate": rate}
    records.append(file, values | {"accuracy": accuracy, "train_accuracy": 1.0, "seconds": 10 * accuracy})


def test_curves_and_table_are_in_percent_with_intervals_and_seconds_are_those_of_the_near_task():
    for (task, n_samples), depth, seed in product(COMPARISONS["drawn"].epochs, DEPTHS, (0, 1)):
        record("depths", depth, 0.53 + seed / 50, seed=seed, task=task, n_samples=n_samples)
    record("depths_seconds", "all", 0.9)
    record("depths_seconds", "all", 1.0, seed=1)
    curves = comparisons.curves("drawn", "biopsy", 256)
    assert curves["block2"]["test"] == pytest.approx((54, 12.706))  # two values, 2 apart
    assert curves["block2"]["train"][0] == 100 and curves["all"]["seconds"] == pytest.approx(9.5)
    assert "seconds" not in comparisons.curves("drawn", "garden", 4096)["all"]
    assert comparisons.depths_table("drawn").splitlines()[5] == f"| biopsy | 4,096 |{' 54.0 ± 12.7 |' * len(DEPTHS)}"


def test_of_equal_depths_the_one_that_freezes_most_is_chosen():
    tries = {"block1": (0.5, 0.7), "block2": (0.6, 0.6), "block3": (0.7, 0.3), "block4": (0.5,)}
    for depth, accuracies in tries.items():
        record("depths", depth, 0.5)
        for seed, accuracy in enumerate(accuracies):
            record("depths_rates", depth, accuracy, seed=seed)
    record("depths_rates", "block4", 0.99, rate=0.5)  # another rate than the one that was taken
    assert comparisons.chosen_depth("drawn", "garden", 256) == "block2"


def test_trained_parameters_are_those_behind_the_depth():
    base = course_net.build()
    counts = [comparisons.trained_parameters(base, depth, 2) for depth in ("none", "block1", "all")]
    assert counts == [458_130, 458_130 - (9 * 3 * 16 + 2 * 16), 258]


def test_the_command_measures_every_depth_once_and_then_the_seconds_in_rounds(monkeypatch):
    measured, depth_of = [], {comparisons.strategy_at(depth): depth for depth in DEPTHS}

    def measure(name, case, rate, seeds):
        depth = depth_of[case.strategy, case.freeze_depth]
        measured.append((name, case.task, case.n_samples, depth, rate))
        for seed in seeds:
            record(name, depth, 0.5, rate, seed, case.task.name, case.n_samples)

    monkeypatch.setattr(depths.keras.backend, "clear_session", lambda: None)  # nothing is built that would be freed
    monkeypatch.setattr(depths.data, "task", lambda name: Task(name, (), None, None))
    monkeypatch.setattr(measuring, "choose_rate", lambda file, cases, seeds: 0.008)
    monkeypatch.setattr(measuring, "measure", measure)
    monkeypatch.setattr("sys.argv", ["depths", "--task", "garden"])
    depths.main()
    garden = Task("garden", (), None, None)
    assert measured == [("depths", garden, size, depth, 0.008) for size in (256, 4096) for depth in DEPTHS]
    measured.clear()
    monkeypatch.setattr("sys.argv", ["depths", "--seconds", "--task", "garden"])
    depths.main()
    in_rounds = [(size, depth) for size, rounds in ((256, 3), (4096, 1)) for _ in range(rounds) for depth in DEPTHS]
    assert measured == [("depths_seconds", garden, size, depth, 0.008) for size, depth in in_rounds]


def test_the_command_asks_for_the_photographs(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["depths", "photographs"])
    with pytest.raises(SystemExit):
        depths.main()
    assert "expected --pictures FOLDER, received none" in capsys.readouterr().err


def test_what_is_ahead_surely_and_by_enough_beats():
    scores = {"1": [50, 51, 52], "2": [60, 61.5, 62], "3": [60.4, 61, 62.4]}
    assert chart_rules.beaten_by("1", scores) == chart_rules.tied(scores) == ["3", "2"]
