"""Builds nets as sources: python -m nets.build FOLDER net/producer/kind…  (inside tf221)

FOLDER/net/producer/kind gets the model, io.npz, original.json (checkers/describe.py) and, written last, case.json.
"""

import os
import shutil
import sys
import traceback
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

import writers
from checkers.describe import describe, flat
from layers.build import layers_of
from nets import all_nets
from zoo import weights as zoo_weights

tf1 = tf.compat.v1


def random_value(net, key, name, shape):
    """A weight by what its name says: see zoo/weights.py."""
    rng, part = zoo_weights.generator(net.name, key), name.split("/")[-1].split(":")[0]
    if "embedding" in part:
        return rng.normal(0, 1, shape).astype(np.float32)
    if len(shape) >= 2:
        role = "depthwise_kernel" if "depthwise" in name and "pointwise" not in part else "kernel"
    else:
        known = {"variance": "variance", "gamma": "gamma", "scale": "gamma", "mean": "mean", "alpha": "gamma"}
        role = next((role for word, role in known.items() if word in part), "bias")
    return np.asarray(zoo_weights.random_weight(rng, role, shape), np.float32)


def data(net, specs, batch):
    """One array for each input, (name, shape with batch, dtype)."""
    arrays = []
    for name, shape, dtype in specs:
        rng, size = zoo_weights.generator(net.name, name, batch), (batch, *net.sizes.get(name, shape[1:]))
        below = net.below.get(name) if isinstance(net.below, dict) else net.below
        if "int" in dtype:
            arrays.append(rng.randint(0, below, size).astype(dtype))
        else:
            coarse = rng.uniform(-0.7, 0.7, (batch,) + (1,) * (len(size) - 2) + size[-1:])
            arrays.append((coarse + rng.uniform(-0.6, 0.6, size)).astype(np.float32))
    return arrays


def write_io(net, specs, folder, names, run):
    io = {"in_names": np.array(names[0]), "out_names": np.array(names[1])}
    for batch in (1, 3):
        arrays = data(net, specs, batch)
        outputs = [np.asarray(y) for y in run(arrays)]
        io.update({"b%d/in%d" % (batch, i): x for i, x in enumerate(arrays)})
        io.update({"b%d/out%d" % (batch, i): y for i, y in enumerate(outputs)})
    for name, y in zip(names[1], outputs):
        if y.dtype.kind == "f" and not np.ptp(y, axis=0).max() > 0.01 * np.abs(y).max() > 0:
            raise ValueError("the inputs have vanished on their way to " + name)
    np.savez(os.path.join(folder, "io.npz"), **io)


def named(names, kind, told=False):
    """Which tensors are meant, where there are several: a signature says it itself."""
    clear = kind == "saved_model" or all(len(n) == 1 for n in names)
    return [] if clear and not told else ["--inputs", ",".join(names[0]), "--outputs", ",".join(names[1])]


# ---- Keras ---------------------------------------------------------------------------------------------------------


def spec_of(tensor):
    name = getattr(tensor, "op", tensor).name if isinstance(tensor, tf.Tensor) else tensor.name.split(":")[0]
    dtype = getattr(tensor.dtype, "name", tensor.dtype)
    return name, tuple(None if n is None else int(n) for n in tensor.shape), dtype


def weighted(net, keras):
    model = net.make(keras)
    values = []
    for i, (weight, value) in enumerate(zip(model.weights, model.get_weights())):
        is_number = value.dtype.kind == "f"
        values.append(random_value(net, i, getattr(weight, "path", weight.name), value.shape) if is_number else value)
    model.set_weights(values)
    return model


def original(net):
    """The model of Keras 3, where no other can hold what comes out."""
    import keras

    keras.backend.clear_session()
    return describe((net.like or net.make)(keras))


def build_eager(net, producer, kind, folder):
    if producer == "k3":
        import keras
    else:
        import tf_keras as keras
    keras.backend.clear_session()
    model = weighted(net, keras)
    told = net.like(keras) if net.like else model
    specs = [spec_of(t) for t in flat(told.inputs)]

    def call(*arrays):
        return flat(model(list(arrays) if len(arrays) > 1 else arrays[0], training=False))

    names = [spec[0] for spec in specs], ["output_%d" % i for i in range(len(flat(told.outputs)))]
    write_io(net, specs, folder, names, lambda arrays: call(*arrays))
    if kind == "pb":
        function = tf.function(call).get_concrete_function(*(tf.TensorSpec(s[1], s[2], s[0]) for s in specs))
        from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

        frozen = convert_variables_to_constants_v2(function)
        names = [t.op.name for t in frozen.inputs], [t.name.removesuffix(":0") for t in frozen.outputs]
        source = writers.write_frozen_function(tf, function, folder)
    else:
        source, target = "model", os.path.join(folder, "model")
        model.export(target, verbose=False) if producer == "k3" else model.save(target, save_format="tf")
    return source, named(names, kind), describe(told) if "2" in net.opens else original(net)


