"""Classifier heads: what flattening costs, how wide a margin is, where a class is seen."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from sklearn.decomposition import PCA
from sklearn.svm import LinearSVC

from course_utils import plots
from course_utils.anatomy import dense_parameters
from course_utils.widgets.controls import WIDE, emptied, live

COSTS = tuple(10.0**power for power in range(-5, 3))


def flattening():
    """Show how many parameters a head has with flattened and with averaged feature maps.

    Returns
    -------
    ipywidgets.VBox
        Sliders for the side and the number of the maps, the hidden neurons and the classes, and the figure.
    """
    side = ipywidgets.IntSlider(7, 1, 16, description="side of a map", **WIDE)
    channels = ipywidgets.SelectionSlider(options=(64, 128, 256, 512, 1024, 2048), value=512, **WIDE)
    channels.description = "number of maps"
    hidden = ipywidgets.SelectionSlider(options=(16, 64, 256, 1024, 4096), value=4096, **WIDE)
    hidden.description = "hidden neurons"
    classes = ipywidgets.SelectionSlider(options=(2, 8, 100, 1000), value=1000, description="classes", **WIDE)
    figure, ax = plt.subplots(figsize=(9, 1.9))

    def show(side, channels, hidden, classes):
        last = dense_parameters(hidden, classes)
        sizes = {
            "flattened, fully connected": dense_parameters(side * side * channels, hidden) + last,
            "averaged": dense_parameters(channels, classes),
        }
        plots.parameter_bars(sizes, emptied(ax))
        times = sizes["flattened, fully connected"] / sizes["averaged"]
        ax.set_title(f"{side} x {side} x {channels}: flattening costs {times:,.0f} times as many")
        return f"Parameters of two heads: {', '.join(f'{name} {count:,}' for name, count in sizes.items())}."

    return live([side, channels, hidden, classes], figure, show)


def margin(features, labels, class_names):
    """Show the line and the margin of a linear SVM between two classes, for a C that a slider chooses.

    Parameters
    ----------
    features : ndarray of shape (n, channels)
        They are shown along the two directions in which the two classes spread most.
    labels : ndarray of shape (n,), int
    class_names : sequence of str

    Returns
    -------
    ipywidgets.VBox
        Choices of two classes, a slider for C, and the figure.
    """
    first = ipywidgets.Dropdown(options=class_names, value=class_names[0], description="one class", **WIDE)
    second = ipywidgets.Dropdown(options=class_names, value=class_names[1], description="another", **WIDE)
    options = [(f"{cost:g}", cost) for cost in COSTS]
    cost = ipywidgets.SelectionSlider(options=options, value=1.0, description="C", **WIDE)
    figure, ax = plt.subplots(figsize=(8.5, 4.2))

    def show(first, second, cost):
        emptied(ax)
        if first == second:
            ax.set_title("choose two different classes")
            return "Nothing is shown: both classes are the same."
        pair = [list(class_names).index(name) for name in (first, second)]
        of = np.isin(labels, pair)
        points = PCA(2).fit_transform(features[of])
        points /= points.std()
        sides = (labels[of] == pair[1]).astype(int)
        machine = LinearSVC(C=cost, random_state=0, max_iter=20_000).fit(points, sides)
        plots.margin_plane(points, sides, (first, second), machine, ax)
        right = np.mean(machine.predict(points) == sides)
        width = 2 / np.linalg.norm(machine.coef_)
        found = f"C {cost:g}: margin {width:.1f} wide, {right:.0%} on their side"
        ax.set_title(found)
        return f"Points of {first} and {second}, and the line of a linear SVM. {found}."

    return live([first, second, cost], figure, show)


def activation(images, maps, class_names):
    """Show in which places of a picture a class is seen.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, 3), uint8
    maps : ndarray of shape (n, rows, columns, n_classes)
        See `heads.activations`.
    class_names : sequence of str

    Returns
    -------
    ipywidgets.VBox
        A slider for the picture, a choice of class, and the figure.
    """
    number = ipywidgets.IntSlider(0, 0, len(images) - 1, description="picture", **WIDE)
    name = ipywidgets.Dropdown(options=class_names, description="class", **WIDE)
    figure, axs = plt.subplots(1, 2, figsize=(7, 3.6))

    def show(number, name):
        scores = maps[number, :, :, list(class_names).index(name)]
        for ax in axs:
            emptied(ax)
        plots.picture(images[number], axs[0])
        plots.activation(images[number], scores, maps[number].max(), axs[1])
        row, column = np.unravel_index(scores.argmax(), scores.shape)
        place = f"row {row + 1} of {scores.shape[0]}, column {column + 1} of {scores.shape[1]}"
        axs[1].set_title(f"{name}: strongest in\n{place}")
        return f"A picture, and where {name} is seen: most strongly in {place} of the maps."

    return live([number, name], figure, show)
