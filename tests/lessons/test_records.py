"""Every study is whole: each run is there once, at the rate that its tries chose, in whatever order its rows lie."""

from functools import cache, partial

import pytest

from course_utils import augmentation_gain, comparisons, data, fine_tuning, head_comparison, measuring, records, sources
from course_utils.cards import Task
from course_utils.commands import augmentation_gain as augmenting
from course_utils.commands import blocks, depths, first_look, heads, scratch
from course_utils.commands import fine_tuning as tuning
from course_utils.commands import sources as pre_training
from course_utils.head_kinds import HEADS
from course_utils.kept_views import accuracies
from course_utils.preprocessing import scores
from course_utils.rates import COSTS


def task(name):
    """Return a task of which only the name is needed, since nothing is trained."""
    return Task(name, (), None, None)


def by_tries(file, case, seeds, how=measuring.choose_rate, **options):
    """Return what chooses the rate of a case."""
    return partial(how, file, [case], seeds, **options)


# Each yields what is recorded of one case, the seeds that it should have, and what chooses its rate.


def of_from_scratch():
    for n_samples in scratch.SIZES:
        for name in data.TASKS:
            rows = records.select(records.read("from_scratch"), task=name, n_samples=n_samples)
            yield rows, scratch.seeds(n_samples), partial(scratch.choose_rate, n_samples)


def of_first_look():
    for name, strategy in first_look.STRATEGIES.items():
        rows = records.select(records.read("first_look"), strategy=strategy.name, epochs=first_look.EPOCHS)
        yield rows, first_look.SEEDS, partial(first_look.best_rate, name)
        yield rows, first_look.SEEDS, lambda name=name: first_look.RATES[name]


def of_blocks():
    bases = [(backbone, blocks.LEARNED) for backbone in blocks.BACKBONES] + [(blocks.BACKBONES[0], blocks.RANDOM)]
    for name in data.TASKS:
        for backbone, strategy in bases:
            for block in (f"block{number}" for number in range(1, 6)):
                rows = records.select(records.read("blocks"), task=name, backbone=backbone, freeze_depth=block)
                rows = [row for row in rows if (row["source"] != "none") == strategy.pretrained]
                case = measuring.Case(strategy, task(name), blocks.N_SAMPLES, blocks.EPOCHS, backbone, block)
                yield rows, blocks.SEEDS, by_tries("blocks_rates", case, [0], of_equals="smallest")


def of_depths():
    for name, comparison in comparisons.COMPARISONS.items():
        for about, n_samples in comparison.epochs:
            for depth, rows in comparisons.recorded(name, about, n_samples).items():
                file, seeds = depths.tries(name, n_samples, depth)
                case = depths.case(name, task(about), n_samples, depth)
                yield rows, scratch.seeds(n_samples), by_tries(file, case, seeds)


def of_head_first():
    for name in fine_tuning.TASKS:
        for strategy, options in fine_tuning.WAYS.values():
            rows = fine_tuning.recorded("head_first", task=name, strategy=strategy.name)
            file = "head_first_rates" if options else "depths_rates"
            case = tuning.case(strategy, task(name), options=options)
            yield rows, fine_tuning.SEEDS, by_tries(file, case, range(2))


def of_forgetting():
    for name in fine_tuning.TASKS:
        for depth, strategy in fine_tuning.FROZEN.items():
            for rate in fine_tuning.RATES:
                wanted = {"task": name, "strategy": strategy.name, "freeze_depth": depth, "learning_rate": rate}
                rows = fine_tuning.recorded("forgetting", **wanted)
                yield rows, fine_tuning.FORGETTING_SEEDS, partial(float, rate)


