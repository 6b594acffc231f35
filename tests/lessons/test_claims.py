"""Notebooks 00 to 03, the datasheet and the README: behind every recorded number, the assertion that fails with it."""

from itertools import pairwise

import pytest

from course_utils import DATA, backbones, checks, comparisons, course_net, data, fine_tuning, metrics, records, speeds
from course_utils.commands import blocks, datasheet, first_look, pretrain, scratch, views
from course_utils.comparisons import DEPTHS, chosen_depth, difference, percent
from course_utils.kept_views import FROZEN, WAYS
from course_utils.world.catalogue import COLLECTIONS
from tests.lessons.prose import Text, sure

datasheet_says, readme_says = Text("data/README.md"), Text("README.md")
says_01, says_02, says_03 = Text("01_cnn_anatomy"), Text("02_three_strategies"), Text("03_learning_rate")


def scores(name, **wanted):
    return percent(records.select(records.read(name), **wanted))


def means(name, n_samples):
    """Return the mean accuracy on every task from scratch."""
    return [metrics.mean_interval(scores(name, task=task, n_samples=n_samples))[0] for task in data.TASKS]


# The datasheet


def test_how_hard_the_tasks_are_from_scratch():
    garden, biopsy, butterflies = range(3)
    assert list(data.TASKS) == ["garden", "biopsy", "butterflies"]
    found = {n: means("from_scratch", n) for n in scratch.SIZES}
    assert datasheet_says("The aim was 25 to 60 % at 64 pictures, 75 to 95 % at 4,096, and the three tasks within")
    assert all(25 <= mean <= 60 for mean in found[64]) and all(75 <= mean <= 95 for mean in found[4096])
    assert datasheet_says("about eight points of each") and all(max(found[n]) - min(found[n]) <= 8 for n in (64, 4096))
    assert found[256][butterflies] > 10 + max(found[256][garden], found[256][biopsy])
    for smaller, larger in pairwise(scratch.SIZES):
        assert all(more > fewer for more, fewer in zip(found[larger], found[smaller], strict=True))
    assert datasheet_says("end above 95 %") and min(percent(records.read("from_scratch"), "train_accuracy")) > 95
    halves = [1.96 * (mean * (100 - mean) / 1024) ** 0.5 for n in scratch.SIZES for mean in found[n]]
    assert datasheet_says("1,024 test pictures would add {:.1f} to {:.0f} points either way", min(halves), max(halves))


def test_superseded_results_are_those_named():
    named = {64: "{:.1f}, {:.1f} and {:.1f} % for garden", 1024: "Before, it was {:.1f}, {:.1f} and {:.1f} %"}
    assert all(datasheet_says(words, *means("superseded_from_scratch", n)) for n, words in named.items())


def test_no_target_class_is_in_a_source():
    shown = {name for source in ("guide", "slides") for name in COLLECTIONS[source].class_names}
    assert len(shown) == 64 + 40 and not shown & {name for task in data.TASKS for name in COLLECTIONS[task].class_names}


def test_tables_of_the_datasheet_are_the_recorded_ones():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert text == datasheet.filled(text, datasheet.tables())


def test_parameter_counts_in_the_prose():
    base = course_net.build()
    count = base.count_params()
    assert datasheet_says("CourseNet ({:,} parameters)", count)
    assert "more than 400 times as many" in checks.EXERCISES["00.2"].praise and 400 < count / 1032 < 500
    block3, block4, every = (comparisons.trained_parameters(base, depth, 8) for depth in ("block3", "block4", "none"))
    assert says_02("and yet nearly nine tenths of the parameters are trained") and 0.85 < block3 / every < 0.9
    assert says_02("most parameters sit in the last two") and block4 / every > 0.5


@pytest.mark.parametrize(("source", "wanted"), [("guide", 85), ("slides", 85), ("photos", 30)])
def test_pre_training_reached_its_aim(source, wanted):
    curve = datasheet.read_curve(source)
    assert len(curve) == pretrain.EPOCHS[source] and percent(curve, "val_accuracy")[-1] >= wanted


@pytest.mark.parametrize("source", ["guide", "slides"])
def test_shipped_weights_reach_the_recorded_accuracy(source):
    held_out, _ = data.read_pictures(DATA / "sources" / f"{source}_held_out.zip", 64)
    model = backbones.load_source_model(f"coursenet_{source}")
    inputs = backbones.preprocess(f"coursenet_{source}", held_out.images)
    answers = model.predict(inputs, batch_size=256, verbose=0).argmax(axis=1)
    recorded = float(datasheet.read_curve(source)[-1]["val_accuracy"])
    assert (answers == held_out.labels).mean() == pytest.approx(recorded, abs=0.005)


