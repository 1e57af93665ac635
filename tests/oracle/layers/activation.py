"""Activations: as a layer, as the argument of another, and as arithmetic."""

import math

import numpy as np

from layers import layer, raw

# Known to every Keras by this name.
EVERYWHERE = ["relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "softsign", "exponential", "swish", "gelu", "mish"]
ONLY3 = ["log_sigmoid", "hard_sigmoid", "hard_silu", "hard_tanh", "celu", "glu", "soft_shrink", "hard_shrink", "tanh_shrink", "sparsemax",
         "squareplus", "sparse_plus", "sparse_sigmoid"]  # fmt: skip
WIDE = {"low": -4.0, "high": 4.0}


def known(name):
    # A Keras that reads an alias tells its own name: silu, log_softmax_v2.
    return [("Activation", {} if name in ("swish", "log_softmax") else {"activation": name})]


def named():
    for name in [*EVERYWHERE, "log_softmax"]:
        yield layer("Activation/" + name, lambda L, n=name: L.Activation(n), [(7, 4)], **WIDE)
        yield layer("Dense/" + name, lambda L, n=name: L.Dense(5, activation=n), [(7,)], **WIDE)
    for name in ONLY3:
        yield layer("Activation/" + name, lambda L, n=name: L.Activation(n), [(7, 4)], keras="3", **WIDE)
        yield layer("Dense/" + name, lambda L, n=name: L.Dense(6, activation=n), [(7,)], keras="3", **WIDE)
    for name in ("relu6", "leaky_relu"):
        yield layer("Dense/" + name, lambda L, n=name: L.Dense(5, activation=n), [(7,)], low=-9.0, high=9.0)
        yield layer("Conv2D/" + name, lambda L, n=name: L.Conv2D(3, 2, activation=n), [(5, 4, 2)], low=-9.0, high=9.0)
    yield layer("Activation/relu6", lambda L: L.Activation("relu6"), [(7, 4)], low=-9.0, high=9.0, expect=[("ReLU", {"max_value": 6.0})])
    yield layer("Activation/leaky_relu", lambda L: L.Activation("leaky_relu"), [(7, 4)], expect=[("LeakyReLU", {})])
    yield layer("Activation/silu", lambda L: L.Activation("silu"), [(5,)], expect=[("Activation", {})], **WIDE)
    yield layer("Activation/rank5", lambda L: L.Activation("gelu"), [(2, 3, 4, 5)], **WIDE)
    # Keras 2's own hard_sigmoid has no name in Keras 3.
    yield layer("Activation/hard_sigmoid2", lambda L: L.Activation("hard_sigmoid"), [(7, 4)], keras="2", opens="2 3",
                expect=[("Rescaling", {"scale": 0.2, "offset": 0.5}), ("ReLU", {"max_value": 1.0})], **WIDE)  # fmt: skip
    yield layer("Activation/several", lambda L: lambda x: L.Activation("tanh")(L.Activation("elu")(x)), [(7, 4)], **WIDE)


def layers():
    yield layer("ReLU/plain", lambda L: L.ReLU(), [(7, 4)], **WIDE)
    for name, config in {
        "max": {"max_value": 1.5},
        "max6": {"max_value": 6.0},
        "threshold": {"threshold": 0.5},
        "max_threshold": {"max_value": 2.0, "threshold": 0.5},
        "max6_threshold": {"max_value": 6.0, "threshold": 0.5},
        "slope_max": {"negative_slope": 0.2, "max_value": 1.5},
        "slope_max6": {"negative_slope": 0.2, "max_value": 6.0},
        "slope_threshold": {"negative_slope": 0.25, "threshold": 0.5},
        "slope_max_threshold": {"negative_slope": 0.1, "max_value": 2.0, "threshold": 1.0},
    }.items():
        yield layer("ReLU/" + name, lambda L, c=config: L.ReLU(**c), [(7, 4)], low=-9.0, high=9.0)
    yield layer("ReLU/slope", lambda L: L.ReLU(negative_slope=0.25), [(7, 4)], expect=[("LeakyReLU", {})], **WIDE)
    yield layer("ReLU/behind_dense", lambda L: lambda x: L.ReLU(max_value=6.0)(L.Dense(5)(x)), [(7,)], low=-20.0, high=20.0)
    yield layer("ThresholdedReLU", lambda L: L.ThresholdedReLU(0.75), [(7, 4)], keras="2", opens="2 3",
                expect=[("ReLU", {"threshold": 0.75})], **WIDE)  # fmt: skip
    yield layer("LeakyReLU/default", lambda L: L.LeakyReLU(), [(7, 4)], **WIDE)
    yield layer("LeakyReLU/slope", lambda L: L.LeakyReLU(0.07), [(5, 3, 2)], **WIDE)
    yield layer("LeakyReLU/behind_dense", lambda L: lambda x: L.LeakyReLU(0.1)(L.Dense(5)(x)), [(7,)], **WIDE)
    for name, axes, shape in (
        ("each", None, (7, 4)), ("shared1", [1], (7, 4)), ("shared2", [2], (7, 4)), ("channels", [1, 2], (5, 6, 3)),
        ("rows", [2], (5, 6, 3)), ("one", [1, 2, 3], (5, 6, 3)), ("vector", None, (9,)), ("rank5", [1, 2, 3], (2, 3, 4, 5)),
    ):  # fmt: skip
        yield layer("PReLU/" + name, lambda L, a=axes: L.PReLU(shared_axes=a), [shape], **WIDE)
    yield layer("ELU/default", lambda L: L.ELU(), [(7, 4)], expect=known("elu"), **WIDE)
    yield layer("ELU/alpha", lambda L: L.ELU(0.4), [(7, 4)], **WIDE)
    for name, axis, shape in (
        ("last", -1, (7, 4)), ("axis1", 1, (7, 4)), ("axis2", 2, (5, 6, 3)), ("axis1of4", 1, (5, 6, 3)), ("negative", -2, (5, 6, 3)),
        ("list", [1, 2], (5, 6, 3)), ("list3", [1, 3], (5, 6, 3)), ("list_of_one", [1], (5, 6)), ("rank5", 3, (2, 3, 4, 5)),
    ):  # fmt: skip
        yield layer("Softmax/" + name, lambda L, a=axis: L.Softmax(axis=a), [shape], **WIDE)


def arithmetic():
    """(name, function, expected layers)"""
    s = [(7, 4)]

    def case(name, make, expect, **more):
        return raw(name, make, more.pop("shapes", s), expect, **{**WIDE, **more})

    nn = {
        "relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh", "elu": "elu", "selu": "selu", "softplus": "softplus",
        "softsign": "softsign", "softmax": "softmax", "log_softmax": "log_softmax", "swish": "swish", "gelu": "gelu",
    }  # fmt: skip
    for op, name in nn.items():
        yield case("nn/" + op, lambda tf, var, x, op=op: getattr(tf.nn, op)(x), known(name))
    yield case("nn/relu6", lambda tf, var, x: tf.nn.relu6(x), [("ReLU", {"max_value": 6.0})], low=-9.0, high=9.0)
    yield case("nn/leaky_relu", lambda tf, var, x: tf.nn.leaky_relu(x, 0.15), [("LeakyReLU", {})])
    yield case("nn/exp", lambda tf, var, x: tf.exp(x), known("exponential"))
    yield case("nn/softmax_axis", lambda tf, var, x: tf.nn.softmax(x, axis=1), [("Softmax", {"axis": 1})], shapes=[(5, 6, 3)])
    yield case("nn/log_sigmoid", lambda tf, var, x: tf.math.log_sigmoid(x), known("log_sigmoid"), keras="3")
    yield case("relu/maximum", lambda tf, var, x: tf.maximum(x, 0.0), known("relu"))
    yield case("relu/maximum_swapped", lambda tf, var, x: tf.maximum(tf.constant(0.0), x), known("relu"))
    for name, clip in {
        "clip": lambda tf, x: tf.clip_by_value(x, 0.0, 6.0), "min_max": lambda tf, x: tf.minimum(tf.maximum(x, 0.0), 6.0),
        "max_min": lambda tf, x: tf.maximum(0.0, tf.minimum(6.0, x)), "min_relu": lambda tf, x: tf.minimum(tf.nn.relu(x), 6.0),
        "op": lambda tf, x: tf.raw_ops.ClipByValue(t=x, clip_value_min=0.0, clip_value_max=6.0),
    }.items():  # fmt: skip
        yield case("relu6/" + name, lambda tf, var, x, f=clip: f(tf, x), [("ReLU", {"max_value": 6.0})], low=-9.0, high=9.0)
    yield case("relu1/clip", lambda tf, var, x: tf.clip_by_value(x, 0.0, 1.0), [("ReLU", {"max_value": 1.0})])
    yield case("relu1/min_relu", lambda tf, var, x: tf.minimum(1.0, tf.nn.relu(x)), [("ReLU", {"max_value": 1.0})])
    yield case("threshold/where", lambda tf, var, x: tf.where(x > 0.5, x, tf.zeros_like(x)), [("ReLU", {"threshold": 0.5})])
    yield case("threshold/cast", lambda tf, var, x: tf.cast(x > 0.5, tf.float32) * x, [("ReLU", {"threshold": 0.5})])
    leaky = [("LeakyReLU", {})]
    yield case("leaky/maximum", lambda tf, var, x: tf.maximum(0.1 * x, x), leaky)
    yield case("leaky/where", lambda tf, var, x: tf.where(x > 0, x, x * 0.1), leaky)
    yield case("leaky/where_less", lambda tf, var, x: tf.compat.v1.where(x < 0.0, 0.1 * x, x), leaky)
    yield case("leaky/where_ge", lambda tf, var, x: tf.where(x >= 0.0, x, x / 10.0), leaky)
    yield case("leaky/two_relus", lambda tf, var, x: tf.nn.relu(x) - 0.1 * tf.nn.relu(-x), leaky)
    yield case("leaky/minimum", lambda tf, var, x: tf.maximum(x, 0.0) + 0.1 * tf.minimum(x, 0.0), leaky)
    yield case("leaky/abs", lambda tf, var, x: 0.5 * (1 + 0.2) * x + 0.5 * (1 - 0.2) * tf.abs(x), leaky)
    prelu = [("PReLU", {"shared_axes": [1]})]
    yield case("prelu/minimum", lambda tf, var, x: tf.maximum(0.0, x) + var("alpha", (4,)) * tf.minimum(0.0, x), prelu)
    yield case("prelu/abs", lambda tf, var, x: tf.nn.relu(x) + var("alphas", (4,)) * (x - tf.abs(x)) * 0.5, prelu)
    yield case("prelu/where", lambda tf, var, x: tf.where(x > 0, x, var("a", (4,)) * x), prelu)
    yield case("prelu/sub", lambda tf, var, x: tf.nn.relu(x) - tf.nn.relu(-x) * var("a", (7, 4)), [("PReLU", {"shared_axes": None})])
    yield case("prelu/neg", lambda tf, var, x: -var("a", (7, 1)) * tf.nn.relu(-x) + tf.nn.relu(x), [("PReLU", {"shared_axes": [2]})])
    yield case("sigmoid/exp", lambda tf, var, x: 1.0 / (1.0 + tf.exp(-x)), known("sigmoid"))
    yield case("tanh/sigmoid", lambda tf, var, x: 2.0 * tf.sigmoid(2.0 * x) - 1.0, known("tanh"))
    yield case("softplus/log", lambda tf, var, x: tf.math.log(1.0 + tf.exp(x)), known("softplus"))
    yield case("softplus/log1p", lambda tf, var, x: tf.math.log1p(tf.exp(x)), known("softplus"))
    yield case("softsign/abs", lambda tf, var, x: x / (1.0 + tf.abs(x)), known("softsign"))
    yield case("elu/where", lambda tf, var, x: tf.where(x > 0, x, tf.exp(x) - 1.0), known("elu"))
    yield case("elu/expm1", lambda tf, var, x: tf.where(x < 0, tf.math.expm1(x), x), known("elu"))
    yield case("elu/alpha", lambda tf, var, x: tf.where(x > 0, x, 0.3 * (tf.exp(x) - 1.0)), [("ELU", {"alpha": 0.3})])
    yield case("swish/mul", lambda tf, var, x: tf.sigmoid(x) * x, known("swish"))
    yield case("mish/mul", lambda tf, var, x: x * tf.tanh(tf.math.softplus(x)), known("mish"))
    yield case("gelu/erf", lambda tf, var, x: 0.5 * x * (1.0 + tf.math.erf(x / math.sqrt(2.0))), known("gelu"))
    yield case("gelu/cdf", lambda tf, var, x: x * (0.5 * (1.0 + tf.math.erf(x / tf.sqrt(2.0)))), known("gelu"))
    yield case("gelu/late_half", lambda tf, var, x: (x * (tf.math.erf(x * np.float32(0.70710678)) + 1.0)) / 2.0, known("gelu"))
    yield case("gelu/erfc", lambda tf, var, x: 0.5 * x * tf.math.erfc(-x / math.sqrt(2.0)), known("gelu"))
    softmax = [("Softmax", {"axis": -1})]
    yield case("softmax/max", lambda tf, var, x: (lambda e: e / tf.reduce_sum(e, -1, keepdims=True))(
        tf.exp(x - tf.reduce_max(x, -1, keepdims=True))), softmax)  # fmt: skip
    yield case("softmax/plain", lambda tf, var, x: (lambda e: e / tf.reduce_sum(e, [1], keepdims=True))(tf.exp(x)),
               [("Softmax", {"axis": 1})])  # fmt: skip
    yield case("hard_sigmoid/2", lambda tf, var, x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0),
               [("Rescaling", {"scale": 0.2, "offset": 0.5}), ("ReLU", {"max_value": 1.0})])  # fmt: skip
    yield case("hard_sigmoid/3", lambda tf, var, x: tf.nn.relu6(x + 3.0) / 6.0,
               [("Rescaling", {"offset": 3.0}), ("ReLU", {"max_value": 6.0}), ("Rescaling", {})])  # fmt: skip

    def in_scope(f):
        def make(tf, var, x):
            with tf.name_scope("act"):
                return f(tf, x)

        return make

    yield case("hard_sigmoid/scope", in_scope(lambda tf, x: tf.nn.relu6(x + 3.0) * (1 / 6)), known("hard_sigmoid"), keras="3")
    yield case("hard_silu/scope", in_scope(lambda tf, x: x * tf.nn.relu6(x + 3.0) / 6.0), known("hard_silu"), keras="3")
    yield case("hard_tanh/clip", lambda tf, var, x: tf.clip_by_value(x, -1.0, 1.0), known("hard_tanh"), keras="3")
    yield case("tanh_shrink/sub", lambda tf, var, x: x - tf.tanh(x), known("tanh_shrink"), keras="3")
    yield case("squareplus/mul", lambda tf, var, x: 0.5 * (x + tf.sqrt(x * x + 4.0)), known("squareplus"), keras="3")
    yield case("soft_shrink/sign", lambda tf, var, x: tf.sign(x) * tf.maximum(tf.abs(x) - 0.5, 0.0), known("soft_shrink"), keras="3")
    yield case("glu/split", lambda tf, var, x: (lambda a, b: a * tf.sigmoid(b))(*tf.split(x, 2, -1)), known("glu"), keras="3")
    yield case("rescaling/two_ops", lambda tf, var, x: x / 4.0 - 0.25, [("Rescaling", {"scale": 0.25, "offset": -0.25})])


def cases():
    yield from named()
    yield from layers()
    yield from arithmetic()
