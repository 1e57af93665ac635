"""Runs what keraft wrote in a real TensorFlow: python -m checkers.tensorflow_check JOBS.json REPORT.json

A job: {"name", "files" (kind → path of a .pb, .pbtxt, .meta or SavedModel), "inputs" and "outputs" (their names in the files), "io",
"tolerance", "trainable" (how many variables are, by the model that was written), "variables"}. The report: {"name", "problems", "errors"}.
"""

import sys

import numpy as np
import tensorflow as tf

from checkers.load_check import answer, arrays, batches, relative_error

tf1 = tf.compat.v1


def graph_def(path):
    out = tf1.GraphDef()
    if path.endswith(".pbtxt"):
        from google.protobuf import text_format

        with open(path) as file:
            text_format.Parse(file.read(), out)
    else:
        with open(path, "rb") as file:
            out.ParseFromString(file.read())
    return out


class Session:
    """A file in a session of TensorFlow 1's kind; `tensors` are the names of inputs and outputs in it."""

    def __init__(self, job, kind):
        path, self.tensors = job["files"][kind], {name: name + ":0" for name in job["inputs"] + job["outputs"]}
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.session = tf1.Session(graph=self.graph)
            if kind in ("pb", "pbtxt"):
                tf1.import_graph_def(graph_def(path), name="")
            elif kind == "meta":
                saver = tf1.train.import_meta_graph(path)
                if saver:  # nothing is saved of a model without variables
                    saver.restore(self.session, path[: -len(".meta")])
            else:
                signature = tf1.saved_model.loader.load(self.session, ["serve"], path).signature_def["serving_default"]
                self.tensors = {key: info.name for key, info in [*signature.inputs.items(), *signature.outputs.items()]}

    def run(self, job, inputs):
        feed = {self.tensors[name]: array for name, array in zip(job["inputs"], inputs)}
        return self.session.run([self.tensors[name] for name in job["outputs"]], feed)


class Loaded:
    """A SavedModel as TensorFlow 2 loads it."""

    def __init__(self, job, kind):
        self.model = tf.saved_model.load(job["files"][kind])
        self.function = self.model.signatures["serving_default"]

    def run(self, job, inputs):
        found = self.function(**{name: tf.constant(array) for name, array in zip(job["inputs"], inputs)})
        return [found[name].numpy() for name in job["outputs"]]

    def problems(self, job, inputs):
        """A step of training in TensorFlow's own loop changes what it trains."""
        variables = self.model.variables
        trained = [v for v in variables if v.trainable]
        if (len(variables), len(trained)) != (job["variables"], job["trainable"]):
            return ["%d variables, %d trainable; the model has %d and %d" % (len(variables), len(trained), job["variables"], job["trainable"])]
        if not trained:
            return []
        with tf.GradientTape() as tape:
            found = self.function(**{name: tf.constant(array) for name, array in zip(job["inputs"], inputs)})
            loss = tf.add_n([tf.reduce_sum(tf.cast(found[name], tf.float32) ** 2) for name in job["outputs"] if found[name].dtype.is_floating])
        gradients = tape.gradient(loss, trained)
        lost = [v.name for v, g in zip(trained, gradients) if g is None]
        before = [v.numpy() for v in trained]
        for variable, gradient in zip(trained, gradients):
            if gradient is not None:
                variable.assign_sub(tf.sign(tf.convert_to_tensor(gradient)) * tf.cast(1e-2, variable.dtype))
        moved = sum(not np.array_equal(v.numpy(), old) for v, old in zip(trained, before))
        return ["no gradient for " + ", ".join(lost)] * bool(lost) + ["no variable moved"] * (moved == 0)


def check(job):
    tf1.reset_default_graph()
    report = {"name": job["name"], "problems": [], "errors": {}}
    with np.load(job["io"]) as io:
        data = [(batch, arrays(io, batch + "/in"), arrays(io, batch + "/out")) for batch in batches(io)]
    for kind in job["files"]:
        ways = [Session] if kind != "saved_model" or tf.__version__ < "2" else [Session, Loaded]
        for way in ways:
            model = way(job, kind)
            for batch, inputs, outputs in data:
                error = relative_error(model.run(job, inputs), outputs)
                report["errors"]["%s %s" % (kind, batch)] = error
                if not error <= job["tolerance"]:
                    report["problems"].append("%s %s: outputs differ by %.2g of the largest" % (kind, batch, error))
            if way is Loaded:
                report["problems"] += model.problems(job, data[-1][1])
    return report


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
