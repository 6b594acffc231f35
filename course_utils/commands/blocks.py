"""Measure what each block of CourseNet knows: a linear probe behind every block, for near and far tasks.

    python -m course_utils.commands.blocks            # goes on where it was stopped
    python -m course_utils.commands.blocks --table    # print the recorded table

CourseNet pre-trained on each of the three sources, and with random weights; the three target tasks; 1,024 pictures;
five seeds. The learning rate is chosen for every probe, on a quarter of the pictures, set aside. Every seed has random
weights of its own; for them the rate is chosen with the first.
"""

import argparse
from dataclasses import replace

from course_utils import backbones, data, measuring, metrics, probes, records
from course_utils.cards import Pictures, Strategy
from course_utils.quiet import keras

N_SAMPLES = 1024
EPOCHS = 30
SEEDS = range(5)
BACKBONES = ("coursenet_guide", "coursenet_slides", "coursenet_photos")
LEARNED = Strategy("linear probe", pretrained=True, freeze="part")
RANDOM = Strategy("linear probe", pretrained=False, freeze="part")


def featured(task, backbone, strategy, seed):
    """Return the task with features in place of pictures, once for every block: a dict of block to Task."""
    keras.utils.set_random_seed(seed)
    base = backbones.load(backbone, "pretrained" if strategy.pretrained else None)
    train, test = (probes.block_features(backbone, base, part.images) for part in (task.train, task.test))
    return {
        block: replace(
            task, train=Pictures(train[block], task.train.labels), test=Pictures(test[block], task.test.labels)
        )
        for block in train
    }


def measure(task, backbone, strategy):
    """Choose the rates and record the runs of one base on one task that are not yet recorded."""
    by_seed = [SEEDS] if strategy.pretrained else [[seed] for seed in SEEDS]
    for seeds in by_seed:
        for block, features in featured(task, backbone, strategy, seeds[0]).items():
            case = measuring.Case(strategy, features, N_SAMPLES, EPOCHS, backbone, block)
            rate = measuring.choose_rate("blocks_rates", [case], [SEEDS[0]], probes.run_once, of_equals="smallest")
            measuring.measure("blocks", case, rate, seeds, probes.run_once)


def curves(rows, backbone, pretrained=True):
    """Return the recorded accuracy behind each block, in percent.

    Parameters
    ----------
    rows : list of dict
        Of `data/results/blocks.csv`.
    backbone : str
    pretrained : bool

    Returns
    -------
    dict of str to dict of str to (float, float)
        Task -> block -> mean over the seeds, and half the width of its 95 % interval.
    """
    found = {name: {} for name in data.TASKS}
    chosen = [row for row in records.select(rows, backbone=backbone) if (row["source"] != "none") == pretrained]
    for row in chosen:
        found[row["task"]].setdefault(row["freeze_depth"], []).append(100 * float(row["accuracy"]))
    return {
        task: {block: metrics.mean_interval(scores) for block, scores in blocks.items()}
        for task, blocks in found.items()
    }


def table(rows):
    """Return the recorded accuracies as a table in Markdown."""
    lines = ["| base | task | " + " | ".join(f"block {n}" for n in range(1, 6)) + " |", "| --- " * 7 + "|"]
    for backbone, pretrained in [*((name, True) for name in BACKBONES), (BACKBONES[0], False)]:
        for task, blocks in curves(rows, backbone, pretrained).items():
            cells = [f"{mean:.1f} ± {half:.1f}" for _, (mean, half) in sorted(blocks.items())]
            lines.append(f"| {backbone if pretrained else 'random weights'} | {task} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    if not parser.parse_args().table:
        for name in data.TASKS:
            task = data.task(name)
            for backbone in BACKBONES:
                measure(task, backbone, LEARNED)
            measure(task, BACKBONES[0], RANDOM)
    print(table(records.read("blocks")))


if __name__ == "__main__":
    main()
