"""Saves nets as a Keras 2 saves them, with compile information: python -m metadata.build FOLDER NET…"""

import os
import sys

import numpy as np
import tensorflow as tf

import writers

try:
    import tf_keras as keras
except ImportError:
    keras = tf.keras
L = keras.layers


def mlp():
    return keras.Sequential([
        L.InputLayer((5,)),
        L.Dense(7, activation="relu", name="first_dense", kernel_regularizer=keras.regularizers.l2(0.01)),
        L.GaussianNoise(0.1, name="noise"),
        L.Dropout(0.3, seed=5),
        L.Dense(7, activation="tanh", kernel_initializer="he_normal"),
        L.Dense(7, activation="elu"),
        L.ActivityRegularization(l2=0.1),
        L.Dense(3, activation="softmax", name="probabilities"),
    ])  # fmt: skip


def nested():
    """A Sequential and a Functional model inside, the second called twice, with names that the others have too."""
    layers = [L.Conv2D(4, 3, padding="same", name="conv"), L.BatchNormalization(name="bn"), L.SpatialDropout2D(0.2), L.ReLU()]
    block = keras.Sequential(layers, name="block")
    x = keras.Input((8, 8, 4))
    y = L.Conv2D(4, 1, name="conv")(x)
    body = keras.Model(x, [L.GaussianDropout(0.2)(L.Add()([y, x])), y], name="body")
    image = keras.Input((8, 8, 3), name="image")
    first, one = body(block(image))
    second, two = body(first)
    x = L.GlobalAveragePooling2D()(L.Concatenate()([second, one, two]))
    a = L.Dense(5, name="a")(x)
    return keras.Model(image, [L.Dense(2, name="b", activation="sigmoid")(x), a], name="whole")


def shared():
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    tower, other = L.Dense(6, activation="relu", name="tower"), L.Dense(6, name="same_shape")
    return keras.Model([right, left], L.Dense(1, name="score")(L.Subtract()([other(tower(left)), other(tower(right))])))


def frozen():
    x = keras.Input((5,))
    cold, norm = L.Dense(4, name="cold"), L.BatchNormalization(name="bn")
    cold.trainable = norm.trainable = False
    return keras.Model(x, L.Dense(2, name="warm")(norm(cold(x))))


def steps():
    """Any number of steps; a layer for each step of each step."""
    inputs = keras.Input((None, 9, 4))
    x = L.TimeDistributed(L.Conv1D(5, 3, activation="relu"), name="each")(inputs)
    x = L.TimeDistributed(L.TimeDistributed(L.Dense(3)))(L.TimeDistributed(L.BatchNormalization())(x))
    return keras.Model(inputs, L.GlobalMaxPooling1D()(L.SpatialDropout1D(0.3)(L.TimeDistributed(L.Flatten())(x))))


def attention():
    inputs = keras.Input((7, 8))
    x = L.MultiHeadAttention(2, 5, name="mha", dropout=0.1)(inputs, inputs)
    x = L.AlphaDropout(0.1)(L.LayerNormalization()(L.Add()([x, inputs])))
    return keras.Model(inputs, L.Flatten()(L.Dense(4, activation="gelu")(x)))


def words(mask):
    inputs = keras.Input((6,), dtype="int32")
    return inputs, L.Embedding(12, 4, mask_zero=mask, name="words", input_length=6)(inputs)


def embedding():
    inputs, x = words(False)
    return keras.Model(inputs, L.Flatten()(L.Conv1D(3, 2, name="c")(x)))


def masked():
    inputs, x = words(True)
    return keras.Model(inputs, L.GlobalAveragePooling1D()(x))


def pair():
    def part(size, out, name, between=()):
        return keras.Sequential([L.Dense(6, input_shape=(size,), activation="relu", name="d"), *between, L.Dense(out, name="e")], name=name)

    discriminator = part(5, 1, "discriminator", [L.LeakyReLU(0.2)])
    discriminator.trainable = False
    inputs = keras.Input((4,))
    return keras.Model(inputs, discriminator(part(4, 5, "generator")(inputs)))


def custom():
    class Mine(L.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=(shape[-1],))
            super().build(shape)

        def call(self, x):
            return x * self.w

    inputs = keras.Input((5,))
    return keras.Model(inputs, L.Dense(2)(Mine(name="mine")(inputs)))


def function():
    inputs = keras.Input((5,))
    return keras.Model(inputs, L.Dense(2)(L.Lambda(lambda x: x * 2.0, name="lambda")(inputs)))


def subclass():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.d = L.Dense(3)

        def call(self, x):
            return self.d(x)

    model = Own()
    model.predict(np.zeros((2, 4), np.float32), verbose=0)
    return model


def arrays(model, batch):
    rng = np.random.RandomState(batch)
    for tensor in model.inputs or [keras.Input((4,))]:
        size = [batch] + [7 if n is None else int(n) for n in tensor.shape[1:]]
        whole = tensor.dtype in ("int32", tf.int32)
        yield rng.randint(0, 5, size).astype(np.int32) if whole else rng.normal(size=size).astype(np.float32)


def run(model, inputs):
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    return outputs if isinstance(outputs, list) else [outputs]


def save(net, folder):
    keras.backend.clear_session()
    model = globals()[net]()
    values = [writers.random_weight("%s/%d" % (net, i), value.shape) for i, value in enumerate(model.get_weights())]
    model.set_weights([np.abs(v) if "variance" in w.name else v for w, v in zip(model.weights, values)])
    batches = {batch: list(arrays(model, batch)) for batch in (1, 3)}
    io = {}
    for batch, inputs in batches.items():
        io.update({"b%d/in%d" % (batch, i): x for i, x in enumerate(inputs)})
        io.update({"b%d/out%d" % (batch, i): y for i, y in enumerate(run(model, inputs))})
    if net != "subclass":
        model.compile("adam", "mse")
    os.makedirs(folder)
    keras.models.save_model(model, os.path.join(folder, "model"), save_format="tf")
    np.savez(os.path.join(folder, "io.npz"), **io)


if __name__ == "__main__":
    for name in sys.argv[2:]:
        save(name, os.path.join(sys.argv[1], name))
