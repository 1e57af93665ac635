"""Runs cases of the layer matrix: python -m layers.check KERAFT REPORT.json PART PARTS PATTERN all|turns  (inside tf221)

One process builds, converts, opens and compares; the report is {name: [problems]}.
"""

import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
import warnings

import numpy as np

from checkers import compare_config
from checkers.describe import describe
from checkers.load_check import arrays, call, import_file, relative_error
from layers import all_cases, left
from layers.build import build

# Both sides are TensorFlow's float32 kernels on the same weights; sums may be taken in another order.
TOLERANCE = 5e-6
# Sessions and functions of TensorFlow round half-precision results in other places: up to an ulp.
HALF_TOLERANCE = 2**-10


def converted(keraft, source, target, args):
    done = subprocess.run([keraft, "convert", source, target, "--json", *args], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("exit %d: %s" % (done.returncode, " ".join((done.stderr or done.stdout).split())[:500]))
    return json.loads(done.stdout)


def held(found, wanted):
    """A config entry as it is; a tuple is a list, one number stands for the list of one."""
    plain = json.loads(json.dumps(wanted))
    if isinstance(found, (list, tuple)) and not isinstance(plain, list):
        return all(held(x, wanted) for x in found)
    if isinstance(plain, float) and isinstance(found, str):
        found = float(found)  # Keras 2 keeps some numbers as arrays, which are told as text
    if isinstance(plain, float) or isinstance(found, float):
        return found is not None and plain is not None and abs(found - plain) <= 1e-6 * max(1e-30, abs(plain))
    return json.loads(json.dumps(found)) == plain


def expectation_problems(told, expect):
    layers = [layer for layer in told["layers"] if layer["class_name"] != "InputLayer"]
    classes = [layer["class_name"] if layer["kind"] != "custom" else "<custom>" for layer in layers]
    if classes != [name for name, _ in expect]:
        return ["layers: %s, not %s" % (", ".join(classes), ", ".join(name for name, _ in expect))]
    return [
        "%s: %s is %r, not %r" % (name, key, layer["config"].get(key), value)
        for layer, (name, config) in zip(layers, expect)
        for key, value in config.items()
        if not held(layer["config"].get(key), value)
    ]


def opened_problems(keras, file, io, case, original):
    model = keras.models.load_model(file)
    told = json.loads(json.dumps(describe(model), default=str))
    problems = []
    for batch in ("b1", "b3"):
        wanted = arrays(io, batch + "/out")
        error = relative_error(call(model, arrays(io, batch + "/in")), wanted)
        half = any(array.dtype == np.float16 for array in wanted)
        if not error <= (HALF_TOLERANCE if half else TOLERANCE):
            problems.append("%s: outputs differ by %.2g of the largest" % (batch, error))
    if case.expect is not None:
        problems += expectation_problems(told, case.expect)
    elif original:
        problems += compare_config.compare(told, original)
    if not case.custom:
        problems += ["%s is %s" % (x["name"], x["kind"]) for x in told["layers"] if x["kind"] != "layer"]
    return problems


def check(keraft, case, writer, folder):
    import keras
    import tf_keras

    source, args, original = build(case, writer, folder)
    problems = []
    opens = case.opens or case.keras
    own = "3" if writer.startswith("keras3") else "2"
    with np.load(os.path.join(folder, "io.npz")) as io:
        for kind, library, line in (("keras", keras, "3"), ("h5", tf_keras, "2"), ("keras", tf_keras, "2")):
            if line not in opens:
                continue
            target = os.path.join(folder, kind, "model." + kind)
            if not os.path.exists(target):
                os.makedirs(os.path.dirname(target))
                report = converted(keraft, source, target, [*args, *case.args])
                modules = [os.path.join(folder, kind, f) for f in os.listdir(os.path.join(folder, kind)) if f.endswith(".py")]
                for module in modules:
                    import_file(module)
                if line == "2" and "tf_keras" not in report["target"]["keras"]:
                    problems.append("%s: not for Keras 2: %s" % (kind, report["target"]["keras"]))
                    continue
            elif line == "2" and "tf_keras" not in report["target"]["keras"]:
                continue
            library.backend.clear_session()
            # The dual form is told by the line that wrote the source; Keras 2 opens it here to see that it can.
            same = original if case.is_raw or own == line else None
            where = "%s in Keras %s" % (kind, line)
            problems += ["%s: %s" % (where, p) for p in opened_problems(library, target, io, case, same)]
    return problems


def main(keraft, report_file, part, parts, pattern, amount):
    warnings.simplefilter("ignore")
    for library in ("keras", "tf_keras"):
        importlib.import_module(library)
    gc.freeze()  # what the libraries themselves are made of need not be looked through again and again
    cases = all_cases(pattern, amount == "all")[int(part) :: int(parts)]
    for name, case, writer in cases:
        with tempfile.TemporaryDirectory() as folder:
            try:
                problems = check(keraft, case, writer, folder)
            except Exception as error:
                if os.environ.get("KERAFT_TRACE"):
                    traceback.print_exc()
                problems = ["%s: %s" % (type(error).__name__, " ".join(str(error).split())[:600])]
        refused = bool(problems) and problems[0].startswith("RuntimeError: exit 4")
        same_numbers = not any("outputs differ" in problem or "Error: " in problem for problem in problems)
        if left(name) and problems and (refused or same_numbers):
            problems = ["LEFT " + left(name)]
        with open(report_file, "a") as out:
            out.write(json.dumps({name: problems}) + "\n")
        print("PASS" if not problems else "FAIL", name, "; ".join(problems)[:700], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
