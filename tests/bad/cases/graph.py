"""D: what can be wrong with the structure of a graph, beside what tests/cli/{bad,large}_graphs.sh ask for."""

from tf_bytes.proto import (
    BOOL,
    FLOAT,
    INT32,
    STRING,
    attr,
    call,
    const,
    const_floats,
    const_strings,
    func_attr,
    function,
    graph,
    int_attr,
    node,
    number,
    placeholder,
    text,
    type_attr,
    types_attr,
    unary,
    varint,
)

from ..case import DIFFERS, DONE, LIMIT, REFUSED, UNSUPPORTED, USAGE, Case, pb

X = placeholder("x", [-1, 4])
Y = unary("y", "Relu", "x")
T = type_attr("T", FLOAT)


def relu_function(name, dtype=FLOAT, body=None, ins=1):
    args = [(f"a{i}", dtype) for i in range(ins)]
    return function(name, args, [("r", dtype)], body or [unary("n", "Relu", "a0")], [("r", "n:activations:0")])


def condition(name, then, other, inputs, dtypes_in=(FLOAT,), dtypes_out=(FLOAT,)):
    attrs = func_attr("then_branch", then) + func_attr("else_branch", other) + type_attr("Tcond", BOOL)
    return node(name, "StatelessIf", inputs, attrs + types_attr("Tin", dtypes_in) + types_attr("Tout", dtypes_out))


def control_flow():
    merge = node("m", "Merge", ["x", "n"], T + int_attr("N", 2))
    yield Case("D3/a merge that feeds itself through NextIteration, without Enter", UNSUPPORTED, "Merge", pb(graph([X, merge, unary("n", "NextIteration", "m"), unary("y", "Relu", "m")])), ["--outputs", "y"])
    enter = node("e", "Enter", ["x"], T + attr("frame_name", text(2, "f")))
    yield Case("D3/Enter without Exit", UNSUPPORTED, "Enter", pb(graph([X, enter, unary("y", "Relu", "e")])), ["--outputs", "y"])
    deep, last = [], "x"
    for i in range(10000):
        deep.append(node(f"e{i}", "Enter", [last], T + attr("frame_name", text(2, f"f{i}"))))
        last = f"e{i}"
    yield Case("D3/frames 10,000 deep", UNSUPPORTED, "Enter", pb(graph([X, *deep, unary("y", "Relu", last)])), ["--outputs", "y"])
    cycle = [node(f"n{i}", "NextIteration", [f"n{(i + 1) % 5}"], T) for i in range(5)]
    yield Case("D3/a circle of NextIteration", (REFUSED, UNSUPPORTED), "", pb(graph([X, *cycle, unary("y", "Relu", "n0")])), ["--outputs", "y"])


def names():
    body = function("y", [("a", FLOAT)], [("r", FLOAT)], [unary("n", "Relu", "a")], [("r", "n:activations:0")])
    yield Case("D5/a node with the name of a function", DONE, "", pb(graph([X, Y], body)))
    body = function("Relu", [("a", FLOAT)], [("r", FLOAT)], [unary("n", "Tanh", "a")], [("r", "n:y:0")])
    yield Case("D5/a function with the name of an op", REFUSED, "Relu", pb(graph([X, Y], body)))
    long = "n" * 1000000
    yield Case("D6/a name of 1 MB", (DONE, REFUSED, LIMIT, UNSUPPORTED), "", pb(graph([X, unary(long, "Relu", "x")])))
    yield Case("D6/a path as a name", REFUSED, r"\.\./\.\./up|DONE", pb(graph([X, unary("/../../up", "Relu", "x")])))
    yield Case("D6/a name with a zero byte", REFUSED, r"\\x00", pb(graph([X, unary("a\0b", "Relu", "x")])))
    yield Case("D6/a name with an escape sequence", REFUSED, r"\\x1b", pb(graph([X, unary("a\x1b[31m", "Relu", "x")])))
    yield Case("D6/a format as a name", REFUSED, "%n%s", pb(graph([X, unary("%n%s", "Relu", "x")])))
    yield Case("D6/a bidirectional mark in a name", REFUSED, "", pb(graph([X, unary("a\u202eb", "Relu", "x")])))
    twins = [const_floats("a/b", [4, 4], [0.5] * 16), const_floats("a_b", [4, 4], [0.25] * 16)]
    pair = [node("c/b", "MatMul", ["x", "a/b"], T), node("c_b", "MatMul", ["c/b", "a_b"], T)]
    yield Case("D6/two names that are one in Keras", DONE, "", pb(graph([X, *twins, *pair])), within="2 ")


