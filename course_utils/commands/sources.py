"""Measure what pre-training is worth: on which source, for how long, and in how good a network.

    python -m course_utils.commands.sources                  # drawn pictures; goes on where it was stopped
    python -m course_utils.commands.sources --way "warm start" --task biopsy   # only this: terminals share the work
    python -m course_utils.commands.sources photographs --pictures FOLDER   # two ImageNet networks, three tasks
    python -m course_utils.commands.sources --table          # only print the recorded tables

Weights of short pre-trainings are made by `commands.pretrain guide --epochs N`; ImageNet weights must be on this
machine. Everything has the same pictures and epochs; the learning rate is chosen for every case on a quarter of the
pictures, set aside. What is compared is in `course_utils.sources`; what `commands.depths` recorded is not repeated.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from course_utils import backbones, batch_norm, data, measuring, sources, variants
from course_utils.commands import preprocessing
from course_utils.quiet import keras

TRIES = {"strategy 3": range(2), "warm start": range(1)}  # seeds on which a rate is chosen


def measure(file, case, way="strategy 3", base=None):
    """Choose the rate of a case and record its runs that are not yet recorded.

    If a base is given, it is frozen: it is run once over all pictures, and only heads are trained.
    """
    run, seeds = None, range(sources.SEEDS[way])
    if base is not None:
        case, run = replace(case, task=preprocessing.featured(case.task, base, "-1 to 1")), preprocessing.run_once
    rate = measuring.choose_rate(f"{file}_rates", [case], TRIES[way], run)
    measuring.measure(file, case, rate, seeds, run)


def measure_warm(task):
    """Measure CourseNet from slides and photos, and after shorter pre-trainings on the guide, everything trained."""
    strategy = sources.WAYS["warm start"]
    cases = [(strategy, f"coursenet_{source}", {}) for source in ("slides", "photos")]
    for epochs in sources.BUDGETS:
        weights = variants.short_weights("guide", epochs)
        cases.append((sources.short(strategy, epochs), "coursenet_guide", {"weights": weights}))
    for wanted, backbone, options in cases:
        keras.backend.clear_session()
        case = measuring.Case(wanted, task, sources.N, sources.EPOCHS, backbone, options=options)
        measure("sources", case, "warm start")


def random_base(task):
    """Return a CourseNet with random weights, and BatchNorm statistics that fit the pictures.

    Without these its features would be so small that no learning rate of the grid suits them.
    """
    keras.utils.set_random_seed(0)  # the same for every seed of the head
    base = backbones.load("coursenet_guide", weights=None)
    seen = data.sample(task.train, sources.N, seed=0)
    batch_norm.settle(base, backbones.preprocess("coursenet_guide", seen.images))
    return base


def measure_frozen(task):
    """Measure frozen bases: from other sources, with random weights, and after shorter pre-trainings on the guide."""
    strategy = sources.WAYS["strategy 3"]
    cases = [(strategy, f"coursenet_{source}", "pretrained") for source in ("slides", "photos")]
    cases += [(sources.FROZEN_RANDOM, "coursenet_guide", None)]
    for epochs in sources.BUDGETS:
        cases.append((sources.short(strategy, epochs), "coursenet_guide", variants.short_weights("guide", epochs)))
    for wanted, backbone, weights in cases:
        keras.backend.clear_session()
        base = backbones.load(backbone, weights) if weights else random_base(task)
        measure("sources", measuring.Case(wanted, task, sources.N, sources.EPOCHS, backbone), base=base)


def measure_photographs(folder):
    """Measure two ImageNet networks, frozen, on photographs."""
    for name in sources.PHOTOGRAPHS:
        task = data.folder_task(folder / name, sources.SIDE, per_class=500)
        for backbone, alpha in sources.IMAGENET.values():
            options = {"image_size": sources.SIDE, "alpha": alpha}
            case = measuring.Case(
                sources.WAYS["strategy 3"], task, sources.N, sources.EPOCHS, backbone, options=options
            )
            measure("sources_photographs", case)


def main():
    """Measure what is missing, the quick runs first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="drawn", choices=("drawn", "photographs"))
    parser.add_argument("--way", choices=sources.WAYS, help="only this way of training")
    parser.add_argument("--task", choices=sources.TASKS, help="only this task")
    parser.add_argument("--pictures", type=Path, help="folder with the photographs")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if arguments.what == "photographs" and not (arguments.pictures or arguments.table):
        parser.error(f"expected --pictures FOLDER, received none: say where {', '.join(sources.PHOTOGRAPHS)} are")
    if arguments.table:
        print(sources.sources_table(), sources.budgets_table(), sources.photographs_table(), sep="\n\n")
    elif arguments.what == "photographs":
        measure_photographs(arguments.pictures)
    else:
        for way, function in {"strategy 3": measure_frozen, "warm start": measure_warm}.items():
            for name in sources.TASKS:
                if arguments.way in (None, way) and arguments.task in (None, name):
                    function(data.task(name))


if __name__ == "__main__":
    main()
