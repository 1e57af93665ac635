"""Keras files in words of former times: Keras 1.2.2, CuDNN's layers and TensorFlow's ops in Keras 2. They are kept in
tests/data/former, as is what their own Keras makes of random inputs; former/build.py says how they were made.

MODELS: name → what its case has: "args" of convert, "lines" of Keras that open what becomes of it, "runs" on keraft's own kernels or not,
"operations": not everything becomes a layer, "own": Keras versions that cannot load what they save of such a model themselves.
"""

import fnmatch
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data/former"
KERAS2 = {"keras": "2", "h5": "2"}  # with what Keras 3 computes in another way, or does not have
UNTRAINED = {"fit": False}
OLDEST3 = ("keras3.0.5",)

MODELS = {
    "stack": {},
    # TensorFlow learns no channels-first kernels on a processor.
    "channels_first": dict(UNTRAINED, args=["--backend", "tensorflow"], own=OLDEST3),
    "theano": dict(UNTRAINED, args=["--backend", "theano"]),
    "theano_steps": {"args": ["--backend", "theano"]},
    "steps": {},
    "images": {},
    "volumes": {},
    "functions": {},
    "keras2": {"lines": KERAS2},
    "merges": {"own": OLDEST3},
    "nested": {},
    "recurrent": {"lines": KERAS2, "runs": False},  # hard_sigmoid is another function in Keras 3
    "gates": {"runs": False, "own": OLDEST3},
    "conv_lstm": {"runs": False},
    "cudnn": {"runs": False, "own": OLDEST3},
    "tf_ops": {"operations": True, "lines": {"keras": "3", "h5": "2"}},
}


def cases(only):
    return [name for name in MODELS if fnmatch.fnmatch(name, only)]