def build_session(net, folder):
    """tf_keras in a TF1 session."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        keras = tf1.keras
        keras.backend.set_session(session)
        keras.backend.set_learning_phase(0)
        members = {name: getattr(keras, name) for name in dir(keras) if not name.startswith("_")}
        model = weighted(net, SimpleNamespace(**{**members, "layers": layers_of(keras)}))
        inputs, outputs = flat(model.inputs), flat(model.outputs)
        names = [t.op.name for t in inputs], [t.op.name for t in outputs]
        write_io(net, [spec_of(t) for t in inputs], folder, names, lambda arrays: session.run(outputs, dict(zip(inputs, arrays))))
        source, told = writers.write_meta(tf1, session, folder), describe(model)
    return source, named(names, "meta", net.told), told if "2" in net.opens else original(net)


# ---- graphs --------------------------------------------------------------------------------------------------------


def set_values(session, net):
    """Gives variables their weights; the slots of optimizers stay as they are."""
    known = {v.op.name for v in tf1.trainable_variables()} | {v.op.name for v in tf1.global_variables() if "moving_" in v.op.name}
    for v in tf1.global_variables():
        if v.op.name in known:
            session.run(v.initializer, {v.initial_value: random_value(net, v.op.name, v.op.name, v.shape.as_list())})


def take_step(net, session, inputs, training):
    """One training step, so that optimizers have something in their slots."""
    feed = dict(zip(inputs.values(), data(net, [spec_of(t) for t in inputs.values()], 3)))
    for op in session.graph.get_operations():
        if op.type == "Placeholder" and op.outputs[0] not in feed.values() and op.name not in {t.op.name for t in inputs.values()}:
            shape = [3 if n is None else n for n in op.outputs[0].shape.as_list()]
            feed[op.outputs[0]] = np.zeros(shape, op.outputs[0].dtype.as_numpy_dtype)
    session.run(training, feed)


def in_graph(net, training, then, **options):
    """Builds the net, gives it its weights, and returns what `then(session, inputs, outputs)` does."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        inputs, outputs, op = net.make(tf1, training, **options)
        session.run(tf1.global_variables_initializer())
        if training and not net.channels_first:
            take_step(net, session, inputs, op)
        set_values(session, net)
        return then(session, inputs, outputs)


def build_graph(net, kind, folder):
    (tf1.disable_resource_variables if kind in ("meta", "train") else tf1.enable_resource_variables)()

    def compute(session, inputs, outputs):
        names = list(inputs), list(outputs)
        specs = [spec_of(t) for t in inputs.values()]
        write_io(net, specs, folder, names, lambda arrays: session.run(list(outputs.values()), dict(zip(inputs.values(), arrays))))

    def write(session, inputs, outputs):
        names = [t.op.name for t in inputs.values()], [t.name.removesuffix(":0") for t in outputs.values()]
        form = "meta" if kind == "train" else kind
        if kind == "saved_model" and [*map(len, names)] != [1, 1]:
            names = list(inputs), list(outputs)  # a signature has keys, in no order
        return writers.write_session(tf1, session, inputs, outputs, form, folder), named(names, kind, told=kind in ("train", "saved_model") and [*map(len, names)] != [1, 1] or kind == "train")

    in_graph(net, False, compute, **({"first": False} if net.channels_first else {}))
    source, args = in_graph(net, kind == "train", write)
    import keras

    keras.backend.clear_session()
    return source, args, describe(net.like(keras))


def main(root, *wanted):
    nets, failed = all_nets(), False
    for item in wanted:
        name, producer, kind = item.split("/")
        folder = os.path.join(root, name, producer, kind)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        net = nets[name]
        try:
            if producer == "tf1":
                source, args, told = build_graph(net, kind, folder)
            elif kind == "meta":
                source, args, told = build_session(net, folder)
            else:
                source, args, told = build_eager(net, producer, kind, folder)
            writers.write_json(folder, "original.json", told)
            writers.write_json(folder, "case.json", {"source": source, "args": [*args, *net.args]})
        except Exception:
            failed = True
            print(item, file=sys.stderr)
            traceback.print_exc()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
