"""Behind every number in the prose of notebook 04 that was recorded or published: the assertion that fails with it."""

import re

import numpy as np
import pytest

from course_utils import backbones, metrics, networks, outlines, preprocessing, published, records, sources, zoo
from course_utils.checks import check, choosing_a_model
from course_utils.cutting import blocks
from course_utils.diagrams import blocks as diagrams_of_blocks
from course_utils.quiet import keras
from course_utils.weights_files import model_folders, offline_file
from tests.lessons.prose import NUMBERS, Text, less, sure

says = Text("04_choosing_a_model")


@pytest.fixture(scope="module")
def by_name():
    return {network.name: network for network in zoo.recorded()}


def times(slow, fast):
    """Return how many times as long one network takes as another."""
    return slow.milliseconds / fast.milliseconds


def about(wanted):
    """Return a range within which a ratio of the recorded times may be called so: "twice" may be 2.3."""
    return pytest.approx(wanted, rel=0.15)


# Sections 1 and 2


def test_parameters_are_a_poor_guide_to_time(by_name):
    vgg, resnet, efficient = (by_name[name] for name in ("VGG16", "ResNet50", "EfficientNetB4"))
    assert says("{:.0f} against {:.0f} million, and", vgg.millions, resnet.millions) and times(vgg, resnet) == about(3)
    assert says("EfficientNetB4 has {:.0f} million, and takes about twice the time of ResNet50", efficient.millions)
    assert times(efficient, resnet) == about(2)
    side = efficient.image_size
    assert says("{} x {} pixels, nearly three times as many", side, side) and (side / 224) ** 2 == about(2.9)
    assert says("several hundred") and 300 < times(by_name["ConvNeXtXLarge"], by_name["MobileNetV3Small"]) < 1500
    assert says("a thousand times as often as one in a late layer with 7 x 7") and (224 / 7) ** 2 == 1024
    assert says("VGG16 has {} and ResNet50 has {}, as their names say", vgg.depth, resnet.depth)


def test_what_was_to_be_predicted_of_five_networks(by_name):
    five = [by_name[name] for name in ("MobileNetV2", "EfficientNetB4", "VGG16", "ResNet50", "DenseNet121")]
    assert says(", ".join(f"{one.name} {one.millions:.0f}" for one in five))
    mobile, efficient, vgg, *_ = five
    assert all(times(one, mobile) > 2 for one in five[1:]) and max(five, key=lambda one: one.top_1) == efficient
    assert len({one.top_1 for one in five} - {vgg.top_1}) == 3  # only the two below are equal
    assert [one for one in by_name.values() if one in five][-2:] == [efficient, vgg] and times(vgg, efficient) < 2
    assert says("{} %, and VGG16 takes about {:.0f} times", vgg.top_1, times(vgg, mobile)) and vgg.top_1 == mobile.top_1


def test_how_exactly_times_and_memory_can_be_read():
    measured = [row for row in records.read("models") if not row["error"]]
    rounds = {}
    for row in measured:
        rounds.setdefault(row["network"], []).append(float(row["milliseconds"]))
    assert len(rounds) == 40 and says("each network was measured in {} rounds", NUMBERS[zoo.ROUNDS])
    assert min(map(len, rounds.values())) >= zoo.ROUNDS
    assert says("up to a factor of two") and 1.5 < max(max(found) / min(found) for found in rounds.values()) < 2.5
    (alone,) = {f"{float(row['memory_before']) / 1024:.1f}" for row in measured}
    assert says("the {} GiB that TensorFlow takes alone", alone)


