"""Compares every sample of every op card with TensorFlow, in every type that TensorFlow's CPU kernel has.

Usage: op_matrix.py OP_SAMPLES [--only OP,…] [--distances], with the Python of an environment that has TensorFlow 2;
OP_SAMPLES is the program of op_samples.cpp. --distances prints the largest distance of each op and type. Exit code 1 when a
result differs by more than the card's fidelity allows, when TensorFlow computes what the card refuses, or when an op has
fewer than three samples, or fewer than three combinations of attributes, types and shapes.
"""

import argparse
import collections
import inspect
import json
import subprocess
import sys

import numpy as np
import tensorflow as tf

# Outputs that TensorFlow's CPU kernels leave undefined: what only gradients read.
UNDEFINED_OUTPUTS = {"FusedBatchNorm": {3, 4}, "FusedBatchNormV2": {3, 4}, "FusedBatchNormV3": {3, 4, 5}}
# What TensorFlow gives for NaN depends on the order of its comparisons, which depends on the width of vectors.
NAN_UNORDERED = {
    "ArgMax", "ArgMin", "MaxPool", "MaxPool3D", "MaxPoolV2", "SegmentMax", "SegmentMin", "TensorScatterMax", "TensorScatterMin", "TopK", "TopKV2",
    "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd",
}
# Infinities (op, type or None for all) where TensorFlow gives NaN though the limit exists, or depends on intermediate overflow.
INFINITY_UNORDERED = {
    ("AdjustHue", None), ("Conv2D", None), ("DepthwiseConv2dNative", None), ("Erf", "float64"), ("EuclideanNorm", "float16"),
    ("FusedBatchNorm", None), ("FusedBatchNormV2", None), ("FusedBatchNormV3", None), ("LRN", None), ("Prod", "float16"),
    ("Softsign", None),
}
# Types where TensorFlow's kernel is wrong: its Round gives zeros for integers.
MISSING_TYPES = {("Round", "int")}
# TensorFlow sums these in 16 bits, in the order that the width of vectors gives: partial sums round, and overflow, differently
# from machine to machine. What it sums in float, rounded once, is compared instead.
NARROW_SUMS = {
    ("Conv2DBackpropInput", "float16"), ("Conv3D", "bfloat16"), ("Conv3D", "float16"), ("Conv3DBackpropInputV2", "float16"),
    ("Einsum", "float16"),
}
# The Python wrappers call some inputs and attributes other than the op's definition does.
PYTHON_NAMES = {
    "reduction_indices": "axis", "dim": "axis", "split_dim": "axis", "squeeze_dims": "axis",
    "Select.t": "x", "Select.e": "y", "Where.input": "condition",
}
# Not a function of tensors: branches need a graph or dead tensors, the others give random numbers, nothing or what is fed.
NO_SAMPLES = {
    "If", "Merge", "NoOp", "Placeholder", "RandomStandardNormal", "RandomUniform", "StatelessIf", "Switch", "TruncatedNormal",
}
# In units of the last place, of each element or (approximate) of the largest one. Measured over all samples and types: 9 for
# FakeQuantWithMinMaxVars, at most 4 for all others of 32 and 64 bits, 2 for 16 bits.
ULPS = {"exact": 0, "rounding": 1, "approximate": 16}
HALF_ULPS = {"exact": 0, "rounding": 1, "approximate": 2}
# TensorFlow's own reciprocal errs by up to 2 of float32 (Newton's step from an estimate).
ULPS_OF = {("Reciprocal", "float32"): 2, ("Inv", "float32"): 2}


def array_of(entry):
    dtype = tf.as_dtype(entry["dtype"]).as_numpy_dtype
    return np.frombuffer(bytes.fromhex(entry["hex"]), dtype=dtype).reshape(entry["dims"])


def numbers_of(tensor):
    # numpy does not know the type of a scalar of 16 bits.
    return np.asarray(tensor.numpy(), dtype=tensor.dtype.as_numpy_dtype)


def attr_of(value):
    if isinstance(value, dict):
        if "dtype" in value:
            return tf.as_dtype(value["dtype"])
        if "shape" in value:
            return tf.TensorShape(value["shape"])
    return value


def python_name(op, name, known):
    return PYTHON_NAMES.get(f"{op}.{name}", name if name in known else PYTHON_NAMES.get(name, name))


def widened(array):
    return array.astype(np.float32) if array.dtype.itemsize == 2 else array


def by_image(op, sample):
    """Of a batch of one TensorFlow multiplies the values alone, of more also the zeros that it puts between them."""
    sizes, kernel, batch = (array_of(i) for i in sample["inputs"])
    attrs = {name: attr_of(value) for name, value in sample["attrs"].items() if name != "T"}
    sizes = np.concatenate([[1], sizes[1:]]).astype(np.int32)
    function = getattr(tf.raw_ops, op)
    images = [function(input_sizes=sizes, filter=kernel, out_backprop=batch[i : i + 1], **attrs) for i in range(len(batch))]
    return [np.concatenate(images)]


