"""Models whose weights are written in every way, and moved into models of other weights: run_transfer.py."""

LIBRARIES = ("keras", "tf_keras")
# Keras 2 cannot load attention from any file of keraft's.
MODELS = {"nested": LIBRARIES, "swapped": LIBRARIES, "layers": LIBRARIES, "branches": LIBRARIES, "attention": ("keras",)}


def nested(k):
    """A model inside, a layer called twice, and same-shaped layers whose names run against their order."""
    inner_in = k.layers.Input((4,))
    inner = k.Model(inner_in, k.layers.BatchNormalization(name="inner_norm")(k.layers.Dense(4, name="inner_dense")(inner_in)), name="inner")
    images = k.layers.Input((6,))
    shared = k.layers.Dense(4, name="alpha")
    x = k.layers.Dense(4, name="zeta")(images)
    return k.Model(images, shared(inner(shared(x))))


def swapped(k):
    """Layers of the same sizes throughout, in an order that is not that of their names."""
    return k.Sequential([k.layers.Input((5,))] + [k.layers.Dense(5, name=name) for name in ("delta", "beta", "gamma", "alpha")])


def layers(k):
    """Layers with weights of many roles."""
    images = k.layers.Input((8, 8, 3))
    x = k.layers.Conv2D(4, 3, name="conv")(images)
    x = k.layers.BatchNormalization(name="norm")(x)
    x = k.layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = k.layers.SeparableConv2D(6, 3, name="separable")(x)
    x = k.layers.Conv2DTranspose(5, 2, strides=2, name="transpose")(x)
    x = k.layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
    x = k.layers.Reshape((16, 5), name="steps")(x)
    x = k.layers.LayerNormalization(name="layer_norm")(x)
    x = k.layers.Bidirectional(k.layers.GRU(3, return_sequences=True, name="gru"), name="both_ways")(x)
    x = k.layers.LSTM(4, name="lstm")(x)
    return k.Model(images, k.layers.Dense(2, name="head")(x))


def branches(k):
    """Two inputs and two equal branches, which nothing but the order and the names tell apart."""
    ends = []
    inputs = [k.layers.Input((6,), name="left_in"), k.layers.Input((6,), name="right_in")]
    for side, x in zip(("left", "right"), inputs):
        x = k.layers.Dense(6, activation="relu", name=side + "_one")(x)
        ends.append(k.layers.Dense(6, name=side + "_two")(x))
    return k.Model(inputs, k.layers.Dense(3, name="join")(k.layers.Concatenate(name="both")(ends)))


def attention(k):
    """A layer that holds others, twice."""
    steps = k.layers.Input((5, 4))
    x = k.layers.MultiHeadAttention(2, 3, name="first")(steps, steps)
    return k.Model(steps, k.layers.MultiHeadAttention(2, 3, name="second")(x, x))
