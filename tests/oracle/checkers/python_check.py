"""Runs Keras code that keraft wrote: python -m checkers.python_check keras REPORT-JOBS.json REPORT.json

A job: {"name", "file" (a .py with its .npz beside it), "io", "tolerance", "classes" (of the layers that the model was written from)}.
"""

import importlib.util
import sys

import numpy as np

from checkers.load_check import answer_in, arrays, batches, call, relative_error


def check(keras, job):
    report = {"name": job["name"], "problems": [], "errors": {}}
    spec = importlib.util.spec_from_file_location("written", job["file"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load()
    found = sorted(type(layer).__name__ for layer in model.layers if type(layer).__name__ in job["classes"])
    if found != sorted(job["classes"]):
        report["problems"].append("layers %s, should be %s" % (found, sorted(job["classes"])))
    with np.load(job["io"]) as io:
        for batch in batches(io):
            error = relative_error(call(model, arrays(io, batch + "/in")), arrays(io, batch + "/out"))
            report["errors"][batch] = error
            if not error <= job["tolerance"]:
                report["problems"].append("%s: outputs differ by %.2g of the largest" % (batch, error))
    return report


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
