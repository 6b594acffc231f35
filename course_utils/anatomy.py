"""The arithmetic of convolutional layers: shapes, parameters, receptive fields."""

from math import prod

from course_utils.cards import CourseError


def output_side(side, kernel, stride=1, padding="same"):
    """Return the side of a convolution's (or pooling's) output, in pixels.

    Without padding the kernel must lie inside the picture: floor((side - kernel) / stride) + 1 places. With "same",
    zeros are put around the picture so that there are ceil(side / stride) (Dumoulin & Visin 2016, chapter 2).

    Parameters
    ----------
    side, kernel, stride : int
        In pixels.
    padding : {"same", "valid"}
        "valid" is Keras's word for none.

    Returns
    -------
    int

    Raises
    ------
    CourseError
        If a number is below 1, the padding is unknown, or the kernel is larger than the picture.

    Examples
    --------
    >>> output_side(64, 3, stride=2), output_side(64, 3, padding="valid")
    (32, 62)
    """
    for name, value in {"side": side, "kernel": kernel, "stride": stride}.items():
        if value < 1:
            raise CourseError(f"Expected a {name} of at least 1. Received: {value}.")
    if padding not in ("same", "valid"):
        raise CourseError(f'Expected padding "same" or "valid". Received: {padding!r}.')
    if padding == "same":
        return -(-side // stride)
    if kernel > side:
        raise CourseError(
            f"A kernel of {kernel} x {kernel} does not fit into a picture of {side} x {side}. "
            'Take a smaller kernel, or padding "same".'
        )
    return (side - kernel) // stride + 1


def convolution_parameters(kernel, channels, filters, bias=True):
    """Return the number of parameters of a convolution.

    Each filter has kernel x kernel weights for each channel of its input, and one bias.

    Examples
    --------
    >>> convolution_parameters(3, channels=3, filters=64)  # VGG16's first layer
    1792
    """
    return filters * (kernel * kernel * channels + bias)


def dense_parameters(inputs, outputs):
    """Return the number of parameters of a fully-connected layer: each output has a weight per input, and a bias.

    Examples
    --------
    >>> dense_parameters(4096, 1000)
    4097000
    """
    return outputs * (inputs + 1)


def receptive_fields(base):
    """Return how much of the picture a unit of each layer sees.

    A kernel of k pixels adds (k - 1) steps to what the layer before saw; a step is as many pixels as all strides before
    it multiply to (Araujo, Norris & Sim 2019, equation 2).

    Parameters
    ----------
    base : keras.Model
        A chain of layers, such as CourseNet or VGG16.

    Returns
    -------
    dict of str to (int, int)
        Layer -> side of the receptive field, and distance between the fields of neighbouring units, in pixels. Only
        convolutions and poolings are listed: the others change neither.
    """
    field, step, found = 1, 1, {}
    for layer in base.layers:
        kernel = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
        if kernel:
            field += (kernel[0] - 1) * step
            step *= layer.strides[0]
            found[layer.name] = (field, step)
    return found


def multiply_adds(layer):
    """Return how many multiplications, each with an addition, a layer needs for one picture.

    Every place of its output needs each number of its kernels once. Only convolutions and dense layers are counted;
    next to them the others need few.

    Parameters
    ----------
    layer : keras.layers.Layer
        Part of a model whose pictures have a fixed size.

    Returns
    -------
    int

    Examples
    --------
    >>> from course_utils import course_net
    >>> multiply_adds(course_net.build().get_layer("block1_conv1"))  # 32 x 32 places, 16 kernels of 3 x 3 x 3
    442368
    """
    kernels = [weight for weight in layer.weights if weight.name.endswith("kernel")]
    return prod(layer.output.shape[1:-1]) * sum(prod(kernel.shape) for kernel in kernels)
