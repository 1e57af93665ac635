"""Do two .keras files hold the same weights, bit by bit, whatever their layers are called? python -m checkers.weights_check JOBS.json REPORT.json

A job: {"name", "files": [a, b]}.
"""

import hashlib
import io
import sys
import zipfile

import h5py
import numpy as np

from checkers.load_check import answer


def weights(path):
    """How often each tensor stands in the file."""
    found = {}
    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as tree:
        seen = set()

        def visit(name, item):
            # The states of random generators and of the optimizer are no weights of layers.
            if isinstance(item, h5py.Dataset) and item.id not in seen and "seed_generator" not in name and not name.startswith("optimizer/"):
                seen.add(item.id)
                value = np.asarray(item)
                key = (str(value.dtype), value.shape, hashlib.sha256(value.tobytes()).hexdigest())
                found[key] = found.get(key, 0) + 1

        tree.visititems(visit)
    return found


def check(job):
    a, b = [weights(path) for path in job["files"]]
    lost = ["%s %s" % key[:2] for key in a if a[key] != b.get(key)] + ["%s %s" % key[:2] for key in b if key not in a]
    problems = ["weights that only one has: " + ", ".join(lost[:5])] if lost else []
    return {"name": job["name"], "problems": problems, "errors": {}}


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
