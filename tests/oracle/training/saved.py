"""Nets that Keras 2 trains and saves as SavedModels: python -m training.saved FOLDER [NET…]; names of nets that others train are passed over

FOLDER/NET: model (the SavedModel), data.npz (x, y or y0, y1 … of the next steps, their losses).
"""

import os
import sys
import zlib

import numpy as np
import tensorflow as tf

from training import NEXT, STEPS

keras = tf.keras
L = keras.layers
O = keras.optimizers
OLD = getattr(O, "legacy", O)
BATCH = 12
NEW = OLD is not O


def mlp(optimizer, loss="sparse_categorical_crossentropy", last="softmax", **settings):
    l2 = keras.regularizers.l2(0.01)
    layers = [
        L.Dense(7, activation="tanh", input_shape=(5,), name="first", kernel_regularizer=l2),
        L.BatchNormalization(momentum=0.9, name="norm"),
        L.Dense(4, activation=last, name="last"),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer, loss, **settings)
    return model


def adam():
    return mlp(O.Adam(0.02, beta_1=0.8, epsilon=1e-3), metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)])


def momentum():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return mlp(O.SGD(0.03, momentum=0.9, nesterov=True), loss, "linear", metrics=["sparse_categorical_crossentropy"])


def plain():
    return mlp(O.SGD(0.1), metrics=["acc"])


def rmsprop():
    return mlp(O.RMSprop(0.01, momentum=0.5, centered=True))


def rmsprop_plain():
    return mlp(O.RMSprop(0.01, rho=0.8))


def adagrad():
    return mlp(O.Adagrad(0.1, initial_accumulator_value=0.2))


def amsgrad():
    return mlp(O.Adam(0.01, amsgrad=True))


def clipped():
    return mlp(O.Adam(0.01, clipvalue=0.01))


def schedule():
    return mlp(O.Adam(O.schedules.ExponentialDecay(0.03, 4, 0.8)))


def slower():
    """The decay that optimizers had before they had schedules."""
    return mlp(OLD.SGD(0.1, momentum=0.5, decay=0.2))


def average():
    return mlp(O.Adam(0.02, use_ema=True, ema_momentum=0.9))


def decayed():
    return mlp(O.SGD(0.05, momentum=0.9, weight_decay=0.02))


def old_adam():
    return mlp(OLD.Adam(0.02, beta_1=0.8))


def old_amsgrad():
    return mlp(OLD.Adam(0.02, amsgrad=True))


def old_momentum():
    return mlp(OLD.SGD(0.03, momentum=0.8))


def old_rmsprop():
    return mlp(OLD.RMSprop(0.01, momentum=0.5, centered=True))


def old_rmsprop_plain():
    return mlp(OLD.RMSprop(0.01))


def old_adagrad():
    return mlp(OLD.Adagrad(0.1))


def two_outputs():
    x = keras.Input((5,), name="x")
    h = L.Dense(6, activation="relu", name="shared")(x)
    a, b = L.Dense(1, activation="sigmoid", name="flag")(h), L.Dense(3, name="size")(h)
    model = keras.Model(x, [b, a])
    settings = {"loss_weights": {"size": 0.25, "flag": 2.0}, "metrics": {"flag": ["accuracy"], "size": ["mae"]}}
    loss = {"flag": keras.losses.BinaryCrossentropy(label_smoothing=0.1), "size": keras.losses.Huber(0.3)}
    model.compile(O.Adam(0.02), loss, **settings)
    return model


def repeated():
    """Two models inside, whose variables have the same names; a layer that is not trained."""

    def part(name, frozen=False):
        model = keras.Sequential([L.Dense(6, activation="tanh", input_shape=(5,), name="a"), L.Dense(5, name="b")], name=name)
        model.layers[0].trainable = not frozen
        return model

    x = keras.Input((5,))
    model = keras.Model(x, L.Dense(2, name="end")(part("right", True)(part("left")(x))))
    model.compile(O.Adam(0.02), "mse")
    return model


def fresh():
    """Compiled and never trained."""
    return mlp(O.Adam(0.02))


def custom_loss():
    def mine(y, p):
        return tf.reduce_mean(tf.square(p - tf.cast(y, tf.float32)), -1)

    return mlp(O.Adam(0.02), mine)


def custom_metric():
    def mine(y, p):
        return tf.reduce_mean(p, -1)

    return mlp(O.Adam(0.02), metrics=[mine, "accuracy"])


EVERYWHERE = (adam, momentum, rmsprop, rmsprop_plain, adagrad, slower, two_outputs, repeated, custom_loss, plain)
NEWER = (amsgrad, clipped, schedule, average, decayed, old_adam, old_amsgrad, old_momentum, old_rmsprop, old_rmsprop_plain, old_adagrad)
NETS = {f.__name__: f for f in (*EVERYWHERE, *((*NEWER, fresh, custom_metric) if NEW else ()))}


def data(model, rng):
    x = rng.normal(size=(BATCH, 5)).astype(np.float32)
    if len(model.outputs) > 1:
        return x, [rng.normal(size=(BATCH, 3)).astype(np.float32), rng.randint(0, 2, (BATCH, 1)).astype(np.float32)]
    if model.outputs[0].shape[-1] == 2:
        return x, rng.normal(size=(BATCH, 2)).astype(np.float32)
    return x, rng.randint(0, 4, (BATCH, 1)).astype(np.int32)


def step(model, x, y):
    """At its end fit puts averages into the weights, as who goes on does."""
    return model.fit(x, y, batch_size=len(x), epochs=1, shuffle=False, verbose=0).history["loss"][0]


def save(name, folder):
    keras.backend.clear_session()
    (tf.random.set_seed if NEW else tf.compat.v1.set_random_seed)(zlib.crc32(name.encode()) % 1000)
    rng = np.random.RandomState(zlib.crc32(name.encode()) % 1000)
    model = NETS[name]()
    batches = [data(model, rng) for _ in range(STEPS + NEXT)]
    for x, y in batches[: 0 if name == "fresh" else STEPS]:
        model.train_on_batch(x, y)
    os.makedirs(folder)
    keras.models.save_model(model, os.path.join(folder, "model"), save_format="tf")
    losses = [step(model, x, y) for x, y in batches[STEPS:]]
    targets = [y if isinstance(y, list) else [y] for _, y in batches[STEPS:]]
    arrays = {"y%d" % i: np.stack([y[i] for y in targets]) for i in range(len(targets[0]))}
    np.savez(os.path.join(folder, "data.npz"), x=np.stack([x for x, _ in batches[STEPS:]]), losses=np.array(losses, np.float64), **arrays)


if __name__ == "__main__":
    for name in [name for name in NETS if not sys.argv[2:] or name in sys.argv[2:]]:
        if not os.path.exists(os.path.join(sys.argv[1], name, "data.npz")):
            save(name, os.path.join(sys.argv[1], name))
