"""Compares every sample of every op card with TensorFlow.

Usage: op_matrix.py OP_SAMPLES, with the Python of an environment that has TensorFlow 2; OP_SAMPLES is the program of
op_samples.cpp. Exit code 1 when a result differs by more than the card's fidelity allows.
"""

import inspect
import json
import subprocess
import sys

import numpy as np
import tensorflow as tf

# Outputs that TensorFlow's CPU kernels leave undefined.
UNDEFINED_OUTPUTS = {"FusedBatchNormV3": {5}}
# The Python wrappers call some inputs and attributes other than the op's definition does.
PYTHON_NAMES = {
    "reduction_indices": "axis", "dim": "axis", "split_dim": "axis", "squeeze_dims": "axis",
    "Select.t": "x", "Select.e": "y", "Where.input": "condition",
}
# Results may be further apart than the fidelity says where TensorFlow itself approximates.
ULPS = {"exact": 0, "rounding": 1, "approximate": 64}


def array_of(entry):
    dtype = tf.as_dtype(entry["dtype"]).as_numpy_dtype
    return np.frombuffer(bytes.fromhex(entry["hex"]), dtype=dtype).reshape(entry["dims"])


def attr_of(value):
    if isinstance(value, dict):
        if "dtype" in value:
            return tf.as_dtype(value["dtype"])
        if "shape" in value:
            return tf.TensorShape(value["shape"])
    return value


def python_name(op, name, known):
    return PYTHON_NAMES.get(f"{op}.{name}", name if name in known else PYTHON_NAMES.get(name, name))


def compute(op, sample):
    if op == "BatchNormWithGlobalNormalization":  # current versions refuse to run it
        x, mean, variance, beta, gamma = (array_of(i) for i in sample["inputs"])
        scale = gamma if sample["attrs"]["scale_after_normalization"] else None
        return [tf.nn.batch_normalization(x, mean, variance, beta, scale, sample["attrs"]["variance_epsilon"]).numpy()]
    function = getattr(tf.raw_ops, op)
    known = inspect.signature(function).parameters
    arguments, inputs = {}, [tf.constant(array_of(i)) for i in sample["inputs"]]
    fixed = sum(1 for _, is_list in sample["args"] if not is_list)
    for name, is_list in sample["args"]:
        count = len(sample["inputs"]) - fixed if is_list else 1
        taken, inputs = inputs[:count], inputs[count:]
        arguments[python_name(op, name, known)] = taken if is_list else taken[0]
    for name, value in sample["attrs"].items():
        name = python_name(op, name, known)
        if name in known:
            arguments[name] = attr_of(value)
    if op == "Const":
        return [array_of(sample["attrs"]["value"]["tensor"])]
    if op == "NoOp":
        return []
    result = function(**arguments)
    results = result if isinstance(result, (list, tuple)) else [result]
    flat = []
    for one in results:
        flat.extend(one if isinstance(one, (list, tuple)) else [one])
    return [np.asarray(one) for one in flat]


def ulp_distance(ours, theirs):
    """The largest distance in units of the last place of the largest magnitude; None when no number can say it."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return None
    if not np.issubdtype(ours.dtype, np.inexact) and ours.dtype != tf.bfloat16.as_numpy_dtype:
        return 0 if np.array_equal(ours, theirs) else None
    a, b = ours.astype(np.float64), theirs.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if np.all(same):
        return 0
    if not np.all(np.isfinite(a[~same]) & np.isfinite(b[~same])):
        return None
    bits = {2: 10 if ours.dtype == np.float16 else 7, 4: 23, 8: 52}[ours.dtype.itemsize]
    magnitude = np.max(np.abs(b[np.isfinite(b)]))
    return np.max(np.abs(a[~same] - b[~same])) / 2.0 ** (np.floor(np.log2(max(magnitude, 1e-30))) - bits)


def main():
    lines = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout.splitlines()
    wrong, done, ops = [], 0, set()
    for number, line in enumerate(lines):
        sample = json.loads(line)
        for op in sample["ops"]:
            if "/" in op:  # keraft's own
                continue
            ops.add(op)
            where = f"{op} sample {number}: attrs {sample['attrs']}, shapes {[i['dims'] for i in sample['inputs']]}"
            try:
                theirs = compute(op, sample)
            except Exception as error:  # TensorFlow refuses what a card accepts: that is a finding too
                wrong.append(f"{where}: TensorFlow: {str(error).splitlines()[0][:200]}")
                continue
            ours = [array_of(o) for o in sample["outputs"]]
            if len(ours) != len(theirs):
                wrong.append(f"{where}: {len(ours)} outputs, TensorFlow {len(theirs)}")
                continue
            for port, (a, b) in enumerate(zip(ours, theirs)):
                if port in UNDEFINED_OUTPUTS.get(op, ()):
                    continue
                distance = ulp_distance(a, b)
                done += 1
                if distance is None or distance > ULPS[sample["fidelity"]]:
                    wrong.append(f"{where}: output {port} is {distance} ulp off: {a.ravel()[:8]} {a.shape} and {b.ravel()[:8]} {b.shape}")
    print(f"{len(ops)} ops, {len(lines)} samples, {done} tensors compared, {len(wrong)} wrong")
    for entry in wrong:
        print("  " + entry)
    return 1 if wrong or done == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
