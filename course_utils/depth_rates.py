"""A learning rate for each depth: what lies near the input changes less (Howard & Ruder 2018, section 3.2)."""

import numpy as np

from course_utils import cutting
from course_utils.quiet import keras

GROUPS = 5


@keras.saving.register_keras_serializable("course_utils")
class DepthAdam(keras.optimizers.Adam):
    """Adam, with the learning rate of each array of weights multiplied by a factor of its own."""

    def __init__(self, learning_rate, factors, **settings):
        """Take a rate or a schedule, and a dict of a variable's path to its factor; 1 where there is none."""
        super().__init__(learning_rate, **settings)
        self.factors, self._by_variable = factors, {}

    def get_config(self):
        """Return what makes it anew, for saving."""
        return super().get_config() | {"factors": self.factors}

    def build(self, variables):
        """Note the factor of each variable; `update_step` meets it as Keras's variable, or as TensorFlow's inside."""
        for variable in variables:
            factor = self.factors.get(variable.path, 1.0)
            self._by_variable |= {id(variable): factor, id(variable.value): factor}
        super().build(variables)

    def update_step(self, gradient, variable, learning_rate):
        """Take one step with the rate of this variable."""
        super().update_step(gradient, variable, learning_rate * self._by_variable[id(variable)])


def factors(base, factor):
    """Return by how much the learning rate of each array of weights is multiplied.

    The head keeps its rate, and is not listed. The last group of blocks has `factor`, the group before it its square,
    and so on towards the input. There are at most five groups: CourseNet has five blocks; the many blocks of larger
    networks are shared out evenly among the groups. A layer between two blocks counts as part of the later one.

    Parameters
    ----------
    base : keras.Model
    factor : float
        From 0 to 1. Howard & Ruder took 1 / 2.6.

    Returns
    -------
    dict of str to float
        Path of a variable -> factor.

    Examples
    --------
    >>> from course_utils import course_net
    >>> found = factors(course_net.build(), 0.5)
    >>> found["block5_conv1/kernel"], found["block1_conv1/kernel"]
    (0.5, 0.03125)
    """
    named = [cutting.last_layer(base, block) for block in cutting.blocks(base)]
    ends = [base.layers.index(layer) for layer in named or cutting.cut_points(base)]
    groups = [group[-1] for group in np.array_split(ends, min(len(ends), GROUPS))]
    found = {}
    for place, layer in enumerate(base.layers):
        later = sum(bool(end >= place) for end in groups)  # groups that are not over yet, this one included
        for weight in layer.trainable_weights:
            found[weight.path] = factor ** max(later, 1)
    return found
