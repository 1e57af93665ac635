"""Builds a net of keras.applications as one kind of source: python -m zoo.keras_nets FOLDER k3|tfk NET KIND  (inside tf221)

FOLDER/net/producer holds weights.npz, original.json (checkers/describe.py) and io.npz; its folder KIND the model and, written last,
case.json. The kind `train` is a graph that trains the net, with batch statistics, dropout, a loss, an optimizer and its state.
"""

import os
import shutil
import sys

import numpy as np
import tensorflow as tf

import writers
from checkers.describe import describe, history, layer_of
from zoo import CALM, KERAS_NETS
from zoo import weights as zoo_weights
from zoo.outputs import write_io

tf1 = tf.compat.v1


def keras_of(producer):
    if producer == "k3":
        import keras
    else:
        import tf_keras as keras
    return keras


def made(keras, net):
    function, arguments = KERAS_NETS[net]
    return getattr(keras.applications, function)(weights=None, **arguments)


def new_net(keras, net):
    keras.backend.clear_session()
    return made(keras, net)


def role_of(layer, weight):
    name = weight.name.split("/")[-1].split(":")[0]
    name = "gamma" if name.startswith("variable") else name  # LayerScale of Keras 3
    return "depthwise_kernel" if layer.__class__.__name__ == "DepthwiseConv2D" and name == "kernel" else name


def fill(keras, model, net):
    """Gives the model its weights; see zoo/weights.py."""
    norms = [layer for layer in model.layers if layer.__class__.__name__ == "BatchNormalization"]
    for i, layer in enumerate(model.layers):
        rng = zoo_weights.generator(net, i)
        layer.set_weights([zoo_weights.random_weight(rng, role_of(layer, w), w.shape, net in CALM) for w in layer.weights])
    images = zoo_weights.images(net, model.input_shape[1], 4)
    for layer in norms:
        layer.momentum = 0.0
    model(images, training=True)
    for i, layer in enumerate(norms):
        *trained, mean, variance = layer.get_weights()
        rng = zoo_weights.generator(net, "statistics", i)
        layer.set_weights([*trained, *zoo_weights.disturbed(rng, mean, variance)])
    classifier = [layer for layer in model.layers if layer.weights][-1]
    kernel, bias = classifier.get_weights()
    features = keras.Model(model.input, classifier.input)(images, training=False)
    spread = np.std(np.asarray(features) @ kernel)
    classifier.set_weights([kernel * 2 / spread, bias])


def frozen(model, net):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    spec = tf.TensorSpec((None,) + tuple(model.input_shape[1:]), tf.float32, net)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
    return convert_variables_to_constants_v2(function)


def layer_of_operator(layer, told):
    """The layer that an operator among the layers stands for: Add for x + y, Rescaling for x + 3 and x * 0.5."""
    name = told["config"].get("function", told["class_name"]).split(".")[-1].lower()
    node = layer._inbound_nodes[0]
    arguments = getattr(node, "arguments", None)
    args, kwargs = (arguments.args, arguments.kwargs) if arguments else (node.call_args, node.call_kwargs)
    numbers = [value for value in [*args, *kwargs.values()] if isinstance(value, (int, float))]
    if not numbers:
        tensors = getattr(node, "keras_inputs", None) or node.input_tensors
        merged = one({"add": "Add", "multiply": "Multiply"}[name], told)
        return dict(merged, inputs=[[history(tensor) for tensor in tensors]])
    (number,) = numbers
    parts = {"add": {"scale": 1.0, "offset": number}, "multiply": {"scale": number, "offset": 0.0}}
    return one("Rescaling", told, **parts[name])


def one(class_name, told, **config):
    return dict(told, kind="layer", class_name=class_name, config=dict(config, dtype="float32"))


