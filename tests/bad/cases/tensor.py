"""E: constants. What their values must be is asked by tests/unit/formats/tensor_proto_test.cpp."""

import struct

from tf_bytes.proto import (
    BOOL,
    DOUBLE,
    FLOAT,
    HALF,
    INT32,
    INT64,
    STRING,
    attr,
    const,
    fixed32,
    floats,
    graph,
    node,
    number,
    placeholder,
    shape,
    tensor,
    text,
    type_attr,
    varint,
)

from ..case import DIFFERS, DONE, LIMIT, REFUSED, UNSUPPORTED, Case, pb

X = placeholder("x", [-1, 4])


def added(proto, dtype=FLOAT):
    """x + the constant."""
    constant = node("k", "Const", (), type_attr("dtype", dtype) + attr("value", text(8, proto)))
    source = X if dtype == FLOAT else placeholder("x", [-1, 4], dtype)
    return pb(graph([source, constant, node("y", "AddV2", ["x", "k"], type_attr("T", dtype))]))


def content(dims, values, dtype=FLOAT):
    return tensor(dtype, dims, text(4, values))


def one(dims):
    return tensor(FLOAT, dims, fixed32(5, 0x3F800000))


def sizes():
    yield Case("E1/right", DONE, "", added(content([4], floats([1, 2, 3, 4]))))
    for dims in ([2**32, 2**32], [12297829382473034411 - 2**64, 18], [2**31, 2**31, 2**31], [2**62, 4]):
        yield Case(f"E1/sizes {dims}", (REFUSED, LIMIT), "k", added(one(dims)))
    wraps = [3074457345618258603, 6]  # times four bytes: 8
    yield Case("E1/sizes whose product wraps to two", (REFUSED, LIMIT), "k", added(content(wraps, floats([1, 2]))))
    for dims in ([2**62], [2**61], [2**31, 2**30]):
        yield Case(f"E2/bytes of {dims}", (REFUSED, LIMIT), "", added(one(dims)))
    for dims in ([-1], [-1, 4], [-2], [-(2**63)]):
        yield Case(f"E3/sizes {dims}", REFUSED, "k", added(one(dims)))
    yield Case("E4/no elements", (DONE, REFUSED, DIFFERS), "", added(tensor(FLOAT, [0])))
    yield Case("E4/no elements of 2^62", (REFUSED, LIMIT), "", added(tensor(FLOAT, [0, 2**62])))
    yield Case("E5/rank 255", (REFUSED, LIMIT), "rank 255", added(one([1] * 255)))
    yield Case("E5/rank a million", (REFUSED, LIMIT), "", added(one([1] * 1000000)))
    yield Case("E6/unknown rank", REFUSED, "unknown rank", added(number(1, FLOAT) + text(2, number(3, 1)) + fixed32(5, 0)))
    yield Case("E6/unknown rank with sizes", REFUSED, "unknown rank", added(number(1, FLOAT) + text(2, shape([4]) + number(3, 1)) + text(4, floats([1] * 4))))
    yield Case("E6/no shape, one value", DONE, "", added(number(1, FLOAT) + fixed32(5, 0)))
    yield Case("E6/no shape, four values", REFUSED, "", added(number(1, FLOAT) + text(4, floats([1] * 4))))
    yield Case("E6/nothing at all", REFUSED, "data type", added(b""))