# Notebook 00, and what 02 says of it


def test_a_pre_trained_base_is_far_better_on_100_garden_pictures():
    from_scratch, pretrained = (scores("first_look", strategy=one.name) for one in first_look.STRATEGIES.values())
    assert len(from_scratch) == len(pretrained) == 5 and min(pretrained) - max(from_scratch) > 20
    assert min(percent(records.read("first_look"), "train_accuracy")) > 90
    ahead, _ = metrics.paired_difference(pretrained, from_scratch)
    words = "after {} epochs on {} pictures, strategy 1 was still some {:.0f} points behind strategy 3"
    assert says_02(words, first_look.EPOCHS, first_look.N_SAMPLES, round(ahead, -1))


# Notebook 01, section 5


@pytest.fixture(scope="module")
def probes():
    """Return the recorded means behind the five blocks: source -> task -> list."""
    found = {}
    for source in ("guide", "slides", "photos", "random"):
        backbone = f"coursenet_{source}" if source != "random" else blocks.BACKBONES[0]
        curves = blocks.curves(records.read("blocks"), backbone, source != "random")
        found[source] = {task: [by_block[f"block{n}"][0] for n in range(1, 6)] for task, by_block in curves.items()}
    return found


def test_early_features_are_general_and_late_ones_specific(probes):
    near, middle, far = (probes["guide"][task] for task in ("garden", "butterflies", "biopsy"))
    assert all(found[0] < found[1] < found[2] for found in (near, middle, far))
    assert near[3] > near[2] + 5 and middle[3] > middle[2] + 1
    assert says_01("to above 90 percent") and min(near[4], middle[4]) > 90
    assert says_01("biopsy falls from {:.0f} to {:.0f} percent", far[2], far[4]) and far[2] > far[3] > far[4]
    assert says_01("Even for flowers it is a little worse than block 4") and near[3] - 3 < near[4] < near[3]


def test_with_the_slides_the_roles_are_swapped(probes):
    slides = probes["slides"]
    assert says_01("tissue is the near task and stays high to the end") and min(slides["biopsy"][2:]) > 85
    for task in ("garden", "butterflies"):
        assert max(slides[task]) == slides[task][2] and slides[task][4] < slides[task][2] - 4
    apart = [probes["guide"]["garden"][n] - slides["garden"][n] for n in (0, 2, 4)]
    assert says_01("behind block 1 they are {:.0f} points apart, behind block 3 {:.0f}, behind block 5 {:.0f}", *apart)
    assert all(found[4] <= max(found[:4]) for source in list(probes)[:3] for found in probes[source].values())


def test_nothing_is_near_to_the_photos_and_random_weights_find_little(probes):
    photos, random = (list(probes[source].values()) for source in ("photos", "random"))
    most = max(max(found) for found in photos)
    assert says_01("no task gets above 78 %, and all of them end lower than they were") and most < 78
    assert all(found[4] < max(found) and max(found) in found[2:4] for found in photos)
    assert says_01("Random weights: at most about 50 percent") and 45 < max(max(found) for found in random) < 50
    assert says_01("Random weights do better than guessing (12.5 %)") and min(min(found) for found in random) > 12.5
    assert abs(probes["random"]["biopsy"][1] - probes["photos"]["biopsy"][1]) < 2  # tissue
    assert says_01("get better with depth, and they do not") and all(max(found[2:]) < found[1] + 5 for found in random)
    assert max(max(found) for found in random) < min(max(found) for found in photos)


# Notebook 02

CASES = [(task, n) for task in ("garden", "biopsy") for n in (256, 4096)]
GARDEN_FEW, GARDEN_MANY, BIOPSY_FEW, BIOPSY_MANY = (("drawn", *case) for case in CASES)


def at(case, part="test"):
    """Return the mean accuracy at every depth."""
    return {depth: found[part][0] for depth, found in comparisons.curves(*case).items()}


def test_near_and_few_all_that_is_pre_trained_is_far_ahead_however_much_is_frozen():
    ahead = [difference(*GARDEN_FEW, depth, "scratch") for depth in DEPTHS[1:]]
    assert says_02("on average more than 25 points ahead") and min(mean for mean, _ in ahead) > 25
    assert min(mean - half for mean, half in ahead) > 15
    found = at(GARDEN_FEW)
    assert max(found[depth] for depth in DEPTHS[1:]) - min(found[depth] for depth in DEPTHS[1:]) < 3.5
    assert says_02("do not tell which of the two is better") and sure(difference(*GARDEN_FEW, "block3", "all")) == 0
    assert max(found, key=found.get) == "block4" and says_02("With 256 pictures of garden block 4 has the highest mean")
    assert says_02("it is not surely better than warm start") and not sure(difference(*GARDEN_FEW, "block4", "none"))
    assert says_02("the validation pictures chose {}", chosen_depth(*GARDEN_FEW).replace("block", "block "))


