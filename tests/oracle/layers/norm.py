"""Normalisations: Keras' layers, tf.nn, tf.compat.v1.layers, moments by hand."""

import numpy as np

from layers import ints, layer, raw

# Grappler folds the variables of a frozen batch norm into one scale and shift.
UNFOLDED = ["keras3", "tf_keras", "tf_keras_meta"]
VARIABLES = ["tf", "tf_meta"]
# Keras' TF1 line lacks the layer, or cannot run it.
NOT_V1 = ["keras3", "keras3_grappler", "tf_keras"]


def keras_layers():
    for name, config, shape in (
        ("rank2", {}, (7,)), ("rank3", {}, (5, 4)), ("rank4", {}, (5, 6, 3)), ("rank5", {}, (2, 3, 4, 5)),
        ("no_scale", {"scale": False}, (5, 4)), ("no_center", {"center": False}, (5, 4)), ("bare", {"scale": False, "center": False}, (7,)),
        ("no_scale4", {"scale": False}, (5, 6, 3)), ("no_center4", {"center": False}, (5, 6, 3)), ("epsilon", {"epsilon": 0.05}, (5, 4)),
        ("axis1", {"axis": 1}, (5, 4)), ("axis1_rank4", {"axis": 1}, (3, 5, 6)), ("axis2", {"axis": 2}, (5, 6, 3)),
        ("axis1_rank5", {"axis": 1, "center": False}, (3, 2, 4, 5)),
    ):  # fmt: skip
        made = layer("BatchNormalization/" + name, lambda L, c=config: L.BatchNormalization(**c), [shape], writers=UNFOLDED)
        made.args = ["--data-format", "keep"] if name == "axis1_rank5" else []
        yield made
    yield layer("BatchNormalization/behind_conv", lambda L: lambda x: L.BatchNormalization()(L.Conv2D(4, 3)(x)), [(7, 6, 3)], writers=UNFOLDED)
    for name, config, shape in (
        ("rank2", {}, (7,)), ("rank3", {}, (5, 4)), ("rank4", {}, (5, 6, 3)), ("rank5", {}, (2, 3, 4, 5)),
        ("no_scale", {"scale": False}, (5, 4)), ("no_center", {"center": False}, (5, 4)), ("bare", {"scale": False, "center": False}, (5, 4)),
        ("small_epsilon", {"epsilon": 1e-6}, (5, 4)), ("epsilon", {"epsilon": 0.05}, (5, 4)), ("axis1", {"axis": 1}, (5, 4)),
        ("axes12", {"axis": [1, 2]}, (5, 4)), ("axes23", {"axis": [2, 3]}, (5, 6, 3)), ("axes13", {"axis": [1, 3]}, (5, 6, 3)),
        ("all", {"axis": [1, 2, 3], "scale": False}, (5, 6, 3)),
    ):  # fmt: skip
        yield layer("LayerNormalization/" + name, lambda L, c=config: L.LayerNormalization(**c), [shape],
                    writers=NOT_V1 if name == "axes12" else None)  # fmt: skip
    yield layer("LayerNormalization/open", lambda L: L.LayerNormalization(), [(None, 4)], sizes=[(5, 4)])
    yield layer("LayerNormalization/residual", lambda L: lambda x: L.LayerNormalization()(L.Add()([x, L.LayerNormalization()(x)])), [(5, 4)])
    for name, config, shape in (
        ("two", {"groups": 2}, (5, 6, 4)), ("three", {"groups": 3}, (5, 6)), ("one", {"groups": 1}, (5, 4, 6)),
        ("no_scale", {"groups": 2, "scale": False}, (5, 4)), ("no_center", {"groups": 2, "center": False}, (5, 4)),
        ("epsilon", {"groups": 2, "epsilon": 0.03}, (5, 4)), ("axis1", {"groups": 3, "axis": 1}, (6, 5, 4)),
        ("instance", {"groups": -1}, (5, 6, 4)), ("rank2", {"groups": 2}, (6,)), ("rank5", {"groups": 2}, (2, 3, 5, 4)),
    ):  # fmt: skip
        yield layer("GroupNormalization/" + name, lambda L, c=config: L.GroupNormalization(**c), [shape], writers=NOT_V1)
    for name, config, shape in (
        ("rank2", {}, (7,)), ("rank3", {}, (5, 4)), ("rank4", {}, (5, 6, 3)), ("epsilon", {"epsilon": 0.01}, (5, 4)),
        ("axes", {"axis": [1, 2]}, (5, 4)),
    ):  # fmt: skip
        yield layer("RMSNormalization/" + name, lambda L, c=config: L.RMSNormalization(**c), [shape], keras="3")
    for name, axis, shape in (("last", -1, (5, 4)), ("axis1", 1, (5, 4)), ("axes", [1, 2], (5, 4)), ("rank4", -1, (5, 6, 3)), ("rank2", -1, (7,))):
        yield layer("UnitNormalization/" + name, lambda L, a=axis: L.UnitNormalization(axis=a), [shape], writers=NOT_V1)
    for name, axis, told in (("last", -1, -1), ("axis1", 1, 1)):
        # The collection of trainable variables, without which nothing says that the statistics are not, is there for the Dense.
        make = lambda L, a=axis: lambda x: L.Dense(4)(L.Normalization(axis=a)(x))  # noqa: E731
        yield layer("Normalization/adapted_" + name, make, [(6, 5)], expect=[("Normalization", {"axis": [told]}), ("Dense", {"units": 4})])
    yield layer("SpectralNormalization/dense", lambda L: L.SpectralNormalization(L.Dense(5)), [(7,)], keras="3", opens="2 3", expect=[("Dense", {"units": 5})])
    yield layer("SpectralNormalization/conv", lambda L: L.SpectralNormalization(L.Conv2D(4, 3)), [(6, 5, 3)], keras="3", opens="2 3", expect=[("Conv2D", {"filters": 4})])
    for name, config, shape in (
        ("last", {"mean": [0.5, -1.0, 2.0], "variance": [0.25, 4.0, 1.5]}, (3,)),
        ("image", {"mean": [0.4, 0.5, 0.6], "variance": [0.05, 0.06, 0.04]}, (5, 6, 3)),
        ("axis1", {"axis": 1, "mean": [0.5, -1.0], "variance": [0.25, 4.0]}, (2, 5)),
        ("none", {"axis": None, "mean": 0.5, "variance": 4.0}, (5, 3)),
    ):  # fmt: skip
        yield layer("Normalization/" + name, lambda L, c=config: L.Normalization(**c), [shape])
    for name, scale, offset in (("image", 1 / 255, 0.0), ("both", 1 / 127.5, -1.0), ("whole", 2.0, 3.0), ("none", 1.0, -0.5)):
        yield layer("Rescaling/" + name, lambda L, s=scale, o=offset: L.Rescaling(s, o), [(5, 4, 3)])
    yield layer("Rescaling/channels", lambda L: L.Rescaling([0.5, 2.0, 3.0], [0.1, 0.2, 0.3]), [(5, 4, 3)])
    yield layer("Rescaling/integers", lambda L: L.Rescaling(1 / 255, 0.5), [ints((5, 4, 3), 256, "uint8")])


