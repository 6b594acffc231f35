"""Agg with a memory for words: most of the time of a figure goes into drawing letters, and most words come again."""

from collections import OrderedDict

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

MOST = 1000  # words that are kept: some MB
ABOVE, BELOW = 3, 2  # how far a word may reach beyond its base line, in sizes of its letters


class Canvas(FigureCanvasAgg):
    """A canvas whose renderer remembers words.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Its size must not change afterwards.
    """

    _remembering = None

    def get_renderer(self):
        """Return the renderer, always the same one."""
        if self._remembering is None:
            width, height = self.figure.bbox.size
            self._remembering = Renderer(width, height, self.figure.dpi)
        self.renderer = self._remembering
        return self.renderer


class Renderer(RendererAgg):
    """Draws as Agg does; a level line of text that was drawn before is copied."""

    def __init__(self, width, height, dpi):
        super().__init__(width, height, dpi)
        self._kept, self._blank = OrderedDict(), RendererAgg(width, height, dpi)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Draw a line of text, whose base line begins at (x, y) in pixels from the top left."""
        key = s, hash(prop), ismath, round(x % 1, 4), round(y % 1, 4), gc.get_rgb()
        as_ever = angle or gc.get_clip_rectangle()
        if key not in self._kept and not as_ever:
            self._keep(key, gc, x, y, s, prop, ismath, mtext)
        if as_ever or key not in self._kept:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        self._kept.move_to_end(key)
        down, right, share = self._kept[key]
        top, left = int(y) + down, int(x) + right
        below = np.asarray(self.buffer_rgba())[top : top + share.shape[0], left : left + share.shape[1], :3]
        if top < 0 or left < 0 or below.shape[:2] != share.shape[:2]:  # here it reaches over the edge
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        below[...] = below + (255 * np.array(gc.get_rgb()[:3], np.float32) - below) * share + 0.5

    def _keep(self, key, gc, x, y, *text):
        """Keep where a line of text is, from the pixel in which it begins, and which share of each pixel it covers."""
        s, prop, ismath, mtext = text
        size = self.points_to_pixels(prop.get_size_in_points())
        top, left = max(0, int(y - ABOVE * size)), max(0, int(x) - 2)
        part = np.asarray(self._blank.buffer_rgba())[top : int(y + BELOW * size), left:]
        self._blank.draw_text(gc, x, y, s, prop, 0, ismath, mtext)
        rows, columns = (np.flatnonzero(part[..., 3].any(axis)) for axis in (1, 0))
        if len(rows) and min(rows[0], columns[0]) > 0 and rows[-1] + 1 < len(part) and columns[-1] + 1 < part.shape[1]:
            share = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, 3:].astype(np.float32) / 255
            self._kept[key] = int(rows[0]) + top - int(y), int(columns[0]) + left - int(x), share
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            part[:] = 0
        else:  # some of it may lie beside the part
            self._blank.clear()
