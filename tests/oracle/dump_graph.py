"""Prints the nodes of a GraphDef, SavedModel or MetaGraph in order: python dump_graph.py FILE  (in a TensorFlow environment)."""

import os
import sys

from google.protobuf import text_format
from tensorflow.core.framework import graph_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

SKIPPED = ("_output_shapes", "_class", "container", "T", "dtype", "Tshape", "Tidx", "N", "use_cudnn_on_gpu")


def read(path):
    """Returns the GraphDef and, where there is one, the MetaGraphDef."""
    if os.path.isdir(path):
        model = saved_model_pb2.SavedModel()
        model.ParseFromString(open(os.path.join(path, "saved_model.pb"), "rb").read())
        return model.meta_graphs[0].graph_def, model.meta_graphs[0]
    data = open(path, "rb").read()
    if path.endswith(".meta"):
        meta = meta_graph_pb2.MetaGraphDef.FromString(data)
        return meta.graph_def, meta
    if path.endswith("txt"):
        return text_format.Parse(data.decode(), graph_pb2.GraphDef()), None
    return graph_pb2.GraphDef.FromString(data), None


def show_attr(value):
    field = value.WhichOneof("value")
    if field == "tensor":
        shape = [d.size for d in value.tensor.tensor_shape.dim]
        return "%s%s" % (types_pb2.DataType.Name(value.tensor.dtype)[3:].lower(), shape)
    if field == "type":
        return types_pb2.DataType.Name(value.type)[3:].lower()
    if field == "shape":
        return str([d.size for d in value.shape.dim]) if not value.shape.unknown_rank else "?"
    if field == "func":
        return value.func.name
    if field == "list":
        return "[%s]" % ", ".join(str(v) for _, values in value.list.ListFields() for v in values)[:120].replace("\n", " ")
    return str(getattr(value, field)) if field else "-"


def small_const(node):
    from tensorflow.python.framework import tensor_util

    value = tensor_util.MakeNdarray(node.attr["value"].tensor)
    return " = %s" % str(value.tolist())[:150] if value.size <= 16 else ""


def show_node(node):
    keep = "dtype" if node.op in ("Placeholder", "VarHandleOp", "VariableV2") else ""
    attrs = {k: show_attr(v) for k, v in sorted(node.attr.items()) if k not in SKIPPED or k == keep}
    print("  %s  %s(%s)  %s%s" % (
        node.name, node.op, ", ".join(node.input), " ".join("%s=%s" % kv for kv in attrs.items()),
        small_const(node) if node.op == "Const" else "",
    ))  # fmt: skip


def main(path):
    graph, meta = read(path)
    print("%s: %d nodes, %d functions" % (path, len(graph.node), len(graph.library.function)))
    for node in graph.node:
        show_node(node)
    for function in graph.library.function:
        print("function %s(%s) -> %s  %s" % (
            function.signature.name, ", ".join(a.name for a in function.signature.input_arg),
            dict(function.ret), {k: show_attr(v) for k, v in function.attr.items()},
        ))  # fmt: skip
        for node in function.node_def:
            show_node(node)
    if meta is not None:
        print("saver: %s" % text_format.MessageToString(meta.saver_def, as_one_line=True))
        for key, signature in meta.signature_def.items():
            print("signature %s: %s" % (key, text_format.MessageToString(signature, as_one_line=True)))
        print("collections: %s" % {k: v.WhichOneof("kind") for k, v in meta.collection_def.items()})


if __name__ == "__main__":
    main(sys.argv[1])
