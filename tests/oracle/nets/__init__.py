"""Feed-forward nets as their users write them, each by one who did not write the cards.

A module of this package holds nets: functions under @keras_net or @graph_net.

    keras_net   make(keras) returns a model, for Keras 3 ("k3") and tf_keras ("tfk"); what comes out must be that model again, or where
                it is a subclass, `like(keras)`
    graph_net   make(tf, training) builds the net in the default graph of tf = tf.compat.v1 and returns (inputs, outputs, training op or None), both
                by name; `like(keras)` is the model that a Keras author would have written; kind "train" is the graph of the training script

What a net may say besides:

    below       integers fed: 0 … below; a number, or one for each input by name
    sizes       the data's shape where an input's is open: {input: shape}
    operations  why operations stand among the layers: the author's model has bare ones itself
    custom      why a generated layer is the answer
    producers   where one of them cannot build it
    opens       the lines of Keras that can hold the result
    args        for keraft convert
    channels_first  make() takes `first`: TensorFlow computes it channels last only
    told        why inputs and outputs are named for keraft in a graph of one each
    kinds       where it is about some kinds of source only
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Callable, Optional

# net/producer/kind → what keraft says, and why. They are refused, or become other layers that compute the same.
LEFT = {}

# producer → kinds of source
KINDS = {"k3": ("pb", "saved_model"), "tfk": ("pb", "saved_model", "meta"), "tf1": ("pb", "saved_model", "meta", "train")}
ENV = "tf221"
REGISTRY = {}


@dataclass
class Net:
    name: str
    make: Callable
    producers: tuple
    like: Optional[Callable] = None
    below: object = None
    sizes: dict = field(default_factory=dict)
    operations: str = ""
    custom: str = ""
    opens: str = "2 3"
    args: list = field(default_factory=list)
    told: str = ""
    channels_first: bool = False
    kinds: Optional[tuple] = None

    def lines(self, file):
        """The lines of Keras that open "keras" or "h5": an operation in a .h5 file is a TFOpLambda, which Keras 3 does not have."""
        return "2" if self.operations and file == "h5" else self.opens


def register(name, make, producers, **more):
    if name in REGISTRY:
        raise ValueError("two nets are called " + name)
    REGISTRY[name] = Net(name, make, tuple(producers.split()), **more)


def keras_net(producers="k3 tfk", **more):
    def decorate(make):
        register(make.__name__, make, producers, **more)
        return make

    return decorate


def graph_net(like, **more):
    def decorate(make):
        register(make.__name__, make, "tf1", like=like, **more)
        return make

    return decorate


def all_nets():
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in ("__main__", "build")):
        importlib.import_module("nets." + module)
    return REGISTRY


def left(case):
    """Why a case does not hold yet, or nothing."""
    return next((why for pattern, why in LEFT.items() if fnmatch("/".join(case), pattern)), "")


def cases(only="*", everything=True):
    """(net, producer, kind) that match `only` as net/producer/kind; without `everything` one of each net, by turns."""
    found = []
    for turn, net in enumerate(all_nets().values()):
        made = [(net.name, p, kind) for p in net.producers for kind in net.kinds or KINDS[p]]
        found += made if everything else [made[turn % len(made)]]
    return [case for case in found if fnmatch("/".join(case), only)]
