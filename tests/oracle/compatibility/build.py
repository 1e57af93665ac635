"""Saves models by one Keras: python -m compatibility.build keras|tf_keras FOLDER MODEL…    as keras_files/build.py does."""

import importlib
import os
import sys
import traceback

import keras_files.models
from compatibility import NETS, models
from keras_files.build import save


def save_net(keras, name, folder):
    from zoo import keras_nets, weights

    images = weights.images(name, keras_nets.KERAS_NETS[name][1].get("input_shape", (224,))[0], 2)
    save(keras, lambda lib: keras_nets.made(lib, name), name, folder, fill=keras_nets.fill, inputs=lambda model: [images])


def build(library, folder, names):
    keras = importlib.import_module(library)
    for name in names:
        place = os.path.join(folder, name)
        try:
            if name in NETS:
                save_net(keras, name, place)
            else:
                more = {"fill": lambda *ignored: None} if name in models.FILLED else {}
                save(keras, getattr(models, name, None) or getattr(keras_files.models, name), name, place, **more)
        except Exception:
            with open(os.path.join(place, "error.txt"), "w") as file:
                file.write(traceback.format_exc())


if __name__ == "__main__":
    build(sys.argv[1], sys.argv[2], sys.argv[3:])
