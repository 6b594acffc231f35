"""Batches of pictures or features: from arrays on disk, from another array in each epoch, or changed on the way."""

import numpy as np

from course_utils.quiet import keras


class Batches(keras.utils.PyDataset):
    """What Keras's `fit` and `evaluate` take where a plain array will not do.

    An array mapped from disk would be read into memory as a whole; here only a batch of it is.
    """

    def __init__(self, views, labels, batch_size, seed=None, change=None):
        """Take the inputs and the labels.

        Parameters
        ----------
        views : sequence of ndarray of shape (n, ...)
            Each epoch takes another one, in turn.
        labels : ndarray of shape (n,), int
        batch_size : int
        seed : int, optional
            Decides the order, another one in each epoch; without a seed it is that of the arrays.
        change : callable, optional
            Applied to the inputs of a batch, each time that it comes.
        """
        super().__init__(workers=1)
        self.views, self.labels, self.batch_size, self.change = views, labels, batch_size, change
        self.seed, self.epoch = seed, 0
        self._order()

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __getitem__(self, index):
        places = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        inputs = self.views[self.epoch % len(self.views)][places]
        return self.change(inputs) if self.change else inputs, self.labels[places]

    def on_epoch_end(self):
        """Go on to the next view, in another order."""
        self.epoch += 1
        self._order()

    def _order(self):
        """Find the order of this epoch."""
        n = len(self.labels)
        self.order = (
            np.arange(n) if self.seed is None else np.random.default_rng([self.seed, self.epoch]).permutation(n)
        )