def public(told):
    """The layers that do what a class of keras.applications does that has no public name."""
    config = told["config"]
    if told["class_name"] == "LayerScale":
        config = {"equation": "...c,c->...c", "output_shape": [config["projection_dim"]], "activation": "linear", "bias_axes": None}
        return [one("EinsumDense", told, **config)]
    if told["class_name"] == "CustomScaleLayer":  # x + scale * y
        ((x, y),) = told["inputs"]
        if config["scale"] == 1:
            return [one("Add", told)]
        scaled = dict(told, name=told["name"] + "/scaled", inputs=[[y]])
        return [one("Rescaling", scaled, scale=config["scale"], offset=0.0), dict(one("Add", told), inputs=[[x, [scaled["name"], 0, 0]]])]
    return [told]


def describe_flat(model):
    """describe(), with the layers of a Sequential in its place, and layers that have a public name."""
    told = describe(model)
    within = {layer.name: list(layer.layers) for layer in model.layers if hasattr(layer, "layers")}
    nodes = {node.name: node for node in getattr(model, "operations", None) or model.layers}
    layers = []
    for layer in told["layers"]:
        if layer["kind"] == "operation":
            layer = layer_of_operator(nodes[layer["name"]], layer)
        calls = [[[within[made[0]][-1].name, 0, 0] if made[0] in within else made for made in call] for call in layer["inputs"]]
        for inner in within.get(layer["name"], []):
            layers.append(layer_of(inner, calls))
            calls = [[[inner.name, 0, 0]]]
        if layer["name"] not in within:
            layers += public(dict(layer, inputs=calls))
    return dict(told, layers=layers)


def describe_net(keras, net, folder):
    """Writes what all kinds of source share."""
    model = new_net(keras, net)
    fill(keras, model, net)
    values = model.get_weights()
    np.savez(os.path.join(folder, "weights.npz"), *values)
    model = new_net(keras, net)
    model.set_weights(values)
    writers.write_json(folder, "original.json", describe_flat(model))
    batches = [zoo_weights.images(net, model.input_shape[1], n) for n in (1, 3)]
    outputs = [np.asarray(model(batch, training=False)) for batch in batches]
    function = frozen(model, net)
    graph, output = function.graph.as_graph_def(), function.outputs[0].name
    write_io(os.path.join(folder, "io.npz"), (net, "output"), batches, outputs, graph, output)


def load_weights(folder):
    with np.load(os.path.join(folder, "weights.npz")) as file:
        return [file["arr_%d" % i] for i in range(len(file.files))]


def minimise(keras, model):
    """Adds all that trains the model: a loss, the updates of its statistics, an optimizer."""
    labels = tf1.placeholder(tf.int64, [None], "labels")
    of_logits = model.layers[-1].get_config()["activation"] == "linear"
    loss = tf1.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, model.output, of_logits))
    with tf1.control_dependencies(model.updates):
        tf1.train.AdamOptimizer(0.002).minimize(loss, tf1.train.get_or_create_global_step())


def write_meta(net, values, folder, training):
    with tf1.Graph().as_default(), tf1.Session() as session:
        keras = tf1.keras
        keras.backend.set_session(session)
        keras.backend.set_learning_phase(int(training))
        model = made(keras, net)
        if training:
            minimise(keras, model)
            session.run(tf1.global_variables_initializer())
        model.set_weights(values)
        return writers.write_meta(tf1, session, folder)


def write_kind(keras, producer, net, kind, values, folder):
    if kind in ("meta", "train"):
        return write_meta(net, values, folder, kind == "train")
    model = new_net(keras, net)
    model.set_weights(values)
    if kind == "pb":
        tf.io.write_graph(frozen(model, net).graph.as_graph_def(), folder, "model.pb", as_text=False)
        return "model.pb"
    target = os.path.join(folder, "model")
    if producer == "k3":
        model.export(target, verbose=False)
    else:
        model.save(target, save_format="tf")
    return "model"


def main(root, producer, net, kind):
    shared = os.path.join(root, net, producer)
    keras = keras_of(producer)
    if not os.path.exists(os.path.join(shared, "io.npz")):
        os.makedirs(shared, exist_ok=True)
        describe_net(keras, net, shared)
    folder = os.path.join(shared, kind)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    source = write_kind(keras, producer, net, kind, load_weights(shared), folder)
    writers.write_json(folder, "case.json", {"source": source, "args": [], "keras": "2 3"})


if __name__ == "__main__":
    main(*sys.argv[1:])
