"""Models that Keras writes, what each needs to be read, and which Keras must open what keraft makes of its files.

MODELS: model → (producers, lines of Keras that open the result, does it run). "3.15" is Keras 3.15 alone. A model that runs is compared
by keraft itself; the others it writes with a line in the report.
"""

BOTH = ("keras3.15", "keras3.0.5", "tf_keras2.21", "keras2.15")
KERAS3, KERAS2, NEWEST = BOTH[:2], BOTH[2:], BOTH[:1]

MODELS = {
    "recurrent": (BOTH, "2 3", False),
    "bidirectional": (BOTH, "2 3", False),
    "backward": (("keras3.15", *KERAS2), "2 3.15", False),
    "cells": (BOTH, "2 3", False),
    "states": (BOTH, "3", False),
    "stateful": (BOTH, "2 3", False),
    "conv_lstm": (BOTH, "2 3", False),
    "steps": (BOTH, "2 3", False),
    "masked": (BOTH, "2 3", False),
    "hard": (KERAS2, "2", False),
    "hard_dense": (KERAS2, "2", True),
    "hard_dense3": (KERAS3, "3", True),
    "old": (KERAS2, "2", False),
    "augmentation": (BOTH, "2 3", True),
    "augmentation3": (NEWEST, "3.15", True),
    "images3": (NEWEST, "3.15", False),
    "numbers": (BOTH, "2 3", False),
    "texts": (BOTH, "2 3", False),
    "sound": (NEWEST, "3.15", False),
    "pooled": (NEWEST, "3.15", True),
    "reversible": (NEWEST, "3.15", True),
    "spectral": (("keras3.15", "keras3.0.5", "keras2.15"), "3", True),
    "convolutions": (BOTH, "2 3", True),
    "shapes": (BOTH, "2 3", True),
    "pools": (BOTH, "2 3", True),
    "norms": (BOTH, "2 3", True),
    "functions": (BOTH, "2 3", True),
    "merges": (BOTH, "2 3", True),
    "noise": (BOTH, "2 3", True),
    "attention": (BOTH, "3", True),
    "shared": (BOTH, "2 3", True),
    "adapted": (BOTH, "2 3", True),
    "nested": (BOTH, "2 3", True),
    "frozen": (BOTH, "2 3", False),
    "options": (BOTH, "2 3", True),
    "policies": (BOTH, "2 3", True),
    "stack": (BOTH, "2 3", True),
}
# Keras itself does not save these to such a file: weights of one name, settings that are no JSON; or, with masks that it has written down
# as operations without a module, so that no Keras loads them.
# Outputs that count or mark, by their places: floats in one line of Keras, integers in another.
COUNTS = {"numbers": (2,), "texts": (1, 4)}
# Files that their own Keras wrote wrongly, so that not all load them that should: weights of other layers or of none,
# calls of nobody, an entry taken for a function.
UNLOADABLE = (
    *((producer, "h5", model) for producer in ("keras3.15", "keras3.0.5", "tf_keras2.21", "keras2.15") for model in ("norms", "adapted")),
    *(("keras3.0.5", "keras", model) for model in ("nested", "merges")),
    # Keras 3.0.5 tells what it has loaded by addresses, and so leaves cells of its own files out at times.
    *(("keras3.0.5", "keras", model) for model in
      ("recurrent", "bidirectional", "cells", "states", "stateful", "conv_lstm", "steps", "masked", "frozen")),
    ("keras3.15", "h5", "attention"), ("keras3.15", "keras", "augmentation3"),
)  # fmt: skip
# How far the kernels of TensorFlow's versions are apart for 16-bit floats.
TOLERANCES = {"policies": 2e-3}
NOT_SAVED = {
    ("keras3.0.5", "h5"): ("bidirectional", "cells", "states", "stateful", "steps", "attention", "frozen", "nested", "augmentation", "masked"),
    ("keras3.15", "h5"): ("augmentation", "augmentation3", "images3", "masked"),
}
