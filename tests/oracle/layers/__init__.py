"""The layer matrix: small graphs of one layer each, written by real Keras and TensorFlow, and the layer that each must become.

A module of this package holds the cases of a family in its function `cases()`. Each case is built by every writer that it has:

    keras3 tf_keras      the layer in a Functional model, its function frozen
    keras3_grappler …    the same after Grappler's constant folding and arithmetic optimizer
    tf_keras_meta        the layer in a TF1 session, MetaGraph and checkpoint
    tf_keras_phase       the same frozen, with the learning phase as a placeholder
    tf tf_grappler tf_meta   ops of TensorFlow, by hand
"""

import importlib
import pkgutil
import zlib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Callable, Optional


# What keraft does not recover yet, by pattern of case and writer: it must be refused, or become operations that compute the same.
LEFT = {
}


@dataclass(frozen=True)
class Ints:
    """An input of integers in 0 … below."""

    shape: tuple
    below: int
    dtype: str = "int32"


def ints(shape, below, dtype="int32"):
    return Ints(tuple(shape), below, dtype)


@dataclass
class Case:
    name: str
    make: Callable
    shapes: list  # of the inputs without the batch: tuples, or Ints; None is a size that the graph leaves open
    sizes: Optional[list] = None  # shapes of the data where shapes are open
    is_raw: bool = False
    keras: str = "2 3"  # the lines of Keras that write the source, and that open what comes out
    opens: Optional[str] = None  # where that is another line
    expect: Optional[list] = None  # [(class, config entries that must hold)] instead of the original's
    custom: bool = False  # generated layers are what is expected
    args: list = field(default_factory=list)  # for keraft convert
    writers: Optional[list] = None
    low: float = -1.0  # range of the inputs
    high: float = 1.0

    def all_writers(self):
        if self.writers:
            return self.writers
        if self.is_raw:
            return ["tf", "tf_grappler", "tf_meta"]
        found = ["keras3", "keras3_grappler"] if "3" in self.keras else []
        return found + (["tf_keras", "tf_keras_meta"] if "2" in self.keras else [])


def layer(name, make, shapes, **more):
    """`make(L)` returns a layer of the namespace L (keras.layers of Keras 3, or of tf_keras), or a function of the input tensors."""
    return Case(name, make, shapes, **more)


def raw(name, make, shapes, expect, **more):
    """`make(tf, var, *inputs)` returns the output tensor or a list of them; `var(name, shape, trainable=True, low=…, high=…)` makes a
    variable with random values. `expect` is a list of (class, config entries that must hold)."""
    return Case(name, make, shapes, is_raw=True, expect=expect, **more)


def left(name):
    """Why a case is not recovered yet, or nothing."""
    return next((why for pattern, why in LEFT.items() if fnmatch(name, pattern)), None)


def families():
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_") and m.name not in ("build", "check"))


def all_cases(pattern="*", everything=True):
    """(full name, case, writer) of what matches `family/case/writer`; without `everything` one writer of each case, by turns."""
    found, seen = [], set()
    for family in families():
        for case in importlib.import_module("layers." + family).cases():
            writers = case.all_writers()
            turn = zlib.crc32(case.name.encode()) % len(writers)
            for i, writer in enumerate(writers):
                name = "%s/%s/%s" % (family, case.name, writer)
                if name in seen:
                    raise ValueError("two cases are called " + name)
                seen.add(name)
                if (fnmatch(name, pattern) or fnmatch(name, pattern + "/*")) and (everything or i == turn):
                    found.append((name, case, writer))
    return found
