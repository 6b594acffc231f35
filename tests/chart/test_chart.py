"""The measured chart: verdicts, advice, regret and ranks, on cases made by hand and on what is recorded."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
from PIL import Image

from course_utils import advice, advice_check, advising, chart, chart_rules, data, ranking, similarity, verdicts
from course_utils.backbones import load
from course_utils.cards import CourseError, CourseWarning, Pictures
from course_utils.commands import chart as chart_command
from course_utils.ledger import Ledger
from course_utils.records import DATA, read, select
from course_utils.sweep_plan import WORLDS

PLAN = WORLDS["drawn"]
PAIRS = [(backbone, task) for backbone in PLAN.backbones for task in PLAN.tasks]


def case(backbone, task, n_samples, means, depth="block2"):
    """Return a case whose three seeds lie half a point around its means."""
    scores = {way: [mean - 0.5, mean, mean + 0.5] for way, mean in means.items()}
    return chart.Case(backbone, task, n_samples, scores, depth, dict.fromkeys(means, 0.002))


def made(means):
    """Return cases of all pairs and sizes; `means` gives those of each from (similar, size)."""
    return [
        case(*pair, n_samples, means(pair in chart_rules.SIMILAR, n_samples))
        for pair in PAIRS
        for n_samples in (64, 256, 1024, 4096)
    ]


@pytest.fixture
def gaps(monkeypatch):
    """Let similar pairs have a probe gap of 0.8, others one of 0.2."""
    samples = {pair: [0.75, 0.85] if pair in chart_rules.SIMILAR else [0.15, 0.25] for pair in PAIRS}
    monkeypatch.setattr(similarity, "of_samples", lambda backbone, task, *_: samples[backbone, task])


def textbook(similar, n_samples):
    """Return means by which Marcelino's chart is right everywhere."""
    best = chart_rules.textbook("Marcelino", similar, n_samples)
    return {way: 80 if way == best else 70 for way in chart.PLAIN}


def test_the_borders_of_the_rules():
    sizes = (256, 257, 1999, 2000)
    assert [chart_rules.quadrant(True, n) for n in sizes] == [4, None, None, 2]
    assert [chart_rules.quadrant(False, n) for n in sizes] == [3, None, None, 1]
    assert [chart_rules.textbook("Marcelino", False, n) for n in (999, 1000)] == ["2", "1"]
    assert chart_rules.ahead([81, 82, 80], [80, 81, 79]) and not chart_rules.ahead([80.9, 82, 80], [80, 81, 79])
    assert not chart_rules.ahead([92, 78, 85], [80, 81, 79])  # by 5 points, but not surely


def test_verdicts_where_the_chart_is_right():
    found = made(textbook)
    judged = {(one.chart, one.quadrant): verdicts.judge(one, found) for one in chart_rules.ADVICE}
    assert [judged["Marcelino", quadrant].words for quadrant in (1, 2, 3, 4)] == ["holds"] * 4
    assert [judged["CS231n", quadrant].words for quadrant in (1, 2, 4)] == ["does not hold", "does not hold", "holds"]
    assert judged["CS231n", 3].words == "not measured"  # no SVM among these cases
    assert len(judged["CS231n", 1].cases) == 6 and all(ways == ["1"] for ways in judged["CS231n", 1].beaten)
    assert judged["Marcelino", 4].ahead[0] == pytest.approx((10, 0))
    assert len(verdicts.table(found).splitlines()) == 2 + len(chart_rules.ADVICE)
    assert "| **does not hold** | 6 of 6 | 1 | -10.0 (-10.0 to -10.0) |" in verdicts.table(found)


