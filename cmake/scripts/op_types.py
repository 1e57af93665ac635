#!/usr/bin/env python3
"""Makes src/cards/op_types.inc from TensorFlow's own registry of ops.

usage: op_types.py [--check] NEW_PYTHON OLD_PYTHON

NEW_PYTHON has the newest TensorFlow, OLD_PYTHON the oldest whose graphs keraft writes (1.15): attributes that it lacks are marked.
With --check the file is compared instead of written.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "src/cards/op_types.inc"
DUMP = """
import json, os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow
from tensorflow.core.framework import op_def_pb2
try:
    from tensorflow.python.client.pywrap_tf_session import TF_GetAllOpList, TF_GetBuffer
except ImportError:
    from tensorflow.python.pywrap_tensorflow import TF_GetAllOpList, TF_GetBuffer
found = op_def_pb2.OpList()
found.ParseFromString(TF_GetBuffer(TF_GetAllOpList()))
arg = lambda a: [a.name, a.type_attr, a.number_attr, a.type_list_attr]
def names(o):
    # tensorflow.raw_ops calls some inputs otherwise.
    import inspect
    function = getattr(getattr(tensorflow, "raw_ops", None), o.name, None)
    own = list(inspect.signature(function).parameters) if function else []
    known = [a.name for a in o.input_arg] + [a.name for a in o.attr] + ["name"]
    others = [name for name in own if name not in known]
    return [[a.name if a.name in own or not others else others.pop(0), *arg(a)[1:]] for a in o.input_arg]
print(json.dumps({o.name: {"in": names(o), "out": [arg(a) for a in o.output_arg],
                           "attr": [[a.name, a.type, a.HasField("default_value")] for a in o.attr]} for o in found.op}))
"""
LEFT_OUT = re.compile(
    r"^_|Dataset|TPU|Tpu|Xla|Sdca|Boosted|TensorForest|^Tree|Collective|Nccl|DTensor|Debug|Iterator|Accumulator|Barrier|Reader|Summary|Proto$|"
    r"Stage|Mutex|^Rpc|^Copy|^Send$|^Recv$|Host(Send|Recv)|Uniform(Q|D)|Ragged.*Variant|^Batch(Function)?$|Unbatch|TensorMap|CSR|SparseMatrix|"
    r"^Apply|^ResourceApply|^ResourceSparseApply|^SparseApply|Queue|Embedding.*(Enqueue|Load|Retrieve)|^(Load|Retrieve)All|^Enqueue|MapClear"
)
KINDS = {"type": "t", "int": "i", "float": "f", "bool": "b", "string": "s", "shape": "h", "tensor": "n", "func": "u"}


def dump(python):
    done = subprocess.run([python, "-c", DUMP], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def args(list_of_args):
    out = []
    for name, kind, count, kinds in list_of_args:
        types = "(%s)" % kinds if kinds else (kind or ".") + ("*" + count if count else "")
        out.append(name + ":" + types)
    return ",".join(out)


def attrs(op, before):
    known = {name for name, _, _ in before["attr"]} if before else None
    out = []
    for name, kind, optional in op["attr"]:
        letter = KINDS[kind[5:-1]].upper() if kind.startswith("list(") else KINDS[kind]
        out.append("%s:%s%s" % (name, letter, "+" if optional and known is not None and name not in known else ""))
    return ",".join(out)


def text(new, old):
    lines = [
        "// Made by cmake/scripts/op_types.py from TensorFlow's registry of ops: {op, inputs, outputs, attributes}.",
        "// An input (its name in tf.raw_ops) or output: its name and the attribute of its type, or . for a fixed one; *N: as many as the",
        "// attribute says; (T): one for each of a list.",
        "// An attribute: its name and kind (capital: a list of it); +: TensorFlow 1.15 does not have it.",
    ]
    for name in sorted(new):
        op = new[name]
        if (op["attr"] or op["out"]) and not LEFT_OUT.search(name):
            lines.append('{"%s", "%s", "%s", "%s"},' % (name, args(op["in"]), args(op["out"]), attrs(op, old.get(name))))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("new")
    parser.add_argument("old")
    options = parser.parse_args()
    made = text(dump(options.new), dump(options.old))
    if not options.check:
        TARGET.write_text(made)
        return 0
    if TARGET.read_text() == made:
        return 0
    print("%s is stale: run cmake/scripts/op_types.py" % TARGET)
    return 1


if __name__ == "__main__":
    sys.exit(main())
