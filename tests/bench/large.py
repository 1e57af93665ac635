"""Time and anonymous memory of converting large models, each at three sizes: files of gigabytes and graphs of many nodes.
The models are written byte by byte, weights as holes of sparse files, so that nothing but disk space for the output is needed.

usage: large.py KERAFT [--only PART] [--small]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tf_bytes import checkpoint, proto  # noqa: E402

COLUMNS = 7500


def measured(command):
    """Seconds of wall clock and of the processors, and the largest RssAnon in MB, sampled every two milliseconds."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    status, peak = f"/proc/{process.pid}/status", 0
    while True:
        done, code, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        try:
            with open(status) as lines:
                for line in lines:
                    if line.startswith("RssAnon"):
                        peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, peak / 1024


def matmul(kernel, bias):
    return [
        proto.node("h", "MatMul", ["x", kernel], proto.type_attr("T", proto.FLOAT)),
        proto.node("y", "BiasAdd", ["h", bias], proto.type_attr("T", proto.FLOAT)),
    ]


def gather(table):
    return [
        proto.node("axis", "Const", (), proto.type_attr("dtype", 3) + proto.attr("value", proto.text(8, proto.tensor(3, [], proto.number(7, 0))))),
        proto.node("y", "GatherV2", [table, "x", "axis"], proto.type_attr("Tparams", 1) + proto.type_attr("Tindices", 3) + proto.type_attr("Taxis", 3)),
    ]


class Kind:
    """One kind of model: a weight of `rows` times COLUMNS and what is done with it."""

    def __init__(self, name):
        self.embedding = name == "embedding"

    def input(self, rows):
        return proto.placeholder("x", [-1, 10], proto.INT32) if self.embedding else proto.placeholder("x", [-1, rows])

    def nodes(self):
        if self.embedding:
            return gather("kernel/read")
        return [proto.const_floats("bias", [COLUMNS], [0.5] * COLUMNS), *matmul("kernel/read", "bias")]


def write_frozen(folder, kind, rows):
    """A GraphDef whose largest constant is a hole."""
    path = folder / "model.pb"
    size = rows * COLUMNS * 4
    head = proto.type_attr("dtype", 1)
    shape = proto.number(1, 1) + proto.text(2, proto.shape([rows, COLUMNS]))
    content = proto.varint(4 << 3 | 2) + proto.varint(size)
    tensor = len(shape) + len(content) + size
    value = proto.varint(8 << 3 | 2) + proto.varint(tensor)
    entry = proto.text(1, "value") + proto.varint(2 << 3 | 2) + proto.varint(len(value) + tensor)
    attr = proto.varint(5 << 3 | 2) + proto.varint(len(entry) + len(value) + tensor)
    node = proto.text(1, "kernel") + proto.text(2, "Const") + head + attr
    lead = proto.text(1, kind.input(rows))
    lead += proto.varint(1 << 3 | 2) + proto.varint(len(node) + len(entry) + len(value) + tensor)
    lead += node + entry + value + shape + content
    rest = [proto.node("kernel/read", "Identity", ["kernel"], proto.type_attr("T", 1)), *kind.nodes()]
    with open(path, "wb") as out:
        out.write(lead)
        out.seek(size, os.SEEK_CUR)
        out.write(proto.graph(rest))
    return path


def write_checkpoint(prefix, rows):
    size = rows * COLUMNS * 4
    crc = checkpoint.crc32c_zeros(size)
    pairs = [(b"", checkpoint.header()), (b"kernel", checkpoint.entry(1, [rows, COLUMNS], 0, size, crc))]
    Path(prefix + ".index").write_bytes(checkpoint.index(pairs))
    with open(prefix + ".data-00000-of-00001", "wb") as out:
        out.truncate(size)


def variable_graph(kind, rows):
    variable = proto.node("kernel", "VariableV2", (), proto.type_attr("dtype", 1) + proto.shape_attr("shape", [rows, COLUMNS]))
    read = proto.node("kernel/read", "Identity", ["kernel"], proto.type_attr("T", 1))
    return proto.graph([kind.input(rows), variable, read, *kind.nodes()])


def write_meta(folder, kind, rows):
    (folder / "model.meta").write_bytes(proto.meta_graph(variable_graph(kind, rows)))
    write_checkpoint(str(folder / "model"), rows)
    return folder / "model.meta"


