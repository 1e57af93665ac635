"""Builds a net of tf_slim as .meta and checkpoint: python -m zoo.slim_nets FOLDER slim NET meta  (inside tf215)

There is no Keras original: original.json holds the number of ops that become layers, and the parameters that the output depends on.
"""

import os
import shutil
import sys
from collections import Counter

import numpy as np
import tensorflow as tf
from keras.src.legacy_tf_layers import base, convolutional, core, normalization, pooling

# TensorFlow 2.15 looks for these, which tf_slim is made of, where no release of tf_keras has them.
for part in (base, convolutional, core, normalization, pooling):
    sys.modules[part.__name__.replace("keras.src", "tf_keras")] = part
sys.modules["tf_keras"] = sys.modules["tf_keras.legacy_tf_layers"] = sys.modules["keras.src.legacy_tf_layers"]

from tf_slim import arg_scope  # noqa: E402
from tf_slim.nets import alexnet, inception, overfeat, resnet_v1, resnet_v2, vgg  # noqa: E402

import writers  # noqa: E402
from zoo import SLIM_NETS  # noqa: E402
from zoo import weights as zoo_weights  # noqa: E402
from zoo.outputs import write_io  # noqa: E402

tf1 = tf.compat.v1
# net → (module, arg scope, size of the images, classes, takes batch_norm_decay)
NETS = {
    "alexnet_v2": (alexnet, "alexnet_v2_arg_scope", 224, 31, False),
    "inception_v1": (inception, "inception_v1_arg_scope", 224, 1001, True),
    "inception_v2": (inception, "inception_v2_arg_scope", 224, 1001, True),
    "inception_v3": (inception, "inception_v3_arg_scope", 299, 1001, True),
    "overfeat": (overfeat, "overfeat_arg_scope", 231, 31, False),
    "resnet_v1_50": (resnet_v1, "resnet_arg_scope", 224, 1000, True),
    "resnet_v2_50": (resnet_v2, "resnet_arg_scope", 224, 1000, True),
    "vgg_16": (vgg, "vgg_arg_scope", 224, 31, False),
    "vgg_19": (vgg, "vgg_arg_scope", 224, 31, False),
    "vgg_a": (vgg, "vgg_arg_scope", 224, 31, False),
}
CLASSIFIERS = (
    "/Logits/Conv2d_1c_1x1/weights", "/Logits/Conv2d_0c_1x1/weights", "/logits/weights", "/fc8/weights",
)  # fmt: skip


def build(name, training):
    """The net in the default graph → (images, logits, predictions); in training its moving statistics become the batch's."""
    module, scope, size, classes, normalises = NETS[name]
    images = tf1.placeholder(tf.float32, [None, size, size, 3], "images")
    at_once = {"batch_norm_decay": 0.0} if training and normalises else {}
    with arg_scope(getattr(module, scope)(**at_once)):
        logits, points = getattr(module, name)(images, num_classes=classes, is_training=training)
    return images, logits, points.get("Predictions", points.get("predictions", logits))


def role_of(variable):
    role = variable.op.name.split("/")[-1]
    return {"weights": "kernel", "biases": "bias"}.get(role, role)


def set_all(session, values):
    for variable in tf1.global_variables():
        session.run(variable.initializer, {variable.initial_value: values[variable.op.name]})


def weigh(net, name):
    """{variable: value}; see zoo/weights.py."""
    values = {}
    with tf1.Graph().as_default(), tf1.Session() as session:
        images, logits, _ = build(name, training=True)
        for variable in tf1.global_variables():
            rng = zoo_weights.generator(net, variable.op.name)
            shape = variable.shape.as_list()
            values[variable.op.name] = zoo_weights.random_weight(rng, role_of(variable), shape).astype(np.float32)
        set_all(session, values)
        updates = tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)
        session.run([logits, updates], {images: zoo_weights.images(net, NETS[name][2], 4)})
        for variable in tf1.global_variables():
            values[variable.op.name] = session.run(variable)
    for key in [key for key in values if key.endswith("/moving_mean")]:
        variance = key.replace("moving_mean", "moving_variance")
        pair = zoo_weights.disturbed(zoo_weights.generator(net, "statistics", key), values[key], values[variance])
        values[key], values[variance] = [x.astype(np.float32) for x in pair]
    return values


def scale_classifier(session, images, logits, values, net, name):
    spread = np.std(session.run(logits, {images: zoo_weights.images(net, NETS[name][2], 4)}))
    (key,) = [key for key in values if key.endswith(CLASSIFIERS) and "Aux" not in key]
    values[key] = (values[key] * 2 / spread).astype(np.float32)


def expected(graph_def, variables):
    """What the recovered model must have, counted in the frozen graph."""
    ops = Counter(node.op for node in graph_def.node)
    used = {node.name for node in graph_def.node}
    counts = {True: 0, False: 0}
    trainable = {variable.op.name for variable in tf1.trainable_variables()}
    for name, value in variables.items():
        if name in used:
            counts[name in trainable] += int(value.size)
    classes = {
        "Conv2D": ops["Conv2D"],
        "BatchNormalization": ops["FusedBatchNormV3"],
        "MaxPooling2D": ops["MaxPool"],
        "AveragePooling2D": ops["AvgPool"],
        "GlobalAveragePooling2D": ops["Mean"],
        "Concatenate": ops["ConcatV2"],
        "ZeroPadding2D": ops["Pad"],
        "Add": ops["AddV2"],
    }
    return {"classes": classes, "trainable": counts[True], "non_trainable": counts[False]}


def main(root, producer, net, kind):
    name = SLIM_NETS[net]
    shared = os.path.join(root, net, producer)
    folder = os.path.join(shared, kind)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    values = weigh(net, name)
    with tf1.Graph().as_default(), tf1.Session() as session:
        images, logits, predictions = build(name, training=False)
        set_all(session, values)
        scale_classifier(session, images, logits, values, net, name)
        set_all(session, values)
        batches = [zoo_weights.images(net, NETS[name][2], n) for n in (1, 3)]
        outputs = [session.run(predictions, {images: batch}) for batch in batches]
        frozen = tf1.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), [predictions.op.name])
        writers.write_json(shared, "original.json", expected(frozen, values))
        source = writers.write_meta(tf1, session, folder)
    names = ("images", predictions.op.name)
    write_io(os.path.join(shared, "io.npz"), names, batches, outputs, frozen, predictions.name)
    args = ["--inputs", "images", "--outputs", predictions.op.name]
    writers.write_json(folder, "case.json", {"source": source, "args": args, "keras": "2 3"})


if __name__ == "__main__":
    main(*sys.argv[1:])