def test_the_front(by_name):
    found = list(by_name.values())
    front = zoo.front(found, "milliseconds")
    assert says("about a third of the forty") and len(front) / len(found) == pytest.approx(1 / 3, abs=0.07)
    assert says("at its costly end two ConvNeXts") and [one.family for one in front[-2:]] == ["ConvNeXt"] * 2
    families = {"MobileNetV3" if "MobileNetV3" in one.name else one.family for one in front[:-2]}
    assert families == {"MobileNetV3", "EfficientNet", "EfficientNetV2"}
    small, middle, last = by_name["MobileNetV3Small"], by_name["EfficientNetV2B3"], front[-1]
    words = "From MobileNetV3Small to EfficientNetV2B3 {:.1f} points of accuracy cost about {:.0f} times the time"
    assert says(words, middle.top_1 - small.top_1, times(middle, small)) and middle in front
    assert says("of the line {:.1f} points cost about {:.0f} times as", last.top_1 - middle.top_1, times(last, middle))


def test_many_networks_are_beaten(by_name):
    found = list(by_name.values())
    assert all(len(zoo.front(found, cost)) < len(found) / 2 for cost in zoo.COSTS.values())
    touching, above = by_name["ConvNeXtBase"], by_name["EfficientNetV2M"]
    assert says("all the same: EfficientNetV2M is as accurate, {} %", above.top_1) and touching.top_1 == above.top_1
    for cost in ("milliseconds", "megabytes"):  # the two panels
        front = zoo.front(found, cost)
        assert above in front and touching not in front and getattr(above, cost) < getattr(touching, cost)
        assert getattr(front[front.index(above) + 1], cost) > getattr(touching, cost)  # so the line passes through it
    newer = by_name["EfficientNetV2B0"]
    for famous in (by_name[name] for name in ("VGG16", "InceptionV3", "ResNet50")):
        assert newer.top_1 > famous.top_1
        for cost in zoo.COSTS.values():
            assert getattr(newer, cost) < getattr(famous, cost) and famous not in zoo.front(found, cost)


def test_published_values_in_the_text():
    assert says("photographs of {:,} classes", published.CLASSES)
    assert outlines.outline("ResNet50", include_top=True).output.shape[-1] == published.CLASSES
    photographs = published.TRAINING_PHOTOGRAPHS / 1e6
    assert says("learned from {:.2f} million of them. Of {:,} others", photographs, published.VALIDATION_PHOTOGRAPHS)
    assert says("which saw {:.2f} million large photographs", photographs)
    assert says("{} % top-1", published.NARROW_TOP_1["MobileNet 0.25"])
    assert says("({} %)", published.NARROW_TOP_1["MobileNetV2 0.35"])
    assert says("{} of the ConvNeXts had seen the 14 million pictures", NUMBERS[len(published.SAW_MORE)])


def test_what_each_step_of_the_guide_costs(by_name):
    rows = [line.split(" | ")[1] for line in zoo.guide(list(by_name.values())).splitlines()[2:]]
    small, middle, last = (by_name[name] for name in ("MobileNetV3Large", "EfficientNetV2B3", "ConvNeXtXLarge"))
    assert rows == ["EfficientNetB0", small.name, middle.name, "EfficientNetV2M", last.name]
    for one, words, ratio in ((middle, "seven times", 7), (last, "250 times", 250)):
        assert says("{} is {:.1f} points more accurate", one.name, one.top_1 - small.top_1)
        assert says(f"takes about {words} the time") and times(one, small) == about(ratio)


# Section 3


def test_the_figure_of_blocks_uses_words_of_the_prose():
    named = [ax.get_title().split(": ")[1] for ax in diagrams_of_blocks()]
    assert "inverted residual" in named and all(words in says.line.lower() for words in named)


