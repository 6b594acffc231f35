"""Keeping a trained network: one `.keras` file with all that it needs, a card that says what it is, and using it again.

The file holds the network from pixels (0 to 255) to shares of the classes: its preprocessing is a layer of it, so that
nobody can forget it. Keras opens it without any code of the course. Nothing is pickled; a file that names anything but
known layers is refused, and the others are read in Keras's safe mode.
"""

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from course_utils import ROOT, backbones, kept_files, model_card, networks, reading
from course_utils.cards import CourseError
from course_utils.quiet import keras

# Where notebook 09 keeps networks; COURSE_NETWORKS may name another place, where the course's folder is read-only.
FOLDER = Path(os.environ.get("COURSE_NETWORKS") or ROOT / "my_networks").expanduser()


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
        paths = [Path(path) for path in paths]
        if not paths:
            raise CourseError("Expected one picture or more. Received none.")
        for path in paths:
            if not path.is_file():
                raise CourseError(f"Expected a picture at {path}. Found none. Check the path.")
        images = reading.read_files(paths, [0] * len(paths), self.model.input_shape[1]).images
        shares = self.model.predict(images, verbose=0)
        ordered = [np.argsort(-row) for row in shares]
        return [
            {self.class_names[place]: float(row[place]) for place in order}
            for row, order in zip(shares, ordered, strict=True)
        ]


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


def keep(run, class_names, path, *, replace=False, **facts):
    """Write a network and its card.

    Parameters
    ----------
    run : cards.Run
        Its test accuracy is that of `n_test` pictures.
    class_names : sequence of str
    path : str or Path
        Of the file, ending in ".keras"; the card is put beside it, ending in ".md". Its folder is made if need be.
    replace : bool
        Put the two in the place of files that have their names. Otherwise such files are left alone.
    **facts
        More that is worth knowing, such as `n_test=400` or `folder="my_pictures"`.

    Returns
    -------
    Path
        Of the card.

    Raises
    ------
    CourseError
        If a file of that name is there, the ending is another, the classes are not those of the network, the card
        cannot be written for lack of a fact, or the folder cannot be written to. Nothing is left behind then.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise CourseError(f"Expected a name that ends in .keras. Received: {path.name}.")
    card = path.with_suffix(".md")
    for file in (path, card):
        if file.exists() and not replace:
            raise CourseError(_taken(file))
    found, text = _told(run, class_names, facts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=path.parent) as folder:  # so that no half-written file has the name
            parts = {Path(folder, "part.keras"): path, Path(folder, "part.md"): card}
            network, page = parts
            keras.saving.save_model(whole(run), network)
            with zipfile.ZipFile(network, "a") as archive:
                archive.writestr(kept_files.FACTS, json.dumps(found, ensure_ascii=False, indent=2))
            page.write_text(text, encoding="utf-8")
            kept_files.publish(parts, replace)
    except FileExistsError as error:
        raise CourseError(_taken(error.filename)) from None
    except OSError as error:
        raise CourseError(f"Expected a folder that can be written to for {path}. It cannot: {error}.") from error
    return card


def _taken(file):
    """Return what is said where another file has the name."""
    return f"Expected a new name. {file} is there already: take another name, move it away, or give replace=True."


def _told(run, class_names, facts):
    """Return the facts of a network in the form that JSON gives back, and its card."""
    _check_names(run.model, class_names)
    try:
        found = json.loads(json.dumps(model_card.facts_of(run, class_names, facts), default=model_card.plain))
        return found, model_card.describe(found)
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(
            "Expected all that the card tells: the fields of a run, such as test_accuracy, names as text, numbers as "
            f"numbers. Received a fact that is missing or of another kind: {error}."
        ) from error


def _check_names(model, class_names):
    """Refuse names that are not as many as the network has outputs, or that are not all different."""
    n_outputs = model.output_shape[-1]
    if not len(class_names) == len(set(class_names)) == n_outputs:
        raise CourseError(
            f"Expected {n_outputs} different names of classes, as many as the network has outputs. Received "
            f"{len(class_names)}: {', '.join(map(str, class_names))}. Give the class_names of the task of its training."
        )


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
        If there is no such file, it is damaged or of another kind, it was not written by `keep`, or it holds code.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"Expected a .keras file at {path}. Found none. Check the path.")
    try:
        facts = kept_files.trusted_facts(path)
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except reading.UNREADABLE as error:
        raise CourseError(
            f"Expected a .keras file. {path.name} is damaged, or of another kind: "
            f"{' '.join(str(error).split())[:120]}. Copy it once more, or train and keep it again."
        ) from error
    _check_names(model, facts["class_names"])
    return Kept(model, tuple(facts["class_names"]), facts)