def inputs():
    add_n = node("y", "AddN", ["x"] * 100, T + int_attr("N", 2**31))
    yield Case("D8/N of 2^31 for 100 inputs", REFUSED, "y", pb(graph([X, add_n])))
    yield Case("D8/a pack without inputs", REFUSED, "", pb(graph([X, node("y", "Pack", [], T + int_attr("N", 0))])), ["--outputs", "y"])
    yield Case("D8/a concat of an axis alone", REFUSED, "", pb(graph([X, const("a", INT32, [], number(7, 0)), node("y", "ConcatV2", ["a"], T + int_attr("N", 0))])), ["--outputs", "y"])
    yield Case("D9/a convolution without strides", REFUSED, "strides", pb(graph([placeholder("x", [-1, 8, 8, 3]), const_floats("k", [3, 3, 3, 2], [0.5] * 54), node("y", "Conv2D", ["x", "k"], T + attr("padding", text(2, "SAME")))])))
    strides = attr("strides", text(1, text(3, varint(1) + varint(1))))
    yield Case("D9/a convolution with two strides", REFUSED, "", pb(graph([placeholder("x", [-1, 8, 8, 3]), const_floats("k", [3, 3, 3, 2], [0.5] * 54), node("y", "Conv2D", ["x", "k"], T + strides + attr("padding", text(2, "SAME")))])))
    for values in ((0, 0, 0, 0), (1, -1, -1, 1), (1, 2**31, 2**31, 1), (1, 2**62, 2**62, 1)):
        strides = attr("strides", text(1, text(3, b"".join(varint(v) for v in values))))
        conv = node("y", "Conv2D", ["x", "k"], T + strides + attr("padding", text(2, "SAME")))
        yield Case(f"D9/strides {values}", (REFUSED, UNSUPPORTED, LIMIT, DONE), "", pb(graph([placeholder("x", [-1, 8, 8, 3]), const_floats("k", [3, 3, 3, 2], [0.5] * 54), conv])))
    yield Case("D10/an op in other letters", UNSUPPORTED, "reLU", pb(graph([X, unary("y", "reLU", "x")])))


def calls():
    f = function("f", [("a", FLOAT)], [("r", FLOAT)], [call("n", "g", ["a"])], [("r", "n:output:0")])
    g = function("g", [("a", FLOAT)], [("r", FLOAT)], [call("n", "f", ["a"])], [("r", "n:output:0")])
    yield Case("D13/f calls g calls f", REFUSED, "recursion", pb(graph([X, call("y", "f", ["x"])], f + g)), ["--outputs", "y"])
    flag = const("p", BOOL, [], number(11, 1))
    branch = function("f", [("a", FLOAT)], [("r", FLOAT)], [flag, condition("n", "f", "f", ["p:output:0", "a"])], [("r", "n:output:0")])
    yield Case("D13/f in a branch of f", REFUSED, "recursion", pb(graph([X, call("y", "f", ["x"])], branch)), ["--outputs", "y"])
    direct = function("f", [("a", FLOAT)], [("r", FLOAT)], [node("n", "f", ["a"])], [("r", "n:r:0")])
    yield Case("D13/f as an op in f", REFUSED, "recursion", pb(graph([X, node("y", "f", ["x"])], direct)), ["--outputs", "y"])
    hidden = function("f", [("a", FLOAT)], [("r", FLOAT)], [unary("n", "Relu", "a", func_attr("gradient", "f"))], [("r", "n:activations:0")])
    yield Case("D13/f in an attribute inside f", (REFUSED, DONE), "", pb(graph([X, call("y", "f", ["x"])], hidden)), ["--outputs", "y"])
    chain = b"".join(
        function(f"f{i}", [("a", FLOAT)], [("r", FLOAT)], [call("n", f"f{i - 1}", ["a"])] if i else [unary("n", "Relu", "a")], [("r", "n:output:0" if i else "n:activations:0")])
        for i in range(1000)
    )
    yield Case("D14/calls 1000 deep", LIMIT, "levels", pb(graph([X, call("y", "f999", ["x"])], chain)), ["--outputs", "y"])

    def branches(then, other, inputs=("p", "x"), dtypes=(FLOAT,)):
        return pb(graph([X, flag, condition("y", "t", "e", inputs, dtypes)], then + other))

    one, two, ints = relu_function("t"), relu_function("e", ins=2), relu_function("e", INT32)
    yield Case("D15/right branches", (DONE, UNSUPPORTED), "", branches(one, relu_function("e")), ["--outputs", "y"])
    yield Case("D15/a branch of more inputs", (REFUSED, UNSUPPORTED), "", branches(one, two), ["--outputs", "y"])
    yield Case("D15/a branch of another type, not taken", (REFUSED, UNSUPPORTED, DONE), "", branches(one, ints), ["--outputs", "y"])
    yield Case("D15/a branch that is not there", (REFUSED, UNSUPPORTED), "", branches(one, b""), ["--outputs", "y"])
    yield Case("D15/a condition without inputs", (REFUSED, UNSUPPORTED), "", branches(one, relu_function("e"), ()), ["--outputs", "y"])


