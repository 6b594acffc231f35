"""Backbones through one small interface: load, preprocess, freeze, attach a head."""

from importlib import import_module
from pathlib import Path

import numpy as np

from course_utils import course_net, manifest, weights_files
from course_utils.cards import CourseError
from course_utils.networks import find
from course_utils.quiet import keras


def preprocess(name, images):
    """Turn pixels into what a backbone's weights expect. Each network has its own rule; CourseNet's is -1 to 1.

    Parameters
    ----------
    name : str
        The backbone's name.
    images : ndarray of shape (n, height, width, 3)
        Pixels, 0 to 255. They are not changed.

    Returns
    -------
    ndarray of the same shape, float32
    """
    module = find(name).module
    pixels = np.array(images, dtype=np.float32)
    if not module:
        return pixels / 127.5 - 1
    return import_module(f"keras.applications.{module}").preprocess_input(pixels)


def load(name, weights="pretrained", image_size=None, **options):
    """Build a backbone without its classifier.

    Parameters
    ----------
    name : str
        The backbone's name.
    weights : "pretrained", None, str or Path
        What it learned on its source task, random weights, or a weights file of your own.
    image_size : int, optional
        Side of the pictures, in pixels; by default the size for which its accuracy is published.
    **options
        Passed on to the builder, such as `alpha=0.35` for a narrow MobileNetV2 or `width=2` for a wide CourseNet.

    Returns
    -------
    keras.Model
        From preprocessed pictures (n, image_size, image_size, 3) to feature maps.

    Raises
    ------
    CourseError
        If there is no such backbone, or its weights are missing, damaged, or cannot be downloaded.
    """
    backbone = find(name)
    size = image_size or backbone.image_size
    if weights is not None and weights != "pretrained" and not Path(weights).is_file():
        raise CourseError(f"Expected a weights file at {weights}. Found none. Check the path.")
    if backbone.builder == "CourseNet":
        return _load_course_net(backbone, weights, size, options)
    return _load_application(backbone, weights, size, options)


def freeze(base):
    """Freeze `base` and return it: training leaves its weights alone, and its BatchNorm statistics too.

    In Keras 3 this reaches every layer inside. So does the opposite: `base.trainable = True`, or switching a model that
    holds `base` off and on again, thaws all of it, BatchNorm layers included. Setting True on a model that is already
    trainable changes nothing.
    """
    base.trainable = False
    return base


def attach_head(base, n_classes):
    """Put a new head on `base`: global average pooling (Lin et al. 2013) and a dense layer of class scores.

    Returns
    -------
    keras.Model
        From preprocessed pictures to logits of shape (n, n_classes).
    """
    pooled = keras.layers.GlobalAveragePooling2D(name="head_pool")(base.output)
    return keras.Model(base.input, keras.layers.Dense(n_classes, name="head_logits")(pooled))


def head_of(model, base):
    """Return the head that `attach_head` put on `base`, as a model of its own: from feature maps to logits.

    It shares its layers with `model`: training it trains the head of `model`.
    """
    return keras.Sequential([keras.Input(base.output.shape[1:]), *model.layers[-2:]])


def load_source_model(name):
    """Load a CourseNet with the classifier of its source task, to see how well it still knows that task.

    Parameters
    ----------
    name : str
        "coursenet_guide", "coursenet_slides" or "coursenet_photos".

    Returns
    -------
    keras.Model
        From preprocessed pictures to logits, one for each class of the source.
    """
    backbone = find(name)
    if backbone.builder != "CourseNet":
        raise CourseError(f"Expected a CourseNet, whose source classifier comes with the course. Received: {name!r}.")
    base = load(name)
    model = attach_head(base, backbone.source_classes)
    file = backbone.weights_file.replace("coursenet", "classifier")
    weights_files.read_into(head_of(model, base), manifest.verified(f"weights/{file}"))
    return model


def _load_course_net(backbone, weights, size, options):
    """Build CourseNet; read its weights from the course's data, or from the file given."""
    base = course_net.build(image_size=size, **options)
    if weights == "pretrained":
        weights = manifest.verified(f"weights/{backbone.weights_file}")
    if weights is not None:
        weights_files.read_into(base, weights)
    return base


def _load_application(backbone, weights, size, options):
    """Build a network of `keras.applications`; take its weights from this machine, or download them."""
    builder = getattr(keras.applications, backbone.builder)
    shape = {"include_top": False, "input_shape": (size, size, 3), **options}
    file = weights
    if weights == "pretrained":
        file = weights_files.offline_file(backbone.name, size, options.get("alpha", 1.0))
        if file is None:
            return _download(builder, backbone, shape)
    base = builder(weights=None, **shape)
    if file is not None:
        weights_files.read_into(base, file)
    return base


def _download(builder, backbone, shape):
    """Let Keras fetch ImageNet weights, or say what can be done without a network."""
    try:
        return builder(weights="imagenet", **shape)
    except Exception as error:  # Keras wraps every failure of a download in a bare Exception
        if "URL fetch failure" not in str(error) and not isinstance(error, OSError):
            raise
        folder, here = weights_files.model_folders()[0], ", ".join(weights_files.offline_names())
        raise CourseError(
            f"Expected the ImageNet weights of {backbone.name} ({backbone.weights_file}) in {folder}, or a network to "
            f"fetch them. Found neither. Connect and try again, put the file there, or use one that is here: {here}."
        ) from error
