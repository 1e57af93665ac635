#!/usr/bin/env python3
"""Cards stay small, and only cards name an op or a layer.

The engine (recover, lower, weights, run, verify, emit, formats, pipeline) may quote no name that a card has: what it needs to know of an
op or a layer, the card says. Exceptions stand in ALLOWED, each with its reason. Normalise passes are about spellings and may name ops.
"""

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEDIAN = 60
ENGINE = ["recover", "lower", "weights", "run", "verify", "emit", "formats", "reading", "pipeline.cpp"]
OP_NAME = re.compile(r'\b(?:tf|also)\(\s*"([\w/]+)"')
LAYER_NAME = re.compile(r'\b(?:keras|_layer|layer)\(\s*(?:card,\s*)?"(\w+)"')
QUOTED = re.compile(r'"((?:tf/|keras/)?[A-Z]\w*)"')
# file or folder → {name: why}
ALLOWED = {
    "": {
        "Const": "the constant of every graph: what a value without inputs is made of",
        "Identity": "the op that does nothing: a result that must have a node of its own",
    },
    "weights/": {name: "how TensorFlow keeps variables, hands them on and reads them; not what is computed" for name in (
        "VariableV2", "Variable", "VarHandleOp", "ReadVariableOp", "ResourceGather", "GatherV2", "ResourceGatherNd", "GatherNd",
        "VariableShape", "Shape", "Enter", "RefEnter", "Exit", "Switch", "RefSwitch", "RefIdentity", "If", "StatelessIf", "Case",
        "StatelessCase", "While", "StatelessWhile", "Concat", "ConcatV2")},
    "reading/": {name: "what a TensorFlow file is made of beside computation" for name in (
        "ReadVariableOp", "AssignVariableOp", "PlaceholderWithDefault")},
    "reading/parsed_examples.cpp": {name: "the end of an input pipeline" for name in ("ParseExample", "ParseExampleV2")},
    "formats/meta_graph/": {name: "the saver, which a meta graph spells in ops" for name in (
        "Assign", "AssignVariableOp", "RestoreV2", "Cast", "Reshape")},
    "formats/graphdef/": {name: "what a TensorFlow file is made of beside computation" for name in (
        "Placeholder", "PlaceholderWithDefault", "NoOp")},
    "formats/graphdef/machinery.cpp": {name: "what only training and bookkeeping have" for name in (
        "Assert", "ScatterNd", "Add", "AddV2", "AddN")},
    "formats/graphdef/cut_off.cpp": {name: "the kind of what is cut off, as the report calls it" for name in ("Assert", "CheckNumerics")},
    "formats/graphdef/raw_nodes.cpp": {
        **{name: "what holds a graph together: variables and their first values" for name in ("Fill",)},
        **{name: "what TensorFlow's own optimiser computes wrong is spelled otherwise (decision 12)" for name in ("Rsqrt", "Sqrt", "Reciprocal")}},
    "formats/meta_graph/write.cpp": {name: "the nodes by which TensorFlow saves and restores" for name in ("PlaceholderWithDefault", "NoOp")},
    "run/stored_rows.cpp": {name: "rows of a table that stays in its file, the one kernel that reads a part of a weight" for name in (
        "Gather", "GatherV2")},
    "formats/keras/portable_config.cpp": {name: "initializers of Keras, of which ops have the names" for name in (
        "RandomUniform", "TruncatedNormal")},
    "formats/keras/": {"TFOpLambda": "the form in which Keras 2 writes operations"},
    "verify/": {"Cast": "inputs behind a cast to integers are drawn as integers"},
    "lower/": {"Cast": "Keras casts what a layer reads to the type of its policy"},
    "formats/graphdef/find_outputs.cpp": {name: "a guess at what training code hangs behind a prediction" for name in (
        "ArgMax", "TopKV2", "Log", "Log1p", "Cast", "Neg", "Minimum", "Maximum", "ClipByValue", "Round", "Shape", "Size", "Sub", "AddV2", "Add",
        "Greater", "GreaterEqual", "Square", "Rank", "Reshape", "Slice", "StridedSlice", "Squeeze", "MatMul", "BatchMatMul",
        "BatchMatMulV2", "BatchMatMulV3", "BiasAdd", "Conv2D", "Conv3D", "DepthwiseConv2dNative", "Conv2DBackpropInput",
        "FusedBatchNormV3", "FusedBatchNorm", "ShapeN", "Pack", "Mul", "Prod", "ConcatV2", "FloorDiv", "IdentityN", "Switch")},
    "emit/report_html.cpp": {"Equal": "a word of the page"},
}


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def card_names(files):
    ops, layers = set(), set()
    for path in files:
        text = path.read_text()
        if path.is_relative_to(ROOT / "src/cards/layers"):
            layers |= set(re.findall(r'"([A-Z]\w+)"', " ".join(re.findall(r'\bkeras\([^;]*?"\w+"|^\s*\w+\(card, "\w+"', text, re.M))))
        else:
            ops |= set(OP_NAME.findall(text))
    return ops, layers


def allowances(place, name):
    return [(where, name) for where, names in ALLOWED.items() if place.startswith("src/" + where) and name in names]


def main():
    cards = sorted(path for kind in ("ops", "layers") for path in (ROOT / "src/cards" / kind).rglob("*.cpp"))
    sizes = [len(path.read_text().splitlines()) for path in cards]
    ops, layers = card_names(cards)
    print("%d cards, median %d lines, largest %d; %d ops, %d layers" % (len(cards), statistics.median(sizes), max(sizes), len(ops), len(layers)))
    problems = []
    if statistics.median(sizes) > MEDIAN:
        problems.append("the median card has more than %d lines" % MEDIAN)
    if len(ops) < 100 or len(layers) < 10:
        problems.append("the names of the cards are not found any more: mend this script")
    names, used = ops | layers, set()
    for part in ENGINE:
        place = ROOT / "src" / part
        for path in [place] if place.is_file() else sorted([*place.rglob("*.cpp"), *place.rglob("*.h")]):
            where = path.relative_to(ROOT).as_posix()
            for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
                for quoted in QUOTED.findall(line):
                    name = quoted.split("/")[-1]
                    allowed = allowances(where, name)
                    used.update(allowed)
                    if not allowed and (name in names or quoted.startswith(("tf/", "keras/"))):
                        problems.append('%s:%d: names "%s"' % (where, number, quoted))
    for where, reasons in ALLOWED.items():
        problems += ["src/%s: nothing there names %s any more: see ALLOWED" % (where, name) for name in reasons if (where, name) not in used]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
