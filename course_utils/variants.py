"""Variants of the pre-trained CourseNets that do not come with the course: their names, and where they are kept."""

from course_utils import CACHE

# Epochs of the pre-trainings whose weights come with the course.
EPOCHS = {"guide": 20, "slides": 12, "photos": 45}


def narrow_weights(source, width):
    """Return where the weights of a CourseNet of another width are kept; they do not come with the course."""
    return kept_weights(variant(source, width=width))


def short_weights(source, epochs):
    """Return where the weights of a shorter or longer pre-training are kept; they do not come with the course."""
    return kept_weights(variant(source, epochs))


def kept_weights(name):
    """Return where the weights of a variant are kept."""
    return CACHE / "weights" / f"coursenet_{name}.weights.h5"


def variant(source, epochs=None, width=1.0):
    """Return the name of a pre-training: that of its source, and what makes it other than the shipped one.

    Examples
    --------
    >>> variant("guide", 20), variant("guide", 2), variant("guide", 20, 0.5)
    ('guide', 'guide_2_epochs', 'guide_0.5')
    """
    epochs = epochs or EPOCHS.get(source)
    name = source if width == 1 else f"{source}_{width}"
    return name if epochs == EPOCHS.get(source, epochs) else f"{name}_{epochs}_epochs"
