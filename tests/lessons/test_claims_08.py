"""Notebook 08: behind every number in its prose, the assertion that fails when it stops being true."""

from collections import Counter
from statistics import mean, median

import pytest

from course_utils import advice_check, backbones, chart, chart_rules, chart_views, downloads, records, similarity, zoo
from course_utils.checks import EXERCISES
from course_utils.metrics import paired_difference
from course_utils.published import NARROW_TOP_1
from course_utils.sweep_plan import WORLDS
from course_utils.verdicts import judge
from tests.lessons.prose import Text, shown, sure

says, readme_says, instructors_are_told = Text("08_real_photographs"), Text("README.md"), Text("INSTRUCTORS.md")
NETWORK = "MobileNetV2 alpha=0.35"
CATS, CELLS, SCENES = TASKS = ("cats_vs_dogs", "malaria_cells", "aerial")


@pytest.fixture(scope="module")
def found():
    return chart.whole_sizes("photographs")


@pytest.fixture(scope="module")
def drawn():
    return chart.whole_sizes()


def of(found, task, n_samples, backbone="MobileNetV2"):
    """Return the case of a task, a size and a backbone."""
    return next(c for c in found if c.backbone.startswith(backbone) and (c.task, c.n_samples) == (task, n_samples))


def behind(case, way):
    """Return by how many points a way is behind the best of its case, with half of the interval."""
    best = max(case.means, key=case.means.get)
    return paired_difference(case.scores[best], case.scores[way])


def test_the_three_downloads():
    for name in ("cats_and_dogs", "flower_photos", "colorectal_histology"):
        one = downloads.find(name)
        row = next(line for line in says.source.splitlines() if f"| `{name}` |" in line)
        assert f"| {one.pictures:,} | {one.size / 1e6:.0f} MB |" in row


def test_the_model():
    quickest = sorted(zoo.recorded(), key=lambda network: network.milliseconds)[:5]
    assert says("These are the quickest five") and zoo.recorded()[:5] == quickest and quickest[2].name == "MobileNetV2"
    lost, left = quickest[2].top_1, NARROW_TOP_1["MobileNetV2 0.35"]
    assert says("the width alone costs {:.0f} points on ImageNet, {} % in place of {} %", lost - left, left, lost)
    assert says("96 x 96 pixels are {:.1f} times fewer than 224 x 224", (224 / 96) ** 2)
    whole, narrow = (backbones.load("MobileNetV2", weights=None, alpha=alpha, image_size=96) for alpha in (1.0, 0.35))
    inner, inner_narrow = (base.get_layer("block_13_project").output.shape[-1] for base in (whole, narrow))
    assert says("its layers have about a third of the channels (only the last one keeps {:,})", narrow.output_shape[-1])
    assert narrow.output_shape[-1] == whole.output_shape[-1] and 0.3 < inner_narrow / inner < 0.4


def test_the_sweep_is_as_told(found):
    plan = WORLDS["photographs"]
    assert says("64, 256 and 2,000 training pictures, three repeats")
    assert sorted({case.n_samples for case in found}) == [64, 256, 2000] and len(plan.seeds(64)) == 3
    assert says("MobileNetV2 of width {alpha} at {image_size} x {image_size} pixels".format(**plan.options))
    assert says("for strategy 2 one rate for all depths") and plan.long == 64
    assert says("with 2,000 pictures the rates and the depth chosen with {}", plan.most_tried)
    chosen = [case.depth for case in found if case.n_samples <= plan.most_tried]
    assert says("block 10 of MobileNetV2's {} blocks (of CourseNet 3 of 5)", len(plan.blocks))
    assert says("three of the six choices behind section 6") and (chosen.count("block_10"), len(chosen)) == (3, 6)


def test_strategy_3_from_left_to_right(found):
    assert [chart.regret(of(found, task, 64), "3") for task in TASKS] == [0, 0, 0]
    cells = of(found, CELLS, 64)
    assert says("for the cells by {:.1f} points", chart.regret(cells, "2")) and chart.regret(cells, "2") < 1
    assert says("for scenes it is {:.1f} points behind", chart.regret(of(found, SCENES, 256), "3"))
    assert says("With 256 it still is for cats and dogs") and chart.regret(of(found, CATS, 256), "3") == 0
    lost = [behind(of(found, task, 2000), "3") for task in TASKS]
    assert says("by {} for cats and dogs, by {} for malaria, and by {} for scenes", *lost) and min(lost)[0] > 1
    assert "3" in chart_rules.tied(of(found, SCENES, 2000).plain())
    assert shown(behind(of(found, CELLS, 256), "3")) in EXERCISES["08.3"].praise


def test_strategy_1_with_many_dissimilar_pictures(found):
    lost = [chart.regret(of(found, task, 256), "1") for task in TASKS]
    assert says("With 256 pictures it is {:.0f} to {:.0f} points behind the best in all three", min(lost), max(lost))
    pairs = [[of(found, task, 256).scores[way] for way in ("warm start", "1")] for task in TASKS]
    ahead = [paired_difference(*pair) for pair in pairs]
    assert says("by {} for cats and dogs, by {} for cells, by {} for scenes", *ahead)
    assert instructors_are_told("about 20 points ahead of random") and all(18 < points < 23 for points, _ in ahead[1:])
    nothing = of(found, CATS, 64).means["1"]
    assert says("With 64 cats and dogs it is right in {:.1f} %: it has learned nothing", nothing) and 49 < nothing < 51
    cells, scenes = (of(found, task, 2000) for task in (CELLS, SCENES))
    assert says("{:.1f} points behind, with the scenes {:.1f}", chart.regret(cells, "1"), chart.regret(scenes, "1"))
    gains = [[chart.regret(of(found, task, n), "1") for n in (64, 256, 2000)] for task in (SCENES, CATS)]
    words = "scenes from the air gained {:.0f} to {:.0f} points, cats and dogs {:.0f} to {:.0f}"
    assert says(words, *(end(points) for points in gains for end in (min, max)))
    gaps = [similarity.of_pair(NETWORK, task, 256) for task in TASKS]
    assert says("about two thirds of the errors are gone in all three") and all(0.6 < gap < 0.75 for gap in gaps)
    assert says("Both tasks look dissimilar and have much the same gap") and abs(gaps[1] - gaps[2]) < 0.02
    assert cells.quadrant == scenes.quadrant == 1


