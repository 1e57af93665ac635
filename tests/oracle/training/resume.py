"""Goes on training in Keras: python -m training.resume keras|tf_keras JOBS.json REPORT.json

A job: {"name", "file", "data" (npz: x, y or y0, y1 …, losses), "tolerance", "anew" (the optimizer's state is not in the file), "fresh" (there
was none, of which Keras warns), "traced" (steps are graphs)}. A report: {"name", "problems", "error"}.
"""

import sys
import warnings

import numpy as np

from checkers.load_check import answer_in


def check(keras, job):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        model = keras.models.load_model(job["file"])
    model.run_eagerly = not job["traced"]  # tracing takes a hundred times as long as three steps
    problems = ["warns: %s" % w.message for w in told if "optimizer" in str(w.message).lower() and not job["fresh"]]
    with np.load(job["data"]) as data:
        targets = [data[key] for key in sorted(data.files) if key.startswith("y")]
        steps, wanted = list(zip(data["x"], zip(*targets))), data["losses"]
    losses = []
    for x, y in steps:
        done = model.fit(x, list(y) if len(y) > 1 else y[0], batch_size=len(x), epochs=1, shuffle=False, verbose=0)
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


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
