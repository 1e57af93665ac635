"""Builds one case of the layer matrix as one writer writes it. Runs inside tf221."""

import json
import os
import zlib

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.grappler import tf_optimizer

from checkers.describe import describe
from layers import Ints

tf1 = tf.compat.v1


def generator(*key):
    return np.random.RandomState(zlib.crc32("/".join(map(str, key)).encode()))


def random_value(rng, name, shape, low=None, high=None):
    """Kernels are scaled by their inputs, variances and scales positive, biases never zero."""
    if low is not None:
        return rng.uniform(low, high, shape).astype(np.float32)
    part = name.split("/")[-1].split(":")[0]
    if "variance" in part or part in ("gamma", "scale"):
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    if len(shape) >= 2:
        return rng.normal(0, 1 / np.sqrt(max(1, np.prod(shape[:-1]))), shape).astype(np.float32)
    return (rng.uniform(0.1, 0.6, shape) * rng.choice([-1, 1], shape)).astype(np.float32)


def data(case, batch):
    rng, arrays = generator(case.name, batch), []
    for i, shape in enumerate(case.shapes):
        sizes = case.sizes[i] if case.sizes else shape.shape if isinstance(shape, Ints) else shape
        if isinstance(shape, Ints):
            arrays.append(rng.randint(0, shape.below, (batch, *sizes)).astype(shape.dtype))
        else:
            arrays.append(rng.uniform(case.low, case.high, (batch, *sizes)).astype(np.float32))
    return arrays


def specs(case):
    """(name, shape with batch, dtype) of each input."""
    found = []
    for i, shape in enumerate(case.shapes):
        sizes, dtype = (shape.shape, shape.dtype) if isinstance(shape, Ints) else (shape, "float32")
        found.append(("input_%d" % i, (None, *sizes), dtype))
    return found


class Layers:
    """The layers of the V1 API, and those that it leaves out."""

    def __init__(self, *namespaces):
        self.namespaces = namespaces

    def __getattr__(self, name):
        return next(getattr(space, name) for space in self.namespaces if hasattr(space, name))


def layers_of(keras):
    if keras is not tf1.keras:
        return keras.layers
    import tf_keras

    return Layers(keras.layers, tf_keras.layers)


def model_of(case, keras):
    inputs = [keras.Input(shape[1:], dtype=dtype, name=name) for name, shape, dtype in specs(case)]
    made = case.make(layers_of(keras))
    single = len(inputs) == 1
    is_layer = isinstance(made, keras.layers.Layer)
    output = made(inputs[0] if single else inputs) if is_layer else made(*inputs)
    model = keras.Model(inputs, output)
    values = []
    for i, (weight, value) in enumerate(zip(model.weights, model.get_weights())):
        name = getattr(weight, "path", weight.name)
        values.append(random_value(generator(case.name, i), name, value.shape) .astype(value.dtype) if value.dtype.kind == "f" else value)
    model.set_weights(values)
    return model


