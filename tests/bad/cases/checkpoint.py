"""H: checkpoints. What their bytes are asked in detail is in tests/unit/formats/checkpoint_test.cpp."""

import struct

from tf_bytes import checkpoint as ck
from tf_bytes.proto import FLOAT, attr, const_strings, floats, graph, meta_graph, node, number, placeholder, saver, shape, shape_attr, text, type_attr, varint

from ..case import DONE, LIMIT, REFUSED, UNSUPPORTED, Case

X = placeholder("x", [-1, 4])
SHARD = ".data-00000-of-00001"


def add(variable="w", dtype=FLOAT, dims=(4,), extra=()):
    one = node(variable, "VariableV2", (), type_attr("dtype", dtype) + shape_attr("shape", dims))
    return graph([X, one, *extra, node("y", "AddV2", ["x", variable], type_attr("T", FLOAT))])


def writer():
    return ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4]))


def built(index=None, data=b"", graph_=None, name="model", change=None, rest=b""):
    """A meta graph that adds w, and a checkpoint beside it."""

    def build(folder):
        prefix = str(folder / name)
        (folder / (name + ".meta")).write_bytes(meta_graph(graph_ or add(), rest=rest))
        if isinstance(index, ck.Writer):
            index.write(prefix)
        elif index is None:
            writer().write(prefix)
        else:
            (folder / (name + ".index")).write_bytes(index)
            (folder / (name + SHARD)).write_bytes(data or floats([1, 2, 3, 4]))
        if change:
            change(folder)
        return prefix + ".meta"

    return build


def changed(**fields):
    """The entry of w with some fields changed."""
    return built(ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4]), **fields))


def table():
    good = ck.index(writer().pairs())
    yield Case("H1/right", DONE, "", built())
    for size in (0, 1, 47, len(good) - 1):
        yield Case(f"H1/an index of {size} bytes", REFUSED, "index", built(good[:size]))
    yield Case("H1/a wrong magic", REFUSED, "magic", built(good[:-8] + bytes(8)))
    for what, handle in {"offset": varint(1 << 40) + varint(10), "size": varint(0) + varint(len(good)), "sum": varint(2**64 - 1) + varint(2**63), "number": b"\xff" * 20}.items():
        footer = (varint(0) + varint(8) + handle).ljust(40, b"\0")[:40] + ck.MAGIC
        yield Case(f"H1/a handle whose {what} is past the end", (REFUSED, LIMIT), "", built(good[:-48] + footer))
    yield Case("H1/a handle of 65 MB", (REFUSED, LIMIT), "", built(good[:-48] + (varint(0) + varint(8) + varint(0) + varint(65 << 20)).ljust(40, b"\0") + ck.MAGIC))
    yield Case("H2/a block with a wrong checksum", REFUSED, "checksum", built(ck.index(writer().pairs(), crc=0)))
    for kind in (2, 4, 255):
        yield Case(f"H2/compression {kind}", UNSUPPORTED, "compressed", built(ck.index(writer().pairs(), kind)))

    def packed(data):
        out = ck.Index()
        return built(out.finish([(b"w", out.block(data, 1))]))

    yield Case("H2/Snappy of 2^32-1 bytes", (LIMIT, REFUSED), "bytes|damaged", packed(varint(2**32 - 1) + bytes(5)))
    yield Case("H2/Snappy of 60 MB in ten bytes", REFUSED, "damaged", packed(varint(60 << 20) + b"\0a" + b"\xfe\1\0" * 2))
    yield Case("H2/Snappy that copies from before the start", REFUSED, "damaged", packed(varint(8) + b"\x0eab\x09\0"))
    yield Case("H2/Snappy that is empty", REFUSED, "", packed(b""))


