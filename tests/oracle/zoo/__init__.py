"""The nets of keras.applications and tf_slim, with random weights and moving statistics, in every kind of source."""

import fnmatch

KERAS_NETS = {
    "inception_v3": "InceptionV3",
    "resnet50": "ResNet50",
    "mobilenet_v2": "MobileNetV2",
    "vgg16": "VGG16",
    "xception": "Xception",
}
SLIM_NETS = {"slim_inception_v3": "inception_v3", "slim_resnet_v1_50": "resnet_v1_50"}

# producer → (environment, module that builds, kinds of source)
PRODUCERS = {
    "k3": ("tf221", "zoo.keras_nets", ("pb", "saved_model")),
    "tfk": ("tf221", "zoo.keras_nets", ("pb", "saved_model", "meta")),
    "slim": ("tf215", "zoo.slim_nets", ("meta",)),
}

# Every net, every producer and every kind of source at least once.
SPREAD = (
    "resnet50/k3/pb",
    "mobilenet_v2/k3/saved_model",
    "inception_v3/tfk/pb",
    "xception/tfk/saved_model",
    "vgg16/tfk/meta",
    "slim_inception_v3/slim/meta",
    "slim_resnet_v1_50/slim/meta",
)


def cases(only="*"):
    """All (net, producer, kind) that match the pattern `only` as net/producer/kind."""
    found = []
    for producer, (_, _, kinds) in PRODUCERS.items():
        for net in SLIM_NETS if producer == "slim" else KERAS_NETS:
            found += [(net, producer, kind) for kind in kinds]
    return [case for case in found if fnmatch.fnmatch("/".join(case), only)]
