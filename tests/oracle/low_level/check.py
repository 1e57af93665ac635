"""Trains low-level code that keraft wrote: python -m low_level.check JOBS.json REPORT.json

A job: {"name", "file" (a .py with its .npz beside it), "data" (npz, as of build), "random" (what training draws is another's), "averages"
(training leaves the same averages)}.
"""

import sys

import numpy as np

from checkers.load_check import answer, arrays, relative_error, written_model
from checkers.low_level_check import called

TOLERANCE = 1e-5


def check(job):
    problems, errors = [], {}
    with np.load(job["data"]) as data:
        x, y, before, after = (arrays(data, kind) for kind in ("x", "y", "before", "after"))
        wanted_losses = data["losses"]
    model = written_model(job["file"])

    def compare(what, wanted, tolerance):
        errors[what] = relative_error(called(model, [one[0] for one in x]), wanted)
        if not errors[what] <= tolerance:
            problems.append("%s: outputs differ by %.2g of the largest" % (what, errors[what]))

    compare("before", before, TOLERANCE)
    losses = []
    for step in range(len(wanted_losses)):
        now, targets = [one[step] for one in x], [one[step] for one in y]
        losses.append(float(model.train_step(now[0] if len(x) == 1 else now, targets[0] if len(y) == 1 else targets)))
    if job["random"]:
        drawn = [model(*[one[0] for one in x], training=True).numpy() for _ in range(2)]
        if not np.isfinite(losses).all() or not np.abs(drawn[0] - drawn[1]).max() > 1e-3:
            problems.append("training draws nothing: losses %s" % losses)
        return {"name": job["name"], "problems": problems, "errors": errors}
    errors["losses"] = float(np.abs(np.array(losses) / wanted_losses - 1).max())
    if not errors["losses"] <= TOLERANCE:
        problems.append("losses %s, Keras %s" % (losses, wanted_losses.tolist()))
    if job["averages"]:
        compare("after", after, 20 * TOLERANCE)
    return {"name": job["name"], "problems": problems, "errors": errors}


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