def test_the_rules_that_are_no_way_of_training():
    assert verdicts.any_works(made(textbook))[0] == "does not hold"
    for best, words in ((73, "holds"), (73.1, "does not hold")):
        alike = dict(zip(chart.PLAIN, (70, 71, 72, best), strict=True))
        assert verdicts.any_works(made(lambda *_, means=alike: means)) == (words, pytest.approx([best - 70] * 3))
    found = made(textbook)
    assert verdicts.deeper(found) == ("depends", {2: 2.0, 3: 2.0})
    for depth, words, blocks in (("block1", "holds", 1.5), ("block3", "does not hold", 2.5)):
        moved = [replace(one, depth=depth) if one.quadrant == 3 and one.n_samples == 64 else one for one in found]
        assert verdicts.deeper(moved) == (words, {2: 2.0, 3: blocks})
    assert verdicts.augmentation(found) == ("not measured", [])
    for one in found:
        one.scores["2 with augmentation"] = [value - 5 for value in one.scores["2"]]
    assert verdicts.augmentation(found)[0] == "does not hold"
    assert "2 with augmentation" not in found[0].means


def test_advice_follows_the_nearest_cases(gaps):
    found = made(textbook)
    for n_samples, similar, way in ((64, 0.8, "3"), (4096, 0.8, "2"), (4096, 0.3, "1"), (100, 0.3, "2")):
        given = advice.advise(n_samples, similar, found)
        assert given.way == way and given.outside == "" and given.equals == []
        assert given.regrets[way] == min(given.regrets.values()) < 3
        assert given.unbeaten == advice.NEAREST == len(given.nearest)
        assert given.depth == ("block2" if way == "2" else None) and given.rate == 0.002
    assert advice.advise(64, 0.8, found).quadrant == 4 and advice.advise(4096, 0.3, found).quadrant == 1
    assert advice.advise(1024, 0.3, found).quadrant is None
    assert "between the quadrants" in advising.explain(advice.advise(1024, 0.3, found))
    assert [one.case.n_samples for one in advice.advise(256, 0.8, found).nearest] == [256] * 3
    weights = {(one.case.n_samples, one.case.similar): one.weight for one in advice.near(found, 256, 0.8)}
    assert weights[256, True] == 1 and weights[64, True] == weights[1024, True] == pytest.approx(np.exp(-1 / 2))
    assert weights[256, False] == pytest.approx(np.exp(-((0.6 / 0.25) ** 2) / 2))


@pytest.mark.parametrize(("n_samples", "words"), [(64, "few pictures"), (4096, "many pictures")])
def test_where_similar_cases_do_not_measure_higher_the_side_is_not_told(n_samples, words, monkeypatch):
    found = made(textbook)
    for kept in (found, [one for one in found if not one.similar]):
        monkeypatch.setattr(similarity, "of_pair", lambda *_: 0.5)
        given = advice.advise(n_samples, 0.5, kept)
        assert given.quadrant is None
        assert f"{words}; which side of the chart cannot be told" in advising.explain(given)


def test_advice_says_what_it_does_not_know(gaps):
    found = made(textbook)
    assert advice.advise(20, 0.8, found).outside == "20 pictures (measured: 64 to 4,096)"
    rates = [replace(one, rates=dict.fromkeys(one.rates, 0.0005 if one.similar else 0.008)) for one in found]
    assert advice.advise(64, 0.8, rates).rate < advice.advise(64, 0.5, rates).rate == 0.003  # six of nine: .008
    outside = advice.advise(9000, 0.05, found).outside
    assert outside == "9,000 pictures (measured: 64 to 4,096) and a similarity of 0.05 (measured: 0.20 to 0.80)"
    for n_samples, similar in ((64, -30.0), (10**9, 0.5)):  # however far, the nearest cases are the nearest
        far = advice.advise(n_samples, similar, found)
        assert far.outside and far.nearest[0].weight == 1
    assert advice.advise(64, -30.0, found).nearest[0].similarity == pytest.approx(0.2)
    given = advice.advise(64, 0.8, found)
    assert given.setting() == ("3", None, 0.002) and given.setting("2") == ("2", "block2", 0.002)
    with pytest.raises(CourseError, match="Expected a way of training: 1, warm start, 2, 3. Received: '4'"):
        given.setting(4)
    toss_up = made(lambda similar, n: {"1": 50, "warm start": 70.4, "2": 71, "3": 60})
    assert advice.advise(256, 0.8, toss_up).equals == ["warm start"]
    with pytest.raises(CourseError, match="pictures from 1 on"):
        advice.advise(0, 0.5, found)
    with pytest.raises(CourseError, match="Restore data/results/sweep.csv"):
        advice.advise(64, 0.5, [])
    with pytest.raises(CourseError, match="Expected a way that was measured"):
        chart.regret(found[0], "4")


