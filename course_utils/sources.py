"""What pre-training is worth, by its source, its length and its network: what is compared, and what was recorded.

What counts was written down before any result was seen. "Better networks transfer better" (Kornblith et al. 2019) holds
on a task and for a way of training, if the network with the higher source accuracy is ahead of the other, and the 95 %
interval of the paired difference does not contain 0. For pre-trainings of different length, the shipped one is compared
with the shortest; besides, it is said whether the mean rises at every step between.
"""

from dataclasses import replace

from course_utils import comparisons, metrics, records, strategies
from course_utils.cards import Strategy

TASKS = ("garden", "biopsy")
N, EPOCHS = 256, 25
SOURCES = ("guide", "photos", "slides", "random")
WAYS = {"strategy 3": strategies.find(3), "warm start": strategies.find("warm start")}
FROZEN_RANDOM = Strategy("frozen random weights", pretrained=False, freeze="all")
# Epochs of pre-training on the guide that are measured, besides the shipped 20.
BUDGETS = (1, 2, 5)
# Warm start takes ten times as long, so it is measured with three seeds.
SEEDS = {"strategy 3": 5, "warm start": 3}
SHIPPED = 20

PHOTOGRAPHS = ("cats_vs_dogs", "malaria_cells", "aerial")
SIDE = 160
IMAGENET = {"MobileNet 0.25": ("MobileNet", 0.25), "MobileNetV2 0.35": ("MobileNetV2", 0.35)}


def short(strategy, epochs):
    """Return a strategy under a name that says how long the network was pre-trained: it tells the runs apart."""
    return replace(strategy, name=f"{strategy.name}; pre-trained for {epochs} epochs")


def rows(file, **wanted):
    """Return recorded rows of one kind, in the order of their seeds."""
    return sorted(records.select(records.read(file), **wanted), key=lambda row: int(row["seed"]))


def by_source(task, way, source):
    """Return the recorded accuracies of CourseNet from one source, one a seed, in percent.

    Parameters
    ----------
    task : str
    way : {"strategy 3", "warm start"}
    source : {"guide", "slides", "photos", "random"}
        From random numbers, warm start is strategy 1; strategy 3 means that they stay as they are.

    Returns
    -------
    list of float
    """
    if source == "random" and way == "strategy 3":
        return comparisons.percent(rows("sources", task=task, strategy=FROZEN_RANDOM.name))
    if source in ("guide", "random"):
        depth = "scratch" if source == "random" else {"strategy 3": "all", "warm start": "none"}[way]
        return comparisons.percent(comparisons.recorded("drawn", task, N)[depth])
    backbone = f"coursenet_{source}"
    return comparisons.percent(rows("sources", task=task, strategy=WAYS[way].name, backbone=backbone))


def rate(task, source):
    """Return the learning rate that was chosen for strategy 3."""
    if source == "guide":
        return float(comparisons.recorded("drawn", task, N)["all"][0]["learning_rate"])
    strategy, backbone = (FROZEN_RANDOM, "guide") if source == "random" else (WAYS["strategy 3"], source)
    wanted = {"task": task, "strategy": strategy.name, "backbone": f"coursenet_{backbone}"}
    return float(rows("sources", **wanted)[0]["learning_rate"])


def by_budget(task, way="strategy 3"):
    """Return the recorded accuracies after pre-trainings of different length on the guide.

    Parameters
    ----------
    task : str
    way : {"strategy 3", "warm start"}

    Returns
    -------
    dict of int to list of float
        Epochs, 0 for random weights -> accuracies, one a seed, in percent.
    """
    found = {0: by_source(task, way, "random")}
    for epochs in BUDGETS:
        found[epochs] = comparisons.percent(rows("sources", task=task, strategy=short(WAYS[way], epochs).name))
    found[SHIPPED] = by_source(task, way, "guide")
    return {epochs: values[: SEEDS[way]] for epochs, values in found.items()}


def source_accuracy(epochs):
    """Return how many of the guide's held-out pages a network names after a pre-training, in percent; 0 is by guessing.

    Parameters
    ----------
    epochs : int
        0, one of `BUDGETS`, or `SHIPPED`.
    """
    if epochs == 0:
        return 100 / 64
    name = "pretrain_guide" if epochs == SHIPPED else f"pretrain_guide_{epochs}_epochs"
    return 100 * float(records.read(name)[-1]["val_accuracy"])


def on_photographs(task, network):
    """Return the recorded accuracies of an ImageNet network on photographs, one a seed, in percent."""
    backbone, alpha = IMAGENET[network]
    return comparisons.percent(rows("sources_photographs", task=task, backbone=f"{backbone} alpha={alpha}"))


def verdict(better, worse):
    """Say, by the rule settled before, whether the better source network transfers better.

    Parameters
    ----------
    better, worse : list of float
        Accuracies of the network with the higher source accuracy, and of the other, by seed.

    Returns
    -------
    str
        Begins with "holds", "open" or "fails".
    """
    mean, half = metrics.paired_difference(better, worse)
    word = "open" if abs(mean) <= half else "holds" if mean > 0 else "fails"
    return f"{word}: {mean:+.1f} ± {half:.1f} points"


def sources_table():
    """Return accuracies by source in Markdown: mean and 95 % interval over seeds."""
    lines = ["| task | training | " + " | ".join(SOURCES) + " |", "| --- " * (2 + len(SOURCES)) + "|"]
    for task in TASKS:
        for way in WAYS:
            cells = [_cell(by_source(task, way, source)) for source in SOURCES]
            lines.append(f"| {task} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def budgets_table():
    """Return accuracies by length of the pre-training in Markdown."""
    budgets = (0, *BUDGETS, SHIPPED)
    lines = [f"| epochs of pre-training | {' | '.join(map(str, budgets))} | better networks transfer better |"]
    lines += ["| --- " * (2 + len(budgets)) + "|"]
    lines.append(f"| pages of the guide (%) | {' | '.join(f'{source_accuracy(n):.1f}' for n in budgets)} | |")
    for task in TASKS:
        for way in WAYS:
            found = by_budget(task, way)
            cells = [_cell(found[n]) for n in budgets]
            lines.append(f"| {task}, {way} (%) | {' | '.join(cells)} | {verdict(found[SHIPPED], found[1])} |")
    return "\n".join(lines)


def photographs_table():
    """Return accuracies of two ImageNet networks on photographs in Markdown."""
    lines = [f"| task | {' | '.join(IMAGENET)} | better networks transfer better |", "| --- " * 4 + "|"]
    for task in PHOTOGRAPHS:
        first, second = (on_photographs(task, network) for network in IMAGENET)
        lines.append(f"| {task} | {_cell(first)} | {_cell(second)} | {verdict(second, first)} |")
    return "\n".join(lines)


def _cell(values):
    """Return a mean and its interval as text."""
    return "{:.1f} ± {:.1f}".format(*metrics.mean_interval(values))
