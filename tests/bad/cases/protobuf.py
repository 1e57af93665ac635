"""B: GraphDef, MetaGraph and SavedModel as protobuf; and A's truncations and flips, on a file small enough for all of them."""

import random

from tf_bytes.proto import (
    FLOAT,
    STRING,
    arg,
    attr,
    call,
    collection_bytes,
    collection_nodes,
    const,
    const_floats,
    fixed32,
    floats,
    function,
    func_attr,
    graph,
    int_attr,
    meta_graph,
    meta_info,
    node,
    number,
    placeholder,
    saved_model,
    saver,
    shape_attr,
    signature,
    tensor,
    tensor_info,
    text,
    type_attr,
    unary,
    varint,
    versions,
)

from ..case import DIFFERS, DONE, LIMIT, REFUSED, UNSUPPORTED, Case, file, pb

X = placeholder("x", [-1, 4])
Y = unary("y", "Relu", "x")
GOOD = graph([X, Y])
FIELD = 15  # of no message here


def dense():
    """The smallest graph with weights of its own."""
    kernel = const_floats("k", [4, 3], [0.5 * i - 2 for i in range(12)])
    read = node("k/read", "Identity", ["k"], type_attr("T", FLOAT))
    return graph([X, kernel, read, node("y", "MatMul", ["x", "k/read"], type_attr("T", FLOAT))], version=versions(27))


def nested_func(levels):
    value = text(10, text(1, "f"))
    for _ in range(levels):
        value = text(10, text(1, "f") + text(2, text(1, "g") + text(2, value)))
    return value


def nested_lengths(field, levels, inner=b""):
    """A field within itself, for any depth in linear time: the lengths are counted from the inside."""
    sizes = [len(inner)]
    tag = varint(field << 3 | 2)
    for _ in range(levels):
        sizes.append(len(tag) + len(varint(sizes[-1])) + sizes[-1])
    return b"".join(tag + varint(size) for size in reversed(sizes[:-1])) + inner


def with_attr(value, key="f"):
    return graph([X, node("y", "Relu", ["x"], type_attr("T", FLOAT) + attr(key, value))])


def truncations_and_flips():
    good = dense()
    for size in range(0, len(good), 7):
        # Where a node ends, what is left is a smaller graph; where the weights are cut off, nothing may come out.
        yield Case(f"A2/graph cut to {size} bytes", (REFUSED, DONE) if size > len(X) and size < len(X) + 3 else (REFUSED, UNSUPPORTED, DONE), "", pb(good[:size]))
    chance = random.Random(3)
    for i in range(120):
        at, byte = chance.randrange(len(good)), chance.choice([0, 0xFF, 1, 0x80])
        changed = good[:at] + bytes([good[at] ^ byte if byte not in (0, 0xFF) else byte]) + good[at + 1 :]
        yield Case(f"A3/{i}: byte {at}", (DONE, DIFFERS, REFUSED, UNSUPPORTED, LIMIT), "", pb(changed))


def any_file():
    yield Case("A4/two graphs, one after the other", REFUSED, "two|name", pb(dense() + dense()))
    yield Case("A5/a zip named .pb", REFUSED, "", pb(b"PK\x05\x06" + bytes(18)))
    yield Case("A5/a graph named .h5", DONE, "", file("in.h5", GOOD))
    yield Case("A5/a graph with a zip behind it", REFUSED, "", pb(GOOD + b"PK\x05\x06" + bytes(18)))
    yield Case("A5/HDF5 and zip in one", REFUSED, "", file("in.h5", b"\x89HDF\r\n\x1a\n" + bytes(500) + b"PK\x05\x06" + bytes(18)))