def test_the_cautions(found):
    rows = records.select(records.read("sweep"), backbone=NETWORK, source="none")
    known = [100 * float(row["train_accuracy"]) for row in rows]
    words = "in {} of the {} runs they know fewer than 95 %, at worst {:.0f} %"
    assert says(words, sum(share < 95 for share in known), len(known), min(known))
    assert says("its {:.1f} % with 2,000 scenes may be too low", of(found, SCENES, 2000).means["2"])


def test_next_to_the_drawn_world(found, drawn):
    worlds = [chart_views.behind(cases) for cases in (drawn, found)]
    assert says("a frozen base cost {:.1f} and {:.1f} points", worlds[0][1]["3"], worlds[0][3]["3"])
    assert says("On photographs it costs {:.1f} and {:.1f}", worlds[1][1]["3"], worlds[1][3]["3"])
    assert min(world[quadrant]["1"] for world in worlds for quadrant in (3, 4)) > 10  # with few pictures


def test_which_ways_are_among_the_best(found):
    tied = {(case.task, case.n_samples): chart_rules.tied(case.plain()) for case in found}
    assert [case for case, ways in tied.items() if len(ways) == 1] == [(CATS, 64)] and len(tied) == 9
    assert all(set(tied[task, 256]) == {"warm start", "2", "3"} for task in TASKS)
    named = {(c.task, c.n_samples): chart_rules.textbook("Marcelino", c.similar, c.n_samples) for c in found}
    assert {case: way for case, way in named.items() if way not in tied[case]} == {(SCENES, 2000): "1"}
    least, *others = sorted(chart.regret(case, "1") for case in found)
    assert says("about 20 points behind it or more") and others[0] > 19.5 > least > 0


def test_verdicts(found, drawn):
    assert says("one to four here") and Counter(case.quadrant for case in found) == {1: 2, 2: 1, 3: 4, 4: 2}
    frozen = next(one for one in chart_rules.ADVICE if (one.chart, one.quadrant) == ("Marcelino", 4))
    assert [judge(frozen, cases).words for cases in (found, drawn)] == ["holds", "does not hold"]
    assert says("No SVM on an earlier layer was measured") and not any("SVM" in case.scores for case in found)


def test_what_rules_give_away(found):
    pairs = advice_check.regrets(found)
    means = {rule: mean(lost for _, lost in given) for rule, given in pairs.items()}
    marcelino = [lost for _, lost in pairs["chart (Marcelino)"]]
    assert says("Marcelino's chart gives away {:.1f} points, for the most part in one case", mean(marcelino))
    assert max(marcelino) > sum(marcelino) / 2
    assert says("gives away {:.1f} and the measured advice {:.1f}", means["chart (CS231n)"], means["measured advice"])
    assert says("Rules that ask nothing give away {:.1f} and more", min(means[rule] for rule in advice_check.ALWAYS))
    at_256 = {rule: mean(lost for case, lost in given if case.n_samples == 256) for rule, given in pairs.items()}
    assert says("the measured advice gives away {:.1f}, and only random weights give away", at_256["measured advice"])
    assert [rule for rule, lost in at_256.items() if lost > at_256["measured advice"]] == ["always 1"]


def test_the_readme_shows_what_the_advice_gives_away(found, drawn):
    assert advice_check.table(found) in readme_says.source
    given = mean(lost for _, lost in advice_check.regrets(found, drawn)["measured advice"])
    assert readme_says("it gives away {:.1f} points", given)


def test_what_it_costs(found):
    taken = chart_views.seconds(2000, "photographs")
    words = "takes {:.0f} seconds, strategy 2 {:.0f}, the two others {:.0f}."
    assert says(words, taken["3"], taken["2"], round(taken["warm start"], -1)) and taken["1"] == taken["warm start"]
    assert says("in a quarter of the time") and 0.2 < taken["2"] / taken["warm start"] < 0.3
    assert says("Strategy 3 is {:.0f} times as fast as a warm start", taken["warm start"] / taken["3"])
    cats, cells = (of(found, task, 2000) for task in (CATS, CELLS))
    assert says("as good as a warm start") and abs(cats.means["2"] - cats.means["warm start"]) < 0.5
    lost = paired_difference(cells.scores["warm start"], cells.scores["2"])
    assert says("with malaria it is {} points behind, which is nothing sure", lost) and not sure(lost)
    taken = chart_views.seconds(256, "photographs")["warm start"]
    rows = records.select(records.read("sweep"), backbone=NETWORK, n_samples=256, freeze_depth="block_3")
    early = median(float(row["seconds"]) for row in rows)
    assert says("one warm start on 256 photographs takes {:.0f} seconds on one processor core", taken)
    assert says("and freezing up to block 3 takes {:.0f}", early)


def test_what_the_drawn_tasks_come_to(drawn):
    garden, biopsy = (of(drawn, task, 256, "coursenet_guide") for task in ("garden", "biopsy"))
    assert says("the garden comes to {:.1f} % with a warm start", garden.means["warm start"])
    assert says("the biopsy to {:.1f} % with strategy 2, which freezes two blocks", biopsy.means["2"])
    assert biopsy.depth == "block2"
