"""The plain values that the course passes around. Nothing here computes anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class CourseError(Exception):
    """Something the learner can put right: the message says what was expected, what was found and what to do."""

    def _render_traceback_(self):
        """Return what a notebook shows: the sentence alone. Where in the course's code it arose helps nobody."""
        return [f"✗ {self}"]


class CourseWarning(UserWarning):
    """Something went another way than was asked for; the message says what, and what can be done."""


@dataclass(frozen=True)
class Pictures:
    """Labelled pictures, all of one size.

    Attributes
    ----------
    images : ndarray of shape (n_samples, height, width, 3), uint8
    labels : ndarray of shape (n_samples,), int64
        Positions in the task's `class_names`.
    groups : ndarray of shape (n_samples,), int, optional
        The same number for pictures that belong together, such as copies: `data.split` keeps them on one side.
    """

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray | None = None

    def __len__(self):
        return len(self.labels)

    def take(self, places):
        """Return the pictures at some places: an ndarray of int, or of one bool for each picture."""
        groups = self.groups if self.groups is None else self.groups[places]
        return Pictures(self.images[places], self.labels[places], groups)


@dataclass(frozen=True)
class Task:
    """A classification task: a pool of pictures to train on, and test pictures that training never sees."""

    name: str
    class_names: tuple[str, ...]
    train: Pictures
    test: Pictures
    description: str = ""


@dataclass(frozen=True)
class Backbone:
    """A network without its classifier, together with all that its weights require.

    Attributes
    ----------
    name : str
    builder : str
        The function in `keras.applications` that builds it; "CourseNet" for the course's own.
    module : str
        The `keras.applications` module with its `preprocess_input`; empty for CourseNet.
    image_size : int
        Side, in pixels, of the pictures that it was trained on.
    weights_file : str
        Pattern of the file that holds its weights, in `data/weights` or in Keras's folder of models.
    source : str
        What its weights were trained on.
    source_classes : int
        Number of classes of the source task.
    """

    name: str
    builder: str
    module: str
    image_size: int
    weights_file: str
    source: str
    source_classes: int


@dataclass(frozen=True)
class Strategy:
    """How a backbone is put to use on a new task.

    Attributes
    ----------
    name : str
    pretrained : bool
        Start from the weights learned on the source task; otherwise from random ones.
    freeze : {"none", "part", "all"}
        How much of the backbone stays as it is: nothing, its early part, or the whole, so that only the new head is
        trained.
    """

    name: str
    pretrained: bool
    freeze: str


def way_name(way):
    """Return the name of a way of training as it stands in a sentence.

    Examples
    --------
    >>> way_name("2"), way_name("warm start")
    ('strategy 2', 'warm start')
    """
    return f"strategy {way}" if way[0].isdigit() else way


@dataclass(frozen=True)
class Recipe:
    """How a network is trained, whatever the strategy; `recipes.check` says what can be combined.

    Attributes
    ----------
    learning_rate : float
        The highest rate.
    epochs : int
    batch_size : int
        Pictures in a step. With BatchNorm and few pictures, larger batches leave less between training and inference.
    schedule : str
        How the rate changes; see `schedules.find`. While the head is trained first, it is "cosine".
    validation : float
        Share of the pictures that is set aside to judge every epoch.
    patience : int, optional
        Stop after so many epochs without a lower loss on those pictures, and go back to the weights of the best epoch.
    head_epochs : int
        Epochs in which only the new head is trained, before the rest (Kumar et al. 2022), on pictures as they are.
    head_rate : float
        The learning rate of these epochs.
    depth_factor : float
        From block to block towards the input the learning rate is multiplied by this; see `depth_rates.factors`.
    augmentation : keras.layers.Layer, optional
        Changes pictures at random; see `augmentation.view`.
    views : int, optional
        Number of changed views of every picture whose features are kept. Without it, pictures are changed anew in
        every epoch and go through the whole network. As measured by `commands.views`, five views bring nearly what new
        ones bring where a part of the base is trained.
    reuse_views : bool
        Begin with the first view again when all have been used.
    """

    learning_rate: float
    epochs: int
    batch_size: int = 32
    schedule: str = "cosine"
    validation: float = 0.0
    patience: int | None = None
    head_epochs: int = 0
    head_rate: float = 8e-3
    depth_factor: float = 1.0
    augmentation: object = None
    views: int | None = None
    reuse_views: bool = False


@dataclass(frozen=True)
class Run:
    """What came of one training run.

    Attributes
    ----------
    strategy, backbone, task : str
        Names.
    source : str
        What the backbone was pre-trained on; "none" for random weights.
    freeze_depth : str
        How much of the base was frozen: "none", "all", or the name of the last frozen block or layer.
    image_size : int
        Side of the pictures, in pixels.
    n_samples : int
        Number of training pictures.
    epochs : int
    learning_rate : float
    seed : int
    train_accuracy, test_accuracy : float
        Shares, 0 to 1, measured after training, in inference mode.
    seconds : float
    history : dict of str to list of float
        One value an epoch, as Keras recorded it.
    model : keras.Model
        The trained network: from preprocessed pictures to class scores (logits).
    stopped : str
        Why training ended before its last epoch; empty if it did not.
    recipe : Recipe, optional
        How it was trained, if by `training.train`.
    """

    strategy: str
    backbone: str
    task: str
    source: str
    freeze_depth: str
    image_size: int
    n_samples: int
    epochs: int
    learning_rate: float
    seed: int
    train_accuracy: float
    test_accuracy: float = field(repr=False)  # whoever wants to look at the test asks for it
    seconds: float
    history: dict[str, list[float]] = field(repr=False)
    model: object = field(repr=False)
    stopped: str = ""
    recipe: Recipe | None = field(default=None, repr=False)
