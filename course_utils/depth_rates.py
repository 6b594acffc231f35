"""A learning rate for each depth: what lies near the input changes less (Howard & Ruder 2018, section 3.2)."""

from course_utils import cutting
from course_utils.quiet import keras


class DepthAdam(keras.optimizers.Adam):
    """Adam, with the learning rate of each array of weights multiplied by a factor of its own."""

    def __init__(self, learning_rate, factors):
        """Take a rate or a schedule, and a dict of a variable's path to its factor; 1 where there is none."""
        super().__init__(learning_rate)
        self.factors, self._by_variable = factors, {}

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

    The head keeps its rate, and is not listed. The last block has `factor`, the block before it its square, and so on
    towards the input. A layer between two blocks counts as part of the later one.

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
    ends = [base.layers.index(cutting.last_layer(base, block)) for block in cutting.blocks(base)]
    found = {}
    for place, layer in enumerate(base.layers):
        later = sum(end >= place for end in ends)  # blocks that are not over yet, this one included
        for weight in layer.trainable_weights:
            found[weight.path] = factor ** max(later, 1)
    return found