def test_regret_leaves_the_target_out(gaps, monkeypatch):
    # On garden strategy 1 is always best, elsewhere strategy 3: who had looked at garden would advise 1 there.
    best = {"garden": {"1": 75}, "biopsy": {"3": 80}, "butterflies": {"3": 80}}
    found = [case(*pair, n, dict.fromkeys(chart.PLAIN, 70) | best[pair[1]]) for pair in PAIRS for n in (64, 256)]
    measured = advice_check.regrets(found)["measured advice"]
    assert {points for one, points in measured if one.task == "garden"} == {5}
    assert {points for one, points in measured if one.task != "garden"} == {0}
    assert {points for _, points in advice_check.regrets(found)["always 1"]} == {0, 10}
    failures = advice_check.worst(found, "measured advice", 6).splitlines()[2:]
    assert failures[0] == "| guide → garden | 64 | 3 | 1 | 5.0 |" and all("garden" in line for line in failures)
    # Each sample of a similarity is asked, and a learner whose sample misleads gives more away.
    asked, advise = [], advice.advise
    monkeypatch.setattr(advice, "advise", lambda n, *given: asked.append(given[0]) or advise(n, *given))
    advice_check.regrets(found)
    assert set(asked) == {0.15, 0.25, 0.75, 0.85}
    right = advice_check.regrets(made(textbook))
    assert {points for _, points in right["chart (Marcelino)"]} == {0}
    assert "| chart (Marcelino) | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |" in advice_check.table(made(textbook))


def test_ranks(monkeypatch):
    places = {pair: place for place, pair in enumerate(PAIRS)}
    found = [case(*pair, 64, {"1": 40, "warm start": 50, "2": 50 + place, "3": 45}) for pair, place in places.items()]
    signs = {"probe gap": 1, "LEEP": -1, "LogME": 1, "distance": -1}
    monkeypatch.setattr(similarity, "of_pair", lambda b, t, n, measure: signs[measure] * places[b, t])
    ranked = ranking.correlations(found, 64)
    assert [ranked[measure]["best pre-trained way"][0] for measure in signs] == pytest.approx([1, -1, 1, -1])
    assert ranking.best_sources(found, 64, "probe gap") == (3, 3)
    assert ranking.best_sources(found[:-1], 64, "probe gap") == (2, 2)  # a source is missing for the last target
    assert "| probe gap | 64 |" in ranking.table(found) and "| 64 |" not in ranking.table(found[:-1])
    assert ranking.best_sources(found, 64, "LEEP") == (0, 3)
    assert ranking.gain(found[4], ("2", "3")) == pytest.approx(14)


def test_rank_correlation_has_an_honest_interval():
    rng = np.random.default_rng(0)
    first = rng.normal(size=9)
    rho, low, high = similarity.rank_correlation(first, first + rng.normal(size=9))
    assert low < rho < high and high - low > 0.3
    rho, low, high = similarity.rank_correlation(first, -first)  # nine things in order prove no law
    assert (rho, low, high) == pytest.approx((-1, -0.998, -0.89), abs=0.005)
    assert similarity.rank_correlation([1, 1, 1, 1], [1, 2, 3, 4]) == (0, -1, 1)


def test_probe_gap_is_a_share_of_errors():
    assert similarity.share_of_errors(0.5, 0.6) == pytest.approx(-0.25)
    assert similarity.share_of_errors(0.9, 1.0) == 0  # nothing to gain, nothing to tell
    assert similarity.share_of_errors(0.5, 0.99) == -1