def moments_cases():
    bn = [("BatchNormalization", {})]

    def four(var, c):
        return var("moving_mean", (c,), False), var("moving_variance", (c,), False), var("beta", (c,)), var("gamma", (c,))

    def nn_bn(shape, offset=True, scale=True):
        def make(tf, var, x):
            m, v, b, g = four(var, shape[-1])
            return tf.nn.batch_normalization(x, m, v, b if offset else None, g if scale else None, 0.002)

        return make

    for name, shape, offset, scale in (
        ("rank2", (7,), True, True), ("rank3", (5, 4), True, True), ("rank4", (5, 6, 3), True, True), ("rank5", (2, 3, 4, 5), True, True),
        ("no_offset", (5, 4), False, True), ("no_scale", (5, 4), True, False), ("bare", (5, 4), False, False),
    ):  # fmt: skip
        expect = [("BatchNormalization", {"center": offset, "scale": scale, "epsilon": 0.002})]
        yield raw("BatchNormalization/nn_" + name, nn_bn(shape, offset, scale), [shape], expect, writers=VARIABLES)

    def by_hand(f):
        return lambda tf, var, x: f(tf, x, *four(var, 4))

    for name, f in {
        "div": lambda tf, x, m, v, b, g: g * (x - m) / tf.sqrt(v + 0.001) + b,
        "mul": lambda tf, x, m, v, b, g: (x - m) * tf.math.rsqrt(v + 0.001) * g + b,
        "scaled_root": lambda tf, x, m, v, b, g: b + (x - m) * (g * tf.math.rsqrt(0.001 + v)),
        "pow": lambda tf, x, m, v, b, g: (x - m) * tf.pow(v + 0.001, -0.5) * g + b,
        "quotient_first": lambda tf, x, m, v, b, g: (x - m) / tf.sqrt(v + 0.001) * g + b,
        "divided_scale": lambda tf, x, m, v, b, g: x * (g / tf.sqrt(v + 0.001)) + (b - m * (g / tf.sqrt(v + 0.001))),
        "reciprocal": lambda tf, x, m, v, b, g: (x - m) * (1.0 / tf.sqrt(v + 0.001)) * g + b,
        "bias_add": lambda tf, x, m, v, b, g: tf.nn.bias_add((x - m) * tf.math.rsqrt(v + 0.001) * g, b),
    }.items():
        yield raw("BatchNormalization/hand_" + name, by_hand(f), [(5, 4)], bn, writers=VARIABLES)
    for name, f in {
        "no_beta": lambda tf, x, m, v, b, g: (x - m) / tf.sqrt(v + 0.001) * g,
        "no_gamma": lambda tf, x, m, v, b, g: (x - m) / tf.sqrt(v + 0.001) + b,
        "only": lambda tf, x, m, v, b, g: (x - m) / tf.sqrt(v + 0.001),
    }.items():
        yield raw("BatchNormalization/hand_" + name, by_hand(f), [(5, 4)],
                  [("BatchNormalization", {"center": name == "no_gamma", "scale": name == "no_beta"})], writers=VARIABLES)  # fmt: skip

    def first(tf, var, x):
        m, v, b, g = (tf.reshape(t, (1, 3, 1, 1)) for t in four(var, 3))
        return tf.nn.batch_normalization(x, m, v, b, g, 0.001)

    yield raw("BatchNormalization/nn_axis1", first, [(3, 5, 6)], [("BatchNormalization", {"axis": 1})], writers=VARIABLES)

    def fused(tf, var, x):
        m, v, b, g = four(var, 3)
        return tf.compat.v1.nn.fused_batch_norm(x, g, b, m, v, 0.002, is_training=False)[0]

    yield raw("BatchNormalization/fused", fused, [(5, 6, 3)], [("BatchNormalization", {"epsilon": 0.002})])

    yield raw("BatchNormalization/folded", lambda tf, var, x: nn_bn((4,))(tf, var, x), [(4,)], [("Rescaling", {})], writers=["tf_grappler"])

    def moments(f, axes, shape, weights=None, **more):
        def make(tf, var, x):
            mean, variance = tf.nn.moments(x, axes, keepdims=True)
            sizes = weights or shape[-1:]
            return f(tf, x, mean, variance, var("beta", sizes), var("gamma", sizes))

        return make

    ln = [("LayerNormalization", {"epsilon": 0.002})]
    nn = lambda tf, x, m, v, b, g: tf.nn.batch_normalization(x, m, v, b, g, 0.002)  # noqa: E731
    for name, f in {
        "nn": nn,
        "div": lambda tf, x, m, v, b, g: g * (x - m) / tf.sqrt(v + 0.002) + b,
        "mul": lambda tf, x, m, v, b, g: (x - m) * tf.math.rsqrt(v + 0.002) * g + b,
        "pow": lambda tf, x, m, v, b, g: (x - m) / (v + 0.002) ** 0.5 * g + b,
    }.items():
        yield raw("LayerNormalization/" + name, moments(f, [-1], (5, 4)), [(5, 4)], ln)
    yield raw("LayerNormalization/rank2", moments(nn, [1], (7,)), [(7,)], ln)
    yield raw("LayerNormalization/rank4", moments(nn, [-1], (5, 6, 3)), [(5, 6, 3)], ln)
    yield raw("LayerNormalization/axes", moments(nn, [1, 2], (5, 4), (5, 4)), [(5, 4)], [("LayerNormalization", {"axis": [1, 2]})])
    yield raw("LayerNormalization/contrib", moments(nn, [1, 2, 3], (5, 6, 3)), [(5, 6, 3)], [("LayerNormalization", {"axis": [1, 2, 3]})])

    def two_pass(tf, var, x):
        mean = tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean(tf.square(x - mean), -1, keepdims=True)
        return (x - mean) / tf.sqrt(variance + 0.002) * var("gamma", (4,)) + var("beta", (4,))

    def one_pass(tf, var, x):
        mean = tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean(x * x, -1, keepdims=True) - mean * mean
        return (x - mean) * tf.math.rsqrt(variance + 0.002) * var("gamma", (4,)) + var("beta", (4,))

    yield raw("LayerNormalization/two_pass", two_pass, [(5, 4)], ln)
    yield raw("LayerNormalization/one_pass", one_pass, [(5, 4)], ln)
    yield raw("LayerNormalization/bare", moments(lambda tf, x, m, v, b, g: (x - m) * tf.math.rsqrt(v + 0.002), [-1], (5, 4)), [(5, 4)],
              [("LayerNormalization", {"center": False, "scale": False})])  # fmt: skip
    instance = [("GroupNormalization", {"epsilon": 0.002})]
    yield raw("GroupNormalization/instance", moments(nn, [1, 2], (5, 6, 3)), [(5, 6, 3)], instance)
    yield raw("GroupNormalization/instance1d", moments(nn, [1], (5, 4)), [(5, 4)], instance)
    yield raw("GroupNormalization/instance_first", moments(nn, [2, 3], (3, 5, 6), (3, 1, 1)), [(3, 5, 6)], [("GroupNormalization", {"axis": 1})])
    yield raw("GroupNormalization/cycle_gan", moments(lambda tf, x, m, v, b, g: g * ((x - m) * tf.math.rsqrt(v + 0.002)) + b, [1, 2], (5, 6, 3)),
              [(5, 6, 3)], instance)  # fmt: skip

    def groups(after):
        def make(tf, var, x):
            y = tf.reshape(x, (-1, 5, 6, 2, 3))
            mean, variance = tf.nn.moments(y, [1, 2, 4], keepdims=True)
            g, b = var("gamma", (6,)), var("beta", (6,))
            if after:
                return tf.reshape((y - mean) / tf.sqrt(variance + 0.002), (-1, 5, 6, 6)) * g + b
            wide = (1, 1, 1, 2, 3)
            y = tf.nn.batch_normalization(y, mean, variance, tf.reshape(b, wide), tf.reshape(g, wide), 0.002)
            return tf.reshape(y, (-1, 5, 6, 6))

        return make

    yield raw("GroupNormalization/groups", groups(False), [(5, 6, 6)], [("GroupNormalization", {"groups": 2})])
    yield raw("GroupNormalization/late_scale", groups(True), [(5, 6, 6)], [("GroupNormalization", {"groups": 2})])
    rms = [("RMSNormalization", {"epsilon": 0.002})]
    yield raw("RMSNormalization/rsqrt", lambda tf, var, x: x * tf.math.rsqrt(tf.reduce_mean(x**2, -1, keepdims=True) + 0.002) * var("scale", (4,)),
              [(5, 4)], rms, keras="3")  # fmt: skip
    yield raw("RMSNormalization/div", lambda tf, var, x: var("scale", (4,)) * (x / tf.sqrt(tf.reduce_mean(x * x, -1, keepdims=True) + 0.002)),
              [(5, 4)], rms, keras="3")  # fmt: skip
    yield raw("UnitNormalization/l2", lambda tf, var, x: tf.nn.l2_normalize(x, -1), [(5, 4)], [("UnitNormalization", {})])
    yield raw("UnitNormalization/l2_axis", lambda tf, var, x: tf.nn.l2_normalize(x, [1]), [(5, 4)], [("UnitNormalization", {"axis": 1})])
    mean, deviation = np.float32([0.4, 0.5, 0.6]), np.float32([0.2, 0.3, 0.25])
    yield raw("Normalization/image", lambda tf, var, x: (x - mean) / deviation, [(5, 4, 3)], [("Normalization", {})])
    for name, f, scale, offset in (
        ("div", lambda x: x / 255.0, 1 / 255, 0.0), ("mul_sub", lambda x: x * 2.0 - 1.0, 2.0, -1.0), ("add_first", lambda x: 1.0 + x, 1.0, 1.0),
        ("sub", lambda x: x - 0.5, 1.0, -0.5), ("div_sub", lambda x: x / 127.5 - 1.0, 1 / 127.5, -1.0),
    ):  # fmt: skip
        yield raw("Rescaling/" + name, lambda tf, var, x, f=f: f(x), [(5, 4, 3)], [("Rescaling", {"scale": scale, "offset": offset})])
    yield raw("Rescaling/integers", lambda tf, var, x: tf.cast(x, tf.float32) / 255.0, [ints((5, 4, 3), 256, "uint8")], [("Rescaling", {})])
    yield raw("Rescaling/channels", lambda tf, var, x: x * np.float32([0.5, 2, 3]), [(5, 4, 3)], [("Rescaling", {"scale": [0.5, 2.0, 3.0]})])


def v1_layers():
    for name, config, shape in (
        ("rank4", {}, (5, 6, 3)), ("rank2", {}, (7,)), ("rank3", {"scale": False}, (5, 4)), ("unfused", {"fused": False}, (5, 6, 3)),
    ):  # fmt: skip
        yield raw("BatchNormalization/layers_" + name, lambda tf, var, x, c=config: tf.compat.v1.layers.batch_normalization(x, training=False, **c), [shape],
                  [("BatchNormalization", {})], writers=VARIABLES)  # fmt: skip


def cases():
    yield from keras_layers()
    yield from moments_cases()
    yield from v1_layers()
