"""Runs low-level TensorFlow code that keraft wrote: python -m checkers.low_level_check REPORT-JOBS.json REPORT.json

A job: {"name", "file" (a .py with its .npz beside it), "io", "tolerance"}.
"""

import sys

import numpy as np

from checkers.load_check import answer, compare_batches, written_model


def called(model, inputs):
    found = model(*inputs)
    return [np.asarray(y) for y in (found if isinstance(found, tuple) else [found])]


def check(job):
    report = {"name": job["name"], "problems": [], "errors": {}}
    model = written_model(job["file"])
    compare_batches(report, job, lambda inputs: called(model, inputs), "low-level code, ")
    return report


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