def test_recorded_similarity():
    for measure in similarity.MEASURES:
        for n_samples in similarity.SIZES:
            found = similarity.recorded(measure, n_samples)
            assert set(PAIRS) <= set(found) and {len(values) for values in found.values()} == {5}
    plan = WORLDS["photographs"]
    photographs = {("MobileNetV2 alpha=0.35", task) for task in plan.tasks}
    assert set(similarity.recorded("probe gap", 64)) == photographs | set(PAIRS)
    assert photographs & chart_rules.SIMILAR
    with pytest.raises(CourseError, match="Received 'size' with 64"):
        similarity.recorded("size", 64)
    with pytest.raises(CourseError, match="Received coursenet_guide and cats"):
        similarity.of_pair("coursenet_guide", "cats", 64)
    of_sizes = [similarity.of_pair("coursenet_guide", "garden", n) for n in (4096, 1024, 1023, 256, 16, 64)]
    assert of_sizes[0] == of_sizes[1] != of_sizes[2] == of_sizes[3] != of_sizes[4] == of_sizes[5]


def test_a_missing_row_is_named(monkeypatch):
    monkeypatch.setitem(chart.WORLDS, "drawn", replace(PLAN, ways={64: PLAN.ways[64]}))

    class Holed(Ledger):
        def find(self, job):
            lost = (job.cell.task, job.cell.way, job.seed, job.trying) == ("biopsy", "3", 4, False)
            return None if lost and job.cell.backbone == "coursenet_slides" else super().find(job)

    assert len(chart.cases()) == 9 and len(chart.cases(ledger=Holed(), partial=True)) == 8
    words = "Missing: a run of coursenet_slides -> biopsy, 64 pictures, 3, seed 4. `git checkout data/results`"
    with pytest.raises(CourseError, match=re.escape(words)):
        chart.cases(ledger=Holed())
    with pytest.warns(CourseWarning, match="these numbers of pictures are left out: 64. `git checkout"):
        assert chart.whole_sizes(ledger=Holed()) == []


def test_of_an_unfinished_sweep_whole_sizes_are_used():
    class Unfinished(Ledger):
        def find(self, job):
            return None if job.cell.n_samples == 4096 and job.cell.task == "biopsy" else super().find(job)

    with pytest.warns(CourseWarning, match="left out: 4,096"):
        sizes = Counter(one.n_samples for one in chart.whole_sizes(ledger=Unfinished()))
    assert sizes == {64: 9, 256: 9, 1024: 9}


def test_similarity_is_measured_on_enough_of_every_class():
    labels = np.repeat(np.arange(3), [4000, 900, 5])
    pictures = Pictures(np.zeros((4905, 1, 1, 3), np.uint8), labels)
    assert np.bincount(advising.enough(pictures).labels).tolist() == [835, 188, 4]
    assert len(advising.enough(pictures.take(slice(0, 1024)))) == 1024


def test_the_command_prints_what_the_lessons_tell(capsys):
    chart_command.main()
    printed = capsys.readouterr().out
    for world in WORLDS:
        found = chart.cases(world)  # whole: nothing of the sweep is missing
        assert verdicts.table(found) in printed and advice_check.table(found) in printed
        runs, tries, hours = chart_command.cost(world)
        assert f"{world}: {runs:,} runs and {tries:,} tries took {hours:.1f} hours of one processor core." in printed


read_task = cache(data.task)


def few(n_samples, n_classes=8):
    """Return the biopsy with few of its pictures, of its first classes."""
    task = read_task("biopsy")
    kept = task.train.labels < n_classes
    pool = Pictures(task.train.images[kept], task.train.labels[kept])
    return replace(task, train=data.sample(pool, n_samples, 0), class_names=task.class_names[:n_classes])


