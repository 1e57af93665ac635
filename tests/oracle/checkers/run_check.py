"""Compares what `keraft run` computes with TensorFlow: python -m checkers.run_check KERAFT JOBS.json REPORT.json

A job: {"name", "file", "arguments", "io", "tolerance", "float64_floor"}. Where io.npz holds float64 references (`b1/ref0`, …), keraft may be
no further off them than TensorFlow is; below `float64_floor`, given for the net, nobody is called further off.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from checkers.load_check import answer, arrays, batches, relative_error


def keraft_says(keraft, *args):
    done = subprocess.run([keraft, *args], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("keraft %s: exit %d: %s" % (args[0], done.returncode, done.stderr.strip()[:300]))
    return done.stdout


def run_keraft(keraft, job, inputs, folder):
    """The outputs of a model, in its order."""
    paths, arguments = [os.path.join(folder, name) for name in ("in.npz", "out.npz")], job.get("arguments", [])
    told = json.loads(keraft_says(keraft, "inspect", job["file"], "--json", *arguments))
    np.savez(paths[0], **{x["name"]: array for x, array in zip(told["inputs"], inputs)})
    keraft_says(keraft, "run", job["file"], "-i", paths[0], "-o", paths[1], *arguments)
    with np.load(paths[1]) as found:
        return [found[x["name"]] for x in told["outputs"]]


def check(keraft, job, folder):
    report = {"name": job["name"], "problems": [], "errors": {}}
    with np.load(job["io"]) as io:
        for batch in batches(io):
            wanted = arrays(io, batch + "/out")
            found = run_keraft(keraft, job, arrays(io, batch + "/in"), folder)
            error = report["errors"]["run " + batch] = relative_error(found, wanted)
            if not error <= job["tolerance"]:
                report["problems"].append("keraft run %s: outputs differ by %.2g of the largest" % (batch, error))
            if batch + "/ref0" in io.files:
                reference = arrays(io, batch + "/ref")
                ours, theirs = relative_error(found, reference), relative_error(wanted, reference)
                report["errors"].update({"float64 " + batch: ours, "float64 %s TensorFlow" % batch: theirs})
                if not ours <= max(theirs, job["float64_floor"]):
                    text = "keraft run %s: %.2g off the float64 reference, TensorFlow %.2g"
                    report["problems"].append(text % (batch, ours, theirs))
    return report


def main(keraft, jobs_file, report_file):
    with tempfile.TemporaryDirectory() as folder:
        answer(lambda job: check(keraft, job, folder), jobs_file, report_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
