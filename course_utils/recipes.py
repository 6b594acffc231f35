"""Refuse what cannot be trained, before anything is computed: one sentence says what was expected."""

from math import isfinite

import numpy as np

from course_utils import networks, schedules
from course_utils.cards import CourseError


def check(recipe, strategy):
    """Refuse a recipe that makes no sense for a strategy.

    Parameters
    ----------
    recipe : Recipe
    strategy : Strategy

    Raises
    ------
    CourseError
        At the first setting that is wrong.
    """
    for name in ("learning_rate", "head_rate"):
        _expect(_number(getattr(recipe, name)) and getattr(recipe, name) > 0, f"{name}= above zero", recipe, name)
    for name, least in {"epochs": 1, "batch_size": 1, "head_epochs": 0}.items():
        _expect(_whole(getattr(recipe, name), least), f"{name}=, a whole number from {least} on", recipe, name)
    for name in ("patience", "views"):
        value = getattr(recipe, name)
        _expect(value is None or _whole(value, 1), f"{name}=, a whole number from 1 on, or None", recipe, name)
    _expect(
        _number(recipe.validation) and 0 <= recipe.validation < 1, "validation= from 0 to below 1", recipe, "validation"
    )
    _expect(
        _number(recipe.depth_factor) and 0 < recipe.depth_factor <= 1,
        "depth_factor= above 0, at most 1",
        recipe,
        "depth_factor",
    )
    schedules.find(recipe.schedule, recipe.learning_rate, 1)
    _check_together(recipe, strategy)


def check_task(task):
    """Refuse a task without pictures, or with labels that are no class."""
    classes = len(task.class_names)
    for part in (task.train, task.test):
        labels = np.asarray(part.labels)
        if not len(labels) or labels.min() < 0 or labels.max() >= classes:
            found = f"{labels.min()} to {labels.max()}" if len(labels) else "no pictures"
            raise CourseError(
                f"Expected labels from 0 to {classes - 1}, since {task.name} has {classes} classes. Received {found}. "
                "Number the classes from 0 on, and name them all in class_names."
            )


def check_size(task, backbone, image_size=None):
    """Refuse a task whose pictures are not of the size that the backbone will be built for."""
    size = image_size or networks.find(backbone).image_size
    height, width = task.train.images.shape[1:3]
    if (height, width) != (size, size):
        raise CourseError(
            f"Expected pictures of {size} x {size} pixels for {backbone}. Received {height} x {width}. "
            "Give image_size=, or read the pictures at another size."
        )


def check_depth(strategy, freeze_depth):
    """Return how much is frozen: "none", "all", or the name given, which strategy 2 needs and no other takes."""
    if (strategy.freeze == "part") != (freeze_depth is not None) or freeze_depth in ("none", "all"):
        wanted = "freeze_depth=, such as 'block3'," if strategy.freeze == "part" else "no freeze_depth="
        raise CourseError(f"Expected {wanted} for strategy {strategy.name!r}. Received: {freeze_depth!r}.")
    return freeze_depth or strategy.freeze


def _check_together(recipe, strategy):
    """Refuse settings that contradict each other."""
    if recipe.patience and not recipe.validation:
        raise CourseError(
            "Expected validation=, the share of pictures that judge each epoch, beside patience=. Received none. "
            "Give for example validation=0.25."
        )
    if recipe.head_epochs and (not strategy.pretrained or strategy.freeze == "all"):
        raise CourseError(
            f"Expected head_epochs=0 for strategy {strategy.name!r}: training the head first is of use where a "
            f"pre-trained base is trained afterwards. Received: {recipe.head_epochs}. Leave it out."
        )
    if recipe.depth_factor != 1 and strategy.freeze == "all":
        raise CourseError(
            f"Expected depth_factor=1 for strategy {strategy.name!r}: only the head is trained. "
            f"Received: {recipe.depth_factor!r}. Leave it out."
        )
    if recipe.augmentation is not None and not callable(recipe.augmentation):
        raise CourseError(
            "Expected augmentation=, a Keras layer such as keras.layers.RandomFlip(). "
            f"Received: {recipe.augmentation!r}."
        )
    if recipe.views and recipe.augmentation is None:
        raise CourseError(
            "Expected augmentation= beside views=. Received none. Give a Keras layer, or leave views out."
        )
    if recipe.views and strategy.freeze == "none":
        raise CourseError(
            f"Expected views=None for strategy {strategy.name!r}: nothing is frozen, so there are no features to keep. "
            f"Received: {recipe.views}. Leave it out: every epoch has new views."
        )
    if recipe.views and recipe.epochs > recipe.views and not recipe.reuse_views:
        raise CourseError(
            f"Expected at most as many epochs as kept views, {recipe.views}. Received {recipe.epochs} epochs: later "
            "ones would see changed pictures that were seen before. Keep more views, or allow it with reuse_views=True."
        )


def _expect(right, wanted, recipe, name):
    """Raise unless a setting is right."""
    if not right:
        raise CourseError(f"Expected {wanted}. Received: {getattr(recipe, name)!r}.")


def _number(value):
    """Tell whether a value is a finite number."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and isfinite(value)


def _whole(value, least):
    """Tell whether a value is a whole number that is large enough."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least
