"""Nets that tf.keras trains in graph mode, saved with tf.train.Saver."""

import os

import numpy as np

BATCH = 12


def save(tf, model, folder, x, y, steps):
    """Trains for `steps` batches, saves, and records the losses of the others."""
    for i in range(steps):
        model.train_on_batch(x[i], y[i])
    os.makedirs(folder)
    tf.train.Saver().save(tf.keras.backend.get_session(), os.path.join(folder, "model"))
    losses = [model.train_on_batch(x[i], y[i]) for i in range(steps, len(x))]
    np.savez(os.path.join(folder, "data.npz"), x=x[steps:], y=y[steps:], losses=np.array(losses, np.float64))


def start(tf, seed):
    tf.keras.backend.clear_session()
    tf.set_random_seed(seed)
    return np.random.RandomState(seed)


def keras_adam(tf, folder, batch, steps, more):
    rng = start(tf, 31)
    k = tf.keras
    l2 = k.regularizers.l2(0.02)
    model = k.Sequential(
        [
            k.layers.Conv2D(5, 3, activation="relu", input_shape=(7, 6, 2), kernel_regularizer=l2),
            k.layers.BatchNormalization(momentum=0.9),
            k.layers.Flatten(),
            k.layers.Dense(4, activation="softmax", kernel_regularizer=l2),
        ]
    )
    model.compile(k.optimizers.Adam(0.01), "categorical_crossentropy")
    x = rng.uniform(-1, 1, (steps + more, BATCH, 7, 6, 2)).astype(np.float32)
    y = np.eye(4, dtype=np.float32)[rng.randint(0, 4, (steps + more, BATCH))]
    save(tf, model, folder, x, y, steps)


def keras_sgd(tf, folder, batch, steps, more):
    rng = start(tf, 32)
    k = tf.keras
    x = k.layers.Input((6,), name="x")
    h = k.layers.Dense(9, activation="tanh", name="hidden")(x)
    model = k.Model(x, k.layers.Dense(3, name="out")(h))
    model.compile(k.optimizers.SGD(0.02, momentum=0.9, nesterov=True), "mse")
    data = rng.uniform(-1, 1, (steps + more, BATCH, 6)).astype(np.float32)
    save(tf, model, folder, data, rng.uniform(-1, 1, (steps + more, BATCH, 3)).astype(np.float32), steps)


def keras_binary(tf, folder, batch, steps, more):
    rng = start(tf, 33)
    k = tf.keras
    x = k.layers.Input((6,), name="x")
    h = k.layers.Dense(9, activation="relu", name="hidden")(x)
    model = k.Model(x, k.layers.Dense(1, activation="sigmoid", name="out")(h))
    model.compile(k.optimizers.RMSprop(0.01, momentum=0.5), "binary_crossentropy")
    data = rng.uniform(-1, 1, (steps + more, BATCH, 6)).astype(np.float32)
    save(tf, model, folder, data, rng.randint(0, 2, (steps + more, BATCH, 1)).astype(np.float32), steps)


KERAS_NETS = {f.__name__: f for f in (keras_adam, keras_sgd, keras_binary)}
