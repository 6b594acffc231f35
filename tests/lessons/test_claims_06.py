"""Notebook 06: behind every recorded number in its prose, the assertion that fails when it stops being true."""

import ast
import itertools
import re

import pytest

from course_utils import augmentation_gain, comparisons, course_net, head_comparison, metrics, records
from course_utils.commands import heads as command
from course_utils.head_comparison import EARLIER, EPOCHS, SIZES, TASKS, curves, difference, overconfidence, percent
from course_utils.head_kinds import HEADS
from tests.lessons.prose import Text, less, sure

FULL, DROPPED, POOLED, SOLVED, KERAS = HEADS
SOFTMAX = (FULL, DROPPED, POOLED)
says = Text("06_classifier_heads")


def svms(task, n_samples, name="drawn"):
    """Return the mean accuracy, with half of its interval, of SVMs behind every block."""
    return {block: metrics.mean_interval(v) for block, v in head_comparison.earlier(name, task, n_samples).items()}


def rate(head, task, n_samples):
    """Return the learning rate that was chosen for a head."""
    return float(head_comparison.recorded(head, task, n_samples)[0]["learning_rate"])


def test_what_was_trained_is_as_told():
    assert says("Heads in Keras were trained for {}, {} and {} epochs", *EPOCHS.values()) and SIZES == (64, 256, 4096)
    base = course_net.build().count_params()
    assert says("The base has {:,} parameters", base)
    full, *pooled = (head_comparison.parameters(head) for head in (FULL, POOLED, SOLVED, KERAS))
    assert says("On CourseNet it is {:,} parameters against {:,}", full, pooled[0]) and len(set(pooled)) == 1
    assert says("The fully-connected head has more parameters than the base") and full > base
    assert says("It has {:.0f} times as many parameters", full / pooled[0])


def test_rates_of_section_3_are_large_beside_those_that_were_chosen():
    written = ast.literal_eval(re.search(r"^rates = (\{.*\})$", says.source, re.MULTILINE)[1])
    times = [one / rate(head, "biopsy", 64) for head, one in zip(SOFTMAX, written.values(), strict=True)]
    assert says("{:.0f} to {:.0f} times those that validation pictures choose in section 6", min(times), max(times))
    assert f"trained(average_pooling, {rate(POOLED, 'biopsy', 64)})" in says.source
    assert says("Here is average pooling with {}, the learning rate of section 6", rate(POOLED, "biopsy", 64))


# Section 6


def test_few_pictures_tell_few_heads_apart():
    found = {}
    for task in TASKS:
        for first, second in itertools.combinations(HEADS, 2):
            ahead = difference(task, 64, first, second)
            if sure(ahead):
                found[(task, first, second) if sure(ahead) == 1 else (task, second, first)] = abs(ahead[0]), ahead[1]
    named = [("garden", FULL, POOLED), *(("biopsy", head, DROPPED) for head in (FULL, SOLVED, KERAS))]
    garden, *biopsy = (found.pop(case) for case in named)
    assert says("Few differences are sure") and not found
    assert says("On garden the fully-connected head is ahead of average pooling, by {} points", garden)
    assert says("{} points behind the same head without, {} and {} behind the two SVMs", *biopsy)
    assert says("the head knew {:.0f} % of its training pictures", curves("biopsy", "train_accuracy")[POOLED][64][0])


def test_two_rates_of_average_pooling_were_equally_good():
    for task in TASKS:
        rows = records.select(records.read("heads_rates"), task=task, n_samples=64, strategy=f"head: {POOLED}")
        tried = [row for row in rows if int(row["seed"]) < command.TRIES[64]]
        small, large = (percent(records.select(tried, learning_rate=one)) for one in (0.002, 0.008))
        assert len(small) == len(large) == 5 and sum(small) == pytest.approx(sum(large))
        assert rate(POOLED, task, 64) == 0.002


def test_all_heads_overfit_64_pictures_also_with_dropout():
    for task in TASKS:
        known, right = curves(task, "train_accuracy"), curves(task)
        gaps = {head: known[head][64][0] - right[head][64][0] for head in HEADS}
        assert min(gaps.values()) > 10 and gaps[DROPPED] > 15 and right[DROPPED][64][0] < right[FULL][64][0]


def test_with_256_pictures_they_are_close():
    means = [found[256][0] for found in curves("garden").values()]
    assert says("On garden all heads reach {:.0f} or {:.0f} %", min(means), max(means))
    behind = [difference("biopsy", 256, POOLED, head) for head in (SOLVED, KERAS)]
    assert says("both SVMs are behind average pooling, by {} and {} points", *behind) and set(map(sure, behind)) == {1}
    known = [curves("biopsy", "train_accuracy")[head][256][0] for head in (SOLVED, KERAS)]
    assert says("the SVMs know {:.0f} % of their training pictures", known[0]) and round(known[1]) == round(known[0])
    assert says("and another C: it reaches {} %", svms("biopsy", 256)["block5"])


def test_squared_hinge_in_keras_was_never_surely_better_than_cross_entropy():
    ahead = {(task, n): sure(difference(task, n, KERAS, POOLED)) for task in TASKS for n in SIZES}
    assert max(ahead.values()) == 0 and ahead["biopsy", 256] == -1


