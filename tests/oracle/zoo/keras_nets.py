"""Builds a net of keras.applications as one kind of source: python -m zoo.keras_nets FOLDER k3|tfk NET KIND  (inside tf221)

FOLDER/net/producer holds weights.npz, original.json (checkers/describe.py) and io.npz; its folder KIND the model and, written last,
case.json.
"""

import os
import shutil
import sys

import numpy as np
import tensorflow as tf

import writers
from checkers.describe import describe
from zoo import KERAS_NETS, TAKE_PIXELS
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
        layer.set_weights([zoo_weights.random_weight(rng, role_of(layer, w), w.shape, net in TAKE_PIXELS) for w in layer.weights])
    images = zoo_weights.images(net, model.input_shape[1], 4)
    for layer in norms:
        layer.momentum = 0.0
    model(images, training=True)
    for i, layer in enumerate(norms):
        *trained, mean, variance = layer.get_weights()
        rng = zoo_weights.generator(net, "statistics", i)
        layer.set_weights([*trained, *zoo_weights.disturbed(rng, mean, variance)])
    classifier = model.layers[-1]
    kernel, bias = classifier.get_weights()
    features = keras.Model(model.input, classifier.input)(images, training=False)
    spread = np.std(np.asarray(features) @ kernel)
    classifier.set_weights([kernel * 2 / spread, bias])


def frozen(model, net):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    spec = tf.TensorSpec((None,) + tuple(model.input_shape[1:]), tf.float32, net)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
    return convert_variables_to_constants_v2(function)


def describe_net(keras, net, folder):
    """Writes what all kinds of source share."""
    model = new_net(keras, net)
    fill(keras, model, net)
    values = model.get_weights()
    np.savez(os.path.join(folder, "weights.npz"), *values)
    model = new_net(keras, net)
    model.set_weights(values)
    writers.write_json(folder, "original.json", describe(model))
    batches = [zoo_weights.images(net, model.input_shape[1], n) for n in (1, 3)]
    outputs = [np.asarray(model(batch, training=False)) for batch in batches]
    function = frozen(model, net)
    graph, output = function.graph.as_graph_def(), function.outputs[0].name
    write_io(os.path.join(folder, "io.npz"), (net, "output"), batches, outputs, graph, output)


def load_weights(folder):
    with np.load(os.path.join(folder, "weights.npz")) as file:
        return [file["arr_%d" % i] for i in range(len(file.files))]


def write_meta(net, values, folder):
    with tf1.Graph().as_default(), tf1.Session() as session:
        keras = tf1.keras
        keras.backend.set_session(session)
        keras.backend.set_learning_phase(0)
        model = made(keras, net)
        model.set_weights(values)
        return writers.write_meta(tf1, session, folder)


def write_kind(keras, producer, net, kind, values, folder):
    if kind == "meta":
        return write_meta(net, values, folder)
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
