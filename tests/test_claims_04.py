"""Behind every number in the prose of notebook 04 that was recorded or published: the assertion that fails with it."""

import pytest

from course_utils import ROOT, metrics, outlines, preprocessing, published, sources, zoo

TEXT = " ".join((ROOT / "notebooks/src/04_choosing_a_model.py").read_text(encoding="utf-8").replace("\n#", " ").split())


@pytest.fixture(scope="module")
def by_name():
    return {network.name: network for network in zoo.recorded()}


def says(words):
    """Tell whether the notebook says so: then what follows in the test must be true."""
    return words in TEXT


def test_parameters_are_a_poor_guide_to_time(by_name):
    vgg, resnet, efficient = (by_name[name] for name in ("VGG16", "ResNet50", "EfficientNetB4"))
    assert says("15 against 24 million, and takes three times as long")
    assert (round(vgg.millions), round(resnet.millions)) == (15, 24)
    assert vgg.milliseconds / resnet.milliseconds == pytest.approx(3, abs=0.5)
    assert says("has 18 million, and takes more than twice the time of ResNet50") and round(efficient.millions) == 18
    assert efficient.milliseconds > 2 * resnet.milliseconds
    assert efficient.image_size == 380 and pytest.approx(2.9, abs=0.1) == (380 / 224) ** 2
    assert says("MobileNetV2 2 million, EfficientNetB4 18, VGG16 15, ResNet50 24, DenseNet121 7")
    assert [round(by_name[name].millions) for name in ("MobileNetV2", "DenseNet121")] == [2, 7]
    assert says("does more than 700")
    assert by_name["ConvNeXtXLarge"].milliseconds > 700 * by_name["MobileNetV3Small"].milliseconds
    assert (224 / 7) ** 2 == 1024  # "a thousand times as often"


def test_depths_named(by_name):
    assert (by_name["VGG16"].depth, by_name["ResNet50"].depth) == (16, 50)


def test_the_front(by_name):
    found = list(by_name.values())
    front = zoo.front(found, "milliseconds")
    families = [network.family for network in front]
    assert says(
        "14 of the forty are on the line: 12 are MobileNetV3s, EfficientNets and EfficientNetV2s, and 2 ConvNeXts"
    )
    assert len(front) == 14 and families.count("ConvNeXt") == 2
    assert all(one.family.startswith("EfficientNet") or "MobileNetV3" in one.name for one in front[:-2])
    for cost in zoo.COSTS.values():
        assert not {"VGG16", "InceptionV3", "ResNet50"} & {network.name for network in zoo.front(found, cost)}
    small, middle, last = by_name["MobileNetV3Small"], by_name["EfficientNetV2B3"], front[-1]
    assert says("13.9 points of accuracy cost eleven times the time; from there to the end of the line 4.7 points cost")
    assert f"{middle.top_1 - small.top_1:.1f} {last.top_1 - middle.top_1:.1f}" == "13.9 4.7"
    assert round(middle.milliseconds / small.milliseconds) == 11 and middle in front
    assert last.milliseconds / middle.milliseconds == pytest.approx(70, abs=5)