def entries():
    pairs = writer().pairs()
    body = ck.contents(pairs, tail=b"")

    def block(data):
        out = ck.Index()
        return built(out.finish([(b"w", out.block(data))]))

    yield Case("H3/2^30 restarts", REFUSED, "restarts", block(body + struct.pack("<I", 1 << 30)))
    yield Case("H3/shares more than the key before", REFUSED, "damaged entry", block(varint(9) + varint(0) + varint(0) + b"\0\0\0\0\1\0\0\0"))
    yield Case("H3/a key past the block", REFUSED, "damaged entry", block(varint(0) + varint(1 << 30) + varint(0) + b"\0\0\0\0\1\0\0\0"))
    yield Case("H3/a value past the block", REFUSED, "damaged entry", block(varint(0) + varint(0) + varint(1 << 60) + b"\0\0\0\0\1\0\0\0"))
    yield Case("H3/keys not in order", REFUSED, "order", built(ck.index([pairs[0], (b"w", pairs[1][1]), (b"a", pairs[1][1])]), graph_=add()))
    yield Case("H3/a key twice", REFUSED, "order", built(ck.index([pairs[0], pairs[1], pairs[1]])))
    yield Case("H3/an empty block", REFUSED, "", block(b""))
    out = ck.Index()
    handle = out.block(ck.contents(pairs))
    yield Case("H4/one block twice", REFUSED, "order", built(out.finish([(b"a", handle), (b"w", handle)])))
    out = ck.Index()
    first, second = out.block(ck.contents(pairs[:1])), out.block(ck.contents(pairs[1:]))
    yield Case("H4/blocks not in order", REFUSED, "order|header", built(out.finish([(b"a", second), (b"w", first)])))
    yield Case("H4/a block that is the index itself", REFUSED, "", built(ck.Index().finish([(b"w", varint(0) + varint(30))])))
    yield Case("H5/no header", REFUSED, "header", built(ck.index(pairs[1:])))
    yield Case("H5/no entries", REFUSED, "header", built(ck.index([])))
    yield Case("H5/a header that is no message", REFUSED, "header", built(ck.index([(b"", b"\xff\xff"), pairs[1]])))
    for shards in (0, -1, 2**31 - 1):
        yield Case(f"H5/{shards} shards", (REFUSED, LIMIT), "data files", built(ck.index([(b"", ck.header(shards)), pairs[1]])))
    yield Case("H6/of a newer format", UNSUPPORTED, "newer", built(ck.index([(b"", ck.header(min_consumer=9)), pairs[1]])))
    turned = b"".join(struct.pack(">f", v) for v in (1, 2, 3, 4))
    yield Case("H6/big-endian", DONE, "", built(ck.index([(b"", ck.header(big_endian=True)), (b"w", ck.entry(FLOAT, [4], 0, 16, ck.crc32c(turned)))]), turned))
    for what, value in {"no message": b"\xff\xff\xff", "empty": b"", "of an unknown type": ck.entry(999, [4], 0, 16, 0)}.items():
        yield Case(f"H9/an entry that is {what}", (REFUSED, UNSUPPORTED), "", built(ck.index([pairs[0], (b"w", value)])))


def data_files():
    def data(folder):
        return folder / ("model" + SHARD)

    yield Case("H7/no data", REFUSED, "data file", built(change=lambda f: data(f).unlink()))
    yield Case("H7/data cut", REFUSED, "cut short", built(change=lambda f: data(f).write_bytes(floats([1, 2, 3]))))
    yield Case("H7/data longer than needed", DONE, "", built(change=lambda f: data(f).write_bytes(floats([1, 2, 3, 4, 5]))))
    yield Case("H7/data of another save", REFUSED, "checksum", built(change=lambda f: data(f).write_bytes(floats([4, 3, 2, 1]))))
    yield Case("H7/a folder for data", REFUSED, "", built(change=lambda f: (data(f).unlink(), data(f).mkdir())))
    for shard in (1, 7, -1, 2**31 - 1):
        yield Case(f"H8/in shard {shard} of one", REFUSED, "data file", changed(shard=shard))
    for offset, size in ((1, 16), (2**63 - 1, 16), (-16, 16), (2**63 - 8, 16)):
        yield Case(f"H8/at {offset}", REFUSED, "", changed(offset=offset, size=size))
    overlapping = ck.Writer().add("v", FLOAT, [4], floats([1, 2, 3, 4])).add("w", FLOAT, [4], floats([5, 6, 7, 8]), offset=8)
    yield Case("H8/tensors that overlap", REFUSED, "checksum|overlap", built(overlapping))
    same = ck.Writer().add("v", FLOAT, [4], floats([1, 2, 3, 4])).add("w", FLOAT, [4], floats([1, 2, 3, 4]), offset=0)
    yield Case("H8/two tensors in one place", REFUSED, "overlap", built(same))
    key = "v/.ATTRIBUTES/VARIABLE_VALUE"
    twice = ck.Writer().add("v", FLOAT, [4], floats([1, 2, 3, 4])).add(key, FLOAT, [4], floats([1, 2, 3, 4]), offset=0).add("w", FLOAT, [4], floats([5, 6, 7, 8]))
    yield Case("H8/one tensor of a variable and an object", DONE, "", built(twice))
    other = ck.Writer().add("v", FLOAT, [4], floats([1, 2, 3, 4])).add(key, FLOAT, [2, 2], floats([1, 2, 3, 4]), offset=0)
    yield Case("H8/one place of a variable and of an object with other sizes", REFUSED, "overlap", built(other))
    for size in (0, 8, 12, 20, -16, 2**62):
        yield Case(f"H9/16 bytes that claim to be {size}", REFUSED, "", changed(size=size))
    yield Case("H9/sizes that overflow", REFUSED, "", changed(shape_bytes=shape([2**32, 2**32])))
    yield Case("H9/sizes that wrap to four", REFUSED, "", changed(shape_bytes=shape([2**62 + 1, 4])))
    yield Case("H9/a negative size", REFUSED, "", changed(shape_bytes=shape([-4])))
    yield Case("H9/no sizes", REFUSED, "", changed(shape_bytes=number(3, 1)))
    yield Case("H9/rank 300", (REFUSED, LIMIT), "", changed(shape_bytes=shape([1] * 300)))
    yield Case("H10/a wrong checksum", REFUSED, "checksum", changed(crc=12345))
    yield Case("H10/no checksum", REFUSED, "checksum", changed(crc=None))


