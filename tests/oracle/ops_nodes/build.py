"""Writes the graphs, and what TensorFlow computes: build.py FOLDER"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

import ops_nodes


def place(graph_inputs, shapes):
    for i, shape in enumerate(shapes):
        ints = isinstance(shape[0], tuple) if shape else False
        dims = shape[0] if ints else shape
        graph_inputs.append(tf.compat.v1.placeholder(tf.int32 if ints else tf.float32, (None, *dims), "in%d" % i))
    return graph_inputs


def data_of(shapes, batch, rng):
    out = []
    for shape in shapes:
        if shape and isinstance(shape[0], tuple):
            out.append(rng.randint(0, shape[1], (batch, *shape[0])).astype(np.int32))
        else:
            out.append(rng.uniform(-1, 1, (batch, *shape)).astype(np.float32))
    return out


def write(folder, make, shapes, setup):
    graph = tf.Graph()
    rng = np.random.RandomState(3)
    with graph.as_default():
        inputs = place([], shapes)
        made = make(*inputs)
        outputs = list(made) if isinstance(made, (list, tuple)) else [made]
        outputs = [tf.identity(t, "out%d" % i) for i, t in enumerate(outputs)]
        io = {}
        with tf.compat.v1.Session(graph=graph) as session:
            setup(session)
            for batch in (1, 3):
                values = data_of(shapes, batch, rng)
                found = session.run(outputs, dict(zip(inputs, values)))
                for i, value in enumerate(values):
                    io["b%d/in%d" % (batch, i)] = value
                for i, value in enumerate(found):
                    io["b%d/out%d" % (batch, i)] = value
            definition = tf.compat.v1.graph_util.convert_variables_to_constants(
                session, graph.as_graph_def(), [t.op.name for t in outputs]
            )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.pb").write_bytes(definition.SerializeToString())
    np.savez(folder / "io.npz", **io)


def main(root):
    names = {}
    for name, make, shapes in ops_nodes.cases(tf):
        write(root / name, make, shapes, lambda session: None)
        names[name] = "ops"
    rng = np.random.RandomState(5)

    def var(name, shape):
        value = rng.uniform(0.5, 1.5, shape).astype(np.float32)
        return tf.compat.v1.get_variable(name, initializer=value, use_resource=True)

    for name, make, shapes in ops_nodes.variable_cases(tf, var):
        write(root / name, make, shapes, lambda session: session.run(tf.compat.v1.global_variables_initializer()))
        names[name] = "custom"
    (root / "cases.json").write_text(json.dumps(names))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
