"""Writes the seeds of the fuzz targets that are graphs, checkpoints and archives; run it again when there are many new ops.
Inputs that were found to crash keep names of their own and stay.

usage: make_corpus.py KERAFT OP_SAMPLES
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bad.cases import hdf5, pbtxt, protobuf, tensor  # noqa: E402
from bad.case import DONE  # noqa: E402
from tf_bytes import checkpoint, proto  # noqa: E402

HERE = Path(__file__).resolve().parent / "corpus"
NUMBERS = {"float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int16": 5, "int8": 6, "string": 7, "int64": 9, "bool": 10, "uint16": 17, "float16": 19, "bfloat16": 14, "uint32": 22, "uint64": 23, "complex64": 8, "complex128": 18}
NUMBERS |= {"qint8": 11, "quint8": 12, "qint32": 13}
IN_ONE_GRAPH = 12


def put(target, name, contents):
    folder = HERE / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed_{name}").write_bytes(contents.encode() if isinstance(contents, str) else contents)


def attr_value(value):
    if isinstance(value, bool):
        return proto.number(5, int(value))
    if isinstance(value, int):
        return proto.number(3, value)
    if isinstance(value, float):
        return proto.varint(4 << 3 | 5) + proto.floats([value])
    if isinstance(value, str):
        return proto.text(2, value)
    if isinstance(value, dict) and "dtype" in value:
        return proto.number(6, NUMBERS.get(value["dtype"], 1))
    if isinstance(value, list) and value and isinstance(value[0], str):
        return proto.text(1, b"".join(proto.text(2, one) for one in value))
    if isinstance(value, list) and all(isinstance(one, int) for one in value):
        return proto.text(1, proto.text(3, b"".join(proto.varint(one) for one in value)))
    return None


def nodes_of(sample, name, has_input):
    """A node of the op and its inputs: the first float is the graph's input where it can be, the rest are constants."""
    out, names = [], []
    for i, array in enumerate(sample["inputs"]):
        dtype, dims, values = NUMBERS.get(array["dtype"]), array["dims"], bytes.fromhex(array["hex"])
        if dtype is None or len(values) > 600:
            return [], has_input
        if dtype == 1 and not has_input and dims:
            out.append(proto.placeholder(f"{name}/x", [-1, *dims[1:]]))
            names.append(f"{name}/x")
            has_input = True
            continue
        out.append(proto.const(f"{name}/{i}", dtype, dims, proto.text(4, values) if values else b""))
        names.append(f"{name}/{i}")
    attrs = b""
    for key, value in sample["attrs"].items():
        encoded = attr_value(value)
        attrs += proto.attr(key, encoded) if encoded is not None else b""
    if "T" not in sample["attrs"] and sample["inputs"]:
        attrs += proto.type_attr("T", NUMBERS.get(sample["inputs"][0]["dtype"], 1))
    out.append(proto.node(name, sample["ops"][0], names, attrs))
    return out, has_input


def graphs(op_samples):
    lines = subprocess.run([op_samples], capture_output=True, text=True, check=True).stdout.splitlines()
    seen, nodes, count, number, has_input = set(), [], 0, 0, False
    for line in lines:
        sample = json.loads(line)
        if "inputs" not in sample or sample["ops"][0] in seen:
            continue
        more, has_input = nodes_of(sample, sample["ops"][0].lower(), has_input)
        if not more:
            continue
        seen.add(sample["ops"][0])
        nodes += more
        count += 1
        if count == IN_ONE_GRAPH:
            put("graphdef", f"ops_{number}", proto.graph(nodes))
            nodes, count, number, has_input = [], 0, number + 1, False
    put("graphdef", f"ops_{number}", proto.graph(nodes))
    names = sorted(seen)
    attrs = sorted({key for line in lines for key in json.loads(line).get("attrs", {})})
    words = [*names, *attrs, "Placeholder", "SAME", "VALID", "NHWC", "NCHW", "ReadVariableOp", "PartitionedCall", "StatelessIf"]
    (HERE.parent / "ops.dict").write_text("".join(f'"{word}"\n' for word in sorted(set(words))))


def from_cases(target, cases, size=8192):
    """The right files, and the smaller wrong ones, of the classes of bad inputs."""
    for i, case in enumerate(cases):
        with tempfile.TemporaryDirectory() as name:
            path = Path(case.build(Path(name)))
            if path.is_file() and path.stat().st_size <= size:
                put(target, f"{case.name.split('/')[0]}_{i}", path.read_bytes())


def one_each(cases):
    seen = set()
    for case in cases:
        key = case.name.split("/")[0]
        if key in seen and case.answer != DONE:
            continue
        seen.add(key)
        yield case


def config_in(h5):
    """The JSON of a model in a Keras file, as h5py writes an attribute: in one piece."""
    text = h5[h5.index(b'{"class_name"') :].decode("latin-1")
    return text[: json.JSONDecoder().raw_decode(text)[1]].encode("latin-1")


