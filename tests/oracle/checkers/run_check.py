"""Compares what `keraft run` computes with TensorFlow: python -m checkers.run_check KERAFT JOBS.json REPORT.json

A job: {"name", "file", "arguments", "io", "tolerance", "float64_floor"}. Where io.npz holds float64 references (`b1/ref0`, …), keraft may be
no further off them than TensorFlow is; below `float64_floor`, given for the net, nobody is called further off. One output.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from checkers.load_check import arrays, batches, relative_error


def input_names(keraft, job):
    done = subprocess.run([keraft, "inspect", job["file"], "--json", *job.get("arguments", [])], capture_output=True, text=True)
    return [one["name"] for one in json.loads(done.stdout)["inputs"]]


def run_keraft(keraft, job, inputs, folder):
    single = len(inputs) == 1
    into, out = os.path.join(folder, "in.npy" if single else "in.npz"), os.path.join(folder, "out.npy")
    if single:
        np.save(into, inputs[0])
    else:
        np.savez(into, **dict(zip(input_names(keraft, job), inputs)))
    command = [keraft, "run", job["file"], "-i", into, "-o", out, *job.get("arguments", [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("keraft run: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
    return np.load(out)


def check(keraft, job, folder):
    report = {"name": job["name"], "problems": [], "errors": {}}
    with np.load(job["io"]) as io:
        for batch in batches(io):
            wanted = io[batch + "/out0"]
            found = run_keraft(keraft, job, arrays(io, batch + "/in"), folder)
            error = report["errors"]["run " + batch] = relative_error([found], [wanted])
            if not error <= job["tolerance"]:
                report["problems"].append("keraft run %s: outputs differ by %.2g of the largest" % (batch, error))
            if batch + "/ref0" in io.files:
                reference = io[batch + "/ref0"]
                ours, theirs = relative_error([found], [reference]), relative_error([wanted], [reference])
                report["errors"].update({"float64 " + batch: ours, "float64 %s TensorFlow" % batch: theirs})
                if not ours <= max(theirs, job["float64_floor"]):
                    text = "keraft run %s: %.2g off the float64 reference, TensorFlow %.2g"
                    report["problems"].append(text % (batch, ours, theirs))
    return report


def main(keraft, jobs_file, report_file):
    reports = []
    with open(jobs_file) as file:
        jobs = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            try:
                reports.append(check(keraft, job, folder))
            except Exception as error:
                reports.append({"name": job["name"], "problems": [str(error)], "errors": {}})
    with open(report_file, "w") as file:
        json.dump(reports, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
