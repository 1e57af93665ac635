"""Restores a checkpoint that keraft wrote by its objects: python -m checkers.objects_check keras|tf_keras JOBS.json REPORT.json

A job: {"name", "file" (the model that the checkpoint was written from), "prefix", "modules"}. Every weight is changed, and must come back.
"""

import sys

import numpy as np
import tensorflow as tf

from checkers.load_check import all_layers, answer_in, import_file


def is_state(weight):
    """States of random generators are no part of a graph."""
    return "seed" in getattr(weight, "path", weight.name)


def check(keras, job):
    for module in job["modules"]:
        import_file(module)
    model = keras.models.load_model(job["file"])
    weights = [(layer.name, weight) for layer in all_layers(model) for weight in layer.weights if not is_state(weight)]
    wanted = [np.array(weight) for _, weight in weights]
    for _, weight in weights:
        weight.assign(weight + tf.ones_like(tf.convert_to_tensor(weight)))
    tf.train.Checkpoint(model=model).restore(job["prefix"]).expect_partial()
    lost = ["%s of %s" % (w.name, layer) for (layer, w), old in zip(weights, wanted) if not np.array_equal(np.array(w), old)]
    if keras.__version__ < "3":  # which has no load_weights for TensorFlow's checkpoints
        for _, weight in weights:
            weight.assign(weight + 1)
        model.load_weights(job["prefix"]).expect_partial()
        lost += ["%s of %s by load_weights" % (w.name, layer) for (layer, w), old in zip(weights, wanted) if not np.array_equal(np.array(w), old)]
    return {"name": job["name"], "problems": ["not restored: " + ", ".join(lost[:5])] if lost else [], "errors": {}}


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
