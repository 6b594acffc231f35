"""Behind every recorded number in the prose of notebook 06: the assertion that fails when it stops being true."""

import ast
import itertools
import re

import pytest

from course_utils import ROOT, augmentation_gain, comparisons, course_net, head_comparison, measuring, metrics, records
from course_utils.commands import heads as command
from course_utils.head_comparison import EARLIER, EPOCHS, SEEDS, SIZES, TASKS, curves, difference, overconfidence
from course_utils.head_kinds import HEADS

FULL, DROPPED, POOLED, SOLVED, KERAS = HEADS


def rounded(interval):
    return "{:.1f} ± {:.1f}".format(*interval)


def test_every_head_is_recorded_once():
    rows = records.read("heads")
    keys = {(row["task"], int(row["n_samples"]), row["strategy"], int(row["seed"])) for row in rows}
    names = [head_comparison.strategy(head).name for head in HEADS]
    assert keys == {(task, n, name, seed) for task in TASKS for n in SIZES for name in names for seed in SEEDS}
    assert len(rows) == len(keys)
    assert all(int(row["epochs"]) == EPOCHS[int(row["n_samples"])] for row in rows)
    assert EPOCHS == {64: 50, 256: 25, 4096: 5}


def test_rates_are_those_that_the_tries_choose(monkeypatch):
    monkeypatch.setattr(measuring, "try_once", lambda *_: pytest.fail("a try is not recorded"))
    tries = records.read("heads_rates")
    for task in TASKS:
        for n in SIZES:
            for head in HEADS:
                row = head_comparison.recorded(head, task, n)[0]
                wanted = {"strategy": row["strategy"], "task": task, "n_samples": n}
                scores = {}
                for done in records.select(tries, **wanted):
                    if int(done["seed"]) in range(command.TRIES[n]):
                        scores.setdefault(float(done["learning_rate"]), []).append(float(done["accuracy"]))
                means = {
                    rate: sum(found) / len(found) for rate, found in scores.items() if len(found) == command.TRIES[n]
                }
                assert means[float(row["learning_rate"])] == pytest.approx(max(means.values())), (task, n, head)


def test_the_advice_on_earlier_blocks_holds_for_the_far_drawn_task_alone():
    def found(name, task, n):
        block, gain = head_comparison.gain_of_earlier(name, task, n)
        return block, rounded(gain)

    assert found("drawn", "biopsy", 64) == ("block4", "3.9 ± 2.0")
    assert found("drawn", "biopsy", 256) == ("block3", "8.6 ± 2.9")
    assert found("drawn", "garden", 64)[0] == "block5"
    assert found("drawn", "garden", 256) == ("block4", "-0.4 ± 2.2")
    assert found("photographs", "aerial", 64)[1] == "0.5 ± 3.8"
    assert found("photographs", "malaria_cells", 256)[1] == "1.4 ± 1.6"
    assert found("photographs", "malaria_cells", 64)[1] == "-3.2 ± 1.1"
    assert found("photographs", "aerial", 256) == ("block_6", "-6.2 ± 1.6")
    assert {found("photographs", "cats_vs_dogs", n)[0] for n in (64, 256)} == {"out_relu"}


def test_validation_pictures_misled_on_the_aerial_scenes():
    wanted = {"task": "aerial", "n_samples": 256, "freeze_depth": "block_6"}
    (run, *_) = records.select(records.read("heads_earlier"), **wanted)
    tries = records.select(records.read("heads_earlier_rates"), **wanted, learning_rate=run["learning_rate"])
    assert round(sum(head_comparison.percent(tries)) / len(tries)) == 86
    assert round(metrics.mean_interval(head_comparison.earlier("photographs", "aerial", 256)["block_6"])[0]) == 50


def test_where_the_lines_of_the_earlier_blocks_are_highest():
    for name, tasks in (("drawn", ("garden",)), ("photographs", ("cats_vs_dogs",))):
        for task in tasks:
            for n in EARLIER[name].sizes:
                means = [metrics.mean_interval(values)[0] for values in head_comparison.earlier(name, task, n).values()]
                assert max(means[:-2]) < min(means[-2:])
    for n in (64, 256):
        means = {b: metrics.mean_interval(v)[0] for b, v in head_comparison.earlier("drawn", "biopsy", n).items()}
        assert max(means, key=means.get) == "block3"
        for task in ("aerial", "malaria_cells"):
            means = [metrics.mean_interval(v)[0] for v in head_comparison.earlier("photographs", task, n).values()]
            assert max(means[1:]) - min(means[1:]) < 8