def test_the_classifier_and_the_ends_of_four_networks(by_name):
    shares, layers = {}, []
    for name in ("VGG16", "InceptionV3", "ResNet50", "MobileNetV2"):
        whole, base = (outlines.outline(name, include_top=top) for top in (True, False))
        shares[name] = 1 - base.count_params() / whole.count_params()
        layers.append(by_name[name].depth - outlines.depth(base))
        sizes = list(outlines.block_parameters(base).values())
        assert sum(sizes[len(sizes) // 2 :]) > 0.6 * sum(sizes) and base.output.shape[1] in (7, 8)
        if name == "VGG16":
            assert says("VGG16 with its classifier would take {:.0f} MB", 4 * whole.count_params() / 1e6)
    assert says("VGG16 has nearly nine tenths of its parameters in the classifier") and 0.88 < shares["VGG16"] < 0.9
    assert says("a twelfth of InceptionV3") and all(0.079 < shares[name] < 0.09 for name in ("InceptionV3", "ResNet50"))
    assert says("For the small MobileNetV2 even that is more than a third") and 1 / 3 < shares["MobileNetV2"] < 0.4
    assert says("gone: three in VGG16, one in each of the others") and layers == [3, 1, 1, 1]
    assert blocks(outlines.outline("InceptionV3")) == [f"mixed{number}" for number in range(11)]


def test_what_the_exercise_on_flowers_asks_for(by_name):
    kept = zoo.within(list(by_name.values()), **choosing_a_model.FLOWERS)
    beaten = [one for one in kept if zoo.beaten_by(list(by_name.values()), one)]
    assert beaten
    for one in beaten:
        answer = {"name": one.name, "preprocessing": preprocessing.convention(one.name), "last layer": "?"}
        assert f"beats {one.name}" in check("04.5", answer).message


# Section 4


def test_the_network_that_names_a_photograph():
    megabytes = 4 * keras.applications.MobileNet(alpha=0.25, weights=None).count_params() / 1e6
    assert says("{:.0f} MB; it names about half", megabytes) and published.NARROW_TOP_1["MobileNet 0.25"] == about(50)


def test_the_narrow_networks():
    found = [backbones.load(name, None, sources.SIDE, alpha=alpha) for name, alpha in sources.IMAGENET.values()]
    mobile, second = (base.output.shape[-1] for base in found)
    assert says("MobileNetV2 gives {:,} features for each place, MobileNet {}", second, mobile)
    assert says("our photographs have {} x {}", sources.SIDE, preprocessing.OPTIONS["image_size"])


def test_the_rules_of_the_notebook_are_those_of_the_package():
    names = {"np": np}
    exec(re.search(r"^mean, spread = .*?^}$", says.source, re.M | re.S).group(), names)
    assert list(names["rules"]) == list(preprocessing.CONVENTIONS)
    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3)).astype(np.float32)
    for name, rule in names["rules"].items():
        np.testing.assert_array_equal(rule(pixels), preprocessing.CONVENTIONS[name](pixels))
    assert says("Its weights want {}", preprocessing.convention("DenseNet121"))


def test_a_file_that_was_brought_by_hand_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder, home, *_ = model_folders()
    assert folder == tmp_path / "models" and home.match("*/.keras/models")
    folder.mkdir()
    for name, width in (("MobileNet", "1_0"), ("MobileNetV2", "1.0"), ("VGG16", "")):
        file = folder / networks.find(name).weights_file.format(alpha=width).replace("*", "224")
        file.touch()
        assert offline_file(name) == file


def test_what_the_wrong_preprocessing_costs():
    cost = preprocessing.cost
    assert says("*0 to 1* in both costs {} points", cost("cats_vs_dogs", "0 to 1"))
    assert says("*better* than the right rule, by {} points", less(cost("malaria_cells", "0 to 1")))
    kept, _ = metrics.mean_interval(preprocessing.scores("cats_vs_dogs", "0 to 1"))
    assert says("nobody suspects a mistake behind {:.0f} %", kept)
    left, half = metrics.mean_interval(preprocessing.scores("cats_vs_dogs", "-1 to 1", "as they are"))
    assert says("*As they are* only in use leaves a guess, {:.1f} %", left) and left - half < 50
    for rule in preprocessing.WAYS[1:]:
        assert sure(cost("aerial", rule)) == sure(cost("aerial", "-1 to 1", rule)) == 1