def flat(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def grappled(graph_def, outputs):
    config = config_pb2.ConfigProto()
    rewrite = config.graph_options.rewrite_options
    rewrite.optimizers.extend(["pruning", "function", "constfold", "arithmetic", "dependency"])
    rewrite.min_graph_nodes = -1
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        meta = tf1.train.export_meta_graph(graph_def=graph_def, graph=graph)
    meta.collection_def["train_op"].node_list.value.extend(outputs)
    return tf_optimizer.OptimizeGraph(config, meta)


def write_pb(graph_def, names, outputs, folder, grappler):
    if grappler:
        graph_def = grappled(graph_def, outputs)
    with open(os.path.join(folder, "model.pb"), "wb") as file:
        file.write(graph_def.SerializeToString())
    return "model.pb", names, outputs


def frozen_function(function, folder, grappler):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(function)
    names = [t.op.name for t in frozen.inputs]
    outputs = [t.name if not t.name.endswith(":0") else t.op.name for t in frozen.outputs]
    return write_pb(frozen.graph.as_graph_def(), names, outputs, folder, grappler)


def by_function(case, keras, folder, grappler):
    model = model_of(case, keras)
    signature = [tf.TensorSpec(shape, dtype, name) for name, shape, dtype in specs(case)]

    def call(*inputs):
        return flat(model(list(inputs) if len(inputs) > 1 else inputs[0], training=False))

    results = {batch: [np.asarray(y) for y in call(*data(case, batch))] for batch in (1, 3)}
    told = frozen_function(tf.function(call).get_concrete_function(*signature), folder, grappler)
    return (*told, results, describe(model))


def in_session(case, build, folder, writer):
    """`build()` makes the graph and returns inputs, outputs, what initialises the variables, and a description or nothing."""
    with tf.Graph().as_default(), tf1.Session() as session:
        inputs, outputs, start, told = build(session)
        start()
        results = {b: session.run(outputs, dict(zip(inputs, data(case, b)))) for b in (1, 3)}
        names = [t.op.name for t in inputs]
        ends = [t.op.name if t.name.endswith(":0") else t.name for t in outputs]
        if writer.endswith("_meta"):
            if tf1.global_variables():
                tf1.train.Saver().save(session, os.path.join(folder, "model"), write_state=False)
            else:
                tf1.train.export_meta_graph(os.path.join(folder, "model.meta"))
            return "model.meta", names, ends, results, told
        frozen = tf1.graph_util.convert_variables_to_constants(
            session, session.graph.as_graph_def(), [e.split(":")[0] for e in ends]
        )
        return (*write_pb(frozen, names, ends, folder, writer.endswith("_grappler")), results, told)


def keras_session(case, keras, folder, writer):
    def build(session):
        keras.backend.set_session(session)
        if not writer.endswith("_phase"):
            keras.backend.set_learning_phase(0)
        model = model_of(case, keras)
        return flat(model.inputs), flat(model.outputs), lambda: None, describe(model)

    return in_session(case, build, folder, writer)


def raw_session(case, folder, writer):
    def build(session):
        values = []

        def var(name, shape, trainable=True, low=None, high=None):
            value = random_value(generator(case.name, name), name, shape, low, high)
            variable = tf1.get_variable(name, initializer=value, trainable=trainable, use_resource=writer != "tf_meta" or None)
            values.append(variable)
            return variable

        inputs = [tf1.placeholder(dtype, shape, name) for name, shape, dtype in specs(case)]
        outputs = [tf.identity(y, "output_%d" % i) for i, y in enumerate(flat(case.make(tf, var, *inputs)))]
        return inputs, outputs, lambda: session.run(tf1.global_variables_initializer()), None

    return in_session(case, build, folder, writer)


def build(case, writer, folder):
    """Writes the source and io.npz into the folder; returns (file, keraft's arguments, description of the original or None)."""
    if case.is_raw:
        file, names, ends, results, told = raw_session(case, folder, writer)
    elif writer.startswith("keras3"):
        import keras

        keras.backend.clear_session()
        file, names, ends, results, told = by_function(case, keras, folder, writer.endswith("_grappler"))
    else:
        import tf_keras

        tf_keras.backend.clear_session()
        if writer.endswith(("_meta", "_phase")):
            file, names, ends, results, told = keras_session(case, tf1.keras, folder, writer)
        else:
            file, names, ends, results, told = by_function(case, tf_keras, folder, False)
    arrays = {"b%d/in%d" % (b, i): x for b in results for i, x in enumerate(data(case, b))}
    arrays.update({"b%d/out%d" % (b, i): np.asarray(y) for b in results for i, y in enumerate(results[b])})
    np.savez(os.path.join(folder, "io.npz"), **arrays)
    told = json.loads(json.dumps(told, default=str))
    return os.path.join(folder, file), ["--inputs", ",".join(names), "--outputs", ",".join(ends)], told