def main():
    keraft, op_samples = sys.argv[1:]
    graphs(op_samples)
    from_cases("graphdef", one_each([*protobuf.wire(), *protobuf.twice(), *protobuf.values()]))
    from_cases("saved_model", one_each(protobuf.saved_models()))
    from_cases("meta_graph", one_each(protobuf.meta_graphs()))
    from_cases("graphdef_text", one_each(pbtxt.cases()), 2048)
    for target in ("hdf5", "keras_h5"):  # beside those of tests/hdf5/make_seeds.py, which real h5py writes
        from_cases(target, one_each(hdf5.cases()))
    for i, case in enumerate(one_each(tensor.cases())):
        with tempfile.TemporaryDirectory() as name:
            graph = Path(case.build(Path(name))).read_bytes()
            at = graph.find(b"value\x12")  # the attribute's value, then the tensor in it
            if 0 < at < len(graph) - 12:
                put("tensor_proto", f"{case.name.split('/')[0]}_{i}", graph[at + 9 : at + 200])
    writer = checkpoint.Writer().add("w", 1, [4], proto.floats([1, 2, 3, 4])).add_string("_CHECKPOINTABLE_OBJECT_GRAPH", proto.text(1, b""))
    index, block = checkpoint.index(writer.pairs()), checkpoint.contents(writer.pairs())
    put("checkpoint", "files", bytes([0, len(index) & 0xFF, len(index) >> 8]) + index + writer.data)
    put("checkpoint", "block", bytes([1]) + block)
    put("checkpoint", "packed", bytes([3]) + proto.varint(len(block)) + b"".join(bytes([(len(block[at : at + 60]) - 1) << 2]) + block[at : at + 60] for at in range(0, len(block), 60)))
    parts = proto.number(1, 1) + proto.text(2, proto.shape([4])) + proto.text(7, proto.text(1, proto.number(2, 2))) + proto.text(7, proto.text(1, proto.number(1, 2) + proto.number(2, 2)))
    half = checkpoint.entry(1, [2], 0, 8, 0)
    put("checkpoint", "slices", bytes([1]) + checkpoint.contents([(b"", checkpoint.header()), (b"\0w\0\1\1\1\x80\x82", half), (b"\0w\0\1\1\1\x82\x82", half), (b"w", parts)]))
    for i, text in enumerate(("10 4 0,5:0,4", "10 4 -:0,2", "4 -", "3 2 2,1:-")):
        put("slices", i, text)
    put("slices", "snappy", bytes.fromhex("0c0c616263641104"))

    sample = proto.graph(
        [
            proto.placeholder("x", [-1, 8, 8, 2]),
            proto.const_floats("k", [3, 3, 2, 3], [0.1] * 54),
            proto.node("c", "Conv2D", ["x", "k"], proto.type_attr("T", 1) + proto.attr("strides", attr_value([1, 1, 1, 1])) + proto.attr("padding", proto.text(2, "SAME"))),
            proto.node("y", "Relu", ["c"], proto.type_attr("T", 1)),
        ]
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, graph in (("conv", sample), ("relu", protobuf.GOOD), ("dense", protobuf.dense())):
            (folder / "in.pb").write_bytes(graph)
            for kind in ("keras", "h5"):
                subprocess.run([keraft, "convert", "in.pb", f"{what}.{kind}", "--quiet"], cwd=folder, check=True)
            put("zip", what, (folder / f"{what}.keras").read_bytes())
            put("keras_h5", what, (folder / f"{what}.h5").read_bytes())
            put("hdf5", what, (folder / f"{what}.h5").read_bytes())
            config = subprocess.run(["unzip", "-p", f"{what}.keras", "config.json"], cwd=folder, capture_output=True, check=True).stdout
            put("keras_config", what, config)
            weights = subprocess.run(["unzip", "-p", f"{what}.keras", "model.weights.h5"], cwd=folder, capture_output=True, check=True).stdout
            put("keras_v3", what, len(config).to_bytes(2, "little") + config + weights)
            put("json", what, config[:600])
            put("graph_text", what, GRAPH_TEXT)
    put("json", "numbers", '{"a": [1, -2.5e3, null, true], "b": "\\u00e9\\n", "c": {"d": 9007199254740993}}')
    for what in ("conv_lstm", "functions", "gates", "images", "merges", "nested", "stack", "steps", "tf_ops"):
        put("keras_config", "former_" + what, config_in((HERE.parent.parent / "data/former" / what / "model.h5").read_bytes()))
    forms = {line for path in (HERE.parent.parent.parent / "src/cards/layers").rglob("*.cpp") for line in path.read_text().split('"') if " = " in line and "(" in line}
    for i, form in enumerate(sorted(forms)[::7]):
        put("form", i, form)


GRAPH_TEXT = """graph "g"
weight "w/kernel" float32 [3, 3, 2, 5] {variable: true, trainable: true}
layer "conv" Conv2D {filters: 5, padding: "same"} {trainable: true} [["kernel", 0]]
x = ir/Input() : float32 [B, 8, 8, 2]
w/kernel = ir/Weight(weight=0) : float32 [3, 3, 2, 5]
y = tf/Conv2D(x, w/kernel, ^x, strides=[1, 1, 1, 1], padding="SAME", f=function "g", s=shape [B, (H + 1)/2], d=float32) : float32 [B, 8, 8, 5]
z = keras/Conv2D(y, layer=0) : float32 ?
input "x" x
output "y" z
"""


if __name__ == "__main__":
    main()
