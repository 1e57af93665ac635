"""The nets of keras.applications and tf_slim, with random weights and moving statistics, in every kind of source."""

import fnmatch

SMALL = {"input_shape": (96, 96, 3), "classes": 23}
# net → (function of keras.applications, arguments)
KERAS_NETS = {
    "inception_v3": ("InceptionV3", {}),
    "resnet50": ("ResNet50", {}),
    "mobilenet_v2": ("MobileNetV2", {}),
    "vgg16": ("VGG16", {}),
    "xception": ("Xception", {}),
    "convnext_tiny": ("ConvNeXtTiny", SMALL),
    "densenet121": ("DenseNet121", SMALL),
    "efficientnet_b0": ("EfficientNetB0", SMALL),
    "efficientnet_v2_b0": ("EfficientNetV2B0", SMALL),
    "inception_resnet_v2": ("InceptionResNetV2", SMALL),
    "mobilenet": ("MobileNet", SMALL),
    "mobilenet_v3_small": ("MobileNetV3Small", SMALL),
    "mobilenet_v3_large": ("MobileNetV3Large", SMALL),
    "nasnet_mobile": ("NASNetMobile", SMALL),
    "resnet50_v2": ("ResNet50V2", SMALL),
    "vgg19": ("VGG19", SMALL),
    "regnet_x002": ("RegNetX002", SMALL),
    "regnet_y002": ("RegNetY002", SMALL),
    "resnet_rs50": ("ResNetRS50", SMALL),
}
# They scale the images themselves, and want them in 0 … 255.
TAKE_PIXELS = (
    "convnext_tiny", "efficientnet_b0", "efficientnet_v2_b0", "mobilenet_v3_small", "mobilenet_v3_large", "regnet_x002", "regnet_y002",
    "resnet_rs50",
)  # fmt: skip
# Smooth functions and gates in depth: their random weights must be calm, see zoo/weights.py.
CALM = tuple(net for net in TAKE_PIXELS if net != "convnext_tiny")
TF_KERAS_ONLY = ("regnet_x002", "regnet_y002", "resnet_rs50")
SLIM_NETS = {
    "slim_%s" % name: name
    for name in (
        "inception_v3", "resnet_v1_50", "alexnet_v2", "inception_v1", "inception_v2", "overfeat", "resnet_v2_50", "vgg_a", "vgg_16", "vgg_19",
    )
}  # fmt: skip

# producer → (environment, module that builds, kinds of source); `train` is the .meta and checkpoint of a graph that trains the net
PRODUCERS = {
    "k3": ("tf221", "zoo.keras_nets", ("pb", "saved_model")),
    "tfk": ("tf221", "zoo.keras_nets", ("pb", "saved_model", "meta", "train")),
    "slim": ("tf215", "zoo.slim_nets", ("pb", "saved_model", "meta", "train")),
}

# Every producer and every kind of source at least once, as few as that takes; `--all` takes every net from each.
SPREAD = (
    "resnet50/k3/pb",
    "xception/tfk/saved_model",
    "mobilenet_v2/tfk/meta",
    "slim_resnet_v1_50/slim/meta",
)


def cases(only="*"):
    """All (net, producer, kind) that match the pattern `only` as net/producer/kind."""
    found = []
    for producer, (_, _, kinds) in PRODUCERS.items():
        for net in SLIM_NETS if producer == "slim" else KERAS_NETS:
            if producer == "k3" and net in TF_KERAS_ONLY:
                continue
            found += [(net, producer, kind) for kind in kinds]
    return [case for case in found if fnmatch.fnmatch("/".join(case), only)]
