"""Train a backbone on a task by one of the strategies."""

import time
from dataclasses import dataclass, fields

from course_utils import augmentation, backbones, batch_norm, data, depth_rates, fitting, networks, parts, recipes
from course_utils.batches import Batches
from course_utils.cards import CourseError, Recipe, Run
from course_utils.quiet import keras


def train(
    strategy,
    backbone,
    task,
    n_samples,
    *,
    learning_rate,
    epochs,
    freeze_depth=None,
    seed=0,
    image_size=None,
    weights="pretrained",
    progress=True,
    **settings,
):
    """Train on a sample of a task and measure on all of its test pictures.

    Where a part of the base is frozen it is run once, and the rest is trained on its features, which are kept (see
    `features.kept`); the result is the same as running it in every epoch. Optimiser, schedules and loop are Keras's.

    Parameters
    ----------
    strategy : Strategy
    backbone : str
    task : Task
    n_samples : int
        Number of training pictures, drawn with `seed`; those set aside for validation are among them.
    learning_rate : float
        The highest rate.
    epochs : int
    freeze_depth : str, optional
        For strategy 2: the last block, or layer, that is frozen, such as "block3". Where the network cannot be cut
        behind it, a warning says up to which layer is frozen instead.
    seed : int
        Decides the sample, the initial weights, the order of the pictures, and augmentation.
    image_size : int, optional
        Side of the pictures; by default the one that the backbone was trained on. It must be that of the task.
    weights : "pretrained" or Path
        What strategies with a pre-trained base start from: the backbone's own weights, or a file of yours.
    progress : bool
        Show how far the work is.
    **settings
        Other fields of a `cards.Recipe`, such as `batch_size=64` or `head_epochs=20`; and what `backbones.load` takes,
        such as `alpha=0.35`.

    Returns
    -------
    Run
        Also when training is interrupted, or when the loss becomes NaN: `stopped` says so, and `history` goes so far.

    Raises
    ------
    CourseError
        If a setting makes no sense, the pictures are not of the backbone's size, a label is no class, a class has too
        few pictures for the sample, or there is no such block or layer.
    """
    names = [field.name for field in fields(Recipe)]
    recipe = Recipe(learning_rate, epochs, **{name: settings.pop(name) for name in names if name in settings})
    recipes.check(recipe, strategy)
    recipes.check_task(task)
    depth = recipes.check_depth(strategy, freeze_depth)
    recipes.check_size(task, backbone, image_size)
    keras.utils.set_random_seed(seed)
    base = _load(backbone, weights if strategy.pretrained else None, image_size, settings)
    started = time.perf_counter()
    seen, held_out = _samples(task, n_samples, recipe, seed)
    model = backbones.attach_head(base, len(task.class_names))
    work = _Work(backbone, base, model, recipe, seed, progress)
    history, stopped = _train_head(work, seen) if recipe.head_epochs else ({}, "")
    part = parts.split(backbone, base, model, depth, progress)
    if stopped:
        fitting.compile_model(part.trained, learning_rate, 1)  # it is only judged
    else:
        fitted = _fit(work, part, seen, held_out)
        unsettled = _settle(part, seen)
        history, stopped = history | fitted.history, fitted.stopped or unsettled
    seconds = time.perf_counter() - started
    return Run(
        strategy=strategy.name,
        backbone=networks.label(backbone, settings),
        task=task.name,
        source=backbones.find(backbone).source if strategy.pretrained else "none",
        freeze_depth=part.depth,
        image_size=task.train.images.shape[1],
        n_samples=n_samples,
        epochs=epochs,
        learning_rate=learning_rate,
        seed=seed,
        train_accuracy=_accuracy(part, seen),
        test_accuracy=_accuracy(part, task.test),
        seconds=seconds,
        history=history,
        model=model,
        stopped=stopped,
        recipe=recipe,
    )


@dataclass(frozen=True)
class _Work:
    """What all steps of one training share."""

    backbone: str
    base: keras.Model
    model: keras.Model
    recipe: Recipe
    seed: int
    progress: bool


