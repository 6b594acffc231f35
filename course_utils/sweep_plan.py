"""The sweep behind the measured quadrant chart: which pairs, sizes and ways of training are compared.

Each target task meets each source, so that a task's own difficulty cancels. How results are judged is written down in
`course_utils.chart_rules`; the runs are made by `commands.sweep`.
"""

from dataclasses import dataclass, field

from course_utils import networks, strategies
from course_utils.cards import CourseError, Strategy

# The ways of training that are compared, in the order in which they freeze more and more.
WAYS = ("1", "warm start", "2", "3", "2 with augmentation", "SVM")
PLAIN = ("1", "warm start", "2", "3")  # what the chart's advice chooses from
# The names under which they are recorded, where they are not strategies of the course's own table.
_NAMED = {
    "2 with augmentation": Strategy("2 with augmentation: freeze the early part", pretrained=True, freeze="part"),
    "SVM": Strategy("head: linear SVM", pretrained=True, freeze="all"),
}


@dataclass(frozen=True)
class World:
    """What is swept through: every backbone meets every task.

    Attributes
    ----------
    backbones, tasks : tuple of str
    epochs : dict of int to int
        Number of training pictures -> epochs.
    ways : dict of int to tuple of str
        Number of training pictures -> what is measured there; a subset of `WAYS`.
    depths : tuple of str
        What strategy 2 may freeze, from input to output.
    middle : str
        The depth at which its rate is chosen where runs are long.
    blocks : tuple of str
        From input to output, the last one ends the base. Linear SVMs are put behind each.
    options : dict
        Of the backbone: width, side of the pictures.
    scratch_epochs : dict of int to int
        The same for strategy 1, where it needs more epochs than the others to know its pictures almost by heart.
    few_seeds : int
        Seeds where a run is short; where it is long there are 3.
    long : int
        With so many pictures or more a run is long: strategy 2 has one rate for all depths, chosen at the middle one.
    one_seed : int
        With so many pictures or more rates are chosen on one seed.
    most_tried : int
        With more pictures rates and depth are those that were chosen with so many: a single try would take minutes.
    """

    backbones: tuple[str, ...]
    tasks: tuple[str, ...]
    epochs: dict[int, int]
    ways: dict[int, tuple[str, ...]]
    depths: tuple[str, ...]
    middle: str
    blocks: tuple[str, ...]
    options: dict = field(default_factory=dict)
    scratch_epochs: dict = field(default_factory=dict)
    few_seeds: int = 5
    long: int = 1000
    one_seed: int = 1000
    most_tried: int = 4096

    def seeds(self, n_samples):
        """Return the seeds of the runs that are judged."""
        return range(self.few_seeds if n_samples < self.long else 3)

    def tries(self, n_samples):
        """Return the seeds on which a rate is chosen: the fewer the validation pictures, the more."""
        return range(2 if n_samples < self.one_seed else 1)

    def epochs_of(self, way, n_samples):
        """Return for how many epochs a way of training trains a network; an SVM is no network."""
        longer = self.scratch_epochs if way == "1" else {}
        return longer.get(n_samples, self.epochs[n_samples])


WORLDS = {
    "drawn": World(
        backbones=("coursenet_guide", "coursenet_slides", "coursenet_photos"),
        tasks=("garden", "biopsy", "butterflies"),
        epochs={64: 100, 256: 25, 1024: 20, 4096: 10, 16384: 5},
        ways={64: WAYS, 256: WAYS, 1024: PLAIN, 4096: PLAIN, 16384: ("1", "warm start", "3")},
        depths=("block1", "block2", "block3", "block4"),
        middle="block2",
        blocks=("block1", "block2", "block3", "block4", "block5"),
    ),
    "photographs": World(
        backbones=("MobileNetV2",),
        tasks=("cats_vs_dogs", "malaria_cells", "aerial"),
        epochs={64: 100, 256: 40, 2000: 15},
        ways=dict.fromkeys((64, 256, 2000), PLAIN),
        depths=("block_3", "block_6", "block_10", "block_13"),
        middle="block_6",
        blocks=tuple(f"block_{number}" for number in range(1, 17)),
        options={"alpha": 0.35, "image_size": 96},
        scratch_epochs={64: 200},
        few_seeds=3,
        long=64,
        one_seed=256,
        most_tried=256,
    ),
}


@dataclass(frozen=True)
class Cell:
    """One square of the sweep: its rate, and its depth, are chosen together; then its seeds are run."""

    world: str
    backbone: str
    task: str
    n_samples: int
    way: str
    depth: str | None = None  # where it is settled beforehand

    @property
    def name(self):
        """Say in a few words what is measured."""
        source = "random weights" if self.way == "1" else self.backbone
        return f"{source} -> {self.task}, {self.n_samples:,} pictures, {self.way}"


@dataclass(frozen=True)
class Job:
    """One run of a cell, or one try on validation pictures: all that a worker needs to know.

    Attributes
    ----------
    cell : Cell
    depth : str or None
        For strategy 2 what is frozen; for an SVM the block it stands behind.
    rate : float
        Learning rate; for an SVM, C.
    seed : int
    trying : bool
        Train on three quarters of the pictures and judge on the last quarter; test pictures have no part in it.
    """

    cell: Cell
    depth: str | None
    rate: float
    seed: int
    trying: bool


def strategy(way):
    """Return the strategy of a way of training, under the name by which it is recorded."""
    return _NAMED.get(way) or strategies.find(way)


def cells(world):
    """Return the cells of a world, small sizes first, so that a sweep that is stopped has measured whole sizes.

    Training from scratch has no source: it is measured once for each task, under the first backbone's name.

    Parameters
    ----------
    world : {"drawn", "photographs"}

    Returns
    -------
    list of Cell
    """
    if world not in WORLDS:
        raise CourseError(f"Expected the name of a world: {', '.join(WORLDS)}. Received: {world!r}.")
    plan = WORLDS[world]
    return [
        Cell(world, backbone, task, n_samples, way)
        for n_samples, ways in plan.ways.items()
        for task in plan.tasks
        for backbone in plan.backbones
        for way in ways
        if not (way == "2 with augmentation" or (way == "1" and backbone != plan.backbones[0]))
    ]


def identity(cell, depth):
    """Return what tells the runs of a cell apart from all others: a dict of columns of a results file to text."""
    plan, kind, card = WORLDS[cell.world], strategy(cell.way), networks.find(cell.backbone)
    values = {
        "backbone": networks.label(cell.backbone, plan.options),
        "source": card.source if kind.pretrained else "none",
        "task": cell.task,
        "image_size": plan.options.get("image_size", card.image_size),
        "n_samples": cell.n_samples,
        "strategy": kind.name,
        "freeze_depth": depth or kind.freeze,
        "epochs": 1 if cell.way == "SVM" else plan.epochs_of(cell.way, cell.n_samples),
    }
    return {column: str(value) for column, value in values.items()}
