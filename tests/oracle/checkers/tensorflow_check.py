"""Runs what keraft wrote in a real TensorFlow: python -m checkers.tensorflow_check JOBS.json REPORT.json

A job: {"name", "files" (kind → path of a .pb, .pbtxt, .meta or SavedModel), "inputs" and "outputs" (their names in the files), "io",
"tolerance", "trainable" (how many variables are, by the model that was written), "variables", "signature" (a key of the SavedModel)}. The report: {"name", "problems", "errors"}.
"""

import sys

import numpy as np
import tensorflow as tf

from checkers.describe import flat
from checkers.load_check import answer, arrays, batches, relative_error, single

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


class Signature:
    """A SavedModel as TensorFlow 2 loads it, by the names of its signature."""

    def __init__(self, job, kind):
        self.model = tf.saved_model.load(job["files"][kind])
        self.function = self.model.signatures[job["signature"]]

    def run(self, job, inputs):
        found = self.function(**{name: tf.constant(array) for name, array in zip(job["inputs"], inputs)})
        return [found[name].numpy() for name in job["outputs"]]


class Called:
    """The same as an object that is called as a Keras model is."""

    def __init__(self, job, kind):
        self.model = tf.saved_model.load(job["files"][kind])

    def outputs(self, inputs, **how):
        return flat(self.model(single([tf.constant(array) for array in inputs]), **how))

    def run(self, job, inputs):
        return [y.numpy() for y in self.outputs(inputs)]

    def problems(self, job, inputs):
        """Steps of training in TensorFlow's own loop change what it trains; nothing else, but in calls for training."""
        variables, trained = list(self.model.variables), list(self.model.trainable_variables)
        if (len(variables), len(trained)) != (job["variables"], job["trainable"]):
            return [
                "%d variables, %d trainable; the model has %d and %d" % (len(variables), len(trained), job["variables"], job["trainable"])
            ]
        if [v.trainable for v in variables].count(True) != len(trained) or any(not v.trainable for v in trained):
            return ["the variables in trainable_variables are others than those that say so"]
        in_use = self.step(inputs, training=False) if trained else set()
        wrong = in_use - {v.name for v in trained}
        # Where no image of the data wakes a ReLU in use, one does behind a normalisation of the batch.
        still = {v.name for v in trained} - in_use
        still -= self.step(inputs, training=True) if still else set()
        return ["%s %s" % (what, sorted(names)) for what, names in [("training does not move", still), ("training moves", wrong)] if names]

    def step(self, inputs, training):
        """Names of the variables that it moves."""
        variables, trained = list(self.model.variables), list(self.model.trainable_variables)
        before = [v.numpy() for v in variables]
        with tf.GradientTape() as tape:
            rng = np.random.RandomState(0)
            outputs = [y for y in self.outputs(inputs, training=training) if y.dtype.is_floating]
            weighted = [tf.cast(tf.reduce_sum(y * tf.constant(rng.uniform(-1, 1, y.shape), y.dtype)), tf.float32) for y in outputs]
            loss = tf.add_n(weighted)
        # By their signs: the gradient of a bias before a normalisation is nothing but rounding.
        for variable, gradient in zip(trained, tape.gradient(loss, trained)):
            if gradient is not None:
                variable.assign_sub(tf.sign(tf.convert_to_tensor(gradient)) * tf.cast(1e-2, variable.dtype))
        return {v.name for v, old in zip(variables, before) if not np.array_equal(v.numpy(), old)}


class AsLayer:
    """The same as a layer of a model of Keras 3."""

    def __init__(self, job, kind):
        import keras

        with np.load(job["io"]) as io:
            given = [keras.Input(array.shape[1:], dtype=array.dtype.name) for array in arrays(io, "b1/in")]
        self.model = keras.Model(given, keras.layers.TFSMLayer(job["files"][kind])(single(given)))

    def run(self, job, inputs):
        return [np.asarray(y) for y in flat(self.model(single(inputs)))]


def ways_of(kind):
    if kind != "saved_model":
        return [Session]
    newest = [AsLayer] if tf.__version__ >= "2.16" else []
    return [Session] if tf.__version__ < "2" else [Session, Signature, Called, *newest]


def check(job):
    tf1.reset_default_graph()
    report = {"name": job["name"], "problems": [], "errors": {}}
    with np.load(job["io"]) as io:
        data = [(batch, arrays(io, batch + "/in"), arrays(io, batch + "/out")) for batch in batches(io)]
    for kind in job["files"]:
        for way in ways_of(kind):
            model, what = way(job, kind), "%s (%s)" % (kind, way.__name__)
            for batch, inputs, outputs in data:
                error = relative_error(model.run(job, inputs), outputs)
                report["errors"]["%s %s" % (what, batch)] = error
                if not error <= job["tolerance"]:
                    report["problems"].append("%s %s: outputs differ by %.2g of the largest" % (what, batch, error))
            if way is Called:
                report["problems"] += model.problems(job, data[-1][1])
    return report


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
