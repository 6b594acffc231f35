"""What others have published of the networks of `keras.applications`: top-1 accuracy on ImageNet, in percent.

Top-1 is the share of the 50,000 validation pictures of ImageNet whose class, of 1,000, the network names at first try.
"""

KERAS_TABLE = "https://keras.io/api/applications, the table of available models"
KERAS_DOCSTRING = "the docstring of keras.applications.MobileNetV3Large, which Keras's table leaves out"
SLIM = "https://github.com/tensorflow/models, research/slim/nets: mobilenet_v1.md and mobilenet/README.md"

TOP_1 = {
    "Xception": 79.0,
    "VGG16": 71.3,
    "VGG19": 71.3,
    "ResNet50": 74.9,
    "ResNet50V2": 76.0,
    "ResNet101": 76.4,
    "ResNet101V2": 77.2,
    "ResNet152": 76.6,
    "ResNet152V2": 78.0,
    "InceptionV3": 77.9,
    "InceptionResNetV2": 80.3,
    "MobileNet": 70.4,
    "MobileNetV2": 71.3,
    "DenseNet121": 75.0,
    "DenseNet169": 76.2,
    "DenseNet201": 77.3,
    "NASNetMobile": 74.4,
    "NASNetLarge": 82.5,
    "EfficientNetB0": 77.1,
    "EfficientNetB1": 79.1,
    "EfficientNetB2": 80.1,
    "EfficientNetB3": 81.6,
    "EfficientNetB4": 82.9,
    "EfficientNetB5": 83.6,
    "EfficientNetB6": 84.0,
    "EfficientNetB7": 84.3,
    "EfficientNetV2B0": 78.7,
    "EfficientNetV2B1": 79.8,
    "EfficientNetV2B2": 80.5,
    "EfficientNetV2B3": 82.0,
    "EfficientNetV2S": 83.9,
    "EfficientNetV2M": 85.3,
    "EfficientNetV2L": 85.7,
    "ConvNeXtTiny": 81.3,
    "ConvNeXtSmall": 82.3,
    "ConvNeXtBase": 85.3,
    "ConvNeXtLarge": 86.3,
    "ConvNeXtXLarge": 86.7,
    "MobileNetV3Large": 75.6,
    "MobileNetV3Small": 68.1,
}

# Of ImageNet, as the networks of Keras learned it: ILSVRC 2012 (Russakovsky et al. 2015), training and validation set.
CLASSES, TRAINING_PHOTOGRAPHS, VALIDATION_PHOTOGRAPHS = 1_000, 1_281_167, 50_000

# The two narrow networks that notebook 04 compares on photographs, at 224 pixels.
NARROW_TOP_1 = {"MobileNet 0.25": 49.8, "MobileNetV2 0.35": 60.3}

# Pre-trained on the 14 million pictures of ImageNet-21k before ImageNet itself, as their docstrings say; all others saw
# the 1.28 million pictures of ImageNet only, as far as Keras says.
SAW_MORE = ("ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge")


def source(name):
    """Return where the top-1 accuracy of a network is published."""
    return KERAS_DOCSTRING if name.startswith("MobileNetV3") else KERAS_TABLE
