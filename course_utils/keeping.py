"""Keeping a trained network: one `.keras` file with all that it needs, a card that says what it is, and using it again.

The file holds the network from pixels (0 to 255) to shares of the classes: its preprocessing is a layer of it, so that
nobody can forget it. Keras opens it without any code of the course. Nothing is pickled, and only Keras's safe mode is
used to read it.
"""

import json
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from course_utils import backbones, metrics, networks, reading, records
from course_utils.cards import CourseError
from course_utils.quiet import keras

# What the card tells in sentences of its own; most of it are fields of `cards.Run`.
TOLD = (
    *("strategy", "backbone", "source", "task", "freeze_depth", "image_size", "n_samples", "epochs", "learning_rate"),
    *("seed", "test_accuracy", "date", "versions"),
)
FACTS = "course_facts.json"  # beside Keras's own members of the file, which it leaves alone


@dataclass(frozen=True)
class Kept:
    """A network that was kept.

    Attributes
    ----------
    model : keras.Model
        From pictures of shape (n, side, side, 3), 0 to 255, to shares of shape (n, n_classes).
    class_names : tuple of str
    facts : dict
        Where it comes from: strategy, backbone, source, task, number of pictures, accuracy, versions, date.
    """

    model: keras.Model
    class_names: tuple[str, ...]
    facts: dict

    def predict(self, paths):
        """Return the share of every class for each picture file.

        Parameters
        ----------
        paths : sequence of str or Path

        Returns
        -------
        list of dict of str to float
            The most likely class first.
        """
        size = self.model.input_shape[1]
        images = [_read(Path(path), size) for path in paths]
        if not images:
            raise CourseError("Expected one picture or more. Received none.")
        shares = self.model.predict(np.stack(images), verbose=0)
        ordered = [np.argsort(-row) for row in shares]
        return [
            {self.class_names[place]: float(row[place]) for place in order}
            for row, order in zip(shares, ordered, strict=True)
        ]


def _read(path, size):
    """Return a picture file as pixels."""
    if not path.is_file():
        raise CourseError(f"Expected a picture at {path}. Found none. Check the path.")
    return reading.read_picture(path.read_bytes(), size, str(path))


def whole(run):
    """Return the network of a run from pixels to shares, preprocessing included.

    Parameters
    ----------
    run : cards.Run

    Returns
    -------
    keras.Model
    """
    name = run.backbone.split(" ")[0]
    pixels = keras.Input((run.image_size, run.image_size, 3), name="pixels")
    shares = keras.layers.Softmax(name="shares")(run.model(_preprocessing(name)(pixels), training=False))
    return keras.Model(pixels, shares, name=networks.find(name).builder)


def _preprocessing(name):
    """Return the preprocessing of a network as a layer.

    All conventions take a weighted sum of the three colours of a pixel, and add something: a convolution of 1 x 1.
    """
    corners = np.vstack([np.zeros(3), 255 * np.eye(3)])[:, None, None]
    black, *colours = backbones.preprocess(name, corners.astype("float32"))[:, 0, 0]
    layer = keras.layers.Conv2D(3, 1, trainable=False, name="preprocessing")
    layer.build((None, None, None, 3))
    layer.set_weights([np.stack([(colour - black) / 255 for colour in colours])[None, None], black])
    return layer


def keep(run, class_names, path, **facts):
    """Write a network and its card.

    Parameters
    ----------
    run : cards.Run
        Its test accuracy is that of `n_test` pictures.
    class_names : sequence of str
    path : str or Path
        Of the file, ending in ".keras"; the card is put beside it, ending in ".md". Neither may be there yet.
    **facts
        More that is worth knowing, such as `n_test=400` or `folder="my_pictures"`.

    Returns
    -------
    Path
        Of the card.

    Raises
    ------
    CourseError
        If a file of that name is there, or the ending is another.
    """
    path = Path(path)
    card = path.with_suffix(".md")
    if path.suffix != ".keras":
        raise CourseError(f"Expected a name that ends in .keras. Received: {path.name}.")
    for file in (path, card):
        if file.exists():
            raise CourseError(f"Expected a new name. {file} is there already: take another name, or move it away.")
    found = {name: getattr(run, name) for name in TOLD if hasattr(run, name)}
    found |= {
        "date": date.today().isoformat(),
        "versions": records.versions(),
        "class_names": list(class_names),
    } | facts
    part = path.with_name(f".{path.stem}.part.keras")  # so that no half-written file has the name
    keras.saving.save_model(whole(run), part)
    with zipfile.ZipFile(part, "a") as archive:
        archive.writestr(FACTS, json.dumps(found, ensure_ascii=False, indent=2))
    part.rename(path)
    card.write_text(describe(found), encoding="utf-8")
    return card


def load(path):
    """Return a network that was kept.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Kept

    Raises
    ------
    CourseError
        If there is no such file, it is damaged, it was not written by `keep`, or it holds code.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"Expected a .keras file at {path}. Found none. Check the path.")
    try:
        with zipfile.ZipFile(path) as archive:
            facts = json.loads(archive.read(FACTS))
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, TypeError) as error:
        raise CourseError(
            f"Expected a network that this course has kept. {path.name} is damaged, or another file: "
            f"{' '.join(str(error).split())[:120]}"
        ) from error
    return Kept(model, tuple(facts["class_names"]), facts)


def describe(facts):
    """Return the card of a network in Markdown.

    Parameters
    ----------
    facts : dict
        As `keep` writes them.
    """
    names = facts["class_names"]
    accuracy = f"{facts['test_accuracy']:.1%}"
    if "n_test" in facts:
        low, high = metrics.share_interval(facts["test_accuracy"], facts["n_test"])
        accuracy += f" of {facts['n_test']:,} test pictures (95 % interval {low:.1%} to {high:.1%})"
    lines = [
        f"# {facts['task']}",
        "",
        f"Names one of {len(names)} classes for a picture: {', '.join(names)}.",
        "",
        f"- **Right:** {accuracy}. It was not trained on these.",
        f"- **Trained on:** {facts['n_samples']:,} pictures of {facts['image_size']} x {facts['image_size']} pixels.",
        f"- **How:** {facts['strategy']}; {facts['backbone']}, which had learned {facts['source']}; frozen: "
        f"{facts['freeze_depth']}; learning rate {facts['learning_rate']:g}, {facts['epochs']} epochs.",
        "- **Not for:** pictures of another kind. It always names one of its classes, whatever it is shown, and its "
        "share is not how often it is right.",
        f"- **Made:** {facts['date']}, with {facts['versions']}.",
    ]
    more = {name: value for name, value in facts.items() if name not in (*TOLD, "class_names", "n_test")}
    lines += [f"- **{name.replace('_', ' ').capitalize()}:** {value}" for name, value in more.items()]
    return "\n".join(lines) + "\n"