def strings():
    def variable(data, count=1, crc=None, entry_size=None):
        crc = ck.crc32c(data) if crc is None else crc
        w = ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4]))
        return w.add("_CHECKPOINTABLE_OBJECT_GRAPH", 7, [count] if count != 1 else [], data, crc=crc, size=len(data) if entry_size is None else entry_size)

    def folder_of(w):
        """A SavedModel, whose variables are bound through the object graph."""

        def build(folder):
            from .saved_model import model

            home = model(folder, rest=text(7, text(2, b"")))
            w.write(str(home / "variables/variables"))
            return str(home)

        return build

    yield Case("H11/right", DONE, "", folder_of(ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4])).add_string("_CHECKPOINTABLE_OBJECT_GRAPH", text(1, b""))))
    for what, w in {
        "a length of 2^63": variable(b"\xff" * 9 + b"\x01" + bytes(10)),
        "a length past the end": variable(b"\x7f" + bytes(10)),
        "a wrong checksum of lengths": variable(b"\x01" + bytes(4) + b"a"),
        "2^40 elements": variable(b"\x01" + bytes(10), 2**40),
        "nothing": variable(b""),
    }.items():
        yield Case(f"H11/text with {what}", REFUSED, "string tensor", folder_of(w))
    right = ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4]))
    wrong_sum = ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4])).add_string("_CHECKPOINTABLE_OBJECT_GRAPH", b"abc")
    wrong_sum.data = wrong_sum.data[:-1] + b"x"
    yield Case("H20/an object graph with a wrong checksum", REFUSED, "checksum", folder_of(wrong_sum))
    for what, graph_bytes in {"no message": b"\xff\xff", "a child that is not there": text(1, text(1, number(1, 77) + text(2, "w")))}.items():
        w = ck.Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4])).add_string("_CHECKPOINTABLE_OBJECT_GRAPH", graph_bytes)
        yield Case(f"H20/an object graph with {what}", REFUSED, "object graph", folder_of(w))
    broken = variable(b"\x7f" + bytes(10))
    yield Case("H20/a damaged object graph that nobody needs", DONE, "", built(broken))
    slots = right.add("w/Adam", FLOAT, [4], floats([0] * 4)).add("w/Adam_1", FLOAT, [4], bytes(16), crc=1).add("beta1_power", FLOAT, [], floats([0.9]))
    yield Case("H20/damaged slots that nobody needs", DONE, "", built(slots))