def wire():
    yield Case("B1/varint of 11 bytes", REFUSED, "64 bits|damaged", pb(text(1, b"\x0a" + b"\x80" * 10 + b"\x01")))
    yield Case("B1/varint past 64 bits", REFUSED, "64 bits|damaged", pb(text(1, b"\x0a" + b"\xff" * 9 + b"\x7f")))
    yield Case("B1/length past the rest", REFUSED, "cut short|damaged", pb(GOOD + b"\x0a\x7f"))
    yield Case("B1/length of 2^64-1", REFUSED, "cut short|damaged", pb(GOOD + b"\x0a" + b"\xff" * 9 + b"\x01"))
    yield Case("B1/field number 0", REFUSED, "damaged", pb(GOOD + b"\x00\x00"))
    yield Case("B1/wire type 7", REFUSED, "damaged", pb(GOOD + b"\x7f\x00"))
    yield Case("B2/unknown field of 1 kB", DONE, "", pb(GOOD + text(FIELD, bytes(1000))))
    hole = varint(FIELD << 3 | 2) + varint(100 << 20)
    yield Case("B2/unknown field of 100 MB", DONE, "", pb([GOOD, hole, 100 << 20, varint(FIELD << 3), b"\1"]))
    yield Case("B2/groups a million deep", LIMIT, "deep", pb(GOOD + b"\x7b" * 1000000))
    yield Case("B2/group without an end", REFUSED, "", pb(GOOD + b"\x7b" * 10))
    yield Case("B2/end of no group", REFUSED, "", pb(GOOD + b"\x7c"))
    yield Case("B2/groups within reason", DONE, "", pb(GOOD + b"\x7b" * 10 + b"\x7c" * 10))
    yield Case("B3/functions in attributes, 100 levels", LIMIT, "nested", pb(with_attr(nested_func(100))))
    yield Case("B3/functions in attributes, 2000 levels", LIMIT, "nested", pb(with_attr(nested_func(2000))))
    yield Case("B4/eight million empty nodes", REFUSED, "without a name|two headers", pb(graph([X]) + b"\x0a\x00" * 8000000))
    many = text(1, "y") + text(2, "AddN") + b"\x1a\x01x" * 5400000
    yield Case("B5/millions of inputs in one node", LIMIT, "inputs|edges", pb(graph([X]) + text(1, many)))
    yield Case("B5/16 million empty inputs in one node", (LIMIT, REFUSED), "", pb(graph([X]) + text(1, text(1, "y") + text(2, "AddN") + b"\x1a\x00" * 8000000)))
    attrs = b"".join(attr(f"a{i}", number(3, 1)) for i in range(100000))
    yield Case("B5/100,000 attributes in one node", LIMIT, "attributes", pb(graph([X, node("y", "Relu", ["x"], attrs)])))


def twice():
    yield Case("B6/one attribute twice", REFUSED, "T.*twice", pb(graph([X, node("y", "Relu", ["x"], type_attr("T", 1) * 2)])))
    body = function("f", [("a", FLOAT)], [("r", FLOAT)], [], [("r", "a")])
    yield Case("B6/one function twice", REFUSED, "'f'", pb(graph([X, Y], text(2, body + body)[2 + (len(body * 2) > 127) :])))
    returns = function("f", [("a", FLOAT)], [("r", FLOAT)], [], [("r", "a"), ("r", "a")])
    yield Case("B6/one result twice", REFUSED, "twice", pb(graph([X, call("y", "f", ["x"])], returns)), ["--outputs", "y"])
    ints = text(8, tensor(3, [3], number(7, 1) + text(7, varint(2) + varint(3))))
    shape = node("s", "Const", (), type_attr("dtype", 3) + attr("value", ints))
    add = node("y", "AddV2", ["i", "s"], type_attr("T", 3))
    yield Case("B7/packed and unpacked numbers of one field", DONE, "", pb(graph([placeholder("i", [-1, 3], 3), shape, add])))
    yield Case("B7/a name that is a number", REFUSED, "wire type", pb(graph([X, number(1, 5) + text(2, "Relu") + text(3, "x")])))
    yield Case("B7/nodes that are numbers", REFUSED, "", pb(GOOD + number(1, 7)))
    yield Case("B7/a library that is a number", REFUSED, "wire type", pb(GOOD + number(2, 7)))
    yield Case("B7/versions that are a number", REFUSED, "wire type", pb(GOOD + number(4, 7)))
    yield Case("B7/tensor contents that are numbers", REFUSED, "wire type", pb(graph([X, const("k", FLOAT, [2], number(4, 3)), Y])))
    yield Case("B8/two version records", REFUSED, "two version", pb(graph([X, Y], version=versions(27)) + text(4, versions(27))))
    yield Case("B8/a node with two names", REFUSED, "two", pb(graph([X, text(1, "a") + Y])))
    yield Case("B8/a node with two ops", REFUSED, "two", pb(graph([X, text(2, "Tanh") + Y])))
    two_shapes = tensor(FLOAT, [1], text(2, b"") + text(4, floats([1])))
    yield Case("B8/a tensor with two shapes", REFUSED, "two shapes", pb(graph([X, node("k", "Const", (), type_attr("dtype", 1) + attr("value", text(8, two_shapes))), Y])))
    one = text(8, tensor(FLOAT, [], fixed32(5, 0)))
    yield Case("B8/an attribute with two tensors", REFUSED, "two values", pb(graph([X, node("k", "Const", (), type_attr("dtype", 1) + attr("value", one + one)), Y])))
    yield Case("B8/a map entry with two values", REFUSED, "two values|twice", pb(graph([X, node("y", "Relu", ["x"], text(5, text(1, "T") + text(2, number(6, 1)) + text(2, number(6, 2))))])))
    yield Case("B9/an attribute of two kinds", REFUSED, "two values", pb(with_attr(number(3, 1) + number(5, 1))))
    yield Case("B10/2.2 GiB of something unknown", DONE, "", pb([GOOD, varint(FIELD << 3 | 2) + varint(2362232012), 2362232012, varint(FIELD << 3), b"\1"]))
    yield Case("B10/text of 2.2 GiB", LIMIT, "bytes", file("in.pbtxt", ['node { name: "x" op: "Placeholder" }\n', 2362232012]))