def test_the_classifier_of_vgg():
    whole, base = (outlines.outline("VGG16", include_top=top).count_params() for top in (True, False))
    assert 0.88 < 1 - base / whole < 0.9 and round(4 * whole / 1e6) == 553
    shares = {"InceptionV3": (0.08, 0.09), "ResNet50": (0.079, 0.09), "MobileNetV2": (1 / 3, 0.4)}  # a twelfth is 0.083
    for name, (low, high) in shares.items():
        whole, base = (outlines.outline(name, include_top=top).count_params() for top in (True, False))
        assert low < 1 - base / whole < high
    for name in ("VGG16", "InceptionV3", "ResNet50", "MobileNetV2"):
        base = outlines.outline(name)
        sizes = list(outlines.block_parameters(base).values())
        assert sum(sizes[len(sizes) // 2 :]) > 0.6 * sum(sizes)  # the late blocks hold most
        assert base.output.shape[1] in (7, 8)


def test_what_each_step_of_the_guide_costs(by_name):
    rows = [line.split(" | ")[1] for line in zoo.guide(list(by_name.values())).splitlines()[2:]]
    small, middle, last = (by_name[name] for name in ("MobileNetV3Large", "EfficientNetV2B3", "ConvNeXtXLarge"))
    assert rows == ["EfficientNetB0", small.name, middle.name, "EfficientNetV2M", last.name]
    assert says("EfficientNetV2B3 is 6.4 points more accurate and takes seven times the time")
    assert f"{middle.top_1 - small.top_1:.1f}" == "6.4" and round(middle.milliseconds / small.milliseconds) == 7
    assert says("ConvNeXtXLarge is 11.1 points more accurate, takes 480 times the time")
    assert f"{last.top_1 - small.top_1:.1f}" == "11.1" and last.milliseconds / small.milliseconds == pytest.approx(
        480, abs=5
    )


def test_published_values_in_the_text():
    assert says("49.8 % top-1") and says("(60.3 %)")
    assert published.NARROW_TOP_1 == {"MobileNet 0.25": 49.8, "MobileNetV2 0.35": 60.3}
    assert says("three of the ConvNeXts had seen the 14 million pictures") and len(published.SAW_MORE) == 3


def shown(found):
    return "{:.1f} ± {:.1f}".format(*found)


@pytest.mark.parametrize(
    ("words", "task", "trained", "judged", "cost"),
    [
        ("*0 to 1 in both* costs 3.1 ± 1.0 points", "cats_vs_dogs", "0 to 1", None, "3.1 ± 1.0"),
        ("*0 to 1 only in use* costs 5.9 ± 3.8 points", "cats_vs_dogs", "-1 to 1", "0 to 1", "5.9 ± 3.8"),
        ("0 to 1 in both 3.8 ± 1.3 points", "aerial", "0 to 1", None, "3.8 ± 1.3"),
        ("only in use 16.9 ± 4.2", "aerial", "-1 to 1", "0 to 1", "16.9 ± 4.2"),
        ("even *better* than the right rule, by 2.7 ± 1.6 points", "malaria_cells", "0 to 1", None, "-2.7 ± 1.6"),
        ("as they are costs 4.4 ± 1.9 points", "malaria_cells", "as they are", None, "4.4 ± 1.9"),
        ("as they are costs 25.9 ± 9.4 points", "malaria_cells", "-1 to 1", "as they are", "25.9 ± 9.4"),
        ("BGR 18.1 ± 15.8", "malaria_cells", "-1 to 1", "BGR minus mean", "18.1 ± 15.8"),
        ("the repeats do not tell: 0.7 ± 5.7", "malaria_cells", "-1 to 1", "0 to 1", "0.7 ± 5.7"),
    ],
)
def test_what_the_wrong_preprocessing_costs(words, task, trained, judged, cost):
    assert says(words) and shown(preprocessing.cost(task, trained, judged)) == cost


def test_what_is_left_with_the_wrong_preprocessing():
    means = {rule: metrics.mean_interval(preprocessing.scores("cats_vs_dogs", rule))[0] for rule in preprocessing.WAYS}
    assert says("Nobody would suspect a mistake behind 90 %") and round(means["0 to 1"]) == 90
    assert says("cost more than 20 points in both")
    assert all(preprocessing.cost("cats_vs_dogs", rule)[0] > 20 for rule in ("as they are", "BGR minus mean"))
    left = [
        metrics.mean_interval(preprocessing.scores("cats_vs_dogs", "-1 to 1", rule))
        for rule in ("as they are", "BGR minus mean")
    ]
    assert says("51.5 and 52.5 %") and [f"{mean:.1f}" for mean, _ in left] == ["51.5", "52.5"]
    mean, half = preprocessing.cost("malaria_cells", "BGR minus mean")
    assert says("BGR costs nothing that we could measure") and abs(mean) < half


def test_training_and_use_should_agree():
    for task in preprocessing.TASKS:
        for rule in preprocessing.WAYS[1:]:
            both, in_use = preprocessing.scores(task, rule), preprocessing.scores(task, "-1 to 1", rule)
            assert sum(in_use) < sum(both)
    assert says("Here every wrong rule costs") and says("What holds on all three tasks")
    for rule in preprocessing.WAYS[1:]:
        mean, half = preprocessing.cost("aerial", rule)
        assert mean > half


def test_every_preprocessing_was_measured():
    for task in preprocessing.TASKS:
        for rule in preprocessing.WAYS:
            assert len(preprocessing.scores(task, rule)) == len(preprocessing.scores(task, "-1 to 1", rule)) == 5


def mean(values):
    return f"{sum(values) / len(values):.1f}"


def test_what_the_source_is_worth():
    found = {
        task: {source: mean(sources.by_source(task, "strategy 3", source)) for source in sources.SOURCES}
        for task in sources.TASKS
    }
    assert says("With the guide 88.6 % of the garden is right, with photos 54.3 %, with slides 42.1 %")
    assert says("slides 83.5 %, guide 58.2 %") and says("no better than those of drawn flowers: 57.9 and 58.2 %")
    assert list(found["garden"].values())[:3] == ["88.6", "54.3", "42.1"]
    assert list(found["biopsy"].values())[:3] == ["58.2", "57.9", "83.5"]
    for by_source in found.values():
        assert min(by_source, key=lambda source: float(by_source[source])) == "random"
        assert float(by_source["random"]) > 12.5
    assert all(len(sources.by_source(task, "strategy 3", one)) == 5 for task in found for one in sources.SOURCES)


def test_whether_better_networks_transfer_better_on_photographs():
    words = {}
    for task in sources.PHOTOGRAPHS:
        first, second = (sources.on_photographs(task, network) for network in sources.IMAGENET)
        assert len(first) == len(second) == 5
        words[task] = sources.verdict(second, first)
    assert says("On cats and dogs and on malaria cells the claim holds, by the rule; on aerial scenes it stays open")
    assert [word.split(":")[0] for word in words.values()] == ["holds", "holds", "open"]
    assert says("became less than 2 points on each task") and says("10.5 points of top-1")
    assert all(0 < float(word.split()[1]) < 2 for word in words.values())
    first, second = published.NARROW_TOP_1.values()
    assert f"{second - first:.1f}" == "10.5"


def test_whether_a_longer_pre_training_transfers_better():
    garden, biopsy = (sources.by_budget(task) for task in sources.TASKS)
    assert list(garden) == [0, 1, 2, 5, 20] and all(len(values) == 5 for values in [*garden.values(), *biopsy.values()])
    means = [sum(values) for values in garden.values()]
    assert means == sorted(means) and says("at every step the mean rises")
    assert says("20 epochs are 14.9 ± 1.7 points ahead of one") and says("it stays *open*: 1.6 ± 3.2 points")
    assert sources.verdict(garden[20], garden[1]) == "holds: +14.9 ± 1.7 points"
    assert sources.verdict(biopsy[20], biopsy[1]) == "open: +1.6 ± 3.2 points"
    assert says("nearly 40 points over random weights")
    assert 39 < metrics.paired_difference(biopsy[1], biopsy[0])[0] < 40
    assert says("is even 4.4 ± 1.6 points *ahead* of that of 20") and says("which names 86 % of the pages")
    assert shown(metrics.paired_difference(biopsy[2], biopsy[20])) == "4.4 ± 1.6"
    assert [round(sources.source_accuracy(epochs)) for epochs in biopsy] == [2, 72, 86, 95, 98]


def test_the_summary():
    guide, slides = (sources.by_source("garden", "strategy 3", source) for source in ("guide", "slides"))
    assert says("from 42 to 89 % for the same network on the same task")
    assert (round(sum(slides) / 5), round(sum(guide) / 5)) == (42, 89)
