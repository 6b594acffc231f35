"""Comparisons of freeze depths: the rows that belong to each depth, the depth that is chosen, what is trained."""

import pytest

from course_utils import comparisons, course_net, measuring, records, strategies
from course_utils.cards import CourseError, Task
from course_utils.commands import depths, scratch
from course_utils.comparisons import COMPARISONS, DEPTHS


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "path", lambda name: tmp_path / f"{name}.csv")


def record(file, depth, accuracy, rate=0.002, seed=0, task="garden", backbone="coursenet_guide", n_samples=256):
    strategy, freeze_depth = comparisons.strategy_at(depth)
    values = dict.fromkeys(records.COLUMNS, "") | {"epochs": COMPARISONS["drawn"].epochs.get((task, n_samples), 1)}
    values |= {"backbone": backbone, "task": task, "n_samples": n_samples, "strategy": strategy.name, "seed": seed}
    values |= {"freeze_depth": freeze_depth or strategy.freeze, "learning_rate": rate}
    records.append(file, values | {"accuracy": accuracy, "train_accuracy": 1.0, "seconds": 10 * accuracy})


@pytest.fixture
def rows():
    """Record two runs at every depth, of the sizes and widths that must not be mixed up, and tries of strategy 2."""
    for place, depth in enumerate(DEPTHS):
        for seed in (10, 9):  # not in their order, neither as numbers nor as text
            record("depths", depth, 0.5 + place / 100 + (seed - 9) / 50, seed=seed)
            record("depths", depth, 0.1, seed=seed, n_samples=4096)
            record("depths", depth, 0.1, seed=seed, task="biopsy")
            record("depths", depth, 0.1, seed=seed, backbone="coursenet_guide width=0.5")
            record("depths_seconds", depth, 0.9 + (seed - 9) / 10, seed=seed)
    tries = {"block1": (0.5, 0.7), "block2": (0.6, 0.6), "block3": (0.7, 0.3), "block4": (0.5,)}
    for depth, accuracies in tries.items():
        for seed, accuracy in enumerate(accuracies):
            record("depths_rates", depth, accuracy, seed=seed)
    record("depths_rates", "block4", 0.99, rate=0.5)  # another rate than the one that was taken


def test_each_depth_has_its_own_rows(rows):
    found = comparisons.recorded("drawn", "garden", 256)
    assert list(found) == list(DEPTHS)
    assert [[float(row["accuracy"]) for row in found[depth]] for depth in ("scratch", "none", "block4", "all")] == [
        pytest.approx([0.5 + place / 100, 0.52 + place / 100]) for place in (0, 1, 5, 6)
    ]


def test_curves_are_in_percent_with_intervals(rows):
    curves = comparisons.curves("drawn", "garden", 256)
    assert curves["block2"]["test"] == pytest.approx((54, 12.706))  # two values, 2 apart
    assert curves["block2"]["train"][0] == 100
    # The seconds are those of the near task, whichever task is asked for.
    assert curves["all"]["seconds"] == pytest.approx(9.5)
    assert comparisons.curves("drawn", "biopsy", 256)["all"]["seconds"] == pytest.approx(9.5)
    assert "seconds" not in comparisons.curves("drawn", "garden", 4096)["all"]


def test_of_equal_depths_the_one_that_freezes_most_is_chosen(rows):
    assert comparisons.chosen_depth("drawn", "garden", 256) == "block2"


def test_differences_are_paired(rows):
    mean, half = comparisons.difference("drawn", "garden", 256, "block1", "scratch")
    assert (mean, half) == pytest.approx((2, 0))


def test_tables(rows):
    for n_samples in (256, 4096):
        for depth in ("block1", "block2"):
            record("depths_rates", depth, 0.5, task="biopsy", n_samples=n_samples)
            record("depths_rates", depth, 0.5, n_samples=n_samples)
        for task in ("garden", "biopsy"):
            for depth in ("block3", "block4"):
                record("depths_rates", depth, 0.1, task=task, n_samples=n_samples)
    for depth in DEPTHS:
        for seed in (0, 1):
            record("depths", depth, 0.2, seed=seed, task="biopsy", n_samples=4096)
    table = comparisons.depths_table("drawn").splitlines()
    assert len(table) == 2 + 4 and all(line.count("|") == 10 for line in table)
    assert table[2].startswith("| garden | 256 | 51.0 ± 12.7 | 52.0 ± 12.7 |")
    assert comparisons.strategies_table("drawn").splitlines()[-1] == (
        "| biopsy | 4,096 | 20.0 ± 0.0 | 20.0 ± 0.0 | 20.0 ± 0.0 (to block2) | 20.0 ± 0.0 |"
    )


def test_trained_parameters_are_those_behind_the_depth():
    base = course_net.build()
    counts = [comparisons.trained_parameters(base, depth, 8) for depth in DEPTHS[1:]]
    assert counts == sorted(counts, reverse=True) and counts[0] == 458_904 and counts[-1] == 1032
    assert counts[1] == counts[0] - (9 * 3 * 16 + 2 * 16)
    assert comparisons.trained_parameters(base, "all", 2) == 258
    with pytest.raises(CourseError, match="block1, block2.*Received: 'block9'"):
        comparisons.trained_parameters(base, "block9", 8)


def test_depths_are_strategies():
    assert [comparisons.strategy_at(depth) for depth in ("scratch", "none", "block2", "all")] == [
        (strategies.find(1), None),
        (strategies.find("warm start"), None),
        (strategies.find(2), "block2"),
        (strategies.find(3), None),
    ]


def test_drawn_tasks_are_trained_as_long_as_from_scratch():
    for name in ("drawn", "narrow"):
        assert all(scratch.EPOCHS[size] == epochs for (_, size), epochs in COMPARISONS[name].epochs.items())


def depth_of(case):
    """Return the depth that a case was made for."""
    return next(d for d in DEPTHS if comparisons.strategy_at(d) == (case.strategy, case.freeze_depth))


def test_the_command_measures_every_depth_once_and_then_the_seconds_in_rounds(monkeypatch):
    measured = []

    def measure(name, case, rate, seeds):
        measured.append((name, case.task, case.n_samples, depth_of(case), rate))
        for seed in seeds:
            record(name, depth_of(case), 0.5, rate, seed, case.task.name, n_samples=case.n_samples)

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
