"""Drawing a figure again and again, quickly: ticks, labels and grids take most of the time, and seldom change."""

from collections import OrderedDict

import numpy as np

from course_utils import words

MOST = 48  # axes as pixels that are kept: some 20 MB
WHITE = 0xFFFFFFFF  # a pixel with nothing on it


class Painter:
    """Draws a figure whose artists change; the place of everything is found once and kept.

    What an axis looks like (ticks, labels, grid) is kept as pixels, for all limits and labels that it has had lately.
    Axes that lie one on another are not meant: the grid of the upper one would be below the lower one's lines. Legends
    of the figure itself are kept as they were at first, and belong beside the axes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    moving : sequence of matplotlib.artist.Artist
        Artists whose values will be changed, drawn above all others. If there are any, all the rest is kept as well.
    """

    def __init__(self, figure, moving=()):
        self._figure, self._moving, self._kept = figure, moving, OrderedDict()
        self._canvas = words.Canvas(figure)
        self._canvas.draw()  # finds the place of everything
        figure.set_layout_engine("none")
        for artist in moving:
            artist.set_animated(True)
        self._canvas.draw()  # without what moves
        self._still = self._canvas.copy_from_bbox(figure.bbox)

    def pixels(self):
        """Return the figure as it is now: an ndarray of shape (height, width, 4), uint8, whose last channel is idle."""
        if self._moving:
            self._canvas.restore_region(self._still)
            for artist in self._moving:
                self._figure.draw_artist(artist)
        else:
            self._draw()
        return np.asarray(self._canvas.buffer_rgba())

    def _draw(self):
        """Draw everything: first the kept axes, then all that stands on them."""
        renderer = self._canvas.get_renderer()
        renderer.clear()
        self._figure.patch.draw(renderer)
        layers = [self._axes(ax) for ax in self._figure.axes if ax.axison and ax.get_visible()]
        layers += [self._layer(("legend", number), [one]) for number, one in enumerate(self._figure.legends)]
        pixels = np.asarray(self._canvas.buffer_rgba())
        for place, layer in layers:
            np.minimum(pixels[place], layer, out=pixels[place])  # dark lines on white: the darker one wins
        for ax in self._figure.axes:
            kept = [part for part in (ax.patch, ax.xaxis, ax.yaxis) if ax.axison and part.get_visible()]
            for part in kept:
                part.set_visible(False)
            ax.draw(renderer)
            for part in kept:
                part.set_visible(True)
        for artist in self._figure.texts:
            artist.draw(renderer)

    def _axes(self, ax):
        """Return where the ticks, labels and grid of axes are, and their pixels; see `_layer`."""
        key = (self._figure.axes.index(ax), *_look(ax.xaxis), *_look(ax.yaxis))
        return self._layer(key, (ax.xaxis, ax.yaxis))

    def _layer(self, key, artists):
        """Return `_drawn` of artists, kept under a key or drawn now."""
        if key not in self._kept:
            self._kept[key] = self._drawn(artists)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _drawn(self, artists):
        """Return where artists are, alone on white, and their pixels."""
        renderer = self._canvas.get_renderer()
        renderer.clear()
        self._figure.patch.draw(renderer)
        for artist in artists:
            artist.draw(renderer)
        pixels = np.asarray(self._canvas.buffer_rgba())
        drawn = pixels.view(np.uint32)[..., 0] != WHITE  # four numbers at once: several times as quick
        rows, columns = (np.flatnonzero(drawn.any(axis)) for axis in (1, 0))
        place = tuple(slice(found[0], found[-1] + 1) if len(found) else slice(0, 0) for found in (rows, columns))
        layer = pixels[place].copy()
        renderer.clear()
        self._figure.patch.draw(renderer)
        return place, layer


def _look(axis):
    """Return all on which the look of an axis depends."""
    places = axis.get_majorticklocs()
    labels = axis.get_major_formatter().format_ticks(places)
    settings = str(sorted(axis.get_tick_params().items()))
    limits = *axis.get_view_interval(), *axis.axes.get_position().bounds
    return (
        *limits,
        axis.get_scale(),
        tuple(places),
        tuple(labels),
        axis.get_label_text(),
        settings,
        axis.get_visible(),
    )
