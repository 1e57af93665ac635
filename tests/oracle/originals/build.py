"""Writes originals of one producer: python -m originals.build FOLDER PRODUCER name/kind…  (inside that producer's environment)

Each goes to FOLDER/name/producer/kind: the model, io.npz, case.json and, written last, expected.json.
"""

import os
import shutil
import sys

import numpy as np
import tensorflow as tf

import writers
from originals import PRODUCERS, original

tf1 = tf.compat.v1


def set_variables(session, name):
    """Gives every trainable variable its weight; the parts of a partitioned one get their part of the whole."""
    order = {}
    for variable in tf1.trainable_variables():
        whole = variable._save_slice_info
        full_name = whole.full_name if whole else variable.op.name
        index = order.setdefault(full_name, len(order))
        shape = whole.full_shape if whole else variable.shape.as_list()
        value = writers.random_weight("%s/%d" % (name, index), shape)
        if whole:
            value = value[tuple(slice(o, o + n) for o, n in zip(whole.var_offset, whole.var_shape))]
        session.run(variable.initializer, {variable.initial_value: value})


def some_feed(inputs, shapes):
    """One batch for a training step: random images, and zeros for integer labels."""
    images = iter(writers.random_inputs("training", shapes, 3))
    return {t: next(images) if t.dtype == tf.float32 else np.zeros(3, np.int32) for t in inputs.values()}


def alternate_devices():
    """Puts variables on two devices by turns, so that a sharded checkpoint gets two shards."""
    seen = []

    def device(op):
        if op.type in ("VariableV2", "VarHandleOp"):
            seen.append(op)
        return "/cpu:%d" % (len(seen) % 2)

    return tf1.device(device)


def build_graph(name, producer, kind, folder):
    source = original(name)
    use_resources = producer == "graph221"
    (tf1.enable_resource_variables if use_resources else tf1.disable_resource_variables)()
    partitioner = tf1.fixed_size_partitioner(2) if kind == "meta_partitioned" else None
    config = tf1.ConfigProto(device_count={"CPU": 2})
    with tf1.Graph().as_default(), tf1.Session(config=config) as session:
        with alternate_devices() if kind == "meta_sharded" else tf1.variable_scope("", partitioner=partitioner):
            inputs, outputs, training = source.graph(tf1)
        session.run(tf1.global_variables_initializer())
        if training is not None:
            session.run(training, some_feed(inputs, source.SHAPES))
        set_variables(session, name)
        fed = [t for t in inputs.values() if t.dtype == tf.float32]
        served = {key: t for key, t in inputs.items() if t in fed}

        def run(arrays):
            return session.run(list(outputs.values()), dict(zip(fed, arrays)))

        writers.write_io(folder, (list(served), list(outputs)), source.SHAPES, run, name)
        file = writers.write_session(tf1, session, served, outputs, kind, folder)
    named = ["--inputs", ",".join(served), "--outputs", ",".join(outputs)]
    return file, named if training is not None and kind.startswith("meta") else []


def build_module(name, producer, kind, folder):
    source = original(name)
    module = source.module(tf, lambda i, shape: writers.random_weight("%s/%d" % (name, i), shape))
    function = module.__call__.get_concrete_function()
    writers.write_io(folder, (["x"], ["output_0"]), source.SHAPES, lambda arrays: [module(*arrays).numpy()], name)
    if kind == "pb":
        return writers.write_frozen_function(tf, function, folder), []
    tf.saved_model.save(module, os.path.join(folder, "model"), signatures=function)
    return "model", []


def weigh(model, name):
    """Gives a Keras model its weights, unless it has fitted them itself."""
    if getattr(original(name), "FITTED", False):
        return
    shapes = [w.shape for w in model.get_weights()]
    model.set_weights([writers.random_weight("%s/%d" % (name, i), shape) for i, shape in enumerate(shapes)])


def build_keras_session(name, kind, folder):
    """A Keras model in a TF1 graph and session."""
    source = original(name)
    with tf1.Graph().as_default(), tf1.Session() as session:
        tf1.keras.backend.set_session(session)
        tf1.keras.backend.set_learning_phase(0)
        model = source.model(tf1.keras)
        weigh(model, name)

        def run(arrays):
            return session.run([model.output], {model.input: arrays[0]})

        writers.write_io(folder, (["x"], ["y"]), source.SHAPES, run, name)
        file = writers.write_session(tf1, session, {"x": model.input}, {"y": model.output}, kind, folder)
        named = ["--inputs", model.input.op.name, "--outputs", model.output.op.name]
        return file, named if kind == "meta" and getattr(source, "FITTED", False) else []


def build_keras(name, producer, kind, folder):
    if producer == "keras115" or kind == "meta":
        return build_keras_session(name, kind, folder)
    source, keras = original(name), tf.keras
    if producer == "keras3":
        import keras
    model = source.model(keras)
    weigh(model, name)
    writers.write_io(folder, (["x"], ["output_0"]), source.SHAPES, lambda arrays: [np.asarray(model(arrays[0]))], name)
    if kind == "pb":
        spec = tf.TensorSpec((None,) + tuple(source.SHAPES[0]), tf.float32, "x")
        function = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
        return writers.write_frozen_function(tf, function, folder), []
    target = os.path.join(folder, "model")
    if producer == "keras3":
        model.export(target, verbose=False)
    else:
        model.save(target, save_format="tf")
    return "model", []


BUILD = {"graph": build_graph, "module": build_module, "model": build_keras}


def main(root, producer, *wanted):
    for name, kind in (item.split("/") for item in wanted):
        folder = os.path.join(root, name, producer, kind)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        file, args = BUILD[PRODUCERS[producer][1]](name, producer, kind, folder)
        source = original(name)
        expected = [source.EXPECTED]
        if kind in ("pb", "pbtxt") and hasattr(source, "FROZEN_MAY_BE"):
            expected.append(source.FROZEN_MAY_BE)
        writers.write_json(folder, "case.json", {"source": file, "args": args, "keras": getattr(source, "KERAS", "2 3")})
        writers.write_json(folder, "expected.json", expected)


if __name__ == "__main__":
    main(*sys.argv[1:])
