"""CourseNet: the small convolutional network of the course, in plain Keras."""

from course_utils.quiet import keras

# Five blocks in the manner of VGG (Simonyan & Zisserman 2014): 3x3 convolutions, more channels as the picture
# shrinks. The first convolution moves in steps of two pixels, which makes everything behind it four times cheaper.
BLOCKS = ((16,), (32,), (64, 64), (96, 96), (128, 128))
IMAGE_SIZE = 64


def build(width=1.0, image_size=IMAGE_SIZE):
    """Build CourseNet's convolutional base, with random weights.

    Each convolution is followed by batch normalisation (Ioffe & Szegedy 2015) and ReLU; blocks 2 to 4 end in 2x2
    max pooling. Layers are named as in VGG: `block3_conv2`, `block3_bn2`, `block3_relu2`, `block3_pool`.

    Parameters
    ----------
    width : float
        Multiplies the number of channels: 0.5 is a narrow CourseNet, 2 a wide one.
    image_size : int
        Side of the pictures in pixels.

    Returns
    -------
    keras.Model
        From preprocessed pictures (n, image_size, image_size, 3) to feature maps
        (n, image_size / 16, image_size / 16, 128 * width).
    """
    inputs = keras.Input((image_size, image_size, 3), name="pictures")
    x = inputs
    for block, channels in enumerate(BLOCKS, start=1):
        for place, count in enumerate(channels, start=1):
            strides = 2 if block == 1 else 1
            name = f"block{block}_{{}}{place}"
            x = keras.layers.Conv2D(
                round(count * width), 3, strides, padding="same", use_bias=False, name=name.format("conv")
            )(x)
            # Keras's default momentum, 0.99, needs more steps to settle than a small data set gives.
            x = keras.layers.BatchNormalization(momentum=0.9, name=name.format("bn"))(x)
            x = keras.layers.ReLU(name=name.format("relu"))(x)
        if 2 <= block <= 4:
            x = keras.layers.MaxPooling2D(name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name="coursenet")