def the_rest():
    both = node("x", "Placeholder", (), type_attr("dtype", FLOAT))
    yield Case("D17/unknown rank, a layer that needs none", (DONE, UNSUPPORTED), "", pb(graph([both, Y])))
    yield Case("D17/unknown rank, a layer that needs one", (REFUSED, UNSUPPORTED, DONE), "", pb(graph([both, const_floats("k", [4, 2], [1] * 8), node("y", "MatMul", ["x", "k"], T)])))
    yield Case("D17/sizes that contradict the graph", REFUSED, "contradicts", pb(graph([X, Y])), ["--shape", "x=B,5"])
    yield Case("D17/a shape for no input", (REFUSED, USAGE), "nobody", pb(graph([X, Y])), ["--shape", "nobody=B,5"])
    for op, extra in (("WriteFile", [const_strings("c", ["contents"])]), ("PyFunc", []), ("PrintV2", []), ("HashTableV2", []), ("ReadVariableOp", []), ("RestoreV2", [])):
        last = node("y", op, ["s", *(["c"] if extra else [])])
        yield Case(f"D20/{op}", (UNSUPPORTED, REFUSED), op, pb(graph([const("s", STRING, [], text(8, "/tmp/keraft-must-not-write")), *extra, last])), ["--outputs", "y"])
    switch = node("s", "Switch", ["x", "p"], T)
    yield Case("D22/the dead side of a switch", (UNSUPPORTED, REFUSED), "", pb(graph([X, const("p", BOOL, [], number(11, 1)), switch, unary("y", "Relu", "s")])), ["--outputs", "y"])
    merge = node("y", "Merge", ["s", "s:1"], T + int_attr("N", 2))
    yield Case("D22/which side of a merge was taken", (UNSUPPORTED, REFUSED, DONE), "", pb(graph([X, placeholder("p", [], BOOL), switch, merge])), ["--outputs", "y:1"])
    many = text(2, b"".join(text(1, text(1, text(1, f"f{i}"))) for i in range(100000)))
    yield Case("D23/100,000 functions that nobody calls", DONE, "", pb(graph([X, Y]) + many))
    big = node("big", "Fill", ["dims", "v"], T + type_attr("index_type", INT32))
    dims = const("dims", INT32, [2], text(7, varint(1 << 20) + varint(1 << 12)))
    uses = [node(f"a{i}", "AddV2", [f"a{i - 1}" if i else "x", "big"], T) for i in range(1000)]
    yield Case("D25/4 G numbers, filled in and used a thousand times", (REFUSED, LIMIT, UNSUPPORTED, DIFFERS), "", pb(graph([X, dims, const_floats("v", [], [1]), big, *uses])))
    dims = const("dims", INT32, [3], text(7, varint(1 << 30) * 3))
    yield Case("D25/2^90 numbers", (REFUSED, LIMIT, UNSUPPORTED), "", pb(graph([X, dims, const_floats("v", [], [1]), big, node("y", "AddV2", ["x", "big"], T)])))
    yield Case("D25/a tile of 2^62", (REFUSED, LIMIT, UNSUPPORTED), "", pb(graph([const_floats("v", [2], [1, 2]), const("m", INT32, [1], number(7, 2**31 - 1)), node("t", "Tile", ["v", "m"], T), node("u", "Tile", ["t", "m"], T), X, node("y", "AddV2", ["x", "u"], T)])))


def cases():
    for part in (control_flow, names, inputs, calls, the_rest):
        yield from part()
