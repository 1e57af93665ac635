"""The io.npz of a net of the zoo: images, what TensorFlow makes of them, and the float64 reference."""

import numpy as np

from zoo.float64 import run as run_in_float64


def write_io(path, names, batches, outputs, frozen, output):
    """`frozen` is the net's frozen GraphDef, `output` the name of its output tensor."""
    arrays = {"in_names": np.array([names[0]]), "out_names": np.array([names[1]])}
    for x, y, reference in zip(batches, outputs, run_in_float64(frozen, batches, output)):
        arrays.update({"b%d/in0" % len(x): x, "b%d/out0" % len(x): y, "b%d/ref0" % len(x): reference})
    if not np.ptp(outputs[-1], axis=0).max() > 0.01 * np.abs(outputs[-1]).max():
        raise ValueError("the images have vanished on their way through " + names[0])
    np.savez(path, **arrays)
