"""Changed views of pictures, made by Keras's own augmentation layers and repeatable from a seed."""

import numpy as np

from course_utils.cards import CourseError

PART = 256  # pictures at a time: as 32-bit numbers they take four times their memory


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
    changed = np.asarray(augmentation(images.astype(np.float32), training=True))
    if changed.shape != images.shape:
        raise CourseError(
            f"Expected pictures of shape {images.shape[1:]} from the augmentation. Received {changed.shape[1:]}. "
            "Use layers that keep the size."
        )
    return changed.clip(0, 255)


def restart(augmentation, seed):
    """Start the random numbers of augmentation layers anew, each layer's from a place of its own."""
    states = [variable for variable in augmentation.variables if variable.name == "seed_generator_state"]
    for number, state in enumerate(states):
        state.assign(np.random.SeedSequence([seed, number]).generate_state(2) >> 1)
