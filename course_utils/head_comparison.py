"""The comparisons of notebook 06: which heads, on what, and what was recorded (see `commands.heads`)."""

from dataclasses import dataclass

from course_utils import metrics, records
from course_utils.cards import CourseError, Strategy
from course_utils.head_kinds import HEADS

BACKBONE = "coursenet_guide"
TASKS = ("garden", "biopsy")
EPOCHS = {64: 50, 256: 25, 4096: 5}
SIZES = tuple(EPOCHS)
SEEDS = range(5)


@dataclass(frozen=True)
class Earlier:
    """Linear SVMs behind earlier and later blocks.

    Attributes
    ----------
    label : str
        Of the backbone, as recorded.
    tasks : tuple of str
        The one nearest to what the backbone was trained on first.
    blocks : tuple of str
        Blocks or layers, from input to output; the last one ends the base.
    sizes : tuple of int
        Numbers of training pictures.
    """

    label: str
    tasks: tuple[str, ...]
    blocks: tuple[str, ...]
    sizes: tuple[int, ...] = (64, 256)


# CS231n's notes advise an SVM on an earlier layer where pictures are few and far from the source task. Settled before
# any result was seen: the advice holds for a task and size if the block that validation pictures choose is not the last
# one, and beats the last one by a paired difference whose 95 % interval lies above zero.
EARLIER = {
    "drawn": Earlier(BACKBONE, ("garden", "biopsy"), ("block1", "block2", "block3", "block4", "block5")),
    "photographs": Earlier(
        "MobileNetV2 alpha=0.35",
        ("cats_vs_dogs", "aerial", "malaria_cells"),
        ("block_1", "block_3", "block_6", "block_10", "block_13", "block_16", "out_relu"),
    ),
}


def strategy(head):
    """Return strategy 3 under the name of a head: it tells the runs of each apart in the records."""
    return Strategy(f"head: {head}", pretrained=True, freeze="all")


def recorded(head, task, n_samples):
    """Return the recorded rows of a head, in the order of their seeds."""
    wanted = {"strategy": strategy(head).name, "task": task, "n_samples": n_samples}
    return _found("heads", **wanted)


def percent(rows, column="accuracy"):
    """Return a column of accuracies in percent."""
    return [100 * float(row[column]) for row in rows]


def curves(task, column="accuracy"):
    """Return the recorded accuracies of every head: a dict of head to dict of size to mean and half its interval."""
    return {head: {n: metrics.mean_interval(percent(recorded(head, task, n), column)) for n in SIZES} for head in HEADS}


def difference(task, n_samples, first, second):
    """Return by how many points one head beats another: mean and half the width of the 95 % interval, paired."""
    rows = [percent(recorded(head, task, n_samples)) for head in (first, second)]
    return metrics.paired_difference(*rows)


def overconfidence(head, task, n_samples):
    """Return by how many points the mean confidence is above the accuracy: mean and half its interval."""
    rows = recorded(head, task, n_samples)
    return metrics.paired_difference(percent(rows, "confidence"), percent(rows))


def parameters(head):
    """Return how many parameters a head has on CourseNet with eight classes."""
    return int(recorded(head, TASKS[0], SIZES[0])[0]["parameters"])


def table():
    """Return the recorded accuracies as a table in Markdown: mean and 95 % interval over seeds."""
    lines = [
        f"| task | head | parameters | {' | '.join(f'{n:,} pictures' for n in SIZES)} |",
        "| --- " * (3 + len(SIZES)) + "|",
    ]
    for task in TASKS:
        for head, found in curves(task).items():
            cells = ["{:.1f} ± {:.1f}".format(*found[n]) for n in SIZES]
            lines.append(f"| {task} | {head} | {parameters(head):,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def earlier(name, task, n_samples):
    """Return the recorded accuracies of SVMs behind every block, one a seed: a dict of block to list, in percent."""
    wanted = {"backbone": EARLIER[name].label, "task": task, "n_samples": n_samples}
    rows = _found("heads_earlier", **wanted)
    return {block: percent(records.select(rows, freeze_depth=block)) for block in EARLIER[name].blocks}


def earlier_curves(name):
    """Return the same as means and halves of intervals: a dict of "task, size" to a dict of block to pair."""
    return {
        f"{task}, {n}": {block: metrics.mean_interval(values) for block, values in earlier(name, task, n).items()}
        for task in EARLIER[name].tasks
        for n in EARLIER[name].sizes
    }


def chosen_block(name, task, n_samples):
    """Return the block that did best on validation pictures; of equals the latest."""
    wanted = {"backbone": EARLIER[name].label, "task": task, "n_samples": n_samples}
    runs, tries = _found("heads_earlier", **wanted), _found("heads_earlier_rates", **wanted)
    scores = {}
    for block in EARLIER[name].blocks:
        cost = records.select(runs, freeze_depth=block)[0]["learning_rate"]
        chosen = percent(records.select(tries, freeze_depth=block, learning_rate=cost))
        scores[block] = round(sum(chosen) / len(chosen), 6)
    return max(reversed(scores), key=scores.get)


def gain_of_earlier(name, task, n_samples):
    """Return the chosen block, and by how many points it beats the last one: mean and half the 95 % interval."""
    found, block = earlier(name, task, n_samples), chosen_block(name, task, n_samples)
    return block, metrics.paired_difference(found[block], found[EARLIER[name].blocks[-1]])


def earlier_table(name):
    """Return the accuracies behind every block, and the gain of the chosen one, as a table in Markdown."""
    lines = [f"| task | pictures | {' | '.join(EARLIER[name].blocks)} | chosen | against the last |"]
    lines.append("| --- " * (4 + len(EARLIER[name].blocks)) + "|")
    for task in EARLIER[name].tasks:
        for n_samples in EARLIER[name].sizes:
            found = earlier(name, task, n_samples)
            cells = ["{:.1f} ± {:.1f}".format(*metrics.mean_interval(values)) for values in found.values()]
            block, gain = gain_of_earlier(name, task, n_samples)
            cells += [block, "{:+.1f} ± {:.1f}".format(*gain)]
            lines.append(f"| {task} | {n_samples} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _found(name, **wanted):
    """Return recorded rows, in the order of their seeds."""
    rows = records.select(records.read(name), **wanted)
    if not rows:
        raise CourseError(f"Expected recorded results for {wanted} in data/results/{name}.csv. Found none.")
    return sorted(rows, key=lambda row: int(row["seed"]))
