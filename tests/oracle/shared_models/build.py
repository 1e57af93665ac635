"""Writes FOLDER/name/io.npz for real models: python -m shared_models.build FOLDER NAME…  (inside the environment ENV)"""

import os
import sys

import numpy as np
import tensorflow as tf

import writers
from shared_models import FOLDER, MODELS

tf1 = tf.compat.v1


def load(session, source):
    path = str(FOLDER / source)
    if path.endswith(".pb"):
        tf1.import_graph_def(tf1.GraphDef.FromString(open(path, "rb").read()), name="")
    elif path.endswith(".meta"):
        tf1.train.import_meta_graph(path).restore(session, path[: -len(".meta")])
    else:
        tf1.saved_model.load(session, ["serve"], path)


def main(root, *names):
    for name in names:
        model = MODELS[name]
        folder = os.path.join(root, name)
        os.makedirs(folder, exist_ok=True)
        arrays = {"in_names": np.array(list(model["inputs"])), "out_names": np.array([model["output"]])}
        with tf1.Graph().as_default(), tf1.Session() as session:
            load(session, model["source"])
            for batch in model.get("batches", (1, 3)):
                low, high = model.get("range", (-1, 1))
                unit = writers.random_inputs(name, model["inputs"].values(), batch)
                inputs = [(low + (x + 1) / 2 * (high - low)).astype(np.float32) for x in unit]
                arrays["b%d/out0" % batch] = session.run(model["output"], dict(zip(model["inputs"], inputs)))
                arrays.update({"b%d/in%d" % (batch, i): x for i, x in enumerate(inputs)})
        np.savez(os.path.join(folder, "io.npz"), **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