def reference(op, sample):
    kind = kind_of(sample)
    if (op, kind) not in NARROW_SUMS:
        return compute(op, sample)
    arrays = [widened(array_of(i)) for i in sample["inputs"]]
    inputs = [{"dtype": a.dtype.name, "dims": list(a.shape), "hex": a.tobytes().hex()} for a in arrays]
    wide = compute(op, sample | {"inputs": inputs, "attrs": sample["attrs"] | {"T": {"dtype": "float32"}}})
    return [a.astype(tf.as_dtype(kind).as_numpy_dtype) if a.dtype == np.float32 else a for a in wide]


def compute(op, sample):
    if op == "Conv3DBackpropInputV2":
        return by_image(op, sample)
    if op == "BatchNormWithGlobalNormalization":  # current versions refuse to run it
        x, mean, variance, beta, gamma = (array_of(i) for i in sample["inputs"])
        scale = gamma if sample["attrs"]["scale_after_normalization"] else None
        return [tf.nn.batch_normalization(x, mean, variance, beta, scale, sample["attrs"]["variance_epsilon"]).numpy()]
    if op == "DepthwiseConv2dNative" and "dilations" in sample["attrs"]:  # the kernel itself has none
        attrs = sample["attrs"]
        x, kernel = (array_of(i) for i in sample["inputs"])
        return [tf.nn.depthwise_conv2d(x, kernel, attrs["strides"], attrs["padding"], dilations=attrs["dilations"][1:3]).numpy()]
    if op == "TopK":  # registered for a type that its definition lacks
        return [numbers_of(o) for o in tf.raw_ops.TopKV2(input=array_of(sample["inputs"][0]), k=sample["attrs"]["k"])]
    if op == "AccumulateNV2":  # a graph's optimiser puts other ops in its place
        return [tf.raw_ops.AddN(inputs=[array_of(i) for i in sample["inputs"]]).numpy()]
    function = getattr(tf.raw_ops, op)
    known = inspect.signature(function).parameters
    arguments, inputs = {}, [tf.constant(array_of(i)) for i in sample["inputs"]]
    fixed = sum(1 for _, is_list in sample["args"] if not is_list)
    for name, is_list in sample["args"]:
        count = (len(sample["inputs"]) - fixed) // max(1, len(sample["args"]) - fixed) if is_list else 1
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
    if result is None or isinstance(result, tf.Operation):
        return []
    results = result if isinstance(result, (list, tuple)) else [result]
    flat = []
    for one in results:
        flat.extend(one if isinstance(one, (list, tuple)) else [one])
    return [numbers_of(one) for one in flat]


def ulp_distance(ours, theirs, together):
    """The largest distance in units of the last place, of each element or (together) of the largest magnitude; None when no
    number can say it."""
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
    bits, least = {"float16": (10, -14), "bfloat16": (7, -126), "float32": (23, -126), "float64": (52, -1022)}[ours.dtype.name]
    magnitude = np.max(np.abs(b[np.isfinite(b)])) if together else np.abs(b[~same])
    exponent = np.floor(np.log2(np.maximum(magnitude, 2.0**least)))
    return np.max(np.abs(a[~same] - b[~same]) / 2.0 ** (exponent - bits))


def kind_of(sample):
    """The type that the sample's numbers have."""
    given = [i["dtype"] for i in sample["inputs"]]
    return next((t for t in given if "float" in t), given[0] if given else "none")


