"""What a convolution makes of a picture, and what the blocks of a network see in it."""

import functools

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from course_utils import anatomy, backbones, cutting, diagrams, plots
from course_utils.cards import CourseError
from course_utils.quiet import keras
from course_utils.reading import read_picture
from course_utils.widgets.controls import UPLOAD, WIDE, emptied, live


def convolution():
    """Show where a kernel stands on a small picture, the shape of the output, and the number of parameters.

    Returns
    -------
    ipywidgets.VBox
        Sliders for the picture's side, kernel, stride and filters, a choice of padding, and the figure.
    """
    side, kernel, stride, filters = (
        ipywidgets.IntSlider(value, 1, highest, description=name, **WIDE)
        for name, value, highest in (("picture side", 8, 12), ("kernel", 3, 9), ("stride", 1, 4), ("filters", 16, 64))
    )
    padding = ipywidgets.Dropdown(options=["same", "valid"], description="padding", **WIDE)
    figure, axs = plt.subplots(1, 2, figsize=(9, 4.4))

    def show(side, kernel, stride, padding, filters):
        out = anatomy.output_side(side, kernel, stride, padding)
        diagrams.kernel_places(side, kernel, stride, padding, [emptied(ax) for ax in axs])
        parameters = anatomy.convolution_parameters(kernel, 3, filters)
        text = (
            f"{side} x {side} x 3  →  {out} x {out} x {filters}      "
            f"parameters: {filters} x ({kernel} x {kernel} x 3 + 1) = {parameters:,}"
        )
        figure.suptitle(text, x=0.02, ha="left")
        return f"A kernel on a picture. {text}. Stride {stride}, padding {padding}."

    return live([side, kernel, stride, padding, filters], figure, show)


SHOWN_MAPS = 16
OWN = "your own"
OWN_SIZE = 160  # pixels: large enough to see something in the maps of the last block


def feature_maps(names, pictures):
    """Show the strongest feature maps of any block of a base, for any picture, the learner's own included.

    Parameters
    ----------
    names : sequence of str
        Backbones to choose from, with the same blocks.
    pictures : dict of str to ndarray of shape (side, side, 3), uint8
        Name -> picture. A convolutional base takes pictures of any size.

    Returns
    -------
    ipywidgets.VBox
        Choices of base, picture and block, a button to bring a picture, and the figure.
    """
    base = ipywidgets.Dropdown(options=list(names), description="base", **WIDE)
    picture = ipywidgets.Dropdown(options=[*pictures, OWN], description="picture", **WIDE)
    blocks = cutting.blocks(backbones.load(names[0]))
    block = ipywidgets.SelectionSlider(options=blocks, description="after block", **WIDE)
    upload = ipywidgets.FileUpload(description="bring a picture", **UPLOAD)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.6), width_ratios=(1, 1.6))

    def show(base, picture, block, uploaded):
        image = own(uploaded) if picture == OWN else pictures[picture]
        maps = _maps(base, image)[blocks.index(block)]
        plots.picture(image, emptied(left)).set_title(picture)
        side, _, count = maps.shape
        shown = min(SHOWN_MAPS, count)
        plots.feature_maps(maps, shown, emptied(right)).set_title(
            f"{shown} strongest of {count} maps, {side} x {side} each"
        )
        return f"{picture}, and its {shown} strongest feature maps after {block} of {base}, {side} x {side} each."

    box = live([base, picture, block, upload], figure, show)
    upload.observe(lambda _: setattr(picture, "value", OWN), "value")
    return box


@functools.cache
def _block_model(name, size):
    """Return a model from pictures of that size to the maps of every block."""
    base = backbones.load(name, image_size=size)
    return keras.Model(base.input, [cutting.last_layer(base, block).output for block in cutting.blocks(base)])


def _maps(name, image):
    """Return the maps of every block for one picture."""
    model = _block_model(name, image.shape[0])
    return [maps[0].numpy() for maps in model(backbones.preprocess(name, image[None]), training=False)]


def own(uploaded, size=OWN_SIZE):
    """Return the learner's picture, `size` pixels wide and high, from the value of a `FileUpload`."""
    if not uploaded:
        raise CourseError("Expected a picture of yours. There is none yet. Press 'bring a picture' and choose a file.")
    return read_picture(bytes(uploaded[0]["content"]), size, uploaded[0]["name"])


def strongest(features, images, n=8):
    """Show the pictures to which a unit answers most.

    Parameters
    ----------
    features : ndarray of shape (n_samples, n_units)
        How strongly each unit answers to each picture.
    images : ndarray of shape (n_samples, side, side, 3), uint8
    n : int
        How many pictures are shown.

    Returns
    -------
    ipywidgets.VBox
        A slider for the unit, and the figure.
    """
    unit = ipywidgets.IntSlider(0, 0, features.shape[1] - 1, description="unit", **WIDE)
    n = min(n, len(images))
    figure, axs = plt.subplots(1, n, figsize=(9, 1.6), squeeze=False)
    shown = [plots.picture(images[0], ax).images[0] for ax in axs.flat]
    titles = [ax.set_title("", fontsize=9) for ax in axs.flat]

    def show(unit):
        order = np.argsort(features[:, unit])[::-1][:n]
        for place, drawn, title in zip(order, shown, titles, strict=True):
            drawn.set_data(images[place])
            title.set_text(f"{features[place, unit]:.2f}")
        return f"The {n} pictures to which unit {unit} answers most, strongest first."

    return live([unit], figure, show, [*shown, *titles])