def test_what_strategy_2_reaches_instead():
    def svm(n, block):
        return rounded(metrics.mean_interval(head_comparison.earlier("drawn", "biopsy", n)[block]))

    assert svm(64, "block4") == "51.5 ± 1.5" and svm(256, "block3") == "66.5 ± 3.9"
    assert rounded(augmentation_gain.mean("far", 64, 2, False)) == "60.6 ± 2.3"
    assert rounded(augmentation_gain.mean("far", 64, 2, True)) == "81.7 ± 1.8"
    strategy_2 = comparisons.percent(comparisons.recorded("drawn", "biopsy", 256)["block2"])
    assert rounded(metrics.mean_interval(strategy_2)) == "83.1 ± 2.3"
    reached = {64: augmentation_gain.mean("far", 64, 2, False)[0], 256: metrics.mean_interval(strategy_2)[0]}
    for n, mean in reached.items():
        svms = head_comparison.earlier("drawn", "biopsy", n).values()
        assert mean > max(metrics.mean_interval(svm)[0] for svm in svms) + 5


def test_parameters_in_the_prose():
    assert course_net.build().count_params() == 459_120 < head_comparison.parameters(FULL) == 526_600
    assert {head_comparison.parameters(head) for head in (POOLED, SOLVED, KERAS)} == {1032}


def sure_differences(n):
    """Return every sure difference between two heads, the better one first."""
    found = {}
    for task in TASKS:
        for pair in itertools.combinations(HEADS, 2):
            points, half = difference(task, n, *pair)
            if abs(points) > half:
                found[task, *(pair if points > 0 else pair[::-1])] = rounded((abs(points), half))
    return found


def test_few_pictures_tell_few_heads_apart():
    assert sure_differences(64) == {
        ("garden", FULL, POOLED): "5.2 ± 5.0",
        ("biopsy", FULL, DROPPED): "3.5 ± 2.0",
        ("biopsy", SOLVED, DROPPED): "5.7 ± 3.5",
        ("biopsy", KERAS, DROPPED): "4.6 ± 2.9",
    }
    assert round(curves("biopsy", "train_accuracy")[POOLED][64][0]) == 72


def test_two_rates_of_average_pooling_were_equally_good():
    for task in TASKS:
        scores = {}
        for row in records.select(records.read("heads_rates"), task=task, n_samples=64, strategy=f"head: {POOLED}"):
            if int(row["seed"]) in range(command.TRIES[64]):
                scores.setdefault(float(row["learning_rate"]), []).append(float(row["accuracy"]))
        assert sum(scores[0.002]) == pytest.approx(sum(scores[0.008]))
        assert float(head_comparison.recorded(POOLED, task, 64)[0]["learning_rate"]) == 0.002


def test_rates_of_section_3_are_large_beside_those_that_were_chosen():
    source = (ROOT / "notebooks/src/06_classifier_heads.py").read_text(encoding="utf-8")
    written = ast.literal_eval(re.search(r"^rates = (\{.*\})$", source, re.MULTILINE)[1])
    heads = dict(zip((FULL, DROPPED, POOLED), written.values(), strict=True))
    chosen = {head: float(head_comparison.recorded(head, "biopsy", 64)[0]["learning_rate"]) for head in heads}
    assert sorted(rate / chosen[head] for head, rate in heads.items()) == pytest.approx([4, 16, 16])
    assert f"trained(average_pooling, {chosen[POOLED]})" in source


def test_all_heads_overfit_64_pictures_also_with_dropout():
    for task in TASKS:
        known, right = curves(task, "train_accuracy"), curves(task)
        gaps = {head: known[head][64][0] - right[head][64][0] for head in HEADS}
        assert min(gaps.values()) > 10
        assert gaps[DROPPED] > 15 and right[DROPPED][64][0] < right[FULL][64][0]


