"""What augmentation brings, by pair, size and strategy: what is compared, and what was recorded.

Written down before any of these results was looked at:

- *Verdicts.* What is judged is the paired difference, with augmentation minus without, over seeds: the same pictures,
  epochs and first weights. Augmentation "helps" if the 95 % interval of this difference lies above 0, "harms" if it
  lies below 0; else it "cannot be told". Of twenty comparisons without any difference, one would get a verdict by
  chance.
- *The textbook's advice* for quadrant 3, few pictures of a task that is far from the source: fine-tune a part, and
  augment. It holds if augmentation helps strategy 2 in the pair "far" with 64 and with 256 pictures; it fails if it
  harms at one of them; else it holds in part.
- *Collect or augment.* n pictures with augmentation against four times as many without, judged in the same way (the
  samples differ, so their pairs share no more than the seed). The equivalent number of pictures is read off the
  mean accuracies without augmentation, on a straight line over the logarithm of the size; beyond what was measured it
  is not guessed.
- *Expected.* The gain is larger with fewer pictures; larger for strategies that train more; larger far from the source
  than near to it.
"""

from dataclasses import dataclass

from course_utils import metrics, records, strategies
from course_utils.cards import Strategy
from course_utils.quiet import keras


@dataclass(frozen=True)
class Pair:
    """A backbone and a target task.

    Attributes
    ----------
    task, backbone : str
    depth : str
        What strategy 2 freezes: what validation pictures chose in `comparisons` with 256 pictures, settled beforehand.
    sizes : tuple of int
        Numbers of training pictures.
    """

    task: str
    backbone: str
    depth: str
    sizes: tuple[int, ...] = (64, 256, 1024)


# The same task is far from the guide and near to the slides: similarity without another difficulty.
PAIRS = {
    "near": Pair("garden", "coursenet_guide", "block3"),
    "far": Pair("biopsy", "coursenet_guide", "block2"),
    "near slides": Pair("biopsy", "coursenet_slides", "block3", (64, 256)),
}
EPOCHS = {64: 100, 256: 25, 1024: 20}
# Runs with more pictures take long: fewer strategies must do.
STRATEGIES = {64: (1, "warm start", 2, 3), 256: (1, 2, 3), 1024: (1, 2)}
SEEDS = {64: range(5), 256: range(5), 1024: range(3)}
# Pair, size, strategy of what the course shows.
SHOWN_CASES = (
    *((pair, 64, key) for pair in ("near", "far") for key in (1, "warm start", 2, 3)),
    *((pair, 256, key) for pair in ("near", "far") for key in (1, 2, 3)),
    *((pair, 1024, key) for pair in ("near", "far") for key in (1, 2)),
    *(("near slides", 64, key) for key in ("warm start", 2, 3)),
    *(("near slides", 256, key) for key in (2, 3)),
)
# Augmented training may need more epochs: the pair "far" with 256 pictures and four times the epochs, at the rates that
# were chosen for 25.
LONGER, LONGER_STRATEGIES, LONGER_SEEDS = 100, (1, 2), range(3)
# Sizes for which the accuracy without augmentation is known, also from the comparisons of notebook 02.
PLAIN_SIZES = {64: 100, 256: 25, 4096: 10}


def layers(task):
    """Return the augmentation for a task: changes that keep the class. Settled before any result was seen.

    Tissue has no up and no down. A flower on a page does, roughly; it may lean, and stand elsewhere.

    Parameters
    ----------
    task : {"garden", "biopsy"}

    Returns
    -------
    keras.Sequential
        For pixels from 0 to 255.
    """
    if task == "biopsy":
        flip, turn = keras.layers.RandomFlip("horizontal_and_vertical"), keras.layers.RandomRotation(0.5)
    else:
        flip, turn = keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(20 / 360)
    return keras.Sequential([flip, turn, keras.layers.RandomTranslation(0.1, 0.1)])


def named(key, augmented):
    """Return a strategy; with augmentation it has a name of its own, which tells its runs apart in the records.

    Examples
    --------
    >>> named(3, True).name
    '3 with augmentation: freeze the base'
    """
    plain = strategies.find(key)
    if not augmented:
        return plain
    name, what = plain.name.split(":")
    return Strategy(f"{name} with augmentation:{what}", plain.pretrained, plain.freeze)


def files(pair, key, n_samples, augmented):
    """Return the results files of the runs and of the tries: some were measured before, by other commands."""
    if not augmented and n_samples in (256, 4096) and pair.backbone == "coursenet_guide":
        return "depths", "from_scratch_rates" if key == 1 else "depths_rates"
    return "augmentation_gain", "from_scratch_rates" if key == 1 and not augmented else "augmentation_gain_rates"


def recorded(name, n_samples, key, augmented, epochs=None):
    """Return the recorded rows of a pair, size and strategy, with or without augmentation, in the order of their seeds.

    Parameters
    ----------
    name : str
        A key of `PAIRS`.
    n_samples : int
    key : {1, "warm start", 2, 3}
        The strategy.
    augmented : bool
    epochs : int, optional
        By default those of the comparison.

    Returns
    -------
    list of dict
    """
    pair, strategy = PAIRS[name], named(key, augmented)
    epochs = epochs or PLAIN_SIZES.get(n_samples) or EPOCHS[n_samples]
    file = "augmentation_gain" if epochs == LONGER and n_samples == 256 else files(pair, key, n_samples, augmented)[0]
    wanted = {"task": pair.task, "backbone": pair.backbone, "strategy": strategy.name, "epochs": epochs}
    wanted["freeze_depth"] = pair.depth if key == 2 else strategy.freeze
    rows = records.select(records.read(file), n_samples=n_samples, **wanted)
    return sorted(rows, key=lambda row: int(row["seed"]))


def cases(epochs=None):
    """Return what is shown and measured whole, with and without augmentation: a list of (pair, size, strategy)."""
    found = list(SHOWN_CASES)
    whole = [[str(seed) for seed in SEEDS[n]] for _, n, _ in found]
    if epochs:
        found = [("far", 256, key) for key in LONGER_STRATEGIES]
        whole = [[str(seed) for seed in LONGER_SEEDS]] * len(found)
    return [
        case
        for case, seeds in zip(found, whole, strict=True)
        if all([row["seed"] for row in recorded(*case, way, epochs)] == seeds for way in (False, True))
    ]


def accuracies(name, n_samples, key, augmented, epochs=None, column="accuracy"):
    """Return accuracies in percent, one a seed; see `recorded`. `column` may be "train_accuracy"."""
    return [100 * float(row[column]) for row in recorded(name, n_samples, key, augmented, epochs)]


def mean(name, n_samples, key, augmented, epochs=None, column="accuracy"):
    """Return the mean accuracy in percent, and half the width of its 95 % interval; see `recorded`."""
    return metrics.mean_interval(accuracies(name, n_samples, key, augmented, epochs, column))