class Matrix:
    def __init__(self, only):
        self.only, self.wrong, self.compared, self.refused = only, [], collections.Counter(), 0
        self.base, self.distances = collections.Counter(), collections.defaultdict(float)
        self.combinations = collections.defaultdict(set)

    def run(self, sample):
        for op in sample["ops"]:
            if "/" in op or (self.only and op not in self.only):  # keraft's own have a slash
                continue
            self.base[op] += sample.get("variant") == ""
            if "sample" in sample:
                self.one(op, sample)

    @staticmethod
    def left_out(op, sample):
        kind, special = kind_of(sample), sample["variant"].partition("special ")[2]
        if special and ((op, None) in INFINITY_UNORDERED or (op, kind) in INFINITY_UNORDERED):
            return True
        if op == "BatchNormWithGlobalNormalization" and sample["variant"]:  # compared with what refuses nothing
            return True
        if any(op == name and types in kind for name, types in MISSING_TYPES):
            return True
        return special == "1" and op in NAN_UNORDERED

    def one(self, op, sample):
        if self.left_out(op, sample):
            self.refused += 1
            return
        shapes = [f"{i['dtype']}{i['dims']}" for i in sample["inputs"]]
        where = f"{op} sample {sample['sample']} {sample['variant']}: attrs {sample['attrs']}, {shapes}"
        try:
            theirs = reference(op, sample)
        except Exception as error:  # TensorFlow refuses what a card accepts: of a sample, that is a finding too
            refused = isinstance(error, tf.errors.OpError) or "requested dtype" in str(error)
            if sample["variant"] and refused:
                self.refused += 1
            else:
                self.wrong.append(f"{where}: TensorFlow: {str(error).splitlines()[0][:200]}")
            return
        if sample["error"]:
            self.wrong.append(f"{where}: TensorFlow computes it: {sample['error']}")
            return
        ours = [array_of(o) for o in sample["outputs"]]
        if len(ours) != len(theirs):
            self.wrong.append(f"{where}: {len(ours)} outputs, TensorFlow {len(theirs)}")
            return
        self.compared[op] += 1
        scalars = [i["hex"] for i in sample["inputs"] if not i["dims"]]
        self.combinations[op].add(f"{sample['attrs']} {shapes} {scalars}")
        kind, fidelity = kind_of(sample), sample["fidelity"]
        for port, (a, b) in enumerate(zip(ours, theirs)):
            if port in UNDEFINED_OUTPUTS.get(op, ()):
                continue
            distance = ulp_distance(a, b, fidelity == "approximate")
            if distance is not None:
                self.distances[op, kind, fidelity] = max(distance, self.distances[op, kind, fidelity])
            bound = ULPS_OF.get((op, kind), (HALF_ULPS if a.dtype.itemsize == 2 else ULPS)[fidelity])
            if distance is None or distance > bound:
                self.wrong.append(
                    f"{where}: output {port} is {distance} ulp off: {a.ravel()[:8]} {a.shape} and {b.ravel()[:8]} {b.shape}"
                )


def code_problems(sample):
    """The sample as low-level code, beside the card's results: dtype, shape and numbers."""
    inputs = {"x%d" % i: tf.constant(array_of(one)) for i, one in enumerate(sample["inputs"])}
    wanted = [array_of(one) for one in sample["outputs"]]
    for code in sample["code"]:
        try:
            space = {"tf": tf, "np": np, **inputs}
            exec("def written():\n" + "\n".join("    global " + name for name in inputs) + "\n" + code.replace("        ", "    "), space)
            found = space["written"]()
        except Exception as error:
            yield "%s: %s" % (code.strip(), str(error).splitlines()[0][:200])
            continue
        found = [numbers_of(one) for one in (found if isinstance(found, tuple) else [found])]
        for port, (ours, theirs) in enumerate(zip(found, wanted)):
            distance = ulp_distance(ours, theirs, True)
            if port not in UNDEFINED_OUTPUTS.get(sample["ops"][0], ()) and (distance is None or distance > ULPS["approximate"]):
                yield "%s: output %d is %s ulp off: %s and %s" % (code.strip(), port, distance, ours.ravel()[:8], theirs.ravel()[:8])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samples")
    parser.add_argument("--only", type=lambda text: set(text.split(",")))
    parser.add_argument("--distances", action="store_true")
    options = parser.parse_args()
    matrix = Matrix(options.only)
    lines = subprocess.run([options.samples], check=True, capture_output=True, text=True).stdout.splitlines()
    said = 0
    for line in lines:
        sample = json.loads(line)
        matrix.run(sample)
        if sample.get("code") and not (matrix.only and not matrix.only & set(sample["ops"])) and "/" not in sample["ops"][0]:
            said += len(sample["code"])
            matrix.wrong += ["low-level code of %s: %s" % (sample["ops"][0], problem) for problem in code_problems(sample)]
    for op, count in matrix.base.items():
        different = len(matrix.combinations[op])
        if min(count, different) < 3 and op not in NO_SAMPLES:
            matrix.wrong.append(f"{op}: {count} samples, {different} combinations of attributes, types and shapes; needs three")
    samples, cases = sum(matrix.base.values()), sum(matrix.compared.values())
    print(
        f"{len(matrix.base)} ops, {samples} samples, {cases} cases compared with their types and special values, "
        f"{matrix.refused} left out or refused by TensorFlow, {said} as low-level code, {len(matrix.wrong)} wrong"
    )
    for entry in matrix.wrong:
        print("  " + entry)
    if options.distances:
        for (op, kind, fidelity), distance in sorted(matrix.distances.items()):
            print(f"{op}\t{kind}\t{fidelity}\t{distance:.2f}")
    return 1 if matrix.wrong or cases == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
