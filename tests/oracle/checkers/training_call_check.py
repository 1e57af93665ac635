"""Calls of SavedModels in training, against Keras 3: python -m checkers.training_call_check KERAFT JOBS.json REPORT.json

Small Keras models that compute something else in training become SavedModels by keraft. What the batch decides must be as in Keras: outputs,
gradients and what is kept of the batch. What is drawn must be drawn anew, as often and as far apart as Keras says. A job: {"name"}; a report
as of tensorflow_check.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from checkers.load_check import answer, relative_error, single

TOLERANCE = 1e-5  # of the largest number


def batch_norm_of_rows():
    x = keras.Input((5,))
    y = layers.Dense(7)(x)
    y = layers.BatchNormalization(momentum=0.7, epsilon=0.02)(y)
    return keras.Model(x, layers.Dense(3)(layers.ReLU()(y)))


def batch_norm_of_images():
    x = keras.Input((6, 5, 2))
    y = layers.BatchNormalization(momentum=0.8)(layers.Conv2D(4, 3)(x))
    y = layers.BatchNormalization(scale=False)(layers.Conv2D(3, 2, activation="relu")(y))
    return keras.Model(x, layers.GlobalAveragePooling2D()(y))


def batch_norm_along_rows():
    x = keras.Input((6, 5, 2))
    return keras.Model(x, layers.BatchNormalization(axis=1, center=False, momentum=0.6)(x))


def batch_norm_called_twice():
    a, b = keras.Input((6, 3)), keras.Input((6, 3))
    norm = layers.BatchNormalization(momentum=0.5)
    first = norm(a)
    return keras.Model([a, b], [first, norm(layers.Add()([layers.Dense(3)(first), b]))])


def batch_norm_of_a_frozen_part():
    inner = keras.Sequential([keras.Input((5,)), layers.Dense(4), layers.BatchNormalization()])
    inner.trainable = False
    x = keras.Input((5,))
    return keras.Model(x, layers.BatchNormalization(momentum=0.9)(layers.Dense(3)(inner(x))))


def batch_norm_in_half_precision():
    x = keras.Input((5,))
    y = layers.Dense(7, dtype="mixed_float16")(x)
    y = layers.BatchNormalization(momentum=0.7, dtype="mixed_float16")(y)
    return keras.Model(x, layers.Activation("linear", dtype="float32")(y))


def drawn(layer, shape=(40, 30, 20)):
    x = keras.Input(shape)
    return keras.Model(x, layer(x))


# What the batch decides.
EXACT = (batch_norm_of_rows, batch_norm_of_images, batch_norm_along_rows, batch_norm_called_twice, batch_norm_of_a_frozen_part,
         batch_norm_in_half_precision)  # fmt: skip
# What is drawn: the layer, and the axes along which one choice serves all.
DRAWN = {
    "dropout": (lambda: layers.Dropout(0.3), ()),
    "dropout_of_columns": (lambda: layers.Dropout(0.4, noise_shape=(None, 1, None, None)), (1,)),
    "spatial_dropout": (lambda: layers.SpatialDropout2D(0.25), (1, 2)),
    "gaussian_noise": (lambda: layers.GaussianNoise(0.6), ()),
    "gaussian_dropout": (lambda: layers.GaussianDropout(0.2), ()),
    "alpha_dropout": (lambda: layers.AlphaDropout(0.15), ()),
}


def saved(model, program, folder):
    file, out = folder / "model.keras", folder / "saved"
    model.save(file)
    done = subprocess.run([program, "convert", file, str(out) + "/", "--no-verify"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return tf.saved_model.load(str(out))


def stepped(call, inputs, variables):
    """Outputs and gradients of a call in training."""
    with tf.GradientTape() as tape:
        outputs = tf.nest.flatten(call(single([tf.constant(x) for x in inputs]), training=True))
        # Each number of a result counts otherwise, or the sum over a normalised batch would not change.
        loss = tf.add_n(
            [
                tf.reduce_sum(tf.reshape(tf.cast(y, tf.float32), [-1]) * tf.cos(tf.range(tf.cast(tf.size(y), tf.float32)) + 1))
                for y in outputs
            ]
        )
    return [y.numpy() for y in outputs], tape.gradient(loss, variables)


def exact(make, program, folder):
    rng = np.random.RandomState(1)
    model = make()
    for weight in model.weights:
        weight.assign(rng.uniform(0.3, 1.3, weight.shape))
    loaded = saved(model, program, folder)
    inputs = [rng.normal(0.4, 1.5, (9, *x.shape[1:])).astype(np.float32) for x in model.inputs]
    theirs = {w.path.split("/", w.path.count("/") - 1)[-1]: w for w in model.weights}
    mine = {v.name.split(":")[0]: v for v in loaded.variables}
    if sorted(mine) != sorted(theirs):
        return ["variables %s, not %s" % (sorted(mine), sorted(theirs))]
    trained = [v for v in loaded.trainable_variables]
    names = [v.name.split(":")[0] for v in trained]
    problems, tolerance = [], 3e-3 if "half" in make.__name__ else TOLERANCE
    for step in range(2):
        outputs, gradients = stepped(loaded, inputs, trained)
        wanted, slopes = stepped(model, inputs, [theirs[name].value for name in names])
        kept = [v.numpy() for v in loaded.non_trainable_variables]
        keeps = [np.array(theirs[v.name.split(":")[0]]) for v in loaded.non_trainable_variables]
        for what, found, right in [("outputs", outputs, wanted), ("what is kept", kept, keeps)]:
            error = relative_error(found, right) if right else 0
            if not error <= tolerance:
                problems.append("step %d: %s differ by %.2g" % (step, what, error))
        largest = max(np.abs(g).max() for g in slopes) if slopes else 0
        for name, g, right in zip(names, gradients, slopes):
            if g is None or np.abs(g - right).max() > 10 * tolerance * largest:
                problems.append("step %d: another gradient of %s" % (step, name))
    in_use = [y.numpy() for y in tf.nest.flatten(loaded(single([tf.constant(x) for x in inputs])))]
    if not relative_error(in_use, [np.asarray(y) for y in tf.nest.flatten(model(single(inputs), training=False))]) <= tolerance:
        problems.append("after the steps it computes something else in use")
    return problems


def told(x, y, axes):
    """How far y is from x, how many are the same or nothing, and whether places along the axes share a choice."""
    shared = all(np.ptp((y == 0).astype(np.int8), axis=axis).max() == 0 for axis in axes)
    return {
        "mean": y.mean(),
        "deviation": (y - x).std(),
        "unlike": np.quantile(y - x, [0.02, 0.5, 0.9, 0.98]),
        "nothing": (y == 0).mean(),
    }, shared


def drawn_alike(make, axes, program, folder):
    model = drawn(make())
    loaded = saved(model, program, folder)
    x = np.random.RandomState(2).uniform(0.5, 1.5, (60, *model.inputs[0].shape[1:])).astype(np.float32)
    first, second = loaded(tf.constant(x), training=True).numpy(), loaded(tf.constant(x), training=True).numpy()
    problems = ["two calls in training are the same"] if np.array_equal(first, second) else []
    if not np.array_equal(loaded(tf.constant(x)).numpy(), x):
        problems.append("it does something in use")
    mine, shared = told(x, first, axes)
    theirs, _ = told(x, np.asarray(model(x, training=True)), axes)
    room = 0.08 if axes else 0.01
    problems += [
        "%s: %s, Keras has %s" % (what, mine[what], theirs[what]) for what in mine if np.abs(mine[what] - theirs[what]).max() > room
    ]
    return problems + ["places along %s do not share a choice" % (axes,)] * (not shared)


def run(program):
    cases = {make.__name__: (lambda folder, make=make: exact(make, program, folder)) for make in EXACT}
    cases.update({name: (lambda folder, one=one: drawn_alike(*one, program, folder)) for name, one in DRAWN.items()})

    def check(job):
        with tempfile.TemporaryDirectory() as folder:
            return {"name": job["name"], "problems": cases[job["name"].split("/")[1]](Path(folder)), "errors": {}}

    return check


if __name__ == "__main__":
    answer(run(sys.argv[1]), *sys.argv[2:])
