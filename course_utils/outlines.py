"""Networks of `keras.applications` without weights: their layers, shapes, depth, and where their parameters sit."""

from concurrent.futures import ThreadPoolExecutor

from course_utils import cutting, networks
from course_utils.quiet import keras


def outline(name, include_top=False):
    """Build a network of `keras.applications` without any weights: for its layers, shapes and parameter counts.

    Keras makes variables in a `StatelessScope` only when they get values. So VGG16, of 553 MB, takes no memory to
    speak of. What comes back cannot be run.

    It is built in a thread of its own. Keras lists, for each thread, variables that wait for their values, and gives
    them all values when a network is next called with weights from outside, as `features.forward` does.

    Parameters
    ----------
    name : str
    include_top : bool
        With the classifier for the 1,000 classes of ImageNet.

    Returns
    -------
    keras.Model
    """
    card = networks.find(name)
    shape = (card.image_size, card.image_size, 3)

    def build():
        with keras.StatelessScope(initialize_variables=False):
            return getattr(keras.applications, card.builder)(weights=None, include_top=include_top, input_shape=shape)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(build).result()


def block_parameters(base):
    """Return how many parameters each block has, up to the layer behind which the base can be cut: a dict.

    Parameters
    ----------
    base : keras.Model
        It may be an outline.
    """
    ends = [base.layers.index(cutting.last_layer(base, block)) for block in cutting.blocks(base)]
    ends[-1] = len(base.layers) - 1  # what is behind the last block is counted with it
    starts = [0, *(end + 1 for end in ends)]
    return {
        block: sum(layer.count_params() for layer in base.layers[start : end + 1])
        for block, start, end in zip(cutting.blocks(base), starts, ends, strict=False)
    }


def depth(model):
    """Return how many kernels lie on the longest path from input to output: of convolutions and of dense layers.

    A separable convolution has two. Activations, normalisation and pooling are not counted: VGG16 has 16, ResNet50 50.

    Parameters
    ----------
    model : keras.Model
    """
    found, last = {}, 0
    for step in model.operations:
        inputs = step.input if isinstance(step.input, list | tuple) else [step.input]
        # What a model inside gives (ConvNeXt has some) is another tensor outside: then the step before counts.
        last = max((found.get(id(tensor), last) for tensor in inputs), default=0) + _kernels(step)
        found[id(step.output)] = last
    return last


def _kernels(step):
    """Return the number of kernels of one step of a network; a chain of layers inside it has those of all of them."""
    if isinstance(step, keras.Sequential):
        return sum(_kernels(layer) for layer in step.layers)
    return sum(weight.name.endswith("kernel") for weight in getattr(step, "weights", ()))
