"""Notebook 05: behind every number in its prose, the assertion that fails when it stops being true."""

import math
import re
from statistics import mean

import numpy as np
import pytest

from course_utils import advice_check, chart, chart_rules, chart_views, metrics, ranking, similarity, sweeping, verdicts
from course_utils.advice import advise
from course_utils.ledger import RUNS, Ledger, checked
from course_utils.sources import by_source
from course_utils.sweep_plan import WORLDS, Cell, cells
from tests.lessons.prose import NUMBERS, Text, less, sure

says, instructors_are_told, readme = Text("05_quadrant_chart"), Text("INSTRUCTORS.md"), Text("README.md")
RULES = ("always 2", "chart (Marcelino)", "always 3")  # of which INSTRUCTORS.md tells


@pytest.fixture(scope="module")
def found():
    return chart.whole_sizes()


@pytest.fixture(scope="module")
def told(found):
    """Return the verdict on each piece of advice: by chart and quadrant."""
    return {(one.chart, one.quadrant): verdicts.judge(one, found) for one in chart_rules.ADVICE}


@pytest.fixture(scope="module")
def given_away(found):
    """Return how many points each rule gives away on average."""
    return {rule: mean(points for _, points in pairs) for rule, pairs in advice_check.regrets(found).items()}


def pair_of(case):
    return chart_views.pair_name(case.backbone, case.task)


def of(found, pair, n_samples):
    """Return the case of a pair, such as "guide → garden"."""
    return next(case for case in found if (pair_of(case), case.n_samples) == (pair, n_samples))


def ahead(case, first, second):
    """Return by how many points one way is ahead of another, with half of the interval."""
    return metrics.paired_difference(case.scores[first], case.scores[second])


def whole(found):
    """Return the cases in which all plain ways were measured."""
    return [case for case in found if set(chart.PLAIN) <= set(case.means)]


# Sections 1 to 3


