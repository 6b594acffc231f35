"""Changed views of pictures, made by Keras's own augmentation layers and repeatable from a seed."""

import numpy as np

from course_utils.cards import CourseError

PART = 256  # pictures at a time: as 32-bit numbers they take four times their memory
# What `check` looks at: enough pictures and draws to meet a mistake, as few as one batch of a training.
LOOKED_AT, DRAWS = 8, 4
# Interpolation and noise overshoot the range from 0 to 255 by a little, and cutting that off does no harm. Where more
# than a tenth of the range is cut off on average, pictures turn black or white, and something is wrong.
CUT_OFF = 25.5
# Below so many grey levels between its darkest and its lightest value, there is nothing in a picture.
EMPTY = 2.0
# Layers meant for pixels from 0 to 1, or from -1 to 1, leave no value above this share of the lightest pixel.
FAINT = 0.05


def view(images, augmentation, seed):
    """Return one changed view of every picture.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, 3), uint8
    augmentation : keras.layers.Layer
        One layer, or several in a `keras.Sequential`, for pixels from 0 to 255.
    seed : int
        Decides all changes, whatever the layers have drawn before.

    Returns
    -------
    ndarray of the same shape, uint8

    Raises
    ------
    CourseError
        If the pictures come out with another shape.
    """
    restart(augmentation, seed)
    changed = np.empty_like(images)
    for start in range(0, len(images), PART):
        changed[start : start + PART] = np.rint(change(images[start : start + PART], augmentation))
    return changed


def change(images, augmentation):
    """Return changed pictures as float32, 0 to 255; what the layers draw next decides how."""
    return _changed(images.astype(np.float32), augmentation).clip(0, 255)


def _changed(images, augmentation):
    """Return changed pictures as the layers make them, whatever their values."""
    changed = np.asarray(augmentation(images, training=True))
    if changed.shape != images.shape:
        raise CourseError(
            f"Expected pictures of shape {images.shape[1:]} from the augmentation. Received {changed.shape[1:]}. "
            "Use layers that keep the size."
        )
    return changed


def check(images, augmentation):
    """Refuse layers that would spoil the pictures, before a training begins; `change` does not look at every batch.

    A few pictures are changed a few times. What the layers draw next is another thing afterwards: see `restart`.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, 3), uint8
    augmentation : keras.layers.Layer

    Raises
    ------
    CourseError
        If the pictures come out with another shape, as no numbers, far beyond 0 to 255 or within a small part of it, or
        more than a tenth of them empty.
    """
    few = images[np.linspace(0, len(images) - 1, min(LOOKED_AT, len(images)), dtype=int)].astype(np.float32)
    before = np.concatenate([few] * DRAWS)
    views = np.concatenate([_changed(few, augmentation) for _ in range(DRAWS)])
    _check_values(before, views)
    full = _content(before) >= EMPTY
    empty = full & (_content(views) < EMPTY)
    if empty.sum() > 0.1 * full.sum():
        raise CourseError(
            f"Expected something to see in changed pictures. Received {empty.sum()} of {full.sum()} in which all "
            "pixels are equal. Change them less: for a shift or a zoom, 0.1 is a tenth of the picture."
        )


def _content(images):
    """Return how many grey levels lie between the darkest and the lightest value of each picture's richest channel."""
    return np.ptp(images, axis=(1, 2)).max(axis=-1)


def _check_values(before, views):
    """Refuse changed pictures whose values are not those of pixels from 0 to 255."""
    lost = np.mean(~np.isfinite(views))
    if lost:
        raise CourseError(
            f"Expected pixels from 0 to 255 from the augmentation. Received {lost:.0%} that are no finite numbers. "
            "Try the layers one by one on a picture, to see which one makes them."
        )
    found = f"{views.min():.4g} to {views.max():.4g} from pictures with {before.min():.0f} to {before.max():.0f}"
    if np.abs(views - views.clip(0, 255)).mean() > CUT_OFF:
        raise CourseError(
            f"Expected pixels from 0 to 255 from the augmentation. Received {found}: black or white in large part. "
            "Take out what brings pixels to another range, such as Rescaling; the course does that afterwards."
        )
    if 0 < np.abs(views).max() < FAINT * before.max():
        raise CourseError(
            f"Expected pixels from 0 to 255 from the augmentation. Received {found}: nearly black. Give layers such as "
            "RandomBrightness value_range=(0, 255), and take out Rescaling; the course does that afterwards."
        )


def restart(augmentation, seed):
    """Start the random numbers of augmentation layers anew, each layer's from a place of its own."""
    states = [variable for variable in augmentation.variables if variable.name == "seed_generator_state"]
    for number, state in enumerate(states):
        state.assign(np.random.SeedSequence([seed, number]).generate_state(2) >> 1)
