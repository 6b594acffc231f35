"""What the course is compared with in speed, and what was recorded (see `commands.speed`)."""

from dataclasses import dataclass
from statistics import mean

from course_utils import anatomy, backbones, cutting, records

EPOCHS, BATCH = 10, 32
RECIPE_FILES, RECIPE_CACHED = "recipe, reading files", "recipe, pictures cached"
COURSE, AGAIN = "course", "course, features kept"
FLOOR, PLAIN_FLOOR = "floor", "floor, plain Keras"


@dataclass(frozen=True)
class Setting:
    """A network and a task on which speed is measured.

    Attributes
    ----------
    backbone, task : str
    image_size : int
    depths : tuple of str
        What is frozen: "all" is strategy 3, blocks are strategy 2.
    per_class, n_classes : int
        Training pictures of each class, and how many classes there are.
    options : dict
        Passed on to `backbones.load`.
    """

    backbone: str
    task: str
    image_size: int
    depths: tuple[str, ...]
    per_class: int
    n_classes: int
    options: dict


SETTINGS = {
    "CourseNet": Setting("coursenet_guide", "garden", 64, ("all", "block4", "block3", "block2"), 250, 8, {}),
    "MobileNetV2 0.35": Setting(
        "MobileNetV2", "cats_vs_dogs", 160, ("all", "block_13", "block_8", "block_3"), 1000, 2, {"alpha": 0.35}
    ),
}


def learning_rate(depth):
    """Return the rate that all ways share: a usual one for a new head, a tenth of it where the base is trained."""
    return 2e-3 if depth == "all" else 2e-4


def ceiling(name, depth):
    """Return by arithmetic alone how many times faster training becomes when the frozen part is run once.

    In every epoch the plain way runs the frozen part forward, and the trained part forward and backward; backward takes
    two multiply-adds for one forward, for the gradients of the weights and of the inputs. The course runs the frozen
    part in the first epoch only. Reading, and all that is no convolution and no dense layer, is left out.

    Parameters
    ----------
    name : str
        A key of `SETTINGS`.
    depth : str

    Returns
    -------
    float
    """
    setting = SETTINGS[name]
    base = backbones.load(setting.backbone, None, setting.image_size, **setting.options)
    place = len(base.layers) if depth == "all" else base.layers.index(cutting.nearest_cut(base, depth)) + 1
    counts = [anatomy.multiply_adds(layer) for layer in base.layers]
    frozen, trained = sum(counts[:place]), 3 * (sum(counts[place:]) + base.output.shape[-1] * setting.n_classes)
    return EPOCHS * (frozen + trained) / (frozen + EPOCHS * trained)


def recorded(name, depth, way):
    """Return the recorded rows of one way, in the order of their rounds."""
    rows = records.select(records.read("speed"), network=name, frozen=depth, way=way)
    return sorted(rows, key=lambda row: int(row["round"]))


def seconds(name, depth, way):
    """Return the seconds of one way, one for each round."""
    return [float(row["seconds"]) for row in recorded(name, depth, way)]


def ratio(name, depth, slow, fast):
    """Return how many times longer one way takes than another: the mean over rounds, each compared with itself."""
    pairs = zip(seconds(name, depth, slow), seconds(name, depth, fast), strict=True)
    return mean(first / second for first, second in pairs)


def accuracies(name, depth, way):
    """Return the accuracies of one way on the test pictures, one for each round, in percent."""
    return [100 * float(row["accuracy"]) for row in recorded(name, depth, way)]


def table():
    """Return the recorded comparison as a table in Markdown: means over rounds, and ratios within each round."""
    titles = ("network", "frozen", "recipe, reading files", "recipe, cached", "course", "again, features kept")
    titles += ("against files", "against cached", "ceiling", "accuracy: recipe", "cached", "course")
    lines = [f"| {' | '.join(titles)} |", "| --- " * len(titles) + "|"]
    ways = (RECIPE_FILES, RECIPE_CACHED, COURSE)
    for name, setting in SETTINGS.items():
        for depth in setting.depths:
            cells = [f"{mean(seconds(name, depth, way)):.1f} s" for way in ways]
            cells.append(f"{mean(seconds(name, depth, AGAIN)):.1f} s" if depth == "all" else "")
            cells += [f"{ratio(name, depth, way, COURSE):.1f} times" for way in ways[:2]]
            cells += [f"{ceiling(name, depth):.1f}"]
            cells += [f"{mean(accuracies(name, depth, way)):.1f} %" for way in ways]
            lines.append(f"| {name} | {'the base' if depth == 'all' else f'to {depth}'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def floor_table():
    """Return what reading the pictures and one forward pass take, in plain Keras and here, as a table."""
    lines = ["| network | floor, plain Keras | floor, course | strategy 3 in the course | over the floor |"]
    lines.append("| --- " * 5 + "|")
    for name in SETTINGS:
        cells = [f"{mean(seconds(name, 'all', way)):.1f} s" for way in (PLAIN_FLOOR, FLOOR, COURSE)]
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio(name, 'all', COURSE, FLOOR):.2f} times |")
    return "\n".join(lines)
