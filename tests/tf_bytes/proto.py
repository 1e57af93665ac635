"""Protocol Buffers' wire format, and the messages of TensorFlow's graphs in it."""

import struct

FLOAT, DOUBLE, INT32, UINT8, STRING, INT64, BOOL, HALF = 1, 2, 3, 4, 7, 9, 10, 19


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def raw(text):
    return text.encode() if isinstance(text, str) else text


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    value = raw(value)
    return varint(field << 3 | 2) + varint(len(value)) + value


def fixed32(field, value):
    return varint(field << 3 | 5) + struct.pack("<I", value)


def fixed64(field, value):
    return varint(field << 3 | 1) + struct.pack("<Q", value)


def floats(values):
    return struct.pack(f"<{len(values)}f", *values)


def shape(dims):
    return b"".join(text(2, number(1, dim) if dim else b"") for dim in dims)


def tensor(dtype, dims, values=b""):
    return number(1, dtype) + text(2, shape(dims)) + values


def attr(key, value):
    return text(5, text(1, key) + text(2, value))


def type_attr(key, dtype):
    return attr(key, number(6, dtype))


def int_attr(key, value):
    return attr(key, number(3, value))


def shape_attr(key, dims):
    return attr(key, text(7, shape(dims)))


def func_attr(key, name):
    return attr(key, text(10, text(1, name)))


def types_attr(key, dtypes):
    return attr(key, text(1, b"".join(number(6, dtype) for dtype in dtypes)))


def node(name, op, inputs=(), attrs=b""):
    return text(1, name) + text(2, op) + b"".join(text(3, one) for one in inputs) + attrs


def unary(name, op, source, attrs=b""):
    return node(name, op, [source], type_attr("T", FLOAT) + attrs)


def placeholder(name, dims, dtype=FLOAT):
    return node(name, "Placeholder", (), type_attr("dtype", dtype) + shape_attr("shape", dims))


def const(name, dtype, dims, values):
    return node(name, "Const", (), type_attr("dtype", dtype) + attr("value", text(8, tensor(dtype, dims, values))))


def const_floats(name, dims, values):
    return const(name, FLOAT, dims, text(4, floats(values)))


def const_strings(name, values):
    return const(name, STRING, [len(values)], b"".join(text(8, value) for value in values))


def versions(producer, min_consumer=0, bad=()):
    return number(1, producer) + (number(2, min_consumer) if min_consumer else b"") + b"".join(number(3, one) for one in bad)


def graph(nodes, library=b"", version=None):
    out = b"".join(text(1, one) for one in nodes)
    if library:
        out += text(2, library)
    return out + (text(4, version) if version is not None else b"")


def arg(name, dtype):
    return text(1, name) + number(3, dtype)


def function(name, ins, outs, nodes, ret, control_ret=()):
    signature = text(1, name) + b"".join(text(2, arg(*one)) for one in ins) + b"".join(text(3, arg(*one)) for one in outs)
    out = text(1, signature) + b"".join(text(3, one) for one in nodes)
    out += b"".join(text(4, text(1, key) + text(2, value)) for key, value in ret)
    return text(1, out + b"".join(text(6, text(1, key) + text(2, value)) for key, value in control_ret))


def call(name, callee, inputs, dtypes_in=(FLOAT,), dtypes_out=(FLOAT,), op="PartitionedCall"):
    return node(name, op, inputs, func_attr("f", callee) + types_attr("Tin", dtypes_in) + types_attr("Tout", dtypes_out))


def tensor_info(name, dtype=FLOAT, dims=None):
    return text(1, name) + number(2, dtype) + (text(3, shape(dims)) if dims is not None else b"")


def signature(key, inputs, outputs, method="tensorflow/serving/predict"):
    """Entry of MetaGraphDef.signature_def; inputs and outputs map keys to TensorInfo bytes."""
    entries = b"".join(text(1, text(1, k) + text(2, v)) for k, v in inputs.items())
    entries += b"".join(text(2, text(1, k) + text(2, v)) for k, v in outputs.items())
    return text(5, text(1, key) + text(2, entries + text(3, method)))


def meta_info(tags=("serve",), ops=b""):
    return (text(2, ops) if ops else b"") + b"".join(text(4, tag) for tag in tags) + text(5, "2.15.0")


def saver(filename="save/Const:0", save="save/control_dependency:0", restore="save/restore_all", version=2, sharded=False):
    return text(1, filename) + text(2, save) + text(3, restore) + (number(5, 1) if sharded else b"") + number(7, version)


def collection_nodes(key, names):
    return text(4, text(1, key) + text(2, text(1, b"".join(text(1, name) for name in names))))


def collection_bytes(key, values):
    return text(4, text(1, key) + text(2, text(2, b"".join(text(1, value) for value in values))))


def meta_graph(graph_bytes, tags=("serve",), rest=b"", info=None):
    return text(1, meta_info(tags) if info is None else info) + text(2, graph_bytes) + rest


def saved_model(*meta_graphs):
    return number(1, 1) + b"".join(text(2, one) for one in meta_graphs)
