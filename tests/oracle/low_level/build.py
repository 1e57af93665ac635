"""Makes the models: python -m low_level.build keras|tf_keras FOLDER

FOLDER/NET: model.keras, data.npz: x0 … and y0 … of each step, the loss before each step, outputs before and after all of them.
"""

import importlib
import os
import sys
import zlib

import numpy as np

from low_level import STEPS

BATCH = 12


def one_hot(rng, classes):
    return np.eye(classes, dtype=np.float32)[rng.randint(0, classes, BATCH)]


def normal(rng, *shape):
    return rng.normal(size=(BATCH, *shape)).astype(np.float32)


def mlp(keras, L):
    """A net of two dense layers."""
    layers = [keras.Input((12,), name="pixels"), L.Dense(9, activation="relu", name="hidden"), L.Dense(4, activation="softmax", name="digits")]
    model = keras.Sequential(layers, name="two_layers")
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy")
    return model, lambda rng: ([normal(rng, 12)], [one_hot(rng, 4)])


def conv(keras, L):
    layers = [
        keras.Input((10, 8, 2), name="image"), L.Conv2D(5, 3, padding="same", activation="relu", name="conv"), L.MaxPooling2D(2, name="pool"),
        L.Flatten(name="flat"), L.Dense(4, activation="softmax", name="digits"),
    ]  # fmt: skip
    model = keras.Sequential(layers, name="small_conv_net")
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy")
    return model, lambda rng: ([normal(rng, 10, 8, 2)], [rng.randint(0, 4, BATCH).astype(np.int32)])


def norm(keras, L):
    """Batch statistics, of images and of vectors; a layer that is not trained."""
    x = inputs = keras.Input((7, 6, 2), name="x")
    x = L.Conv2D(5, 3, use_bias=False, name="conv")(x)
    x = L.Activation("relu", name="relu")(L.BatchNormalization(momentum=0.9, name="norm")(x))
    fixed = L.BatchNormalization(name="fixed")
    fixed.trainable = False
    x = fixed(L.GlobalAveragePooling2D(name="mean")(x))
    x = L.BatchNormalization(momentum=0.8, scale=False, name="last_norm")(L.Dense(6, use_bias=False, name="dense")(x))
    model = keras.Model(inputs, L.Dense(3, name="out")(x), name="norms")
    model.compile(keras.optimizers.Adam(0.02, amsgrad=True), "mse")
    return model, lambda rng: ([normal(rng, 7, 6, 2)], [normal(rng, 3)])


def two_outputs(keras, L):
    """Losses with settings and weights, penalties; goes on from the optimizer's state."""
    x = keras.Input((5,), name="x")
    regularizers = keras.regularizers
    h = L.Dense(6, activation="tanh", name="shared", kernel_regularizer=regularizers.L2(0.02), bias_regularizer=regularizers.L1(0.01))(x)
    flag, size = L.Dense(1, activation="sigmoid", name="flag")(h), L.Dense(3, name="size", kernel_regularizer=regularizers.L1L2(0.01, 0.03))(h)
    model = keras.Model(x, [size, flag], name="judged")
    losses = [keras.losses.Huber(delta=0.3), keras.losses.BinaryCrossentropy(label_smoothing=0.1)]
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True), losses, loss_weights=[0.25, 2.0])
    return model, lambda rng: ([normal(rng, 5)], [normal(rng, 3), rng.randint(0, 2, (BATCH, 1)).astype(np.float32)])


def embedding(keras, L):
    """Two inputs of indices; gradients of a table."""
    user, item = keras.Input((3,), dtype="int32", name="user"), keras.Input((1,), dtype="int32", name="item")
    flat = [L.Flatten(name="flat_" + name)(L.Embedding(n, 4, name=name + "_table")(x)) for n, name, x in ((11, "user", user), (7, "item", item))]
    x = L.Dense(5, activation="relu", name="hidden")(L.Concatenate(name="both")(flat))
    model = keras.Model([user, item], L.Dense(1, activation="sigmoid", name="rating")(x), name="ratings")
    model.compile(keras.optimizers.SGD(0.2), keras.losses.BinaryCrossentropy())

    def data(rng):
        indices = [rng.randint(0, n, (BATCH, width)).astype(np.int32) for n, width in ((11, 3), (7, 1))]
        return indices, [rng.randint(0, 2, (BATCH, 1)).astype(np.float32)]

    return model, data