def values():
    for dtype in (999, 2**64 - 1, 34, 100):
        yield Case(f"B11/data type {dtype}", UNSUPPORTED, "data type", pb(graph([X, node("y", "Relu", ["x"], type_attr("T", dtype))])))
    yield Case("B11/a reference type", DONE, "", pb(graph([X, node("y", "Relu", ["x"], type_attr("T", 101))])))
    yield Case("B12/a name that is no UTF-8", REFUSED, r"\\xff", pb(graph([X, unary(b"y\xff", "Relu", "x")])))
    yield Case("B12/an op that is no UTF-8", REFUSED, "", pb(graph([X, unary("y", b"Re\xfflu", "x")])))
    yield Case("B12/an attribute's key that is no UTF-8", (REFUSED, DONE), "", pb(graph([X, unary("y", "Relu", "x", attr(b"a\xff", number(3, 1)))])))
    yield Case("B12/text values that are no UTF-8", DONE, "", pb(graph([X, Y, const("s", STRING, [1], text(8, b"\xff\xfe\0"))])))
    yield Case("B13/for newer readers only", UNSUPPORTED, "newer", pb(graph([X, Y], version=versions(99999, 99999))))
    yield Case("B13/of a newer producer", DONE, "", pb(graph([X, Y], version=versions(99999, 12))))
    yield Case("B13/negative versions", (REFUSED, UNSUPPORTED), "", pb(graph([X, Y], version=versions(-5, -7))))


def saved_models():
    signed = signature("serving_default", {"x": tensor_info("x:0", 1, [-1, 4])}, {"y": tensor_info("y:0", 1, [-1, 4])})
    good = meta_graph(GOOD, rest=signed)

    def model(*graphs):
        return file("saved_model.pb", saved_model(*graphs))

    def signed_as(inputs, outputs):
        return model(meta_graph(GOOD, rest=signature("serving_default", inputs, outputs)))

    yield Case("B14/right", DONE, "", model(good))
    yield Case("B14/without any graph", REFUSED, "without any graph|no TensorFlow|neither", model())
    yield Case("B14/100,000 graphs", LIMIT, "1000", file("saved_model.pb", number(1, 1) + text(2, good[:2] and meta_graph(graph([X]))) * 100000))
    yield Case("B14/two graphs of equal tags", REFUSED, "several graphs", model(good, good))
    yield Case("B14/two graphs of equal tags, asked for", REFUSED, "several graphs", model(good, good), ["--tags", "serve"])
    ins, outs = {"x": tensor_info("x:0", 1, [-1, 4])}, {"y": tensor_info("y:0", 1)}
    yield Case("B15/an output that is not there", REFUSED, "nobody", signed_as(ins, {"y": tensor_info("nobody:0", 1)}))
    yield Case("B15/an input that is not there", REFUSED, "nobody", signed_as({"x": tensor_info("nobody:0", 1)}, outs))
    yield Case("B15/output 10^9", REFUSED, "", signed_as(ins, {"y": tensor_info("y:1000000000", 1)}))
    yield Case("B15/output 7 of an op with one", REFUSED, "", signed_as(ins, {"y": tensor_info("y:7", 1)}))
    yield Case("B15/an input of another type", REFUSED, "int32.*float32|float32.*int32", signed_as({"x": tensor_info("x:0", 3, [-1, 4])}, outs))
    yield Case("B15/an input of other sizes", REFUSED, "contradicts", signed_as({"x": tensor_info("x:0", 1, [-1, 5])}, outs))
    yield Case("B15/an input of unknown type", (DONE, UNSUPPORTED), "", signed_as({"x": tensor_info("x:0", 999)}, outs))
    yield Case("B15/an output of another type", REFUSED, "int32", signed_as(ins, {"y": tensor_info("y:0", 3)}))
    yield Case("B15/no outputs", REFUSED, "no outputs", signed_as(ins, {}))
    lie = text(1, text(1, "Relu") + text(2, arg("features", 1)) + text(2, arg("more", 1)) + text(3, arg("activations", 3)))
    yield Case("B16/an op list that lies", DONE, "", model(meta_graph(GOOD, rest=signed, info=meta_info(ops=lie))))

    def objects(*nodes):
        return model(good + text(7, b"".join(text(1, one) for one in nodes)))

    yield Case("B17/a child that is not there", REFUSED, "object graph", objects(text(1, number(1, 99) + text(2, "v"))))
    yield Case("B17/a child with a negative number", REFUSED, "object graph", objects(text(1, number(1, -1) + text(2, "v"))))
    yield Case("B17/children in a circle", DONE, "", objects(text(1, number(1, 1) + text(2, "a")), text(1, number(1, 0) + text(2, "b"))))
    yield Case("B17/a million objects", (DONE, LIMIT), "", file("saved_model.pb", saved_model(good + text(7, b"\x0a\x00" * 1000000))))
    yield Case("B17/a bound input that is not there", REFUSED, "object graph", model(good + text(7, text(2, text(1, "f") + text(2, text(2, varint(77)))))))
    spec = text(2, nested_lengths(1, 100000))
    yield Case("B18/a call signature nested 100,000 deep", (DONE, LIMIT), "", objects(text(6, spec)))
    yield Case("B22/type information nested 10,000 deep", DONE, "", model(meta_graph(graph([X, Y + text(7, nested_lengths(2, 10000))]), rest=signed)))
    yield Case("B22/debug information of 10 MB", DONE, "", model(meta_graph(GOOD + text(5, bytes(10 << 20)), rest=signed)))
    yield Case("B22/type information nested 10,000 deep in a function", (DONE, LIMIT, REFUSED), "", model(meta_graph(graph([X, Y], function("f", [("a", 1)], [("r", 1)], [], [("r", "a")])[0:0] or text(1, text(1, text(1, "f") + text(2, arg("a", 1) + text(17, nested_lengths(2, 10000)))) )), rest=signed)))


