"""Builds a net of tf_slim as one kind of source: python -m zoo.slim_nets FOLDER slim NET KIND  (inside tf215)

FOLDER/net/slim holds weights.npz, io.npz and original.json; its folder KIND the model and, written last, case.json. There is no Keras
original: original.json holds the number of ops that become layers, and the parameters that the output depends on. The kind `train` is
the graph that trains the net, with batch statistics, dropout, losses, an optimizer and its state.
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
# net → (module, arg scope, size of the images, classes)
NETS = {
    "alexnet_v2": (alexnet, "alexnet_v2_arg_scope", 224, 31),
    "inception_v1": (inception, "inception_v1_arg_scope", 224, 1001),
    "inception_v2": (inception, "inception_v2_arg_scope", 224, 1001),
    "inception_v3": (inception, "inception_v3_arg_scope", 299, 1001),
    "overfeat": (overfeat, "overfeat_arg_scope", 231, 31),
    "resnet_v1_50": (resnet_v1, "resnet_arg_scope", 224, 1000),
    "resnet_v2_50": (resnet_v2, "resnet_arg_scope", 224, 1000),
    "vgg_16": (vgg, "vgg_arg_scope", 224, 31),
    "vgg_19": (vgg, "vgg_arg_scope", 224, 31),
    "vgg_a": (vgg, "vgg_arg_scope", 224, 31),
}
CLASSIFIERS = (
    "/Logits/Conv2d_1c_1x1/weights", "/Logits/Conv2d_0c_1x1/weights", "/logits/weights", "/fc8/weights",
)  # fmt: skip


def at_once(scope):
    """The arg scope with moving statistics that become the batch's; not every net's scope takes the decay as an argument."""
    for arguments in scope.values():
        for params in (arguments, arguments.get("normalizer_params") or {}):
            if "decay" in params:
                params["decay"] = 0.0
    return scope


def build(name, training, change=lambda scope: scope):
    """The net in the default graph → (images, logits, predictions, all that it tells); `change` may change its arg scope."""
    module, scope, size, classes = NETS[name]
    images = tf1.placeholder(tf.float32, [None, size, size, 3], "images")
    with arg_scope(change(getattr(module, scope)())):
        logits, points = getattr(module, name)(images, num_classes=classes, is_training=training)
    return images, logits, points.get("Predictions", points.get("predictions", logits)), points


def role_of(variable):
    role = variable.op.name.split("/")[-1]
    return role.replace("weights", "kernel").replace("biases", "bias")


def set_all(session, values):
    """Gives the net's variables their values, others their initial ones."""
    for variable in tf1.global_variables():
        known = variable.op.name in values
        session.run(variable.initializer, {variable.initial_value: values[variable.op.name]} if known else None)


def weigh(net, name):
    """{variable: value}; see zoo/weights.py."""
    values = {}
    with tf1.Graph().as_default(), tf1.Session() as session:
        images, logits, *_ = build(name, training=True, change=at_once)
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
        "Conv2D": ops["Conv2D"] - ops["DepthwiseConv2dNative"],
        "SeparableConv2D": ops["DepthwiseConv2dNative"],
        "BatchNormalization": ops["FusedBatchNormV3"],
        "MaxPooling2D": ops["MaxPool"],
        "AveragePooling2D": ops["AvgPool"],
        "GlobalAveragePooling2D": ops["Mean"],
        "Concatenate": ops["ConcatV2"],
        "ZeroPadding2D": ops["Pad"],
        "Add": ops["AddV2"],
    }
    return {"classes": classes, "trainable": counts[True], "non_trainable": counts[False]}


def describe_net(net, name, folder):
    """Writes what all kinds of source share."""
    values = weigh(net, name)
    with tf1.Graph().as_default(), tf1.Session() as session:
        images, logits, predictions, _ = build(name, training=False)
        set_all(session, values)
        scale_classifier(session, images, logits, values, net, name)
        set_all(session, values)
        np.savez(os.path.join(folder, "weights.npz"), **values)
        batches = [zoo_weights.images(net, NETS[name][2], n) for n in (1, 3)]
        outputs = [session.run(predictions, {images: batch}) for batch in batches]
        frozen = tf1.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), [predictions.op.name])
        writers.write_json(folder, "original.json", expected(frozen, values))
    names = ("images", predictions.op.name)
    write_io(os.path.join(folder, "io.npz"), names, batches, outputs, frozen, predictions.name)


def minimise(logits, points, step):
    """All that TF-Slim's programs add to a net to train it."""
    labels = tf1.placeholder(tf.int64, [None], "labels")
    for scores, weight in [(logits, 1.0)] + [(points[key], 0.4) for key in ("AuxLogits",) if key in points]:
        flat = tf.squeeze(scores, [1, 2]) if scores.shape.rank == 4 else scores
        tf1.losses.sparse_softmax_cross_entropy(labels, flat, weights=weight)
    loss = tf1.losses.get_total_loss()
    tf1.summary.scalar("total_loss", loss)
    rate = tf1.train.exponential_decay(0.01, step, 5000, 0.94, staircase=True)
    with tf1.control_dependencies(tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)):
        tf1.train.MomentumOptimizer(rate, 0.9).minimize(loss, step)
    tf1.summary.merge_all()


def write_kind(name, kind, values, folder):
    """Returns the model's file in `folder`, and the name of its output."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        images, logits, predictions, points = build(name, training=kind == "train")
        if kind == "train":
            minimise(logits, points, tf1.train.get_or_create_global_step())
        set_all(session, values)
        return writers.write_session(tf1, session, {"images": images}, {"predictions": predictions}, kind, folder), predictions.op.name


def main(root, producer, net, kind):
    shared = os.path.join(root, net, producer)
    if not os.path.exists(os.path.join(shared, "io.npz")):
        os.makedirs(shared, exist_ok=True)
        describe_net(net, SLIM_NETS[net], shared)
    folder = os.path.join(shared, kind)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with np.load(os.path.join(shared, "weights.npz")) as values:
        source, output = write_kind(SLIM_NETS[net], kind, values, folder)
    # A frozen graph and a SavedModel tell their inputs and outputs themselves.
    args = ["--inputs", "images", "--outputs", output] if kind in ("meta", "train") else []
    writers.write_json(folder, "case.json", {"source": source, "args": args, "keras": "2 3"})


if __name__ == "__main__":
    main(*sys.argv[1:])