def test_with_256_pictures_they_are_close():
    means = {task: [found[256][0] for found in curves(task).values()] for task in TASKS}
    assert {round(mean) for mean in means["garden"]} == {88, 89}
    found = [rounded(difference("biopsy", 256, POOLED, head)) for head in (SOLVED, KERAS)]
    assert found == ["3.7 ± 3.1", "3.7 ± 3.3"]
    assert [round(curves("biopsy", "train_accuracy")[head][256][0]) for head in (SOLVED, KERAS)] == [73, 73]
    assert rounded(metrics.mean_interval(head_comparison.earlier("drawn", "biopsy", 256)["block5"])) == "57.9 ± 2.1"


def test_squared_hinge_in_keras_was_never_surely_better_than_cross_entropy():
    ahead = {(task, n): difference(task, n, KERAS, POOLED) for task in TASKS for n in SIZES}
    assert not [case for case, (points, half) in ahead.items() if points > half]
    assert ahead["biopsy", 256][0] < -ahead["biopsy", 256][1]


def test_with_many_pictures_the_large_head_is_ahead_and_dropout_does_harm():
    assert rounded(difference("garden", 4096, FULL, POOLED)) == "2.4 ± 0.2"
    assert rounded(difference("biopsy", 4096, FULL, POOLED)) == "0.9 ± 0.4"
    for task in TASKS:
        assert max(curves(task), key=lambda head, task=task: curves(task)[head][4096][0]) == FULL
    assert [rounded(difference(task, 4096, FULL, DROPPED)) for task in TASKS] == ["2.1 ± 0.5", "3.1 ± 1.1"]
    assert round(head_comparison.parameters(FULL) / head_comparison.parameters(POOLED)) == 510
    assert rounded(difference("garden", 4096, SOLVED, KERAS)) == "1.6 ± 0.8"
    assert rounded(difference("garden", 4096, SOLVED, POOLED)) == "1.5 ± 0.2"


def test_the_two_svms_come_to_nearly_the_same():
    gaps = [abs(difference(task, n, SOLVED, KERAS)[0]) for task in TASKS for n in SIZES]
    assert max(gaps) < 2


def test_the_number_of_pictures_decides_more_than_the_head():
    for task in TASKS:
        found = curves(task)
        by_size = {n: [found[head][n][0] for head in HEADS] for n in SIZES}
        assert max(max(means) - min(means) for means in by_size.values()) < min(by_size[4096]) - max(by_size[64])


def test_heads_are_too_sure_with_few_pictures():
    few = [rounded(overconfidence(head, "biopsy", 256)) for head in (FULL, DROPPED, POOLED)]
    many = [rounded(overconfidence(head, "biopsy", 4096)) for head in (FULL, DROPPED, POOLED)]
    assert few == ["33.0 ± 1.5", "22.9 ± 3.5", "17.2 ± 2.3"]
    assert many == ["5.3 ± 0.9", "-4.0 ± 0.9", "2.0 ± 1.1"]
    fewest = [rounded(overconfidence(head, "biopsy", 64)) for head in (FULL, DROPPED, POOLED)]
    assert fewest == ["18.6 ± 3.5", "16.0 ± 3.1", "4.0 ± 2.7"]
    assert rounded(overconfidence(POOLED, "garden", 64)) == "-10.5 ± 1.9"
    assert rounded(overconfidence(FULL, "garden", 256)) == "-0.5 ± 1.1"
    for head in (FULL, DROPPED, POOLED):
        for n in (64, 256):
            points, half = overconfidence(head, "biopsy", n)
            assert points > half
        rates = [float(head_comparison.recorded(head, "biopsy", n)[0]["learning_rate"]) for n in (64, 256)]
        assert rates[0] < rates[1]
    right = [curves("biopsy")[head][256][0] for head in (FULL, DROPPED, POOLED)]
    sure = [curves("biopsy", "confidence")[head][256][0] for head in (FULL, DROPPED, POOLED)]
    assert (round(min(right)), round(max(right))) == (57, 59) and (round(min(sure)), round(max(sure))) == (76, 90)