def _samples(task, n_samples, recipe, seed):
    """Return the pictures to train on, and those set aside for validation, or None."""
    seen, held_out = data.sample(task.train, n_samples, seed), None
    if recipe.validation:
        seen, held_out = data.split(seen, recipe.validation, seed)
        if not len(seen) or not len(held_out):
            raise CourseError(
                f"Expected pictures to train on and to validate with. {n_samples} pictures with validation="
                f"{recipe.validation:g} leave {len(seen)} and {len(held_out)}. Take more pictures, or another share."
            )
    if recipe.augmentation is not None:
        augmentation.check(seen.images, recipe.augmentation)  # refused now, if it cannot be used
    return seen, held_out


def _train_head(work, seen):
    """Train the new head alone; return its history, named so, and why it stopped early."""
    recipe = work.recipe
    part = parts.split(work.backbone, work.base, work.model, "all", work.progress)
    updates = recipe.head_epochs * fitting.steps(len(seen), recipe.batch_size)
    fitting.compile_model(part.trained, recipe.head_rate, updates)
    settings = {"batch_size": recipe.batch_size, "seed": work.seed, "progress": work.progress}
    fitted = fitting.fit(part.trained, part.prepare(seen.images), seen.labels, recipe.head_epochs, **settings)
    for layer in work.base.layers:  # what stays frozen is frozen again when the base is cut
        layer.trainable = True
    return {f"head_{name}": values for name, values in fitted.history.items()}, fitted.stopped


def _fit(work, part, seen, held_out):
    """Train the part that is to be trained, as the recipe says."""
    recipe = work.recipe
    updates = recipe.epochs * fitting.steps(len(seen), recipe.batch_size)
    factors = depth_rates.factors(work.base, recipe.depth_factor) if recipe.depth_factor < 1 else None
    trained, prepare = part.trained, part.prepare
    if recipe.augmentation is not None and not recipe.views:  # nothing can be kept: all is run in every epoch
        trained, prepare = work.model, lambda images: backbones.preprocess(work.backbone, images)
        fitting.compile_model(part.trained, recipe.learning_rate, updates)  # it is only judged
    fitting.compile_model(trained, recipe.learning_rate, updates, recipe.schedule, factors)
    validation = None if held_out is None else (prepare(held_out.images), held_out.labels)
    settings = {"batch_size": recipe.batch_size, "seed": work.seed, "progress": work.progress}
    inputs = prepare(seen.images) if recipe.augmentation is None else _augmented(work, part, seen)
    settings |= {"validation": validation, "patience": recipe.patience}
    return fitting.fit(trained, inputs, seen.labels, recipe.epochs, **settings)


def _settle(part, seen):
    """Settle the BatchNorm statistics of what was trained; return why not, if that is interrupted."""
    try:
        if part.depth != "all":
            batch_norm.settle(part.trained, part.prepare(seen.images))
    except KeyboardInterrupt:
        return "Interrupted after the last epoch; the statistics of batch normalisation are not settled."
    return ""


def _accuracy(part, pictures):
    """Return the share of correct answers; NaN if judging is interrupted, for the training itself is done."""
    try:
        return fitting.accuracy(part.trained, part.prepare(pictures.images), pictures.labels)
    except KeyboardInterrupt:
        return float("nan")


def _augmented(work, part, seen):
    """Return batches of changed pictures, or of the features of a few changed views of each."""
    recipe, layers = work.recipe, work.recipe.augmentation
    if recipe.views:
        n_views = min(recipe.views, recipe.epochs)
        seeds = [1000 * work.seed + number for number in range(n_views)]
        views = [part.prepare(augmentation.view(seen.images, layers, seed), n_views) for seed in seeds]
        return Batches(views, seen.labels, recipe.batch_size, work.seed)
    augmentation.restart(layers, work.seed)

    def change(images):
        return backbones.preprocess(work.backbone, augmentation.change(images, layers))

    return Batches([seen.images], seen.labels, recipe.batch_size, work.seed, change)


def _load(backbone, weights, image_size, options):
    """Load a base; say so if a setting is neither of the recipe nor of the network."""
    try:
        base = backbones.load(backbone, weights, image_size, **options)
    except TypeError as error:
        if "keyword argument" not in str(error):
            raise
        names = ", ".join(field.name for field in fields(Recipe))
        raise CourseError(
            f"Expected settings of a recipe ({names}) or of {backbone}. Received another: {error}."
        ) from error
    batch_norm.quicken(base)
    return base