def test_with_many_pictures_the_large_head_is_ahead_and_dropout_does_harm():
    for task in TASKS:
        assert max(curves(task), key=lambda head, task=task: curves(task)[head][4096][0]) == FULL
    ahead = [difference(task, 4096, FULL, POOLED) for task in TASKS]
    assert says("ahead of average pooling: by {} points on garden and by {} on biopsy", *ahead)
    assert says("is ahead of that by {}, too", difference("garden", 4096, SOLVED, POOLED))
    harm = [difference(task, 4096, FULL, DROPPED) for task in TASKS]
    assert says("Dropout does harm: {} and {} points against the same head without", *harm)
    assert {sure(one) for one in ahead + harm} == {1}
    assert says("with 4,096 pictures the solver is ahead by {} points", difference("garden", 4096, SOLVED, KERAS))
    assert max(abs(difference(task, n, SOLVED, KERAS)[0]) for task in TASKS for n in SIZES) < 2


# Section 7


def test_heads_are_too_sure_with_few_pictures():
    fewest, few, many = ([overconfidence(head, "biopsy", n) for head in SOFTMAX] for n in SIZES)
    assert says("the fully-connected head by {} points, with dropout by {}, average pooling by {}", *few)
    assert says("With 4,096 it is {}, {} (too modest) and {}", *many)
    assert says("for which smaller learning rates were chosen, it is {}, {} and {}", *fewest)
    assert all(rate(head, "biopsy", 64) < rate(head, "biopsy", 256) for head in SOFTMAX)
    assert says("softmax were surer than they were right") and {sure(one) for one in fewest + few} == {1}
    assert says("On garden with 64, average pooling is too modest, by {}", less(overconfidence(POOLED, "garden", 64)))
    itself = overconfidence(FULL, "garden", 256)
    assert says("with 256 the large head is right about itself, {}", itself) and sure(itself) == 0
    assert says("fewer than 60 % of the answers") and max(curves("biopsy")[head][256][0] for head in SOFTMAX) < 60


# Section 9


gain = head_comparison.gain_of_earlier


def test_the_advice_on_earlier_blocks_holds_for_the_far_drawn_task_alone():
    found = {(task, n): gain(name, task, n) for name in EARLIER for task in EARLIER[name].tasks for n in (64, 256)}
    chosen = [f"block {found['biopsy', n][0].removeprefix('block')}" for n in (64, 256)]
    words = "with 64 pictures and with 256: {} is chosen and beats the last block by {} points, {} by {}"
    assert says(words, chosen[0], found["biopsy", 64][1], chosen[1], found["biopsy", 256][1])
    assert found["garden", 64][0] == "block5" and says("*Garden, near.* The last block is chosen with 64 pictures")
    block, unsure = found["garden", 256]
    words = "With 256 it is block {}, and no difference to the last one can be told: {} points"
    assert says(words, block.removeprefix("block"), unsure) and not sure(unsure)
    assert says("near to ImageNet, the last layer") and {found["cats_vs_dogs", n][0] for n in (64, 256)} == {"out_relu"}
    open_ones = [found["aerial", 64][1], found["malaria_cells", 256][1]]
    behind = [found["malaria_cells", 64][1], found["aerial", 256][1]]
    assert says("In two no difference can be told, {} and {} points", *open_ones) and not any(map(sure, open_ones))
    assert says("by {} (malaria cells, 64 pictures) and {}", *map(less, behind)) and set(map(sure, behind)) == {-1}
    assert says("the advice holds in none of four cases") and {sure(found["biopsy", n][1]) for n in (64, 256)} == {1}


def test_validation_pictures_misled_on_the_aerial_scenes():
    wanted = {"task": "aerial", "n_samples": 256, "freeze_depth": gain("photographs", "aerial", 256)[0]}
    (cost,) = {row["learning_rate"] for row in records.select(records.read("heads_earlier"), **wanted)}
    tries = percent(records.select(records.read("heads_earlier_rates"), **wanted, learning_rate=cost))
    tested, _ = svms("aerial", 256, "photographs")["block_6"]
    assert says("they say {:.0f} % behind block 6, the test pictures {:.0f} %", sum(tries) / len(tries), tested)
    assert says("They are few: 16 of 64, in two samples") and command.EARLIER_TRIES[64] == 2


def test_where_the_lines_of_the_earlier_blocks_are_highest():
    for n in (64, 256):
        for name, task in (("drawn", "garden"), ("photographs", "cats_vs_dogs")):
            means = [mean for mean, _ in svms(task, n, name).values()]
            assert max(means[:-2]) < min(means[-2:])
        biopsy = svms("biopsy", n)
        assert max(biopsy, key=biopsy.get) == "block3"
        for task in ("aerial", "malaria_cells"):
            means = [mean for mean, _ in svms(task, n, "photographs").values()]
            assert says("it changes by less than 8") and max(means[1:]) - min(means[1:]) < 8


def test_what_strategy_2_reaches_instead():
    assert says("On the biopsy with 64 pictures the SVM reaches {} %", svms("biopsy", 64)["block4"])
    plain, augmented = (augmentation_gain.mean("far", 64, 2, way) for way in (False, True))
    assert says("with blocks 1 and 2 frozen, reaches {}, and with augmentation {}", plain, augmented)
    more = metrics.mean_interval(percent(comparisons.recorded("drawn", "biopsy", 256)["block2"]))
    assert says("With 256 pictures it is {} against {}", svms("biopsy", 256)["block3"], more)
    for n, (mean, _) in ((64, plain), (256, more)):
        assert mean > max(mean for mean, _ in svms("biopsy", n).values()) + 5


def test_the_number_of_pictures_decides_more_than_the_head():
    assert says("The number of pictures, and the task, decide far more than the head")
    for task in TASKS:
        by_size = {n: [found[n][0] for found in curves(task).values()] for n in SIZES}
        assert max(max(means) - min(means) for means in by_size.values()) < min(by_size[4096]) - max(by_size[64])