def test_a_wrong_rule_costs_more_only_in_use_than_in_both():
    clear = {}
    for task in preprocessing.TASKS:
        for rule in preprocessing.WAYS[1:]:
            both, in_use = preprocessing.scores(task, rule), preprocessing.scores(task, "-1 to 1", rule)
            assert len(both) == len(in_use) == 5
            ahead = metrics.paired_difference(both, in_use)
            assert ahead[0] > 0
            clear.setdefault(rule, []).append(sure(ahead))
    assert clear == {"as they are": [1, 1, 1], "BGR minus mean": [1, 1, 1], "0 to 1": [0, 0, 1]}


def test_the_figure_of_costs_shows_what_its_alternative_text_says():
    both, in_use = preprocessing.costs().values()
    assert says("In both, all lose less") and list(both) == list(in_use) and len(both) == 9
    assert all(both[row][0] < in_use[row][0] for row in both)
    lost = [mean for row, (mean, _) in in_use.items() if not row.endswith("0 to 1")]
    assert says("lose {:.0f} to {:.0f} points", min(lost), max(lost))
    assert says("{:.0f} points on aerial scenes", in_use["aerial scenes: 0 to 1"][0])
    assert max(in_use[f"{task}: 0 to 1"][0] for task in ("cats and dogs", "malaria cells")) < 6  # "little"


# Sections 5 to 7


def mean(task, way, source):
    """Return the mean accuracy of CourseNet from one source."""
    return float(np.mean(sources.by_source(task, way, source)))


def word(first, second):
    """Return the verdict on two networks, in one word."""
    return sources.verdict(first, second).split(":")[0]


def test_what_the_source_is_worth():
    found = {(task, source): mean(task, "strategy 3", source) for task in sources.TASKS for source in sources.SOURCES}
    guide, photos, slides = (found["garden", source] for source in ("guide", "photos", "slides"))
    assert says("{:.1f} % of the garden is right, with photos {:.1f} %, with slides {:.1f} %", guide, photos, slides)
    assert says("from {:.0f} to {:.0f} % for the same architecture on the same task", slides, guide)
    guide, photos, slides = (found["biopsy", source] for source in ("guide", "photos", "slides"))
    assert says("slides {:.1f} %, guide {:.1f} %", slides, guide)
    assert says("no better than those of drawn flowers: {:.1f} and {:.1f} %", photos, guide)
    assert says("With a frozen base, any pre-training was better than none") and says("last on both tasks")
    for task in sources.TASKS:
        assert found[task, "random"] > 12.5 and len(sources.by_source(task, "strategy 3", "random")) == 5
        for source in ("guide", "photos", "slides"):
            assert word(*(sources.by_source(task, "strategy 3", one) for one in (source, "random"))) == "holds"


def test_the_pre_trainings_did_not_come_equally_far():
    told = []
    for source in ("photos", "guide"):
        reached = 100 * float(records.read(f"pretrain_{source}")[-1]["val_accuracy"])
        told += [reached, networks.find(f"coursenet_{source}").source_classes]
    assert says("the photo network names {:.0f} % of {} classes, the guide network {:.0f} % of {}", *told)


def test_a_near_source_was_worth_more_than_a_longer_pre_training():
    leads = []
    for way in sources.WAYS:
        for task, near in (("biopsy", "slides"), ("garden", "guide")):
            means = {one: mean(task, way, one) for one in sources.SOURCES}
            leads.append(means.pop(near) - max(means.values()))
    assert says("{:.0f} and {:.0f} points ahead of the next one with a frozen base, and {:.0f} and {:.0f}", *leads)
    budgets = [sources.by_budget(task, way) for task in sources.TASKS for way in sources.WAYS]
    most = max(metrics.paired_difference(found[20], found[1])[0] for found in budgets)
    assert says("Twenty times the epochs of pre-training brought at most {:.0f} (section 6)", most)