def slices():
    def extent(start, length):
        return text(1, (number(1, start) if start else b"") + (number(2, length) if length is not None else b""))

    def sliced(parts, keys=None, dims=(4,), dtype=FLOAT, part_dtype=FLOAT):
        """`parts`: (start, length) of each; `keys`: the parts that are stored."""
        w = ck.Writer()
        listed = b"".join(text(7, extent(*part)) for part in parts)
        w.entries[b"w"] = number(1, dtype) + text(2, shape(dims)) + listed
        for start, length in keys if keys is not None else parts:
            values = floats([1.0] * max(0, min(length if length is not None else 4, 16)))
            w.add(key(start, length), part_dtype, [len(values) // 4], values)
        return built(w)

    def key(start, length):
        def number_(value):
            return bytes([(value & 0xFF) ^ 0x80])

        return b"\0w\0\1\1\1" + number_(start if length is not None else 0) + number_(-1 if length is None else length)

    yield Case("H12/right", DONE, "", sliced([(0, 2), (2, 2)]))
    yield Case("H12/a gap", REFUSED, "w", sliced([(0, 2), (3, 1)]))
    yield Case("H12/an overlap", REFUSED, "w", sliced([(0, 3), (2, 2)]))
    yield Case("H12/past the end", REFUSED, "w", sliced([(0, 2), (2, 5)]))
    yield Case("H12/a part that is not stored", REFUSED, "missing", sliced([(0, 2), (2, 2)], [(0, 2)]))
    yield Case("H12/one part twice", REFUSED, "w", sliced([(0, 2), (0, 2)]))
    yield Case("H12/a part of another type", REFUSED, "another type", sliced([(0, 2), (2, 2)], part_dtype=3))
    yield Case("H12/a part of other sizes", REFUSED, "", sliced([(0, 1), (1, 3)], [(0, 1), (1, 3)], dims=(5,)))
    for length in (-1, -7, 2**63 - 1):
        yield Case(f"H12/a length of {length}", REFUSED, "", sliced([(0, length)], []))
    yield Case("H12/a start of 2^63-1", REFUSED, "", sliced([(2**63 - 1, 2)], []))
    yield Case("H12/parts of another rank", REFUSED, "", sliced([(0, 4)], dims=(2, 2)))
    w = ck.Writer()
    w.entries[b"w"] = number(1, FLOAT) + text(2, shape([200000])) + b"".join(text(7, extent(i, 1)) for i in range(200000))
    yield Case("H13/200,000 parts of which none is stored", (REFUSED, LIMIT), "", built(w, graph_=add(dims=(200000,))))
    bad = writer()
    bad.entries[b"\0w\0\7junk"] = ck.entry(FLOAT, [4], 0, 16, 0)
    yield Case("H14/a key of a part that is none", (DONE, REFUSED), "", built(bad))
    names = writer().add("w/.ATTRIBUTES/VARIABLE_VALUE", FLOAT, [4], floats([9] * 4)).add(b"a\xffb", FLOAT, [1], floats([1])).add("z" * 100000, FLOAT, [1], floats([1]))
    yield Case("H14/odd keys that nobody needs", DONE, "", built(names))


def the_graph():
    yield Case("H15/a variable that is not stored", REFUSED, "w", built(ck.Writer().add("v", FLOAT, [4], floats([1] * 4))))
    two = graph([X, *(node(n, "VariableV2", (), type_attr("dtype", 1) + shape_attr("shape", [4])) for n in ("w1", "w2")), node("h", "AddV2", ["x", "w1"], type_attr("T", 1)), node("y", "AddV2", ["h", "w2"], type_attr("T", 1))])
    yield Case("H15/two variables that are not stored are both listed", REFUSED, "w1(.|\n)*w2|w2(.|\n)*w1", built(ck.Writer().add("v", FLOAT, [4], floats([1] * 4)), graph_=two))
    yield Case("H15/of other sizes", REFUSED, "w", built(ck.Writer().add("w", FLOAT, [5], floats([1] * 5))))
    yield Case("H15/of another type", REFUSED, "int32", built(ck.Writer().add("w", 3, [4], bytes(16))))
    yield Case("H16/more variables than the graph has", DONE, "", built(writer().add("zz", FLOAT, [2], floats([1, 2]))))

    def state(path):
        def build(folder):
            source = built()(folder)
            (folder / "checkpoint").write_text(f'model_checkpoint_path: "{path}"\n')
            return source

        return build

    for path in ("/etc/passwd", "../../up", "newer", "\\xff", ""):
        yield Case(f"H17/a state file that names {path!r}", DONE, "", state(path))
    for name in ("100%d%s%n", "a.data-00000-of-00001", "[ab]*?", "with space", ".hidden"):
        yield Case(f"H18/the prefix {name!r}", DONE, "", built(name=name))
    yield Case("H18/a prefix with a slash behind", REFUSED, "", lambda f: built()(f)[:-5] + "/")

    def old(folder):
        (folder / "model").write_bytes(bytes(100) + ck.MAGIC)
        return str(folder / "model")

    yield Case("H19/version 1", UNSUPPORTED, "V1", old)

    def old_beside(folder):
        (folder / "model.ckpt.meta").write_bytes(meta_graph(add(), rest=text(3, saver(version=1))))
        (folder / "model.ckpt").write_bytes(bytes(100) + ck.MAGIC)
        return str(folder / "model.ckpt.meta")

    yield Case("H19/version 1 beside its graph", UNSUPPORTED, "V1", old_beside)
    for spec in ("4 0,5", "4 -", "nonsense", "4 0,2", "9 0,4", "4 -1,2", "4 0,99999999999999999999"):
        nodes = [
            const_strings("save/RestoreV2/tensor_names", ["w"]),
            const_strings("save/RestoreV2/shape_and_slices", [spec]),
            node("save/Const", "Const", (), type_attr("dtype", 7) + attr("value", text(8, number(1, 7) + text(2, b"") + text(8, "m")))),
            node("save/RestoreV2", "RestoreV2", ["save/Const", "save/RestoreV2/tensor_names", "save/RestoreV2/shape_and_slices"], attr("dtypes", text(1, number(6, 1)))),
            node("save/Assign", "Assign", ["w", "save/RestoreV2"], type_attr("T", 1)),
            node("save/restore_all", "NoOp", ["^save/Assign"]),
        ]
        right = spec == "4 -"
        yield Case(f"H12/the graph asks for the part {spec!r}", DONE if right else REFUSED, "" if right else "part|w", built(graph_=add(extra=nodes), rest=text(3, saver())))


def cases():
    for part in (table, entries, data_files, strings, slices, the_graph):
        yield from part()
