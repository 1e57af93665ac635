"""Goes on training in Keras: python -m training.resume keras|tf_keras JOBS.json REPORT.json

A job: {"name", "file", "data" (npz: x, y, losses), "tolerance", "anew" (the optimizer's state is not in the file)}. A report: {"name", "problems", "error"}.
"""

import importlib
import json
import sys
import traceback
import warnings

import numpy as np


def check(keras, job):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        model = keras.models.load_model(job["file"])
    problems = ["warns: %s" % w.message for w in told if "optimizer" in str(w.message).lower()]
    with np.load(job["data"]) as data:
        steps, wanted = list(zip(data["x"], data["y"])), data["losses"]
    losses = []
    for x, y in steps:
        done = model.fit(x, y, batch_size=len(x), epochs=1, shuffle=False, verbose=0)
        losses.append(done.history["loss"][0])
    if job["anew"]:
        wanted = wanted[:1]  # the loss before the first step
        if not np.isfinite(losses).all():
            problems.append("losses %s" % losses)
        losses = losses[:1]
    error = float(np.abs(np.array(losses) - wanted).max())
    if not error <= job["tolerance"]:
        problems.append("losses %s, TensorFlow %s" % (np.round(losses, 6).tolist(), np.round(wanted, 6).tolist()))
    return {"name": job["name"], "problems": problems, "error": error}


def main(library, jobs_file, report_file):
    keras = importlib.import_module(library)
    with open(jobs_file) as file:
        jobs = json.load(file)
    reports = []
    for job in jobs:
        keras.backend.clear_session()
        try:
            reports.append(check(keras, job))
        except Exception as error:
            traceback.print_exc()
            reports.append({"name": job["name"], "problems": ["%s: %s" % (type(error).__name__, error)], "error": None})
    with open(report_file, "w") as file:
        json.dump(reports, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
