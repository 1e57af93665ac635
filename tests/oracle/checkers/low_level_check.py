"""Runs low-level TensorFlow code that keraft wrote: python -m checkers.low_level_check REPORT-JOBS.json REPORT.json

A job: {"name", "file" (a .py with its .npz beside it), "io", "tolerance"}.
"""

import importlib.util
import sys

import numpy as np

from checkers.load_check import answer, arrays, batches, relative_error


def loaded(file):
    spec = importlib.util.spec_from_file_location("written", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def called(model, inputs):
    found = model(*inputs)
    return [np.asarray(y) for y in (found if isinstance(found, tuple) else [found])]


def check(job):
    report = {"name": job["name"], "problems": [], "errors": {}}
    model = loaded(job["file"])
    with np.load(job["io"]) as io:
        for batch in batches(io):
            error = relative_error(called(model, arrays(io, batch + "/in")), arrays(io, batch + "/out"))
            report["errors"][batch] = error
            if not error <= job["tolerance"]:
                report["problems"].append("low-level code, %s: outputs differ by %.2g of the largest" % (batch, error))
    return report


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
