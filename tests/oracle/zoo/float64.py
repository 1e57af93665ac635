"""Runs a frozen float32 graph in float64: the reference that tells how far off float32 implementations are."""

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import graph_pb2, node_def_pb2, types_pb2
from tensorflow.python.framework import tensor_util

FLOAT, DOUBLE = types_pb2.DT_FLOAT, types_pb2.DT_DOUBLE


def node(name, op, *inputs):
    made = node_def_pb2.NodeDef(name=name, op=op, input=inputs)
    made.attr["T"].type = DOUBLE
    return made


def constant(name, value):
    made = node_def_pb2.NodeDef(name=name, op="Const")
    made.attr["dtype"].type = tf.as_dtype(value.dtype).as_datatype_enum
    made.attr["value"].tensor.CopyFrom(tensor_util.make_tensor_proto(value))
    return made


def batch_statistics(fused):
    """Keras 2's layer normalisation: the statistics of (1, N, C, 1) in NCHW, unit scale, zero shift."""

    def part(suffix):
        return fused.name + "/" + suffix

    if fused.attr["data_format"].s != b"NCHW":
        raise ValueError("batch statistics of NHWC are nobody's layer normalisation: " + fused.name)
    mean = node("", "Mean")
    mean.attr["Tidx"].type = types_pb2.DT_INT32
    mean.attr["keep_dims"].b = True
    made = [constant(part("axes"), np.array([0, 2, 3], np.int32))]
    for suffix, source in (("average", fused.input[0]), ("spread", part("squares"))):
        one = node_def_pb2.NodeDef()
        one.CopyFrom(mean)
        one.name = part(suffix)
        one.input.extend([source, part("axes")])
        made.append(one)
    epsilon = constant(part("epsilon"), np.float64(np.float32(fused.attr["epsilon"].f)))
    return [
        *made,
        epsilon,
        node(part("centred"), "Sub", fused.input[0], part("average")),
        node(part("squares"), "Mul", part("centred"), part("centred")),
        node(part("shifted"), "AddV2", part("spread"), part("epsilon")),
        node(part("rsqrt"), "Rsqrt", part("shifted")),
        node(fused.name, "Mul", part("centred"), part("rsqrt")),
    ]


def batch_norm(fused):
    """Inference batch normalisation in elementary ops; the fused op has no float64 kernel."""
    x, gamma, beta, mean, variance = fused.input[:5]
    # The attribute is a float32; its exact value is the reference's too.
    epsilon = constant(fused.name + "/epsilon", np.float64(np.float32(fused.attr["epsilon"].f)))

    def part(suffix):
        return fused.name + "/" + suffix

    return [
        epsilon,
        node(part("variance"), "AddV2", variance, part("epsilon")),
        node(part("rsqrt"), "Rsqrt", part("variance")),
        node(part("scale"), "Mul", part("rsqrt"), gamma),
        node(part("mean"), "Mul", mean, part("scale")),
        node(part("shift"), "Sub", beta, part("mean")),
        node(part("scaled"), "Mul", x, part("scale")),
        node(fused.name, "AddV2", part("scaled"), part("shift")),
    ]


def widen(attrs):
    for value in attrs.values():
        if value.WhichOneof("value") == "type" and value.type == FLOAT:
            value.type = DOUBLE
        for i, dtype in enumerate(value.list.type):
            value.list.type[i] = DOUBLE if dtype == FLOAT else dtype


def widen_functions(library):
    for function in library.function:
        for argument in [*function.signature.input_arg, *function.signature.output_arg]:
            argument.type = DOUBLE if argument.type == FLOAT else argument.type
        for inner in function.node_def:
            inner.attr.pop("_output_shapes", None)
            widen(inner.attr)


def in_float64(graph_def):
    """The widened graph, and the values of its constants, which have become placeholders: a float64 VGG16 is large."""
    widened, values = graph_pb2.GraphDef(versions=graph_def.versions), {}
    for old in graph_def.node:
        if old.op.startswith("FusedBatchNorm") and old.attr["is_training"].b:
            widened.node.extend(batch_statistics(old))
            continue
        if old.op.startswith("FusedBatchNorm"):
            widened.node.extend(batch_norm(old))
            continue
        new = widened.node.add()
        if old.op == "Const" and old.attr["dtype"].type == FLOAT:
            values[old.name + ":0"] = tensor_util.MakeNdarray(old.attr["value"].tensor).astype(np.float64)
            new.MergeFrom(node_def_pb2.NodeDef(name=old.name, op="Placeholder"))
            new.attr["dtype"].type = DOUBLE
            continue
        new.CopyFrom(old)
        new.attr.pop("_output_shapes", None)
        widen(new.attr)
    widened.library.CopyFrom(graph_def.library)
    widen_functions(widened.library)
    return widened, values


def run(graph_def, batches, output):
    """The outputs of tensor `output` for each batch, fed to the graph's only placeholder."""
    (placeholder,) = [n.name for n in graph_def.node if n.op == "Placeholder"]
    widened, values = in_float64(graph_def)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(widened, name="")
        return [session.run(output, {**values, placeholder + ":0": batch.astype(np.float64)}) for batch in batches]