def test_near_and_many_from_scratch_has_caught_up_with_the_frozen_base_alone():
    behind = difference(*GARDEN_MANY, "all", "scratch")
    assert not sure(behind) and abs(behind[0]) < 1
    for depth in ("none", chosen_depth(*GARDEN_MANY)):
        assert [sure(difference(*GARDEN_MANY, depth, other)) for other in ("scratch", "all")] == [1, 1]


def test_far_and_few_the_frozen_base_is_worse_than_from_scratch_and_the_others_far_better():
    assert sure(difference(*BIOPSY_FEW, "all", "scratch")) == -1 and chosen_depth(*BIOPSY_FEW) == "block2"
    for depth in ("none", "block2"):
        mean, half = difference(*BIOPSY_FEW, depth, "scratch")
        assert mean > 10 and mean > half


def test_far_and_many():
    found = at(BIOPSY_MANY)
    others = [found[depth] for depth in ("scratch", "none", chosen_depth(*BIOPSY_MANY))]
    assert says_02("The other three are close") and found["all"] < min(others) - 15 and max(others) - min(others) < 3


def test_garden_is_flat_to_block_4_and_biopsy_bends_behind_block_2():
    for n in (256, 4096):
        garden, biopsy = (at(("drawn", task, n)) for task in ("garden", "biopsy"))
        assert all(abs(garden[depth] - garden["none"]) < 2 for depth in DEPTHS[2:-1])
        assert all(abs(biopsy[depth] - biopsy["none"]) < 2 for depth in ("block1", "block2"))
        for shallow, deep in pairwise(DEPTHS[3:]):
            assert sure(difference("drawn", "biopsy", n, shallow, deep)) == 1 and biopsy[deep] < biopsy[shallow] - 4


def test_where_freezing_does_harm():
    first = []
    for case in (BIOPSY_FEW, BIOPSY_MANY):
        found = at(case)
        first.append(next(depth for depth in DEPTHS[1:] if found[depth] < found["scratch"]).replace("block", ""))
    assert says_02("from block {} on with 256 pictures, and from block {} on with 4,096", *first)
    costs = [difference(*case, "block4", "all") for case in (GARDEN_FEW, GARDEN_MANY)]
    assert all(sure(cost) == 1 for cost in costs) and len({round(cost) for cost, _ in costs}) == 1
    assert says_02("only the last step, freezing the whole base, costs about {:.0f} points", costs[0][0])


def test_what_trains_a_block_knows_its_training_pictures():
    for name, *case in (GARDEN_FEW, GARDEN_MANY, BIOPSY_FEW, BIOPSY_MANY):
        known, right = at((name, *case), "train"), at((name, *case))
        assert min(known[depth] for depth in DEPTHS[1:-1]) > 95
        gaps = [known[depth] - right[depth] for depth in ("block2", "block3", "block4")]
        assert max(gaps) - min(gaps) < 2 if case[0] == "garden" else gaps[0] + 3 < gaps[1] < gaps[2] - 5
    cases = [
        (name, *case) for name, one in comparisons.COMPARISONS.items() if "scratch" in one.depths for case in one.epochs
    ]
    known = [percent(comparisons.recorded(*case)["scratch"], "train_accuracy") for case in cases]
    assert len(known) == 7 and min(map(min, known)) > 95


def test_what_freezing_saves():
    seconds = {depth: found["seconds"] for depth, found in comparisons.curves(*GARDEN_MANY).items()}
    assert says_02("With 4,096 pictures warm start took {:.0f} seconds", seconds["none"])
    assert says_02("less than a third of that") and max(seconds["block3"], seconds["block4"]) < seconds["none"] / 3
    assert round(seconds["none"] / seconds["all"]) in (16, 17)
    assert says_02("Freezing block 1 alone saved little") and seconds["block1"] > 0.8 * seconds["none"]