def contents():
    for count, what in ((12, "too short"), (20, "too long"), (15, "no multiple"), (1, "one byte")):
        yield Case(f"E7/contents {what}", REFUSED, "bytes", added(content([4], bytes(count))))
    yield Case("E7/contents longer than the file", REFUSED, "", added(number(1, FLOAT) + text(2, shape([4])) + varint(4 << 3 | 2) + varint(1 << 40)))
    for count in (1, 2, 4):
        yield Case(f"E8/{count} values for four", DONE, "", added(tensor(FLOAT, [4], text(5, floats([1.5] * count)))))
    yield Case("E8/five values for four", REFUSED, "more values", added(tensor(FLOAT, [4], text(5, floats([1] * 5)))))
    yield Case("E8/packed values that are cut", REFUSED, "cut short", added(tensor(FLOAT, [4], text(5, bytes(15)))))
    yield Case("E9/one value for 2^40", (LIMIT, REFUSED), "", added(one([2**38, 4])))
    yield Case("E9/one value for 2^34 in a weight", LIMIT, "", pb(graph([X, const("k", FLOAT, [4, 2**32], fixed32(5, 1)), node("y", "MatMul", ["x", "k"], type_attr("T", FLOAT))])))
    yield Case("E10/contents and values", REFUSED, "two sets", added(content([1], floats([1])) + fixed32(5, 0)))
    yield Case("E10/values of two kinds", REFUSED, "another kind|two sets", added(tensor(FLOAT, [1], fixed32(5, 0) + number(7, 1))))
    yield Case("E10/contents twice", REFUSED, "two sets", added(content([4], floats([1] * 4)) + text(4, floats([2] * 4))))
    for what, proto, dtype in (
        ("integers for floats", tensor(FLOAT, [1], number(7, 1)), FLOAT),
        ("floats for integers", tensor(INT32, [1], fixed32(5, 1)), INT32),
        ("an integer for a half", tensor(HALF, [1], number(7, 1)), HALF),
        ("a half of 17 bits", tensor(HALF, [1], number(13, 65536)), HALF),
        ("a negative half", tensor(HALF, [1], number(13, -1)), HALF),
        ("an int32 of 33 bits", tensor(INT32, [1], number(7, 2**32)), INT32),
    ):
        yield Case(f"E11/{what}", REFUSED, "kind|fit", added(proto, dtype))
    yield Case("E11/a bool of two", REFUSED, "fit", pb(graph([X, const("p", BOOL, [], number(11, 2)), node("y", "Select", ["p", "x", "x"], type_attr("T", FLOAT))])))
    for what, values in (
        ("too few lengths", text(4, b"\x01a")),
        ("a length past the end", text(4, b"\x01\x7fabc")),
        ("a length of 2^63", text(4, b"\xff" * 9 + b"\x01" + b"\x01ab")),
        ("bytes left over", text(4, b"\x01\x01abc")),
    ):
        yield Case(f"E12/text contents with {what}", REFUSED, "string tensor", pb(graph([X, const("s", STRING, [2], values), node("y", "Relu", ["x"], type_attr("T", FLOAT))])))
    yield Case("E12/one text for 2^40", (REFUSED, LIMIT), "", pb(graph([X, const("s", STRING, [2**40], text(8, "a")), node("y", "Relu", ["x"], type_attr("T", FLOAT))])))
    yield Case("E12/zero bytes in text", DONE, "", pb(graph([X, const("s", STRING, [1], text(8, b"a\0b\xff")), node("y", "Relu", ["x"], type_attr("T", FLOAT))])), ["--outputs", "y"])


def types():
    for dtype, name in ((20, "resource"), (21, "variant"), (11, "qint8"), (24, "float8"), (29, "int4"), (8, "complex64")):
        proto = number(1, dtype) + text(2, shape([4]))
        yield Case(f"E13/a constant of type {name}", (UNSUPPORTED, REFUSED, DONE), "", added(proto, dtype))
    special = struct.pack("<4I", 0x7FC00001, 0x7F800000, 0x80000000, 0x00000001)
    yield Case("E14/NaN, infinity, -0 and a denormal", DONE, "", added(content([4], special)), ["--no-verify"])
    yield Case("E14/NaN everywhere proves nothing", DIFFERS, "finite", added(content([4], struct.pack("<4I", *[0x7FC00001] * 4))))
    yield Case("E15/contents that lie unaligned", DONE, "", added(number(1, FLOAT) + text(2, shape([4])) + text(FIELD_OF_NOTHING, b"a") + text(4, floats([1, 2, 3, 4]))))
    yield Case("E18/integers past 2^53", DONE, "", added(content([4], struct.pack("<4q", 2**53 + 1, 2**62 + 1, -(2**53) - 1, 1), INT64), INT64))
    yield Case("E18/doubles", DONE, "", added(content([4], struct.pack("<4d", 1e300, 1e-300, 0.1, -0.0), DOUBLE), DOUBLE))


FIELD_OF_NOTHING = 99


def cases():
    for part in (sizes, contents, types):
        yield from part()
