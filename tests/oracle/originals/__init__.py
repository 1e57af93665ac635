"""Small models with the Keras model that a person would have written for them by hand.

Each module of this package describes one, by those of these that it can have:

    SHAPES           shapes of its inputs, without the batch
    EXPECTED         {"layers": [(class, arguments), …], "trainable": n, "non_trainable": n}
    graph(tf)        builds it in the default tf.compat.v1 graph → (inputs, outputs, training op or None), both by name
    module(tf, init) a tf.Module with a `__call__`; `init(i, shape)` is the value of the i-th weight
    model(keras)     a Keras model
    FITTED           True where model() trains it
    GRAPH_KINDS      more kinds for graph(): "pbtxt", "meta_sharded", "meta_partitioned"
    FROZEN_MAY_BE    another right answer for a source in which variables are constants already
    KERAS            "3" where only Keras 3 can hold the result
"""

import fnmatch
import importlib

NAMES = ("adam_conv", "bare_dense", "fitted_line", "conv_pool", "module_matmul", "lone_dense", "lone_conv", "scaled_sigmoid")

# producer → (environment, the function of the module that it calls)
PRODUCERS = {
    "graph115": ("tf115", "graph"),
    "graph215": ("tf215", "graph"),
    "graph221": ("tf221", "graph"),
    "module215": ("tf215", "module"),
    "module221": ("tf221", "module"),
    "keras115": ("tf115", "model"),
    "keras215": ("tf215", "model"),
    "tf_keras221": ("tf221", "model"),
    "keras3": ("tf221", "model"),
}


def original(name):
    return importlib.import_module("originals." + name)


def kinds(name, producer):
    """The kinds of source that a producer can make of an original."""
    form = PRODUCERS[producer][1]
    if not hasattr(original(name), form):
        return []
    if form == "graph":
        return ["pb", "saved_model", "meta"] + list(getattr(original(name), "GRAPH_KINDS", ()))
    if form == "module" or producer == "keras3":
        return ["pb", "saved_model"]
    return ["pb", "saved_model", "meta"]


def cases(only="*"):
    """All (name, producer, kind) that match the pattern `only` as name/producer/kind."""
    found = [(name, producer, kind) for name in NAMES for producer in PRODUCERS for kind in kinds(name, producer)]
    return [case for case in found if fnmatch.fnmatch("/".join(case), only)]
