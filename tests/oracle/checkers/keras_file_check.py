"""Opens what keraft wrote in a real Keras, in safe mode: python -m checkers.keras_file_check keras|tf_keras JOBS.json REPORT.json

A job: {"name", "file", "folder" (of build.py), "tolerance"}, or {"name", "file", "loads", "words" (of the reasons)}. A report: {"name", "problems", "model" (told.py)}."""

import os
import sys

import numpy as np

from checkers.load_check import answer_in, arrays
from keras_files.told import calls_with, layers_of, told, values_of


def weight_problems(model, folder):
    with np.load(os.path.join(folder, "weights.npz")) as weights:
        found = {"%d/%d" % (n, i): w for n, layer in enumerate(layers_of(model)) for i, w in enumerate(values_of(layer))}
        if sorted(found) != sorted(weights.files):
            return ["weights: %d, not %d" % (len(found), len(weights.files))]
        return ["weight %s differs" % key for key in found if found[key].dtype != weights[key].dtype or not np.array_equal(found[key], weights[key])]


def kind_of(y, counts):
    # The versions of Keras give whole numbers in several types.
    return "int" if y.dtype.kind == "i" or (counts and y.dtype == np.float32 and np.array_equal(y, np.rint(y))) else str(y.dtype)


def output_problems(found, wanted, tolerance, counts):
    kinds = [[(y.shape, kind_of(y, i in counts)) for i, y in enumerate(outputs)] for outputs in (found, wanted)]
    if kinds[0] != kinds[1]:
        return ["outputs: %s, not %s" % tuple(kinds)]
    problems = []
    for i, (a, b) in enumerate(zip(found, wanted)):
        if a.dtype.kind != "f":
            problems += [] if np.array_equal(a, b) else ["output %d differs" % i]
            continue
        error = np.abs(a.astype(np.float64) - b).max() / max(np.abs(b.astype(np.float64)).max(), 1e-30)
        if not error <= tolerance * (2**13 if a.dtype == np.float16 else 1):
            problems.append("output %d differs by %.2g of the largest" % (i, error))
    return problems


def verdict(keras, job):
    try:
        keras.models.load_model(job["file"], compile=False)
        said = ""
    except Exception as error:
        said = str(error) or type(error).__name__
    problems = []
    if bool(said) == job["loads"]:
        problems.append("it is not so: %s" % (said or "it loads, in spite of " + " ".join(job["words"])))
    elif said and not any(word and word in said for word in job["words"]):
        problems.append("other reasons: Keras says %s" % said[:300])
    return {"name": job["name"], "problems": problems}


def check(keras, job):
    if "loads" in job:
        return verdict(keras, job)
    model = keras.models.load_model(job["file"])
    with np.load(os.path.join(job["folder"], "io.npz")) as io:
        inputs, outputs = arrays(io, "in"), arrays(io, "out")
    problems = weight_problems(model, job["folder"]) + output_problems(calls_with(model, inputs), outputs, job["tolerance"], job["counts"])
    return {"name": job["name"], "problems": problems, "model": told(model, loaded=True)}


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