def test_a_network_of_half_the_width_is_never_better_and_its_lines_have_the_same_shape():
    ahead = []
    for case in CASES:
        whole = comparisons.recorded("drawn", *case)
        for depth, rows in comparisons.recorded("narrow", *case).items():
            ahead.append(metrics.paired_difference(percent(whole[depth]), percent(rows)))
    assert all(mean > 0 for mean, _ in ahead)
    assert says_02("is higher at all {} points, and at {} of them the interval of", len(ahead), sum(map(sure, ahead)))
    reached = [100 * float(datasheet.read_curve(name)[-1]["val_accuracy"]) for name in ("guide", "guide_0.5")]
    assert says_02("it named {:.1f} % of the guide's held-out pages, the narrow one {:.1f} %", *reached)
    costs = {(name, *case): difference(name, *case, "none", "block4") for name in ("drawn", "narrow") for case in CASES}
    assert max(sure(costs[name, "garden", 256]) for name in ("drawn", "narrow")) < 1
    assert says_02("with 4,096 the narrow network lost {} points by it", costs["narrow", "garden", 4096])
    far = [mean for (_, task, _), (mean, _) in costs.items() if task == "biopsy"]
    assert says_02("the same step cost {:.0f} to {:.0f} points, with few pictures and with many", min(far), max(far))


def test_photographs_repeat_it():
    cats, many, malaria = (("photographs", *case) for case in comparisons.COMPARISONS["photographs"].epochs)
    ahead = [difference(*cats, depth, "scratch") for depth in ("none", "block3", "all")]
    assert says_02("more than 10 points ahead") and min(mean for mean, _ in ahead) > 10 and set(map(sure, ahead)) == {1}
    assert says_02("strategy 3 is behind strategy 1 (by {} points)", difference(*malaria, "scratch", "all"))
    assert min(difference(*malaria, depth, "scratch")[0] for depth in ("none", "block3")) > 0
    assert says_02("since here strategy 1 does well with few pictures") and at(malaria)["scratch"] > 85
    left = difference(*many, "all", "scratch")
    assert not sure(left) and left[0] < 5
    for depth in ("none", "block3"):
        assert says_02("strategy 2 are about {:.0f} points ahead of strategy 1", difference(*many, depth, "scratch")[0])


# Notebook 03


ahead = fine_tuning.difference


def test_head_first_and_rates_per_depth_help_near_and_harm_far():
    gentle, plain = ("head first", "rates per depth"), "all at once"
    near = [ahead("garden", way, plain, "test") for way in gentle]
    assert says_03("head first by {} points, rates per depth by {}. - *Garden, under", *near)
    assert says_03("the head alone is {} points behind all at once", ahead("biopsy", plain, "head only", "test"))
    far = [ahead("biopsy", plain, way, "test") for way in gentle]
    assert says_03("head first by {} points, rates per depth by {}. The task is far", *far)
    assert {sure(one) for one in near + far} == {1}
    names = (fine_tuning.WAYS[way][0].name for way in ("head first", plain))
    rows = [fine_tuning.recorded("head_first", task="garden", strategy=name)[0] for name in names]
    first, at_once = (float(row["learning_rate"]) for row in rows)
    assert says_03("head first had a quarter of the rate of all at once, {} against {}", first, at_once)
    assert first == at_once / 4
    tries = [row for row in records.read("head_first_rates") if row["strategy"].startswith("head first")]
    right = [
        sum(round(64 * float(row["accuracy"])) for row in records.select(tries, task="garden", learning_rate=rate))
        for rate in (first, at_once)
    ]
    assert says_03("preferred this rate by only two answers of 128") and right[0] - right[1] == 2


def test_under_shifts_head_first_is_not_better_here():
    behind = [ahead("garden", "all at once", "head first", place) for place in ("shifted", "dusk", "blur", "noise")]
    assert says_03("by {} points: at dusk by {}, out of focus by {}", *behind[:3])
    assert list(map(sure, behind)) == [1, 1, 1, 0]
    for way in fine_tuning.WAYS:
        as_they_are, shifted = (sum(fine_tuning.scores("garden", way, place)) for place in ("test", "shifted"))
        assert shifted < as_they_are / 2, way
    cases = [("garden", "head only"), ("biopsy", "head first"), ("biopsy", "rates per depth")]
    assert not any(sure(ahead(task, way, "all at once", "shifted")) for task, way in cases)


def test_what_is_left_of_the_guide_after_each_way():
    left = {}
    for task in fine_tuning.TASKS:
        left[task] = [metrics.mean_interval(fine_tuning.scores(task, way, "source"))[0] for way in fine_tuning.WAYS]
    untouched, at_once, first, per_depth = left["garden"]
    assert list(fine_tuning.WAYS) == ["head only", "all at once", "head first", "rates per depth"]
    assert says_03("kept {:.0f} %, the other two that train the base {:.0f} and {:.0f}", first, at_once, per_depth)
    assert says_03("After biopsy all three have kept 2 %") and [round(one) for one in left["biopsy"][1:]] == [2, 2, 2]
    assert says_03("*Strategy 3.* The lines of the guide are flat") and left["biopsy"][0] == untouched > 97