def write_saved_model(folder, kind, rows):
    dims, dtype = ([-1, 10], proto.INT32) if kind.embedding else ([-1, rows], proto.FLOAT)
    signature = proto.signature("serving_default", {"x": proto.tensor_info("x:0", dtype, dims)}, {"y": proto.tensor_info("y:0", 1)})
    (folder / "variables").mkdir()
    (folder / "saved_model.pb").write_bytes(proto.saved_model(proto.meta_graph(variable_graph(kind, rows), rest=signature)))
    write_checkpoint(str(folder / "variables/variables"), rows)
    return folder


def write_dense_chain(folder, nodes):
    """Dense layers with activations, five nodes each."""
    with open(folder / "model.pb", "wb") as out:
        out.write(proto.text(1, proto.placeholder("x", [-1, 4])))
        last = "x"
        for i in range(nodes // 5):
            scope = f"block_{i // 100}/dense_{i}"
            for one in (
                proto.const_floats(f"{scope}/kernel", [4, 4], [0.01 * (i % 97) + 0.001 * k for k in range(16)]),
                proto.const_floats(f"{scope}/bias", [4], [0.1, 0.2, 0.3, i]),
                proto.node(f"{scope}/MatMul", "MatMul", [last, f"{scope}/kernel"], proto.type_attr("T", 1)),
                proto.node(f"{scope}/BiasAdd", "BiasAdd", [f"{scope}/MatMul", f"{scope}/bias"], proto.type_attr("T", 1)),
                proto.node(f"{scope}/Tanh", "Tanh", [f"{scope}/BiasAdd"], proto.type_attr("T", 1)),
            ):
                out.write(proto.text(1, one))
            last = f"{scope}/Tanh"
    return folder / "model.pb"


def write_residual(folder, nodes):
    """Additions of branches without weights, and identities that mean nothing: four nodes a block."""
    with open(folder / "model.pb", "wb") as out:
        out.write(proto.text(1, proto.placeholder("x", [-1, 4])))
        last = "x"
        for i in range(nodes // 4):
            for one in (
                proto.unary(f"b{i}/Relu", "Relu", last),
                proto.unary(f"b{i}/Identity", "Identity", f"b{i}/Relu"),
                proto.unary(f"b{i}/Sigmoid", "Sigmoid", last),
                proto.node(f"b{i}/add", "AddV2", [f"b{i}/Identity", f"b{i}/Sigmoid"], proto.type_attr("T", 1)),
            ):
                out.write(proto.text(1, one))
            last = f"b{i}/add"
    return folder / "model.pb"


def row(keraft, what, unit, count, write, options):
    with tempfile.TemporaryDirectory(dir=os.environ.get("KERAFT_BENCH_DIR")) as name:
        folder = Path(name) / "model"
        folder.mkdir()
        source = write(folder)
        wall, cpu, memory = measured([keraft, "convert", str(source), str(Path(name) / "out.keras"), "--quiet", *options])
    rate = f"{1e6 * wall / count:.1f} µs a node" if unit == "nodes" else f"{wall / count:.2f} s/GB"
    amount = f"{count:,}" if unit == "nodes" else f"{count:.2f}"
    print(f"| {what} | {amount} {unit} | {wall:.2f} | {cpu:.2f} | {rate} | {memory:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("keraft")
    parser.add_argument("--only", default="")
    parser.add_argument("--small", action="store_true", help="a hundredth of the sizes")
    args = parser.parse_args()
    scale = 100 if args.small else 1
    print("| model | size | seconds | CPU seconds | rate | anonymous MB |")
    print("|---|---|---|---|---|---|")
    for kind in ("dense", "embedding"):
        for how, write in (("checkpoint", write_meta), ("SavedModel", write_saved_model), ("frozen", write_frozen)):
            for rows in (25000, 50000, 100000):
                if args.only and args.only not in f"{kind} {how}":
                    continue
                rows //= scale
                options = ["--outputs", "y"] + (["--no-verify"] if kind == "dense" else [])
                row(args.keraft, f"{kind}, {how}", "GB", rows * COLUMNS * 4 / 1e9, lambda f: write(f, Kind(kind), rows), options)
    for what, write in (("Dense chain", write_dense_chain), ("residual blocks", write_residual)):
        for nodes in (50000, 100000, 200000):
            if args.only and args.only not in what:
                continue
            nodes //= scale
            row(args.keraft, what, "nodes", nodes, lambda f: write(f, nodes), [])


if __name__ == "__main__":
    main()
