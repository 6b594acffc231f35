"""Change a picture at random, by as much as sliders say, and see what is left of it."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from course_utils import changes, plots
from course_utils.widgets.anatomy import OWN, own
from course_utils.widgets.controls import UPLOAD, WIDE, live

COLUMNS, ROWS = 6, 2
START = changes.Changes(flip="horizontal", turn=20)  # with nothing changed, twelve equal pictures would be shown
SLIDERS = {"turn": ("degrees", 180, 5), "zoom": ("%", 90, 5), "shift": ("%", 90, 5)} | {
    name: ("%", 90, 5) for name in ("contrast", "brightness")
}


def augmented_views(pictures):
    """Show changed views of a picture beside the picture itself, and how much of it can still be seen.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (side, side, 3), uint8

    Returns
    -------
    ipywidgets.VBox
        A choice of picture, a button to bring one, choices of flip and fill, sliders for the changes and for the seed,
        and the figure.
    """
    picture = ipywidgets.Dropdown(options=[*pictures, OWN], description="picture", **WIDE)
    upload = ipywidgets.FileUpload(description="bring a picture", **UPLOAD)
    flip = ipywidgets.Dropdown(options=changes.FLIPS, value=START.flip, description="flip", **WIDE)
    fill = ipywidgets.Dropdown(options=changes.FILLS, description="fill_mode", **WIDE)
    sliders = [
        ipywidgets.IntSlider(getattr(START, name), 0, most, step, description=f"{name} (up to, {unit})", **WIDE)
        for name, (unit, most, step) in SLIDERS.items()
    ]
    seed = ipywidgets.IntSlider(0, 0, 99, description="seed", **WIDE)
    figure, axs = plt.subplots(ROWS, COLUMNS, figsize=(9, 3.4))
    shown = [plots.picture(np.zeros((8, 8, 3), np.uint8), ax).images[0] for ax in axs.flat]
    titles = [ax.set_title("", fontsize=9) for ax in axs.flat]

    def show(picture, uploaded, flip, fill, *values):
        image = own(uploaded) if picture == OWN else pictures[picture]
        *amounts, seed = values
        wanted = changes.Changes(flip, *amounts, fill)
        views = changes.views(image, wanted, len(shown) - 1, seed)
        shares = 100 * changes.seen(len(image), wanted, len(views), seed)
        words = ["as it is", *(f"{share:.0f} % seen" for share in shares)]
        for drawn, title, view, word in zip(shown, titles, [image, *views], words, strict=True):
            drawn.set(data=view, extent=(0, len(view), len(view), 0))
            title.set_text(word)
        return (
            f"{picture}, and {len(views)} changed views of it. "
            f"Of the picture, {shares.min():.0f} to {shares.max():.0f} % can be seen in them, "
            f"{shares.mean():.0f} % on average."
        )

    box = live([picture, upload, flip, fill, *sliders, seed], figure, show, [*shown, *titles])
    upload.observe(lambda _: setattr(picture, "value", OWN), "value")
    return box
