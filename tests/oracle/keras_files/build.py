"""Saves models with random weights as .keras and .h5: python -m keras_files.build keras|tf_keras FOLDER MODEL…

FOLDER/MODEL holds model.keras and model.h5, io.npz (inputs and outputs), weights.npz (of each layer, by its place) and model.json."""

import importlib
import os
import sys
import traceback
from pathlib import Path

import numpy as np

import writers
from keras_files import models
from keras_files.told import calls_with, layers_of, told, values_of


def inputs_of(model, batch):
    rng = np.random.RandomState(batch)
    for tensor in model.inputs:
        shape = [int(batch if n is None else n) for n in tensor.shape]
        kind = str(getattr(tensor.dtype, "name", tensor.dtype))
        if kind == "string":
            yield rng.choice(["a", "b", "c d", "A b"], shape)
        elif "int" in kind:
            yield rng.randint(0, 5, shape).astype(kind)
        else:
            yield rng.uniform(-1, 1, shape).astype(kind)


def randomise(keras, model, name):
    for number, layer in enumerate(layers_of(model)):
        values = []
        for i, (weight, value) in enumerate(zip(layer.weights, layer.get_weights())):
            new = writers.random_weight("%s/%d/%d" % (name, number, i), value.shape).astype(value.dtype)
            values.append(np.abs(new) + np.asarray(0.5, value.dtype) if "variance" in getattr(weight, "path", weight.name) else new)
        layer.set_weights(values)


def save(keras, make, name, folder, kinds=("keras", "h5"), fill=randomise, inputs=None):
    """`make`: gives the model, of a Keras. `fill`: gives it weights. `inputs`: those of a model; random ones where there are none."""
    keras.backend.clear_session()
    os.makedirs(folder)
    model = make(keras)
    fill(keras, model, name)
    inputs = list(inputs(model) if inputs else inputs_of(model, int(model.inputs[0].shape[0] or 3)))
    io = {"in%d" % i: x for i, x in enumerate(inputs)}
    io.update({"out%d" % i: y for i, y in enumerate(calls_with(model, inputs))})
    np.savez(os.path.join(folder, "io.npz"), **io)
    weights = {"%d/%d" % (n, i): w for n, layer in enumerate(layers_of(model)) for i, w in enumerate(values_of(layer))}
    np.savez(os.path.join(folder, "weights.npz"), **weights)
    writers.write_json(folder, "model.json", told(model))
    # What later versions call keras.
    form = {"save_format": "keras_v3"} if keras.__version__.startswith("2.12.") else {}
    for kind in kinds:
        try:
            model.save(os.path.join(folder, "model." + kind), **(form if kind == "keras" else {}))
        except Exception:
            traceback.print_exc()
            Path(folder, "model." + kind).unlink(missing_ok=True)
    open(os.path.join(folder, "done"), "w").close()


if __name__ == "__main__":
    library = importlib.import_module(sys.argv[1])
    for one in sys.argv[3:]:
        try:
            save(library, getattr(models, one), one, os.path.join(sys.argv[2], one))
        except Exception:
            traceback.print_exc()
            with open(os.path.join(sys.argv[2], one, "error.txt"), "w") as file:
                file.write(traceback.format_exc().splitlines()[-1])
