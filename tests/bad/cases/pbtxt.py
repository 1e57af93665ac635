"""C: graphs as text."""

from ..case import DONE, LIMIT, REFUSED, UNSUPPORTED, Case, file, pbtxt

T = 'attr { key: "T" value { type: DT_FLOAT } }'
X = """node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
"""


def relu(more=""):
    return f'node {{ name: "y" op: "Relu" input: "x" {T} {more} }}\n'


GOOD = X + relu()


def constant(value, dtype="DT_FLOAT", kind="float_val"):
    """The graph adds four times the constant."""
    attr = f'attr {{ key: "T" value {{ type: {dtype} }} }}'
    return (
        X.replace("DT_FLOAT", dtype)
        + f'node {{ name: "k" op: "Const" attr {{ key: "dtype" value {{ type: {dtype} }} }} attr {{ key: "value" value {{ tensor {{ dtype: {dtype} '
        + f"tensor_shape {{ dim {{ size: 4 }} }} {kind}: {value} }} }} }} }}\n"
        + f'node {{ name: "y" op: "AddV2" input: "x" input: "k" {attr} }}\n'
    )


def cases():
    yield Case("C1/right", DONE, "", pbtxt(GOOD))
    for open_, close in (("{ ", "} "), ("< ", "> ")):
        deep = f"node {open_}" * 5000 + f"{close}" * 5000
        yield Case(f"C1/5000 {open_}nested", LIMIT, "nested", pbtxt(GOOD + deep))
    yield Case("C1/a million lists, nested", LIMIT, "nested", pbtxt(GOOD + "node { input: " + "[" * 1000000))
    func = 'func { name: "f" attr { key: "g" value { '
    yield Case("C1/functions in attributes", LIMIT, "nested", pbtxt(GOOD[:-3] + 'attr { key: "f" value { ' + func * 40 + "i: 1 " + "} } } " * 40 + "} } }"))
    for what, text in {
        "a string without an end": 'node { name: "y',
        "a string over the line's end": 'node { name: "y\n" op: "Relu" }',
        "a brace without an end": 'node { name: "y" ',
        "a brace too many": "} ",
        r"\x without digits": r'node { name: "\x" }',
        r"\u past the range": r'node { name: "\U7fffffff" op: "Relu" }',
        r"half of a \u": r'node { name: "\u12" op: "Relu" }',
        "a zero byte": 'node { name: "a\0b" op: "Relu" }',
        "a zero byte between": "\0",
        "no value": "node { name: }",
        "a word": "nonsense",
        "a number for a message": "node: 5",
        "a message for a number": "versions { producer { } }",
    }.items():
        yield Case(f"C2/{what}", REFUSED, r"line \d+", pbtxt(GOOD + text))
    yield Case("C2/a byte of nine bits", REFUSED, "", pbtxt(GOOD + r'node { name: "\777" op: "Relu" }'))
    yield Case("C3/a string of 200 MB over the limit", LIMIT, "bytes", pbtxt([GOOD + 'node { name: "z" op: "NoOp" device: "', b"d" * (50 << 20), '" }']), ["--max-memory", "100000000"])
    yield Case("C3/a string of 20 MB", DONE, "", pbtxt([GOOD + 'node { name: "z" op: "NoOp" device: "', b"d" * (20 << 20), '" }']), ["--outputs", "y"])
    tokens = 'attr { key: "many" value { list { i: [' + ", ".join(["7"] * 1000000) + "] } } }"
    yield Case("C3/millions of tokens", DONE, "", pbtxt(X + relu(tokens)))
    inputs = X + 'node { name: "y" op: "AddN" attr { key: "N" value { i: 1000000 } } ' + T + 'input: "x" ' * 1000000 + "}\n"
    yield Case("C3/a million inputs", LIMIT, "inputs", pbtxt(inputs))
    for value in ("inf", "-inf", "nan", "infinity", "1e-60", "1f", "-0.0", "1e10", "3"):
        yield Case(f"C4/the float {value}", DONE, "", pbtxt(constant(value)), ["--no-verify"])
    for value in ("0x1p3", "1,5", "1.5.5", "--1", '"1"', "1e", "true"):
        yield Case(f"C4/the float {value}", REFUSED, r"line \d+", pbtxt(constant(value)))
    for value in ("18446744073709551616", "-9223372036854775809", "1.5", "0x", "9e3"):
        yield Case(f"C4/the integer {value}", REFUSED, r"line \d+", pbtxt(constant(value, "DT_INT64", "int64_val")))
    yield Case("C4/the integer -9223372036854775808", DONE, "", pbtxt(constant("-9223372036854775808", "DT_INT64", "int64_val")), ["--no-verify"])
    yield Case("C5/an Any", (REFUSED, UNSUPPORTED), r"line \d+", pbtxt(GOOD + "[type.googleapis.com/tensorflow.GraphDef] { }"))
    for what, text in {
        "an extension": "[keraft.secret] { a: 1 }",
        "a field that nobody knows": 'node { name: "z" op: "NoOp" unheard_of: 1 }',
        "a message that nobody knows": "unheard_of { a { b: [1, 2] } }",
    }.items():
        yield Case(f"C5/{what}", UNSUPPORTED, r"line \d+", pbtxt(GOOD + text))
    yield Case("C6/two names", REFUSED, r"line \d+.*name", pbtxt(X + 'node { name: "a" name: "y" op: "Relu" }'))
    yield Case("C6/two version records", REFUSED, "", pbtxt(GOOD + "versions { producer: 1 } versions { producer: 2 }"))
    yield Case("C6/two values", REFUSED, "", pbtxt(X + relu('attr { key: "k" value { i: 1 f: 2 } }')))
    yield Case("C6/one attribute twice", REFUSED, "twice", pbtxt(X + relu(T)))
    result = 'library { function { signature { name: "f" input_arg { name: "a" type: DT_FLOAT } output_arg { name: "r" type: DT_FLOAT } } %s } }'
    call = 'node { name: "y" op: "PartitionedCall" input: "x" attr { key: "f" value { func { name: "f" } } } }\n'
    returned = 'ret { key: "r" value: "a" }'
    yield Case("C6/one result twice", REFUSED, "twice", pbtxt(X + call + result % (returned * 2)), ["--outputs", "y"])
    yield Case("C7/a byte order mark", DONE, "", pbtxt(b"\xef\xbb\xbf" + GOOD.encode()))
    yield Case("C7/lines of Windows", DONE, "", pbtxt(GOOD.replace("\n", "\r\n")))
    for coding in ("utf-16", "utf-16-be", "utf-16-le", "utf-32"):
        yield Case(f"C7/{coding}", REFUSED, "", pbtxt(GOOD.encode(coding)))
    yield Case("C7/a name that is no UTF-8", REFUSED, "", pbtxt(GOOD.encode() + b'node { name: "\xff\xfe" op: "NoOp" }'))
    yield Case("C7/Latin-1 in a comment", DONE, "", pbtxt(b"# caf\xe9\n" + GOOD.encode()))
    yield Case("C8/a comment of 15 MB", DONE, "", pbtxt([GOOD + "# ", b"c" * (15 << 20), "\n"]))
    yield Case("C8/a comment before the first node, longer than what is looked at", DONE, "", pbtxt(["# ", b"c" * 100000, "\n" + GOOD]))
    yield Case("C8/a million empty lines", DONE, "", file("in.pbtxt", "\n" * 1000000 + GOOD))
    yield Case("C8/a million comments between", DONE, "", pbtxt(X + "#\n" * 1000000 + relu()))
