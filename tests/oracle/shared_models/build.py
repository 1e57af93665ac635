"""Writes FOLDER/name/io.npz for real models: python -m shared_models.build FOLDER NAME…  (inside the environment ENV)"""

import os
import sys
import traceback

import numpy as np
import tensorflow as tf

import writers
from shared_models import FOLDER, MODELS

tf1 = tf.compat.v1


def load(session, source, inputs):
    """Returns what to feed for the inputs: of a frozen graph, placeholders in the place of inner tensors, which have one shape only."""
    path = str(FOLDER / source)
    if path.endswith(".pb"):
        graph = tf1.GraphDef.FromString(open(path, "rb").read())
        outer = {node.name + ":0" for node in graph.node if node.op == "Placeholder"}
        feeds = {name: name if name in outer else tf1.placeholder(tf.float32, name="fed_input") for name in inputs}
        tf1.import_graph_def(graph, name="", input_map={name: fed for name, fed in feeds.items() if name not in outer})
        return list(feeds.values())
    if path.endswith(".meta"):
        tf1.train.import_meta_graph(path).restore(session, path[: -len(".meta")])
    else:
        tf1.saved_model.load(session, ["serve"], path)
    return list(inputs)


def random_inputs(name, model, batch):
    low, high = model.get("range", (-1, 1))
    shapes = model["inputs"].values()
    whole = np.random.RandomState(batch)
    reals = writers.random_inputs(name, [s if not is_whole(s) else s[0] for s in shapes], batch)
    return [
        whole.randint(-1, shape[1] + 1, x.shape) if is_whole(shape) else (low + (x + 1) / 2 * (high - low)).astype(np.float32)
        for shape, x in zip(shapes, reals)
    ]


def is_whole(shape):
    return len(shape) == 2 and isinstance(shape[0], tuple)


def serialized(keys, inputs):
    """A tf.train.Example for each row of the inputs."""
    features = [
        {key: tf.train.Feature(float_list=tf.train.FloatList(value=values)) for key, values in zip(keys, row)} for row in zip(*inputs)
    ]
    return [tf.train.Example(features=tf.train.Features(feature=one)).SerializeToString() for one in features]


def outputs_of_graph(model, batches):
    """A session for each batch: a signature may change its variables."""
    for inputs in batches.values():
        with tf1.Graph().as_default(), tf1.Session() as session:
            feeds = load(session, model["source"], model["inputs"])
            fed = {model["examples"]: serialized(model["inputs"], inputs)} if "examples" in model else dict(zip(feeds, inputs))
            yield session.run(model["output"], fed)


def outputs_of_keras(model, batches):
    loaded = tf.keras.models.load_model(FOLDER / model["source"], compile=False)
    for inputs in batches.values():
        yield loaded(inputs[0], training=False).numpy()


def build(name, folder):
    model = MODELS[name]
    os.makedirs(folder, exist_ok=True)
    batches = {"b%d" % batch: random_inputs(name, model, batch) for batch in model.get("batches", (1, 3))}
    outputs = (outputs_of_keras if model.get("keras_file") else outputs_of_graph)(model, batches)
    arrays = {"in_names": np.array(list(model["inputs"])), "out_names": np.array([model.get("output", "")])}
    for (batch, inputs), output in zip(batches.items(), outputs):
        arrays.update({"%s/in%d" % (batch, i): x for i, x in enumerate(inputs)}, **{batch + "/out0": output})
    np.savez(os.path.join(folder, "io.npz"), **arrays)


def main(root, *names):
    for name in names:
        try:
            build(name, os.path.join(root, name))
        except Exception:
            traceback.print_exc()  # there is no io.npz then


if __name__ == "__main__":
    main(*sys.argv[1:])
