"""The comparisons of strategies and freeze depths: what is compared, and what was recorded (see `commands.depths`)."""

from dataclasses import dataclass
from math import prod

from course_utils import cutting, metrics, networks, records, strategies

DEPTHS = ("scratch", "none", "block1", "block2", "block3", "block4", "all")


@dataclass(frozen=True)
class Comparison:
    """What is compared at every depth.

    Attributes
    ----------
    backbone : str
    epochs : dict of (str, int) to int
        Task and number of pictures -> epochs, the near task first.
    depths : tuple of str
        "scratch" is strategy 1, "none" warm start, a block strategy 2, "all" strategy 3.
    width : float
        Of CourseNet.
    """

    backbone: str
    epochs: dict[tuple[str, int], int]
    depths: tuple[str, ...] = DEPTHS
    width: float = 1

    @property
    def label(self):
        """Return the name under which the results are recorded."""
        return networks.label(self.backbone, {} if self.width == 1 else {"width": self.width})


_DRAWN = {("garden", 256): 25, ("garden", 4096): 10, ("biopsy", 256): 25, ("biopsy", 4096): 10}
COMPARISONS = {
    "drawn": Comparison("coursenet_guide", _DRAWN),
    "narrow": Comparison("coursenet_guide", _DRAWN, ("none", "block2", "block4", "all"), width=0.5),
    # Of strategy 2 one depth, settled beforehand.
    "photographs": Comparison(
        "coursenet_photos",
        {("cats_vs_dogs", 256): 25, ("cats_vs_dogs", 1000): 15, ("malaria_cells", 256): 50},
        ("scratch", "none", "block3", "all"),
    ),
}


def strategy_at(depth):
    """Return the strategy that freezes so much, and the depth to name for it."""
    whole = {"scratch": 1, "none": "warm start", "all": 3}
    return (strategies.find(whole[depth]), None) if depth in whole else (strategies.find(2), depth)


def recorded(name, task, n_samples, file="depths"):
    """Return the recorded rows of a task and size: a dict of every depth to a list of rows."""
    comparison = COMPARISONS[name]
    wanted = {"task": task, "n_samples": n_samples, "epochs": comparison.epochs[task, n_samples]}
    rows = records.select(records.read(file), backbone=comparison.label, **wanted)
    rows = sorted(rows, key=lambda row: int(row["seed"]))
    found = {}
    for depth in comparison.depths:
        strategy, freeze_depth = strategy_at(depth)
        found[depth] = records.select(rows, strategy=strategy.name, freeze_depth=freeze_depth or strategy.freeze)
    return found


def percent(rows, column="accuracy"):
    """Return a column of accuracies in percent."""
    return [100 * float(row[column]) for row in rows]


def curves(name, task, n_samples):
    """Return what was measured at every depth.

    Returns
    -------
    dict of str to dict
        Depth -> "test" and "train" accuracy in percent, each a mean and half the width of its 95 % interval; and, where
        they were measured, "seconds" of training, a mean. They are those of the near task: they do not depend on it.
    """
    found = {}
    for depth, rows in recorded(name, task, n_samples).items():
        parts = {"test": percent(rows), "train": percent(rows, "train_accuracy")}
        found[depth] = {part: metrics.mean_interval(values) for part, values in parts.items()}
    near_task, _ = next(iter(COMPARISONS[name].epochs))
    for depth, rows in recorded(name, near_task, n_samples, "depths_seconds").items():
        if rows:
            found[depth]["seconds"] = sum(float(row["seconds"]) for row in rows) / len(rows)
    return found


def trained_parameters(base, depth, n_classes):
    """Return how many parameters are trained when `base` is frozen up to a depth, a new head included.

    Parameters
    ----------
    base : keras.Model
        None of its layers is frozen yet.
    depth : str
    n_classes : int

    Examples
    --------
    >>> from course_utils import course_net
    >>> trained_parameters(course_net.build(), "all", 8)
    1032
    """
    head = (base.output.shape[-1] + 1) * n_classes
    if depth == "all":
        return head
    first = 0 if depth == "none" else base.layers.index(cutting.last_layer(base, depth)) + 1
    weights = [weight for layer in base.layers[first:] for weight in layer.trainable_weights]
    return head + sum(prod(weight.shape) for weight in weights)


def chosen_depth(name, task, n_samples):
    """Return the depth that did best for strategy 2 on validation pictures; of equals the one that freezes most."""
    scores = {}
    for depth, rows in recorded(name, task, n_samples).items():
        if depth.startswith("block"):
            columns = ("backbone", "task", "n_samples", "epochs", "freeze_depth", "strategy", "learning_rate")
            tries = records.select(records.read("depths_rates"), **{column: rows[0][column] for column in columns})
            scores[depth] = round(sum(percent(tries)) / len(tries), 6), depth
    return max(scores, key=scores.get)


def difference(name, task, n_samples, first, second):
    """Return by how many points one depth beats another: mean and half the width of the 95 % interval, paired."""
    rows = recorded(name, task, n_samples)
    return metrics.paired_difference(percent(rows[first]), percent(rows[second]))


def depths_table(name):
    """Return the recorded test accuracies at every depth as a table in Markdown: mean and 95 % interval over seeds."""
    comparison = COMPARISONS[name]
    lines = [f"| task | pictures | {' | '.join(comparison.depths)} |", "| --- " * (2 + len(comparison.depths)) + "|"]
    for task, n_samples in comparison.epochs:
        cells = [_cell(percent(rows)) for rows in recorded(name, task, n_samples).values()]
        lines.append(f"| {task} | {n_samples:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def strategies_table(name):
    """Return the same by strategy: of the depths of strategy 2 the one that did best on validation pictures."""
    comparison = COMPARISONS[name]
    lines = ["| task | pictures | strategy 1 | warm start | strategy 2 | strategy 3 |", "| --- " * 6 + "|"]
    for task, n_samples in comparison.epochs:
        depth = chosen_depth(name, task, n_samples)
        rows = recorded(name, task, n_samples)
        cells = [_cell(percent(rows[place])) for place in ("scratch", "none", depth, "all")]
        cells[2] += f" (to {depth})"
        lines.append(f"| {task} | {n_samples:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(values):
    """Return a mean and its interval as text."""
    return "{:.1f} ± {:.1f}".format(*metrics.mean_interval(values))