def test_the_protocol_is_as_told():
    plan = WORLDS["drawn"]
    assert says("five times with up to 256 pictures, three times above")
    assert [len(plan.seeds(n)) for n in (64, 256, 1024, 4096, 16384)] == [5, 5, 3, 3, 3]
    assert says("up to {} pictures here, and *large* from {:,} on", chart_rules.MOST_SMALL, chart_rules.LEAST_LARGE)
    assert says("the warm start and strategy 3 were measured") and set(plan.ways[16384]) == {"1", "warm start", "3"}
    assert says("with the rates that were chosen for {:,}", plan.most_tried)
    assert says("16,384 are {:,} of each class, and 4,096 only {}", 16384 // 8, 4096 // 8)
    similar = {(backbone, task) for backbone in plan.backbones for task in plan.tasks} & set(chart_rules.SIMILAR)
    assert says("Three of them are similar by common sense") and len(similar) == 3


def test_about_a_third_of_the_runs_is_older(found):
    find, own, used = Ledger().find, checked(RUNS), []
    sizes = {case.n_samples for case in found}
    for cell in (cell for cell in cells("drawn") if cell.n_samples in sizes):
        sweeping.measure(cell, lambda job: float(find(job)["accuracy"]), lambda job: used.append(find(job)))
    assert says("About a third of the runs are older") and 0.25 < sum(row not in own for row in used) / len(used) < 0.42


def test_what_the_live_trainings_show(found):
    guide, slides = (of(found, f"{source} → biopsy", 64) for source in ("guide", "slides"))
    more = [case.scores["2"][0] - case.scores["3"][0] for case in (guide, slides)]
    assert says("with the guide about {:.0f} points more, with the slides about {:.0f} less", more[0], -more[1])
    assert says("two of them, that of the slides four") and (guide.depth, slides.depth) == ("block2", "block4")
    assert says("And strategy 1 got {:.1f} % right; guessing gets 12.5 %", guide.scores["1"][0])


# Section 4


def test_negative_transfer_comes_at_least_in_part_from_the_rate(found):
    few, many = (of(found, "slides → garden", n) for n in (256, 1024))
    behind = [ahead(few, "1", "warm start"), ahead(many, "1", "2")]
    assert says("a warm start is {} points *behind* random weights with 256 pictures", behind[0])
    assert says("validation pictures chose the rate {} for the warm start", few.rates["warm start"])
    other = metrics.mean_interval(by_source("garden", "warm start", "slides"))
    assert says("with 0.008, the three repeats of notebook 04 (section 5) had {} %", other)
    assert says("strategy 2 is behind them by {} with 1,024", behind[1]) and set(map(sure, behind)) == {1}
    beaten = {
        (pair_of(case), case.n_samples, way)
        for case in found
        for way in set(case.plain()) - {"SVM", "3"}
        if "1" in chart_rules.beaten_by(way, case.plain())
    }
    assert beaten == {("slides → garden", 1024, "2"), ("slides → garden", 256, "warm start")}


def test_strategy_3_is_near_in_similar_pairs_only(found):
    case = of(found, "photos → biopsy", 64)
    assert says("strategy 3 is called tied, and its mean is {:.1f} points behind", chart.regret(case, "3"))
    assert "3" in chart_rules.tied(case.plain())
    assert says("within 10 points of the best") and max(chart.regret(case, "3") for case in found if case.similar) < 10
    assert min(chart.regret(case, "3") for case in found if not case.similar and case.n_samples > 64) > 12


def test_who_wins(found):
    tied = {(pair_of(case), case.n_samples): chart_rules.tied(case.plain()) for case in found}
    both = [{"warm start", "2"} <= set(ways) for (_, n), ways in tied.items() if n <= 4096]
    assert says("In {} of the {} cases with up to 4,096 pictures warm start and strategy 2 are", sum(both), len(both))
    assert says("in all {} at least one", len(tied)) and all({"warm start", "2"} & set(ways) for ways in tied.values())
    threes, ones = ([n for (_, n), ways in tied.items() if way in ways] for way in ("3", "1"))
    assert says("Strategy 3 is in {} boxes, all with few pictures", len(threes)) and max(threes) <= 256
    most, of_all = ones.count(16384), sum(n == 16384 for _, n in tied)
    assert says("Strategy 1 is in {} boxes with up to 4,096 pictures, in {} of the {}", len(ones) - most, most, of_all)
    assert says("strategy 1 in {}, {} of them with 16,384.", len(ones), NUMBERS[most]) and ["1"] not in tied.values()


VERDICTS = {
    "Marcelino": ("depends", "holds", "depends", "does not hold"),
    "CS231n": ("holds", "holds", "does not hold", "does not hold"),
}


def test_verdicts_are_as_told(told):
    assert {place: one.words for place, one in told.items()} == {
        (name, quadrant): words for name in VERDICTS for quadrant, words in enumerate(VERDICTS[name], start=1)
    }
    assert says("of fourteen, where no SVM was") and "one case in fourteen" in " ".join(chart_rules.__doc__.split())
    first = told["Marcelino", 1]
    by = [ways[0] for ways in first.beaten if ways]
    assert says("as often by strategy 2 as by a warm start") and by.count("2") == by.count("warm start") == len(by) / 2
    sizes = [case.n_samples for case, ways in zip(first.cases, first.beaten, strict=True) if ways]
    assert says("All four have 4,096 pictures") and sizes == [4096] * 4
    most = [case for case in first.cases if case.n_samples == 16384]
    assert says("With 16,384 it is beaten in none of six; but it does not win there either") and len(most) == 6
    assert all("warm start" in chart_rules.tied(case.plain()) for case in most)
    assert says("where a way has only two rivals") and set(most[0].means) == {"1", "warm start", "3"}


@pytest.mark.parametrize(("name", "quadrant"), [("Marcelino", 1), ("Marcelino", 3), ("Marcelino", 4), ("CS231n", 3)])
def test_how_far_the_advice_is_behind(told, name, quadrant):
    beaten, behind = told[name, quadrant].beaten, [-points for points, _ in told[name, quadrant].ahead]
    costs = [points for points, ways in zip(behind, beaten, strict=True) if ways]
    assert says("beaten in {} of {}", len(costs), len(beaten))
    if name == "Marcelino":
        assert says("by {:.1f} points at most", max(costs))
    else:
        assert says("and {:.1f} points behind the best on average", mean(behind))


def test_strategy_3_among_the_similar_pairs(found):
    assert says("With 64 pictures it is tied for the best in two of the three pairs, with 256 in one")
    for n_samples, wanted in ((64, 2), (256, 1)):
        few = [chart_rules.tied(case.plain()) for case in found if case.similar and case.n_samples == n_samples]
        assert sum("3" in ways for ways in few) == wanted and len(few) == 3


def test_what_names_no_single_way(found):
    every = [judge(found) for judge in (verdicts.any_works, verdicts.deeper, verdicts.augmentation)]
    assert [words for words, *_ in every] == ["does not hold", "does not hold", "holds"]
    spreads, frozen, gains = (values for _, values, *_ in every)
    assert says("*Any works* holds in a case if the four means lie within {:.0f} points", chart_rules.ANY_WORKS)
    assert says("up to {:.1f} points", max(spreads))

    def depth(n_samples, similar=(False, True)):
        return mean(int(c.depth[-1]) for c in found if c.n_samples == n_samples and c.similar in similar)

    assert says("over all pairs {:.1f} blocks were frozen with 64 pictures, {:.1f} with 4,096", depth(64), depth(4096))
    assert says("{:.1f} blocks in quadrant 3, {:.1f} in quadrant 2", frozen[3], frozen[2])
    words = "Among 64 pictures alone the chart's thought is right: {:.1f} blocks in dissimilar pairs, 4 in each similar"
    assert says(words, depth(64, [False])) and {c.depth for c in found if c.similar and c.n_samples == 64} == {"block4"}
    assert says("by half a block") and max(abs(depth(n, [False]) - depth(n, [True])) for n in (256, 1024, 4096)) < 0.51
    points = [gain for gain, _ in gains]
    assert says("strategy 2 gains {:.1f} points on average, and {:.1f} at most", mean(points), max(points))


# Section 5


def test_what_the_widget_shows(found):
    behind = {}
    for case in whole(found):
        way = chart_rules.textbook("Marcelino", case.similar, case.n_samples)
        behind[pair_of(case), case.n_samples] = chart.regret(case, way)
    (pair, n_samples), points = max(behind.items(), key=lambda item: item[1])
    assert says("*{}* with {:,} pictures, where it is {:.1f} points behind", pair, n_samples, points)
    lost = {n: of(found, "slides → garden", n).means for n in (64, 256, 1024)}
    gaps = {n: means["warm start"] - means["3"] for n, means in lost.items()}
    assert says("from 1,024 pictures on") and gaps[64] < 20 and gaps[256] < 20 < gaps[1024]
    best = [pair_of(case) for case in found if case.n_samples == 1024 and max(case.means, key=case.means.get) == "1"]
    assert says("in which strategy 1 has the best mean with 1,024") and best == ["slides → garden"]


# Section 6


def test_what_freezing_costs(found):
    losses = chart_views.depth_losses(chart_views.by_similarity(found))
    there, similar = (less(losses[kind]["all"]) for kind in ("dissimilar", "similar"))
    assert says("Frozen whole, the base costs {} points there, and {} in similar pairs", there, similar)
    assert says("Over the similar pairs it never does") and min(points for points, _ in losses["similar"].values()) > -5
    assert [depth for depth, (points, _) in losses["dissimilar"].items() if points < -5] == ["block4", "all"]


def test_the_first_two_blocks_can_mostly_be_frozen(found):
    costly, find = {}, Ledger().find
    for backbone, task in chart_views.by_similarity(found):
        pair = chart_views.pair_name(backbone, task)
        cell = Cell("drawn", backbone, task, 256, "2")
        jobs = sweeping.jobs(cell, sweeping.choose(cell, lambda job: float(find(job)["accuracy"])))
        frozen = [100 * float(find(job)["accuracy"]) for job in jobs if job.depth == "block2"]
        costly[pair] = metrics.paired_difference(of(found, pair, 256).scores["warm start"], frozen)
    ((pair, cost),) = [(pair, cost) for pair, cost in costly.items() if sure(cost) == 1]
    assert pair == "slides → butterflies" and len(costly) == 9
    assert says("in one of nine, {} points in *slides → butterflies*", cost)
    similar = {chart_views.pair_name(*pair) for pair in chart_rules.SIMILAR}
    gained = {pair: -cost for pair, (cost, _) in costly.items() if pair not in similar}
    assert says("pairs it gained {} points", metrics.mean_interval(list(gained.values()))) and len(gained) == 6
    lost = [-gain for pair, gain in gained.items() if pair != "slides → garden"]
    assert says("it cost {}", metrics.mean_interval(lost))


def test_what_strategy_3_saves_and_costs(found):
    seconds = chart_views.seconds(1024)
    assert says("It is about {:.0f} times as fast as a warm start", seconds["warm start"] / seconds["3"])
    near, far = (of(found, f"guide → {task}", 1024).means for task in ("garden", "biopsy"))
    costs = [means["warm start"] - means["3"] for means in (near, far)]
    assert says("you pay {:.1f} points for it, in the other {:.1f}", *costs)


@pytest.fixture(scope="module")
def gains(found):
    """Return the lead of transfer by size: pair -> size, as text -> mean and half of its interval."""
    tasks = ("garden", "butterflies", "biopsy")
    return {pair: line for task in tasks for pair, line in chart_views.gains(found, task).items()}


@pytest.fixture(scope="module")
def ends(found):
    """Return from which size on the lead of transfer is not sure any more: pair -> size, or None."""
    pairs = chart_views.by_similarity(found)
    return {chart_views.pair_name(*pair): chart_views.crossing(found, *pair) for pair in pairs}


def test_where_the_lead_of_transfer_ends(gains, ends):
    first = [line["64"][0] for line in gains.values()]
    last = max(line["16,384"][0] for line in gains.values())
    words = "{} to {} with 64 pictures, a few with 4,096, {:.1f} or less with 16,384. Slides to garden is below"
    assert says(words, math.floor(min(first)), math.ceil(max(first)), last)
    assert all(points < 0 for size, (points, _) in gains["slides → garden"].items() if size != "64")
    leads = [gains[pair]["4,096"][0] for pair, end in ends.items() if end is None or end > 4096]
    pairs = NUMBERS[len(leads)], NUMBERS[len(ends)]
    assert says("in {} of the {} pairs, by {:.1f} to {:.1f} points", *pairs, min(leads), max(leads))
    (sure_to_the_end,) = [pair for pair, end in ends.items() if end is None]
    assert says("with 16,384 only in *{}*, by {}", sure_to_the_end, gains[sure_to_the_end]["16,384"])
    between = [pair for pair, end in ends.items() if end == 16384]
    assert says("So in {} pairs the end lies between the two, as in *guide → garden*", NUMBERS[len(between)])
    assert "guide → garden" in between
    early = {pair: end for pair, end in ends.items() if end and end <= 4096}
    assert early == {"guide → biopsy": 4096, "photos → biopsy": 4096, "slides → garden": 256}
    points = [line["16,384"][0] for pair, line in gains.items() if pair != sure_to_the_end]
    above = [one for one in points if one > 0]
    assert says("the mean is above 0 in {} of the other {} pairs, too", NUMBERS[len(above)], NUMBERS[len(points)])
    assert says("by {:.1f} to {:.1f} points, too little", min(above), max(above))
    unsure = gains["photos → garden"]["1,024"]
    assert says("is not surely ahead with 1,024 pictures, {}, but is with 4,096", unsure) and not sure(unsure)
    assert ends["photos → garden"] > 4096


def test_no_measure_is_shown_to_be_the_best(found):
    ranked = ranking.correlations(found, 256)
    for name in ranking.GAINS:
        intervals = [ranked[measure][name][1:] for measure in similarity.MEASURES]
        assert max(low for low, _ in intervals) < min(high for _, high in intervals)


def test_the_nearest_source_leads_and_equal_leads_have_unequal_gaps(gains):
    for task, nearest in {"garden": "guide", "butterflies": "guide", "biopsy": "slides"}.items():
        lines = {pair: line for pair, line in gains.items() if pair.endswith(task)}
        assert len(lines) == 3
        for size in ("64", "256", "1,024", "4,096", "16,384"):
            most, _ = max(((line[size][0], pair) for pair, line in lines.items()))
            assert lines[f"{nearest} → {task}"][size][0] == most
    level = [("slides", "butterflies"), ("guide", "biopsy")]
    gaps = [similarity.of_pair(f"coursenet_{source}", task, 256) for source, task in level]
    leads = {round(gains[f"{source} → {task}"]["4,096"][0], 1) for source, task in level}
    assert says("→ butterflies* ({:.2f}) and *guide → biopsy* ({:.2f}) are both {} points ahead, though", *gaps, *leads)


# Section 7


def test_the_limit_of_the_frozen_base(found):
    few, more = ([(similarity.of_pair(c.backbone, c.task, n), c) for c in found if c.n_samples == n] for n in (64, 256))
    assert len(few) == len(more) == 9
    for gap, case in more:
        assert (gap < 0.6 and ranking.gain(case, ("3",)) < 0) or (gap > 0.8 and ranking.gain(case, ("3",)) > 10)
    assert says("the higher mean in all nine pairs") and all(ranking.gain(case, ("3",)) > 0 for _, case in few)
    grows = [similarity.of_pair("coursenet_slides", "garden", n) for n in (64, 1024)]
    assert says("from {:.2f} with 64 pictures to {:.2f} with 1,024", *grows)
    gains = [ranking.gain(case, ranking.GAINS["best pre-trained way"]) for _, case in more]
    assert says("gains up to {:.0f} points", max(gains))
    assert says("gap above 0.8 on 256 pictures, above 0.7 on 64")
    assert all(min(gap for gap, case in cases if case.similar) > least for cases, least in ((more, 0.8), (few, 0.7)))


def test_flowers_and_photographs_are_about_equally_far_from_tissue():
    gaps = [similarity.of_pair(f"coursenet_{source}", "biopsy", 256) for source in ("guide", "photos")]
    assert abs(np.subtract(*gaps)) < 0.1
    samples = similarity.of_samples("coursenet_guide", "biopsy", 256)
    words = "the mean over {} samples of 256 pictures; they run from {:.2f} to {:.2f}"
    assert says(words, NUMBERS[len(samples)], min(samples), max(samples))
    assert says("Section 4 printed {:.2f} for *guide → biopsy*", mean(samples))


# Section 8


def test_what_the_rules_give_away(found, given_away):
    points, measured = given_away, advice_check.MEASURED
    assert says("*always strategy 2*, gives away {:.1f} points", points["always 2"])
    assert says("*always a warm start* {:.1f}, and the measured advice", points["always warm start"])
    assert says("the measured advice {:.1f}", points[measured])
    charts = ("chart (Marcelino)", "chart (CS231n)")
    assert says("Marcelino's chart {:.1f}, that of CS231n {:.1f}", *(points[name] for name in charts))
    assert says("freezing the base {:.1f}, and always random weights {:.1f}", points["always 3"], points["always 1"])
    apart = [(c.n_samples, abs(c.means["warm start"] - c.means["2"])) for c in found if "2" in c.means]
    assert says("at most {:.1f} points apart", max(one for n, one in apart if n > 256))
    few = [one for n, one in apart if n <= 256]
    assert says("by more than 3 points in {} of {} cases", sum(one > 3 for one in few), len(few))
    worst = {rule: max(points for _, points in pairs) for rule, pairs in advice_check.regrets(found).items()}
    assert says("at most {:.1f}, the measured advice {:.1f}", worst["chart (Marcelino)"], worst[measured])
    assert says("CS231n's up to {:.1f}", worst["chart (CS231n)"])
    assert advise(200, 0.25).regrets["3"] > 15  # the price that the exercise tells


# Section 9


def test_points_behind_by_quadrant(found):
    behind = chart_views.behind(found)
    assert [next(iter(behind[quadrant])) for quadrant in (1, 2, 3, 4)] == ["warm start", "warm start", "2", "2"]
    assert says("{:.0f} and {:.0f} points behind", behind[3]["3"], behind[1]["3"])
    assert says("{:.1f} in quadrant 4", behind[4]["3"])
    assert says("{:.1f} points in quadrant 4", behind[4]["1"]) and says("{:.1f} in quadrant 1", behind[1]["1"])
    lost = mean(chart.regret(case, "1") for case in found if (case.n_samples, case.quadrant) == (16384, 1))
    assert says("with 16,384 pictures it was {:.1f}", lost)
    assert says("at most {:.1f} points behind", max(behind[q][way] for q in behind for way in ("2", "warm start")))
    cases = whole(found)
    worst = [max(chart.regret(case, way) for case in cases if case.quadrant) for way in ("warm start", "2")]
    between = max(chart.regret(case, "2") for case in cases if case.n_samples == 1024)
    assert says("up to {:.1f} and {:.1f} ({:.1f} with 1,024 pictures)", *worst, between)
    apart = max(abs(case.means["warm start"] - case.means["2"]) for case in cases)
    assert says("a bad one can cost as much as the wrong way of the two, which was {:.1f} points at most", apart)
    assert says("{:.1f} points behind the best way with few pictures, and {:.1f}", behind[4]["3"], behind[2]["3"])


def test_what_is_said_at_the_end(found, told):
    most = {"Marcelino": 0, "CS231n": 0}
    for one in chart_rules.ADVICE:
        costs = [chart.regret(case, one.way) for case in told[one.chart, one.quadrant].cases]
        most[one.chart] = max(most[one.chart], *costs)
    beaten = [bool(ways) for (name, _), one in told.items() if name == "Marcelino" for ways in one.beaten]
    words = "was unbeaten in {} of {} cases, and cost {:.1f} points at most; that of CS231n cost up to {:.1f}"
    assert says(words, len(beaten) - sum(beaten), len(beaten), *most.values())
    words = "was beaten in {} of {} cases, and never by more than {:.1f}"
    assert instructors_are_told(words, sum(beaten), len(beaten), most["Marcelino"])
    lost = [mean(chart.regret(case, "3") for case in found if case.n_samples == n) for n in (64, 4096)]
    assert says("{:.1f} points with 64 pictures, {:.1f} with 4,096", *lost)
    plan = WORLDS["drawn"]
    assert says("for as many epochs, no more") and plan.epochs_of("1", 16384) == plan.epochs_of("warm start", 16384)
    tied = [{"1", "warm start"} <= set(chart_rules.tied(c.plain())) for c in found if c.n_samples == 16384]
    assert says("pictures they were tied with a warm start in {} of {} pairs", NUMBERS[sum(tied)], NUMBERS[len(tied)])
    assert says("with 16,384 a warm start was surely ahead in one of nine pairs") and tied.count(False) == 1


def test_what_instructors_are_told_to_listen_for(found, given_away):
    warm = {(case.backbone, case.task, case.n_samples): case.means["warm start"] for case in found}
    near = {task: backbone for backbone, task in chart_rules.SIMILAR}
    far = [(backbone, task, size) for backbone, task, size in warm if size in (64, 256) and backbone != near[task]]
    more = [
        sum(warm[backbone, task, times * size] > warm[near[task], task, size] for backbone, task, size in far)
        for times in (4, 16)
    ]
    assert instructors_are_told("(warm start, {} dissimilar pairs, from", NUMBERS[len({case[:2] for case in far})])
    assert instructors_are_told("in {} of {} cases, sixteen times as many in {}.", more[0], len(far), more[1])
    words = "was {:.1f} points behind the best on average, Marcelino's chart {:.1f}, *always strategy 3* {:.1f}."
    assert instructors_are_told(words, *(given_away[rule] for rule in RULES))
    photographs = [re.search(rf"\| {re.escape(rule)} \| ([\d.]+) \|", readme.source)[1] for rule in RULES]
    assert instructors_are_told("(On photographs, in the README, it was {}, {} and {}:", *photographs)
