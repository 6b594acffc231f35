"""Bring pictures, look at what is odd in them, and see where a network looks."""

from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from course_utils import backbones, class_folders, judging, plots, reading
from course_utils.cards import CourseError
from course_utils.similarity_measures import softmax
from course_utils.widgets.anatomy import OWN, own
from course_utils.widgets.controls import UPLOAD, WIDE, emptied, live

SHOWN, SIDE = 12, 128  # pictures of a finding, and their side in pixels
COLUMNS = 6
_GREY = np.full((SIDE, SIDE, 3), 225, np.uint8)  # stands for a file that shows nothing


def bring_pictures(folder):
    """Put pictures of the learner's into a folder: the name of a class is written down, then files are chosen.

    Parameters
    ----------
    folder : str or Path
        It is made with the first picture; each class gets a folder in it.

    Returns
    -------
    ipywidgets.VBox
        A text field, a button, and a sentence that says what was done.
    """
    name = ipywidgets.Text(description="class", placeholder="such as: cats", **WIDE)
    upload = ipywidgets.FileUpload(multiple=True, description="add pictures of it", **UPLOAD)
    answer = ipywidgets.HTML()

    def add(_):
        if not upload.value:
            return
        try:
            words = added(Path(folder), name.value, upload.value)
            upload.value = ()
        except (CourseError, OSError) as error:
            words = f"✗ {error}"
        answer.value = ""
        answer.value = f"<p>{ipywidgets.HTML(words).value}</p>"

    upload.observe(add, "value")
    return ipywidgets.VBox([name, upload, answer])


def added(folder, name, files):
    """Write files into the folder of a class; nothing that is there is replaced.

    Parameters
    ----------
    folder : Path
    name : str
        Of the class.
    files : sequence of dict
        With "name" and "content", as a `FileUpload` has them.

    Returns
    -------
    str
        What the folder holds now.
    """
    name = name.strip()
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|'):
        raise CourseError(f'Expected the name of a class, without / \\ : * ? " < > |. Received: {name!r}. Write one.')
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    for file in files:
        _write(place, PurePosixPath(PureWindowsPath(file["name"]).as_posix()).name, bytes(file["content"]))
    counts = {one.name: len(list(one.iterdir())) for one in sorted(folder.iterdir()) if one.is_dir()}
    return f"{folder} now holds: " + ", ".join(f"{count} of {label}" for label, count in counts.items()) + "."


def _write(place, name, content):
    """Write a file under its name, or with a number behind it if another one has that name."""
    path = first = place / name.lstrip(".")
    number = 1
    while path.exists() and path.read_bytes() != content:
        number += 1
        path = first.with_name(f"{first.stem} {number}{first.suffix}")
    path.write_bytes(content)


def odd_files(plan):
    """Show the files of each finding.

    Parameters
    ----------
    plan : findings.Plan

    Returns
    -------
    ipywidgets.VBox
        A choice of finding, and the figure: up to twelve of its files, grey where a file shows nothing.
    """
    with_files = [one for one in plan.findings if one.paths]
    if not with_files:
        return ipywidgets.VBox([ipywidgets.HTML("No file is odd.")])
    options = {f"{one.what} ({len(one.paths)})": one for one in with_files}
    first = max(with_files, key=lambda one: one.what == "look like another")  # there, more than a grey square is seen
    wide = {"style": WIDE["style"], "layout": {"width": "55em"}}  # findings are sentences
    chosen = ipywidgets.Dropdown(options=options, value=first, description="finding", **wide)
    figure, axs = plt.subplots(SHOWN // COLUMNS, COLUMNS, figsize=(9, 3.8))
    thumbnail = cache(_thumbnail)

    def show(one):
        for place, ax in enumerate(axs.flat):
            emptied(ax).set_axis_off()
            if place < len(one.paths):
                plots.picture(thumbnail(one.paths[place]), ax)
                ax.set_title(f"{one.paths[place].parent.name}\n{_short(one.paths[place].name)}", fontsize=8)
        shown = f"{min(len(one.paths), SHOWN)} of {len(one.paths)} files: {', '.join(one.files[:SHOWN])}"
        return f"Finding: {one.what}. {shown}."

    return live([chosen], figure, show)


def _short(name):
    """Return a file's name, cut in its middle to what fits over a small picture."""
    return name if len(name) <= 20 else f"{name[:11]}…{name[-8:]}"


def _thumbnail(path):
    """Return a small picture of a file, as it will be read; grey if it cannot be shown."""
    try:
        if class_folders.hopeless(path.parent, path) or path.suffix.lower() not in class_folders.ENDINGS:
            return _GREY
        return reading.read_files([path], [0], SIDE).images[0]
    except (CourseError, OSError):
        return _GREY


def where_it_looks(run, task):
    """Show where in a test picture a network finds what speaks for a class (Grad-CAM), and how sure it is.

    Parameters
    ----------
    run : cards.Run
    task : Task

    Returns
    -------
    ipywidgets.VBox
        A slider for the picture, a button to bring one, a choice of class, and the figure.
    """
    names, images = task.class_names, task.test.images
    number = ipywidgets.IntSlider(0, 0, len(images) - 1, description="test picture", **WIDE)
    upload = ipywidgets.FileUpload(description="bring a picture", **UPLOAD)
    use = ipywidgets.ToggleButtons(
        options=["test picture", OWN],
        description="look at",
        style={"description_width": "18em", "button_width": "10em"},
    )
    name = ipywidgets.Dropdown(options=["its answer", *names], description="what speaks for", **WIDE)
    figure, axs = plt.subplots(1, 2, figsize=(7, 3.8))

    def show(number, uploaded, use, name):
        image = own(uploaded, images.shape[1]) if use == OWN else images[number]
        inputs = backbones.preprocess(run.backbone.split(" ")[0], image[None])
        shares = softmax(run.model(inputs, training=False).numpy())[0]
        label = int(shares.argmax()) if name == "its answer" else names.index(name)
        seen = judging.grad_cam(run.model, inputs, label)
        for ax in axs:
            emptied(ax)
        truth = "" if use == OWN else f"it is: {names[task.test.labels[number]]}\n"
        plots.picture(image, axs[0]).set_title(f"{truth}answer: {names[shares.argmax()]} ({shares.max():.0%})")
        plots.activation(image, seen, 1, axs[1]).set_title(f"what speaks for\n{names[label]} ({shares[label]:.0%})")
        row, column = np.unravel_index(seen.argmax(), seen.shape)
        return (
            f"A picture; the answer is {names[shares.argmax()]}, with a share of {shares.max():.0%}. "
            f"What speaks most for {names[label]} is in row {row + 1} of {len(seen)}, column {column + 1} of "
            f"{seen.shape[1]}."
        )

    box = live([number, upload, use, name], figure, show)
    upload.observe(lambda _: setattr(use, "value", OWN), "value")
    return box