def forgotten(task, depth, part="own statistics"):
    """Return the recorded means at every rate, in percent."""
    return {rate: found[part][0] for rate, found in fine_tuning.forgetting(task, depth).items()}


def test_between_two_rates_the_weights_forget_nearly_all():
    left = [forgotten(task, depth) for task in fine_tuning.TASKS for depth in ("none", "block3")]
    assert says_03("at least 94 % of the pages") and 94 < min(min(found[0.00002], found[0.0002]) for found in left) < 95
    assert says_03("less than a quarter") and max(max(found[0.002], found[0.02], found[0.2]) for found in left) < 25
    after = [forgotten(task, "none")[0.002] for task in fine_tuning.TASKS]
    assert says_03("At 0.002 it is {:.0f} % after garden and {:.0f} % after biopsy (warm start)", *after)
    lowest = [forgotten(task, "none", "source")[0.00002] for task in fine_tuning.TASKS]
    assert says_03("At the lowest rate {:.0f} % are left after garden, and {:.0f} % after biopsy", *lowest)
    assert all(len(set(forgotten(task, "all", "source").values())) == 1 for task in fine_tuning.TASKS)


def test_what_the_rates_do_to_the_new_task():
    gains = {}
    for task in fine_tuning.TASKS:
        wanted = {"task": task, "freeze_depth": "none"}
        rows = [fine_tuning.recorded("forgetting", **wanted, learning_rate=rate) for rate in (0.002, 0.0002)]
        gains[task] = metrics.paired_difference(*map(percent, rows))
        for depth in ("none", "block3"):
            new = forgotten(task, depth, "target")
            assert max(new, key=new.get) in (0.0002, 0.002)
    assert says_03("both rates do about as well") and not sure(gains["garden"]) and abs(gains["garden"][0]) < 1
    assert says_03("there 0.002 is ahead by {} points", gains["biopsy"])
    high = [forgotten("garden", depth, "target")[0.02] for depth in ("block3", "none")]
    assert says_03("At 0.02 strategy 2 has {:.0f} % of the garden right, warm start {:.0f} %", *high)


# The README


def test_tables_of_speed_and_views_are_those_recorded():
    assert all(table in readme_says.source for table in (speeds.table(), speeds.floor_table(), views.table()))


def test_strategy_3_is_many_times_faster_than_the_recipe():
    name, settings = "MobileNetV2 0.35", speeds.SETTINGS.items()
    eight, thirty_nine = (speeds.ratio(name, "all", speeds.RECIPE_FILES, way) for way in (speeds.COURSE, speeds.AGAIN))
    assert readme_says("strategy 3 takes an eighth of the time of the recipe") and round(eight) == 8
    assert readme_says("and each further head a thirty-ninth") and round(thirty_nine) == 39
    assert readme_says("It is {:.1f} times the floor", speeds.ratio(name, "all", speeds.COURSE, speeds.FLOOR))
    assert speeds.ratio(name, "all", speeds.PLAIN_FLOOR, speeds.FLOOR) > 1.5
    assert readme_says("saves what the arithmetic allows, within a fifth, but for CourseNet behind block 4")
    reached = {
        (name, depth): speeds.ratio(name, depth, speeds.RECIPE_CACHED, speeds.COURSE) / speeds.ceiling(name, depth)
        for name, setting in settings
        for depth in setting.depths[1:]
    }
    assert len(reached) == 6 and [case for case, share in reached.items() if share < 0.8] == [("CourseNet", "block4")]
    for (name, setting), n_test in zip(settings, (1024, 2000), strict=True):
        for depth in setting.depths:
            ways = [speeds.accuracies(name, depth, way) for way in (speeds.RECIPE_CACHED, speeds.COURSE)]
            plain, ours = (sum(found) / len(found) for found in ways)
            assert abs(plain - ours) <= (plain * (100 - plain) / n_test) ** 0.5, (name, depth)


def test_what_kept_views_are_worth():
    rows = {(frozen, way): views.recorded(frozen, way) for frozen in FROZEN for way in WAYS}
    assert all([int(row["seed"]) for row in recorded] == list(views.SEEDS) for recorded in rows.values())
    found = {case: metrics.mean_interval(percent(recorded))[0] for case, recorded in rows.items()}
    none, one, five, _, new = (found["block2", way] for way in WAYS)
    assert five - none > 2 and new - five < 1
    assert readme_says("A single changed view is no better than the pictures as they are") and one < none
    assert all(found["all", way] < found["all", "no augmentation"] for way in list(WAYS)[1:])