def of_heads():
    for about in head_comparison.TASKS:
        for n_samples, epochs in head_comparison.EPOCHS.items():
            for name, head in HEADS.items():
                strategy = head_comparison.strategy(name)
                case = measuring.Case(strategy, task(about), n_samples, epochs, head_comparison.BACKBONE)
                how = {"how": measuring.choose_among, "among": COSTS} if head.solver else {"of_equals": "smallest"}
                rows = head_comparison.recorded(name, about, n_samples)
                yield rows, head_comparison.SEEDS, by_tries("heads_rates", case, range(heads.TRIES[n_samples]), **how)


def of_augmentation():
    for name, n_samples, key in augmentation_gain.SHOWN_CASES:
        pair = augmentation_gain.PAIRS[name]
        for augmented in (False, True):
            rows = augmentation_gain.recorded(name, n_samples, key, augmented)
            file = augmentation_gain.files(pair, key, n_samples, augmented)[1]
            case = augmenting.case(pair, key, n_samples, augmented, task(pair.task))
            yield rows, augmentation_gain.SEEDS[n_samples], by_tries(file, case, range(augmenting.TRIES[n_samples]))


def of_sources():
    for way, strategy in sources.WAYS.items():
        cases = [(strategy, "coursenet_slides"), (strategy, "coursenet_photos")]
        cases += [(sources.short(strategy, epochs), "coursenet_guide") for epochs in sources.BUDGETS]
        cases += [(sources.FROZEN_RANDOM, "coursenet_guide")] if way == "strategy 3" else []
        for wanted, backbone in cases:
            for name in sources.TASKS:
                rows = sources.rows("sources", task=name, strategy=wanted.name, backbone=backbone)
                case = measuring.Case(wanted, task(name), sources.N, sources.EPOCHS, backbone)
                chosen = by_tries("sources_rates", case, pre_training.TRIES[way])
                # There two rates were equal until their accuracies were rounded for the record.
                equal = (name, wanted.name) == ("biopsy", sources.short(sources.WAYS["strategy 3"], 1).name)
                yield rows, range(sources.SEEDS[way]), partial(float, 2.048) if equal else chosen


# Each is named after its file.
STUDIES = (of_from_scratch, of_first_look, of_blocks, of_depths, of_head_first, of_forgetting, of_heads, of_sources)


@pytest.mark.parametrize("study", [*STUDIES, of_augmentation])
def test_every_run_is_recorded_once_at_the_rate_that_its_tries_chose(study, monkeypatch):
    monkeypatch.setattr(measuring, "try_once", lambda *_: pytest.fail("a try is not recorded"))
    monkeypatch.setattr(data, "task", task)
    seen = set()
    for rows, seeds, chosen in study():
        assert [int(row["seed"]) for row in rows] == list(seeds), rows[:1]
        assert {float(row["learning_rate"]) for row in rows} == {chosen()}, rows[0]
        seen |= {tuple(row.items()) for row in rows}
    if study is not of_augmentation:  # of whose rows some were measured by other commands
        file = study.__name__.removeprefix("of_")
        assert len(seen) == len(records.read(file))  # nothing else is there, and nothing twice


READERS = {
    "depths": lambda: comparisons.recorded("drawn", "biopsy", 256),
    "fine_tuning": lambda: fine_tuning.scores("biopsy", "head first", "shifted"),
    "heads": lambda: head_comparison.recorded("average pooling", "biopsy", 256),
    "earlier": lambda: head_comparison.earlier("photographs", "aerial", 256),
    "augmentation": lambda: augmentation_gain.recorded("far", 64, 2, True),
    "views": lambda: accuracies("block2", "5 kept views"),
    "sources": lambda: sources.by_source("garden", "strategy 3", "slides"),
    "photographs": lambda: sources.on_photographs("aerial", "MobileNet 0.25"),
    "preprocessing": lambda: scores("aerial", "0 to 1"),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_paired_has_the_order_of_the_seeds_in_whatever_order_rows_lie(name, monkeypatch):
    found, as_they_lie = READERS[name](), cache(records.read)
    monkeypatch.setattr(records, "read", lambda file: as_they_lie(file)[::-1])
    assert READERS[name]() == found