def meta_graphs():
    good = graph([X, Y])

    def meta(rest, of=good):
        return file("in.meta", meta_graph(of, rest=rest))

    yield Case("B19/right", DONE, "", meta(collection_nodes("losses", ["y:0"])))
    yield Case("B19/a variable record that is cut", REFUSED, "trainable_variables", meta(collection_bytes("trainable_variables", [b"\x0a\x7fw"])))
    yield Case("B19/a variable record of a variable that is not there", DONE, "", meta(collection_bytes("trainable_variables", [text(1, "w:0")])))
    yield Case("B19/a collection that is cut", REFUSED, "collection", meta(text(4, b"\x0a\x7fw")))
    variable = node("w", "VariableV2", (), type_attr("dtype", 1) + shape_attr("shape", [4]))
    uses = graph([X, variable, node("y", "AddV2", ["x", "w"], type_attr("T", 1))])
    yield Case("B20/variables without a checkpoint", REFUSED, "checkpoint is missing", meta(text(3, saver()), uses))
    yield Case("B20/a saver that is cut", REFUSED, "saver", meta(text(3, b"\x0a\x7f")))
    yield Case("B20/a saver whose file name is no node", REFUSED, "checkpoint is missing", meta(text(3, saver(filename="nobody:0", restore="nobody")), uses))

    def old_checkpoint(folder):
        (folder / "in.meta").write_bytes(meta_graph(uses, rest=text(3, saver(version=1))))
        (folder / "in").write_bytes(bytes(64) + bytes.fromhex("57fb808b247547db"))
        return str(folder / "in.meta")

    yield Case("B20/a saver of version 1 and its checkpoint", UNSUPPORTED, "V1", old_checkpoint)

    def library(*extra, ret=(("r", "s:y:0"),), control=()):
        inner = unary("s", "Relu", "a")
        return pb(graph([X, call("y", "f", ["x"])], function("f", [("a", FLOAT)], [("r", FLOAT)], [inner], ret, control) + b"".join(extra)))

    yield Case("B21/right", DONE, "", library(), ["--outputs", "y"])
    yield Case("B21/a result that is not there", REFUSED, "'r'", library(ret=(("r", "nobody:y:0"),)), ["--outputs", "y"])
    yield Case("B21/no result", REFUSED, "'r'", library(ret=()), ["--outputs", "y"])
    yield Case("B21/a control result that is not there", REFUSED, "nobody", library(control=(("c", "nobody"),)), ["--outputs", "y"])
    yield Case("B21/a gradient of a function that is not there", (DONE, REFUSED), "", library(text(2, text(1, "gone") + text(2, "gone too"))), ["--outputs", "y"])


def cases():
    for part in (truncations_and_flips, any_file, wire, twice, values, saved_models, meta_graphs):
        yield from part()