def decayed(keras, L):
    """A loss of probabilities that no softmax gave, clipping and weight decay."""
    x = inputs = keras.Input((5,), name="x")
    x = L.Dense(7, activation="elu", name="first")(x)
    x = L.Add(name="sum")([L.Dense(7, name="second")(x), x])
    model = keras.Model(inputs, L.Dense(4, activation="softplus", name="scores")(x), name="decayed")
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.2, reduction="sum")
    model.compile(keras.optimizers.Adam(0.02, beta_1=0.8, epsilon=1e-3, weight_decay=0.1, global_clipnorm=1.5), loss)
    return model, lambda rng: ([normal(rng, 5)], [one_hot(rng, 4)])


def odd(keras, L):
    """Keras takes the logits of a sigmoid too."""
    model = keras.Sequential([keras.Input((5,), name="y"), L.Dense(4, activation="sigmoid", name="loss")], name="sgd")
    model.compile(keras.optimizers.Adagrad(0.1, clipnorm=0.2), "categorical_crossentropy")
    return model, lambda rng: ([normal(rng, 5)], [one_hot(rng, 4)])


def noisy(keras, L):
    """What training draws cannot be compared; everything else is."""
    x = inputs = keras.Input((16, 6), name="x")
    x = L.SpatialDropout1D(0.3, name="maps")(L.GaussianNoise(0.1, name="noise")(x))
    x = L.Dropout(0.5, name="drop")(L.Flatten(name="flat")(x))
    model = keras.Model(inputs, L.Dense(3, name="out")(x), name="noisy")
    model.compile(keras.optimizers.SGD(0.01), "mae")
    return model, lambda rng: ([normal(rng, 16, 6)], [normal(rng, 3)])


NETS = {f.__name__: f for f in (mlp, conv, norm, two_outputs, embedding, decayed, odd, noisy)}
BEFORE = {"two_outputs": 3, "conv": 2}  # steps taken before it is saved


def step(model, x, y):
    done = model.fit(x if len(x) > 1 else x[0], y if len(y) > 1 else y[0], batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
    return done.history["loss"][0]


def save(keras, name, folder):
    seed = zlib.crc32(name.encode()) % 1000
    rng = np.random.RandomState(seed)
    keras.utils.set_random_seed(seed)
    model, data = NETS[name](keras, keras.layers)
    model.set_weights([w + rng.uniform(0.05, 0.3, w.shape).astype(w.dtype) for w in model.get_weights()])
    for _ in range(BEFORE.get(name, 0)):
        step(model, *data(rng))
    os.makedirs(folder)
    model.save(os.path.join(folder, "model.keras"))
    model = keras.models.load_model(os.path.join(folder, "model.keras"))  # a Huber's delta is in no file of Keras 3
    batches = [data(rng) for _ in range(STEPS)]
    first = batches[0][0] if len(batches[0][0]) > 1 else batches[0][0][0]
    before = model.predict_on_batch(first)
    losses = [step(model, x, y) for x, y in batches]
    arrays = {"losses": np.array(losses, np.float64)}
    for when, found in (("before", before), ("after", model.predict_on_batch(first))):
        for i, y in enumerate(found if isinstance(found, (list, tuple)) else [found]):
            arrays["%s%d" % (when, i)] = np.array(y)
    for kind, side in (("x", 0), ("y", 1)):
        for i in range(len(batches[0][side])):
            arrays["%s%d" % (kind, i)] = np.stack([batch[side][i] for batch in batches])
    np.savez(os.path.join(folder, "data.npz"), **arrays)


if __name__ == "__main__":
    library = importlib.import_module(sys.argv[1])
    for net in NETS:
        if not os.path.exists(os.path.join(sys.argv[2], net, "data.npz")):
            save(library, net, os.path.join(sys.argv[2], net))
