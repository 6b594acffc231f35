"""The table of backbones: CourseNet from three sources, and every network of `keras.applications`."""

from course_utils.cards import Backbone, CourseError

_TF = "weights_tf_dim_ordering_tf_kernels"

# Name in keras.applications, its module, the side of the pictures for which its accuracy is given (EfficientNetV2 was
# trained on smaller ones), and its weights file without a classifier. {alpha} stands for the width, * for the side
# where Keras has one file for each.
_APPLICATIONS = (
    ("ConvNeXtTiny", "convnext", 224, "convnext_tiny_notop.h5"),
    ("ConvNeXtSmall", "convnext", 224, "convnext_small_notop.h5"),
    ("ConvNeXtBase", "convnext", 224, "convnext_base_notop.h5"),
    ("ConvNeXtLarge", "convnext", 224, "convnext_large_notop.h5"),
    ("ConvNeXtXLarge", "convnext", 224, "convnext_xlarge_notop.h5"),
    ("DenseNet121", "densenet", 224, f"densenet121_{_TF}_notop.h5"),
    ("DenseNet169", "densenet", 224, f"densenet169_{_TF}_notop.h5"),
    ("DenseNet201", "densenet", 224, f"densenet201_{_TF}_notop.h5"),
    ("EfficientNetB0", "efficientnet", 224, "efficientnetb0_notop.h5"),
    ("EfficientNetB1", "efficientnet", 240, "efficientnetb1_notop.h5"),
    ("EfficientNetB2", "efficientnet", 260, "efficientnetb2_notop.h5"),
    ("EfficientNetB3", "efficientnet", 300, "efficientnetb3_notop.h5"),
    ("EfficientNetB4", "efficientnet", 380, "efficientnetb4_notop.h5"),
    ("EfficientNetB5", "efficientnet", 456, "efficientnetb5_notop.h5"),
    ("EfficientNetB6", "efficientnet", 528, "efficientnetb6_notop.h5"),
    ("EfficientNetB7", "efficientnet", 600, "efficientnetb7_notop.h5"),
    ("EfficientNetV2B0", "efficientnet_v2", 224, "efficientnetv2-b0_notop.h5"),
    ("EfficientNetV2B1", "efficientnet_v2", 240, "efficientnetv2-b1_notop.h5"),
    ("EfficientNetV2B2", "efficientnet_v2", 260, "efficientnetv2-b2_notop.h5"),
    ("EfficientNetV2B3", "efficientnet_v2", 300, "efficientnetv2-b3_notop.h5"),
    ("EfficientNetV2S", "efficientnet_v2", 384, "efficientnetv2-s_notop.h5"),
    ("EfficientNetV2M", "efficientnet_v2", 480, "efficientnetv2-m_notop.h5"),
    ("EfficientNetV2L", "efficientnet_v2", 480, "efficientnetv2-l_notop.h5"),
    ("InceptionResNetV2", "inception_resnet_v2", 299, f"inception_resnet_v2_{_TF}_notop.h5"),
    ("InceptionV3", "inception_v3", 299, f"inception_v3_{_TF}_notop.h5"),
    ("MobileNet", "mobilenet", 224, "mobilenet_{alpha}_*_tf_no_top.h5"),
    ("MobileNetV2", "mobilenet_v2", 224, f"mobilenet_v2_{_TF}_{{alpha}}_*_no_top.h5"),
    ("MobileNetV3Large", "mobilenet_v3", 224, "weights_mobilenet_v3_large_224_{alpha}_float_no_top_v2.h5"),
    ("MobileNetV3Small", "mobilenet_v3", 224, "weights_mobilenet_v3_small_224_{alpha}_float_no_top_v2.h5"),
    ("NASNetLarge", "nasnet", 331, "nasnet_large_no_top.h5"),
    ("NASNetMobile", "nasnet", 224, "nasnet_mobile_no_top.h5"),
    ("ResNet50", "resnet", 224, f"resnet50_{_TF}_notop.h5"),
    ("ResNet101", "resnet", 224, f"resnet101_{_TF}_notop.h5"),
    ("ResNet152", "resnet", 224, f"resnet152_{_TF}_notop.h5"),
    ("ResNet50V2", "resnet_v2", 224, f"resnet50v2_{_TF}_notop.h5"),
    ("ResNet101V2", "resnet_v2", 224, f"resnet101v2_{_TF}_notop.h5"),
    ("ResNet152V2", "resnet_v2", 224, f"resnet152v2_{_TF}_notop.h5"),
    ("VGG16", "vgg16", 224, f"vgg16_{_TF}_notop.h5"),
    ("VGG19", "vgg19", 224, f"vgg19_{_TF}_notop.h5"),
    ("Xception", "xception", 299, f"xception_{_TF}_notop.h5"),
)

_SOURCES = (
    ("guide", "the drawn field guide", 64),
    ("slides", "drawn microscope slides", 40),
    ("photos", "small photographs (Tiny ImageNet)", 200),
)

BACKBONES = tuple(
    Backbone(f"coursenet_{name}", "CourseNet", "", 64, f"coursenet_{name}.weights.h5", source, classes)
    for name, source, classes in _SOURCES
) + tuple(
    Backbone(name, name, module, size, file, "photographs (ImageNet)", 1000)
    for name, module, size, file in _APPLICATIONS
)


def label(name, options):
    """Return the name under which results of a backbone are recorded: with what makes it narrow or wide.

    Examples
    --------
    >>> label("MobileNetV2", {"alpha": 0.35, "image_size": 160})
    'MobileNetV2 alpha=0.35'
    """
    sizes = [f"{key}={options[key]}" for key in ("alpha", "width") if key in options]
    return " ".join([name, *sizes])


def find(name):
    """Return the card of a backbone.

    Parameters
    ----------
    name : str
        "coursenet_guide", "coursenet_slides", "coursenet_photos", or a network's name in `keras.applications`.

    Returns
    -------
    Backbone

    Raises
    ------
    CourseError
        If there is none of that name.

    Examples
    --------
    >>> find("VGG16").image_size
    224
    """
    for backbone in BACKBONES:
        if backbone.name == name:
            return backbone
    names = ", ".join(backbone.name for backbone in BACKBONES)
    raise CourseError(f"Expected the name of a backbone: {names}. Received: {name!r}.")