def test_advice_for_a_task(gaps):
    given = advising.for_task(few(64), found=made(textbook))
    assert (given.n_samples, given.quadrant, given.way, given.depth) == (64, 3, "2", "block2")
    parts = ("**Strategy 2: freeze the early part.**", "freeze up to `block2`", "quadrant 3", "3 nearest", "Outside")
    assert [part in advising.explain(given) for part in parts] == [True] * 4 + [False]
    far = advising.explain(advice.advise(20, 0.3, made(textbook)))
    assert "**Outside of what was measured:** 20 pictures" in far and far.startswith("**Strategy")


def test_advice_for_a_folder(gaps, tmp_path):
    task = few(16, n_classes=2)
    for number, (image, label) in enumerate(zip(task.train.images, task.train.labels, strict=True)):
        for part in ("train", "test"):
            folder = tmp_path / "cells" / part / task.class_names[label]
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(folder / f"{number}.png")
    given = advising.for_task(tmp_path / "cells", "coursenet_slides", made(textbook))
    assert given.n_samples == 16 and given.outside.startswith("16 pictures (measured: 64 to 4,096)")
    with pytest.raises(CourseError, match="nowhere"):
        advising.for_task(tmp_path / "nowhere", "coursenet_slides", made(textbook))


@pytest.mark.parametrize(
    ("n_samples", "n_classes", "words"),
    [(16, 1, "two classes or more. Found 1"), (24, 8, "at least 4 pictures of every class. The smallest class has 3")],
)
def test_advice_needs_pictures(n_samples, n_classes, words):
    with pytest.raises(CourseError, match=words):
        advising.for_task(few(n_samples, n_classes), found=made(textbook))


def test_epochs_follow_the_sweep():
    assert [advising.epochs(n, "coursenet_guide") for n in (16, 64, 128, 256, 10**6)] == [100, 100, 50, 25, 5]
    assert advising.epochs(64, "MobileNetV2") == 100


def test_depth_in_another_network():
    base, guide = load("MobileNetV2", weights=None, alpha=0.35, image_size=96), load("coursenet_guide")
    blocks = advising.cutting.blocks(base)
    assert WORLDS["photographs"].blocks == tuple(blocks)
    like = {"block5": blocks[-1], "block2": blocks[round(0.4 * len(blocks)) - 1], "block_6": "block_6"}
    assert {depth: advising.block_like(depth, base) for depth in like} == like
    assert [advising.block_like(depth, guide) for depth in ("block2", "block_10")] == ["block2", "block3"]  # 10 of 16


@pytest.mark.parametrize(
    ("alpha", "side", "outside"),
    [
        (0.35, 96, ""),
        (0.35, 64, "64 pixels a side (measured: 96)"),
        (0.5, 96, "MobileNetV2 alpha=0.5 (measured: MobileNetV2 alpha=0.35)"),
    ],
)
def test_advice_on_a_network_that_was_not_measured_says_so(alpha, side, outside, monkeypatch):
    found = [replace(one, backbone="MobileNetV2 alpha=0.35", depth="block_6") for one in made(textbook)]
    monkeypatch.setattr(similarity, "of_pair", lambda *_: 0.5)
    monkeypatch.setattr(advising, "probe_gap", lambda *_, **__: 0.5)
    monkeypatch.setattr(advising.backbones, "load", partial(load, weights=None))
    given = advising.for_task(few(64), "MobileNetV2", found, alpha=alpha, image_size=side)
    assert (given.outside, given.frozen) == (outside, "block_6")


def test_from_scratch_some_runs_do_not_know_their_photographs():
    rows = select(read("sweep"), backbone="MobileNetV2 alpha=0.35", source="none")
    known = sorted(float(row["train_accuracy"]) for row in rows)
    datasheet = " ".join((DATA / "README.md").read_text(encoding="utf-8").split())
    unknown = sum(share < 0.95 for share in known)
    assert f"{unknown} of the {len(known)} runs from scratch on photographs know fewer than 95 %" in datasheet
    assert f"down to {100 * known[0]:.0f} %" in datasheet
