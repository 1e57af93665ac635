"""Writes one TensorFlow model into the kinds of source that keraft reads. Runs in TensorFlow 1.15 (Python 3.7) to 2.21."""

import json
import os
import zlib

import numpy as np


def random_weight(key, shape):
    """A reproducible weight: a He-scaled kernel, a bias without zeros, or a scalar around one."""
    rng = np.random.RandomState(zlib.crc32(key.encode()))
    if len(shape) >= 2:
        value = rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
    elif len(shape) == 1:
        value = rng.uniform(0.1, 0.6, shape) * rng.choice([-1, 1], shape)
    else:
        value = rng.uniform(0.6, 1.6)
    return np.asarray(value, np.float32)


def random_inputs(key, shapes, batch):
    """A list of input arrays in [-1, 1]; `shapes` are without the batch."""
    rng = np.random.RandomState(zlib.crc32(("%s/%d" % (key, batch)).encode()))
    return [rng.uniform(-1, 1, (batch,) + tuple(shape)).astype(np.float32) for shape in shapes]


def write_io(folder, names, shapes, run, key):
    """io.npz: `b1/in0`, `b1/out0`, `b3/in0`, … and the names of inputs and outputs."""
    arrays = {"in_names": np.array(names[0]), "out_names": np.array(names[1])}
    for batch in (1, 3):
        inputs = random_inputs(key, shapes, batch)
        arrays.update({"b%d/in%d" % (batch, i): x for i, x in enumerate(inputs)})
        arrays.update({"b%d/out%d" % (batch, i): np.asarray(y) for i, y in enumerate(run(inputs))})
    np.savez(os.path.join(folder, "io.npz"), **arrays)


def write_json(folder, name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file, indent=1, default=str)
        file.write("\n")


# ---- graph mode: a session and its tensors -------------------------------------------------------------------------


def write_frozen_session(tf1, session, outputs, folder, name):
    ops = [tensor.op.name for tensor in outputs.values()]
    frozen = tf1.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), ops)
    tf1.io.write_graph(frozen, folder, name, as_text=name.endswith("txt"))
    return name


def write_saved_model_v1(tf1, session, inputs, outputs, folder):
    builder = tf1.saved_model.Builder(folder)
    signature = tf1.saved_model.predict_signature_def(inputs, outputs)
    builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature})
    builder.save()


def write_meta(tf1, session, folder, sharded=False):
    tf1.train.Saver(sharded=sharded).save(session, os.path.join(folder, "model"))
    return "model.meta"


def write_session(tf1, session, inputs, outputs, kind, folder):
    """Writes the session's model as `kind` and returns the name of the file or folder to convert."""
    if kind in ("pb", "pbtxt"):
        return write_frozen_session(tf1, session, outputs, folder, "model." + kind)
    if kind == "saved_model":
        write_saved_model_v1(tf1, session, inputs, outputs, os.path.join(folder, "model"))
        return "model"
    return write_meta(tf1, session, folder, sharded=kind == "meta_sharded")


# ---- eager mode: functions -----------------------------------------------------------------------------------------


def write_frozen_function(tf, function, folder):
    """Freezes a concrete function; its inputs and outputs keep the names that TensorFlow gives them."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(function)
    tf.io.write_graph(frozen.graph.as_graph_def(), folder, "model.pb", as_text=False)
    return "model.pb"