def test_in_how_many_comparisons_the_better_network_was_the_better_start():
    by_case = {(task, way): sources.by_budget(task, way) for task in sources.TASKS for way in sources.WAYS}
    drawn = {case: word(found[20], found[1]) for case, found in by_case.items()}
    assert [case for case, found in drawn.items() if found != "holds"] == [("biopsy", "strategy 3")]
    photographs = {}
    for task in sources.PHOTOGRAPHS:
        first, second = (sources.on_photographs(task, network) for network in sources.IMAGENET)
        assert len(first) == len(second) == 5 and 0 < metrics.paired_difference(second, first)[0] < 2
        photographs[task] = word(second, first)
    assert photographs == {"cats_vs_dogs": "holds", "malaria_cells": "holds", "aerial": "open"}
    first, second = published.NARROW_TOP_1.values()
    assert says("became less than 2 points on each task") and says("{:.1f} points of top-1", second - first)
    every = [*drawn.values(), *photographs.values()]
    counts = [NUMBERS[number] for number in (every.count("holds"), len(every), every.count("open"))]
    assert says("the better start in {} of our {} comparisons, and in {} we could not tell", *counts)


def test_whether_a_longer_pre_training_transfers_better():
    garden, biopsy = (sources.by_budget(task) for task in sources.TASKS)
    assert list(garden) == [0, 1, 2, 5, 20] and all(len(values) == 5 for values in [*garden.values(), *biopsy.values()])
    means = [np.mean(values) for values in garden.values()]
    assert means == sorted(means) and says("at every step the mean rises")
    assert says("garden rises at every step, {:.0f} to {:.0f} percent", means[0], means[-1])
    assert says("20 epochs are {} points ahead of one", metrics.paired_difference(garden[20], garden[1]))
    unsure = metrics.paired_difference(biopsy[20], biopsy[1])
    assert says("it stays *{}*: {} points", word(biopsy[20], biopsy[1]), unsure) and not sure(unsure)
    assert says("nearly 40 points over random weights") and 39 < metrics.paired_difference(biopsy[1], biopsy[0])[0] < 40
    assert says("is even {} points *ahead* of that of 20", metrics.paired_difference(biopsy[2], biopsy[20]))
    assert says("which names {:.0f} % of the pages", sources.source_accuracy(2))


def test_with_warm_start_the_wrong_source_costs_less():
    for task, near in {"garden": "guide", "biopsy": "slides"}.items():
        for way in sources.WAYS:
            assert max(sources.SOURCES, key=lambda one, case=(task, way): mean(*case, one)) == near

    def behind(way):
        return [mean("biopsy", way, "slides") - mean("biopsy", way, source) for source in ("guide", "photos")]

    assert says("guide and photos are only {:.1f} and {:.1f} points behind slides", *behind("warm start"))
    assert min(behind("strategy 3")) > 3 * max(behind("warm start"))
    both = [metrics.mean_interval(sources.by_source("garden", "warm start", one)) for one in ("slides", "random")]
    assert says("{} against {} %", *both) and both[0][0] - both[1][0] < both[0][1]
    repeats = [len(sources.by_source("garden", "warm start", one)) for one in ("slides", "photos", "guide", "random")]
    assert repeats == [3, 3, 5, 5] and says("Section 5 had five for the guide and for random")


def test_with_warm_start_better_networks_transfer_better():
    found = {task: sources.by_budget(task, "warm start") for task in sources.TASKS}
    ahead = [metrics.paired_difference(budgets[20], budgets[1]) for budgets in found.values()]
    assert says("{} points in the garden, {} on the biopsy", *ahead) and set(map(sure, ahead)) == {1}
    garden, biopsy = ([np.mean(values) for values in found[task].values()] for task in sources.TASKS)
    ends = garden[0], garden[-1], biopsy[0], biopsy[-1]
    assert says("Warm start: garden rises from {:.0f} to {:.0f}, biopsy from {:.0f} to {:.0f}", *ends)
    assert garden == sorted(garden)
    assert {len(values) for budgets in found.values() for values in budgets.values()} == {3}
    five = [mean("garden", "warm start", one) for one in ("guide", "random")]
    assert says("in the garden {:.1f} and {:.1f} %, here {:.1f} and {:.1f} %", *five, garden[-1], garden[0])
