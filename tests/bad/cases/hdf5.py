"""I: HDF5 files. Those of the first kind (symbol tables) are files of real writers with fields changed; the others are written by hand."""

import json
import struct
import zlib
from pathlib import Path

from tf_bytes.hdf5 import (
    F32,
    I32,
    LINK_INFO,
    UNDEFINED,
    VLEN,
    File,
    attribute,
    contiguous,
    link,
    lookup3,
    message,
    space,
    summed,
    text,
    text_type,
    texts,
)
from tf_bytes.proto import floats

from ..case import DONE, LIMIT, REFUSED, UNSUPPORTED, Case, file

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "hdf5"
KERNEL = floats([0.5, -1, 2, 0.25, 3, -2, 1, 0.75, -0.5, 1.5, -3, 4])
REFUSED_SOMEHOW = (REFUSED, UNSUPPORTED, LIMIT)


def config():
    source = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"}, "name": "x", "inbound_nodes": []}
    dense = {"class_name": "Dense", "config": {"name": "d", "dtype": "float32", "units": 3, "activation": "linear", "use_bias": False}, "name": "d", "inbound_nodes": [[["x", 0, 0, {}]]]}
    layers = {"name": "net", "layers": [source, dense], "input_layers": [["x", 0, 0]], "output_layers": [["d", 0, 0]]}
    return json.dumps({"class_name": "Functional", "config": layers}).encode()


def kernel(h, **changes):
    return h.dataset([4, 3], KERNEL, **changes)


def model(kernel=kernel, weights=(), inner=(), layer_names=None, root=(), finish=None, wrap=None):
    """A model of one Dense layer. `kernel` makes its dataset, `weights`, `inner` and `root` are further messages of /model_weights, of the group with the
    kernel, and of the root; callables get the file first."""
    h = File()
    made = lambda parts: [part(h) if callable(part) else part for part in parts]  # noqa: E731
    data = kernel(h)
    group = h.group([("kernel:0", data)], *made(inner))
    d = h.group([("d", group)], texts("weight_names", [b"d/kernel:0"]))
    x = h.group([], texts("weight_names", []))
    model_weights = h.group([("d", d), ("x", x)], *(made(weights)), *([texts("layer_names", [b"x", b"d"])] if layer_names is None else layer_names))
    first = h.group([("model_weights", model_weights)], *made(root), text("model_config", config()), text("keras_version", b"2.15.0"), text("backend", b"tensorflow"))
    return h5(wrap(h.finish(first, **(finish or {}))) if wrap else h.finish(first, **(finish or {})))


def h5(contents):
    return file("in.h5", contents)


class Old:
    """A file of a real writer. Structures of the first kind have no checksums, so that every field can be changed in place."""

    def __init__(self, name="tf115.h5"):
        self.data = bytearray((DATA / name).read_bytes())

    def find(self, signature, number=0):
        at = -1
        for _ in range(number + 1):
            at = self.data.index(signature, at + 1)
        return at

    def put(self, at, form, *values):
        struct.pack_into("<" + form, self.data, at, *values)
        return self

    def get(self, at, form):
        return struct.unpack_from("<" + form, self.data, at)[0]

    def file(self):
        return h5(bytes(self.data))


def changed(signature, offset, form, value, number=0):
    """A field of a structure of tf115.h5; `value` may be computed from the file and the structure's place."""
    old = Old()
    at = old.find(signature, number)
    return old.put(at + offset, form, value(old, at) if callable(value) else value).file()


def superblocks():
    yield Case("I1/right, by hand", DONE, "", model())
    yield Case("I1/right, of TensorFlow 1.15", DONE, "", Old().file())
    for version in (3,):
        yield Case(f"I1/superblock {version}", DONE, "", model(finish={"version": version}))
    for version in (4, 9, 255):
        yield Case(f"I1/superblock {version}", UNSUPPORTED, f"version {version}", model(finish={"version": version}))
    for sizes in ((16, 8), (1, 8), (0, 8), (8, 4), (4, 4)):
        yield Case(f"I1/sizes of offsets {sizes}", UNSUPPORTED, "eight bytes", model(finish={"sizes": sizes}))
    for user in (512, 1024, 4096):
        yield Case(f"I1/a user block of {user} that the base address leaves out", REFUSED_SOMEHOW, "", h5(bytes(user) + bytes(Old().data)))
    for size, what in ((0, "empty"), (1, "a byte"), (8, "only the signature"), (48, "half a superblock")):
        yield Case(f"I1/{what}", REFUSED, "", h5(bytes(Old().data)[:size]))
    yield Case("I2/end beyond the file", REFUSED, "cut short", model(finish={"end": 10**6}))
    yield Case("I2/end before the file's", REFUSED, "bytes follow", model(finish={"end": 256}))
    yield Case("I2/bytes after the end", REFUSED, "bytes follow", h5(bytes(Old().data) + b"more"))
    yield Case("I2/base address", UNSUPPORTED, "base address", model(finish={"base": 8}))
    yield Case("I2/driver info", UNSUPPORTED, "driver", Old().put(48, "Q", 96).file())
    yield Case("I2/a checksum that is wrong", REFUSED, "checksum", model(wrap=lambda data: data[:44] + b"\0\0\0\0" + data[48:]))
    yield Case("I2/root nowhere", REFUSED, "", Old().put(64, "Q", UNDEFINED).file())
    yield Case("I2/an extension with settings", UNSUPPORTED, "settings", extension(message(0x17, bytes(8))))
    yield Case("I2/sizes of nodes of nothing", REFUSED, "impossible size", extension(message(0x13, bytes(7))))
    yield Case("I25/marked as being written", DONE, "", model(finish={"version": 3, "flags": 1}))
    yield Case("I25/marked as being written for readers", DONE, "", model(finish={"version": 3, "flags": 5}))
    yield Case("I27/driver info as a message", REFUSED_SOMEHOW, "", extension(message(0x14, bytes(24))))


def extension(part):
    h = File()
    more = h.object(part)
    return h5(h.finish(h.group(), extension=more))


def trees():
    def at(signature, number=0):
        return Old().find(signature, number)

    for number in (0, 1, 3):
        where = f"of node {number}"
        yield Case(f"I3/child is itself {where}", REFUSED, "", changed(b"TREE", 32, "Q", lambda old, at: at, number))
        yield Case(f"I3/child is the first node {where}", REFUSED, "", changed(b"TREE", 32, "Q", lambda old, at: old.find(b"TREE"), number))
        yield Case(f"I3/level 255 {where}", REFUSED, "too deep|level", changed(b"TREE", 5, "B", 255, number))
        yield Case(f"I3/level 1 {where}", REFUSED, "", changed(b"TREE", 5, "B", 1, number))
        yield Case(f"I3/65535 entries {where}", REFUSED, "entries", changed(b"TREE", 6, "H", 65535, number))
        yield Case(f"I3/no entries {where}", REFUSED, "", changed(b"TREE", 6, "H", 0, number))
        yield Case(f"I3/keys out of order {where}", REFUSED, "order", changed(b"TREE", 40, "Q", 0, number))
        yield Case(f"I3/key past the heap {where}", REFUSED, "past the end", changed(b"TREE", 40, "Q", 2**40, number))
        yield Case(f"I3/child past the end {where}", REFUSED, "past the end", changed(b"TREE", 32, "Q", 2**50, number))
        yield Case(f"I3/child nowhere {where}", REFUSED, "past the end", changed(b"TREE", 32, "Q", UNDEFINED, number))
        yield Case(f"I3/a tree of chunks {where}", REFUSED, "another kind", changed(b"TREE", 4, "B", 1, number))
        yield Case(f"I3/a neighbour {where}", REFUSED, "neighbours", changed(b"TREE", 16, "Q", at(b"TREE"), number))
        yield Case(f"I4/free room in a circle {where}", REFUSED, "", circle(number))
        yield Case(f"I4/free room past the heap {where}", REFUSED, "past the end", changed(b"HEAP", 16, "Q", 2**30, number))
        yield Case(f"I4/free room larger than the heap {where}", REFUSED, "past the end", free_size(number))
        yield Case(f"I4/heap larger than the file {where}", REFUSED, "past the end", changed(b"HEAP", 8, "Q", 2**60, number))
        yield Case(f"I4/heap of nothing {where}", REFUSED, "", changed(b"HEAP", 8, "Q", 0, number))
        yield Case(f"I4/heap in a tree {where}", REFUSED, "", changed(b"HEAP", 24, "Q", at(b"TREE"), number))
        yield Case(f"I4/version 9 {where}", UNSUPPORTED, "version 9", changed(b"HEAP", 4, "B", 9, number))
        yield Case(f"I4/a name past the heap {where}", REFUSED, "past the end", changed(b"SNOD", 8, "Q", 2**31, number))
        yield Case(f"I4/a name without an end {where}", REFUSED, "no end|order|overlap", endless(number))
        yield Case(f"I5/65535 links {where}", REFUSED, "number", changed(b"SNOD", 6, "H", 65535, number))
        yield Case(f"I5/no links {where}", REFUSED, "number", changed(b"SNOD", 6, "H", 0, number))
        yield Case(f"I5/a cached kind that lies {where}", REFUSED, "unknown kind", changed(b"SNOD", 24, "I", 7, number))
        if number < 3:
            yield Case(f"I5/a cached tree of another group {where}", REFUSED, "disagree", changed(b"SNOD", 32, "Q", lambda old, at: old.find(b"TREE", 4), number))
        yield Case(f"I9/a soft link {where}", REFUSED, "soft link", changed(b"SNOD", 24, "I", 2, number))
        yield Case(f"I6/no object {where}", REFUSED, "", changed(b"SNOD", 16, "Q", at(b"TREE"), number))
        yield Case(f"I8/a group in itself {where}", REFUSED, "", changed(b"SNOD", 16, "Q", lambda old, at: old.get(64, "Q"), number))
    yield Case("I5/the superblock says another tree than the root", REFUSED, "disagree", Old().put(80, "Q", at(b"TREE", 1)).file())


def heap_data(old, number):
    return old.get(old.find(b"HEAP", number) + 24, "Q")


def circle(number):
    old = Old()
    heap = old.find(b"HEAP", number)
    free = old.get(heap + 16, "Q")
    return old.put(old.get(heap + 24, "Q") + free, "Q", free).file()


def free_size(number):
    old = Old()
    heap = old.find(b"HEAP", number)
    return old.put(old.get(heap + 24, "Q") + old.get(heap + 16, "Q") + 8, "Q", 2**40).file()


def endless(number):
    old = Old()
    heap = old.find(b"HEAP", number)
    at, size = old.get(heap + 24, "Q"), old.get(heap + 8, "Q")
    old.put(heap + 16, "Q", 1)
    old.data[at + 8 : at + size] = b"z" * (size - 8)
    return old.file()


def headers():
    root = 96

    def old_root(offset, form, value):
        return Old().put(root + offset, form, value).file()

    yield Case("I6/a message larger than its chunk", REFUSED, "past the end", old_root(18, "H", 0x7FF8))
    yield Case("I6/a message that is not aligned", REFUSED, "aligned", old_root(18, "H", 13))
    yield Case("I6/a number of messages", REFUSED, "number of messages", old_root(2, "H", 999))
    yield Case("I6/no references", REFUSED, "no link leads", old_root(4, "I", 0))
    yield Case("I6/references of others", REFUSED, "links lead", old_root(4, "I", 3))
    yield Case("I6/a header larger than the file", REFUSED, "past the end", old_root(8, "I", 2**32 - 8))
    for flags in (0x02, 0x04 | 0x02):
        yield Case(f"I6/shared message {flags}", UNSUPPORTED, "share", model(inner=[message(0x15, bytes([0, 0]) + struct.pack("<QQ", UNDEFINED, UNDEFINED), flags)]))
    for flags in (0x00, 0x08, 0x80):
        yield Case(f"I6/unknown message, flags {flags}", UNSUPPORTED, "type 64", model(inner=[message(0x40, bytes(8), flags)]))
    yield Case("I6/a continuation of itself", REFUSED, "", model(inner=[message(0x10, struct.pack("<QQ", 48, 64))]))
    yield Case("I6/a continuation past the end", REFUSED, "past the end", model(inner=[message(0x10, struct.pack("<QQ", 2**40, 64))]))
    yield Case("I6/a continuation of nothing", REFUSED, "no size", model(inner=[message(0x10, struct.pack("<QQ", 48, 0))]))
    yield Case("I6/a continuation without a checksum", REFUSED, "checksum", model(inner=[lambda h: message(0x10, struct.pack("<QQ", h.put(b"OCHK" + bytes(20)), 24))]))
    yield Case("I6/a continuation", DONE, "", model(inner=[lambda h: message(0x10, struct.pack("<QQ", *continued(h, message(0x12, bytes([1]) + bytes(7)))))]))
    yield Case("I6/two continuations in a circle", REFUSED, "", model(inner=[circular]))
    yield Case("I6/10^5 continuations", REFUSED_SOMEHOW, "", model(inner=[lambda h: chain(h, 100000)]))
    yield Case("I6/a message twice", REFUSED, "twice", model(inner=[message(0x12, bytes([1]) + bytes(7))] * 2))
    yield Case("I6/a group that is a dataset", REFUSED, "two kinds|dataset", model(inner=[message(1, space([4])), message(3, F32), contiguous(UNDEFINED, 16)]))
    yield Case("I6/an element type as an object", UNSUPPORTED, "element type", model(kernel=lambda h: h.object(message(3, F32))))
    yield Case("I6/an object of no kind", REFUSED, "neither", model(kernel=lambda h: h.object(message(0x12, bytes([1]) + bytes(7)))))
    yield Case("I6/a comment without an end", REFUSED, "no end", model(inner=[message(0x0D, b"comment")]))
    yield Case("I7/a header with a wrong checksum", REFUSED, "checksum", model(wrap=lambda data: data.replace(b"kernel:0\x07", b"kernel:1\x07") if b"kernel:0\x07" in data else data[:-1] + bytes([data[-1] ^ 1])))
    yield Case("I7/a header with unknown flags", (REFUSED, UNSUPPORTED), "", model(kernel=lambda h: h.put(summed(b"OHDR\x02\xc2" + struct.pack("<I", 0)))))
    yield Case("I7/a header larger than the file", REFUSED, "larger than", model(kernel=lambda h: h.put(summed(b"OHDR\x02\x03" + struct.pack("<Q", 2**63)))))


def continued(h, *parts):
    block = summed(b"OCHK" + b"".join(parts))
    return h.put(block), len(block)


def circular(h):
    at = len(h.data) + -len(h.data) % 8
    return message(0x10, struct.pack("<QQ", *continued(h, message(0x10, struct.pack("<QQ", at, 28)))))


def chain(h, length):
    address, size = continued(h, message(0x12, bytes([1]) + bytes(7)))
    for _ in range(length):
        h.data += (block := b"OCHK" + message(0x10, struct.pack("<QQ", address, size))) + struct.pack("<I", lookup3(block))
        address, size = len(h.data) - 28, 28
    return message(0x10, struct.pack("<QQ", address, size))


def fractal(h, links, *, row=4, ids=7, width=4, start=512, largest=65536, bits=32, rows=0, filters=0, flags=2, tree=5, hash_=lookup3, split=100, depth=0, shift=0, record=11, total=None):
    """A group whose links lie in a fractal heap, and the index of their names."""
    head = h.put(bytes(146))
    body, records = b"", []
    prefix = 5 + 8 + 4 + 4
    for name, address in links:
        one = bytes([1, 0, len(name)]) + name.encode() + struct.pack("<Q", address)
        records.append((hash_(name.encode()), prefix + len(body) + shift, len(one)))
        body += one
    block = bytearray(b"FHDB\0" + struct.pack("<QI", head, 0) + bytes(4) + body)
    block += bytes(start - len(block))
    struct.pack_into("<I", block, 17, lookup3(bytes(block)))
    root = h.put(bytes(block))
    fields = struct.pack("<HHBI", ids, filters, flags, 4096) + struct.pack("<QQQQQQQQQQQQ", 0, UNDEFINED, 0, UNDEFINED, start, start, 0, len(links), 0, 0, 0, 0)
    fields += struct.pack("<HQQHHQH", width, start, largest, bits, 1, root, rows)
    h.data[head : head + 146] = summed(b"FRHP\0" + fields)
    records.sort()
    leaf = b"BTLF\0" + bytes([tree]) + b"".join(struct.pack("<IB", a, 0) + struct.pack("<I", b) + struct.pack("<H", c) for a, b, c in records)
    leaf = summed(leaf).ljust(512, b"\0")
    index = h.put(summed(b"BTHD\0" + struct.pack("<BIHHBBQHQ", tree, 512, record, depth, split, 40, h.put(leaf), len(records), len(records) if total is None else total)))
    return message(2, bytes([0, 0]) + struct.pack("<QQ", head, index))


def dense(links=("a", "b", "c"), change=None, **options):
    """/model_weights with a further group, whose links are dense."""

    def group(h):
        made = [(name, h.group()) for name in links]
        at = h.object(fractal(h, made, **options))
        if change:
            change(h)
        return link("more", at)

    return model(weights=[group])


def dense_groups():
    yield Case("I7/right", DONE, "", dense())
    yield Case("I7/a fractal heap that is filtered", UNSUPPORTED, "filtered", dense(filters=10))
    for name, options in {
        "identifiers of 255 bytes": {"ids": 255},
        "no identifiers": {"ids": 0},
        "a table of no width": {"width": 0},
        "a table of three columns": {"width": 3},
        "a table of 32768 columns": {"width": 32768},
        "blocks of three sizes": {"largest": 65535},
        "blocks that shrink": {"largest": 256},
        "65535 rows": {"rows": 65535},
        "offsets of 65535 bits": {"bits": 65535},
        "offsets of no bits": {"bits": 0},
        "objects past their block": {"shift": 500},
        "objects in the head of their block": {"shift": -10},
        "a B-tree of another kind": {"tree": 8},
        "a B-tree with split 0": {"split": 0},
        "a B-tree 60000 deep": {"depth": 60000},
        "a B-tree a level too deep": {"depth": 1},
        "records of 65535 bytes": {"record": 65535},
        "a wrong number of links": {"total": 2**40},
        "hashes of other names": {"hash_": lambda name: lookup3(name) ^ 1},
        "rows without blocks": {"rows": 1},
    }.items():
        yield Case(f"I7/{name}", (REFUSED, UNSUPPORTED), "damaged|identifiers", dense(**options))
    yield Case("I7/two links of one name", REFUSED, "", dense(links=("a", "a")))


def links():
    def cycle(h):
        at = len(h.data) + -len(h.data) % 8
        return link("again", h.object(LINK_INFO, link("again", at)))

    yield Case("I8/a group contains itself", REFUSED, "contains itself|links lead", model(weights=[cycle]))
    yield Case("I8/30 groups, each twice in the one before", LIMIT, "too many paths", model(weights=[twice]))
    yield Case("I8/300 groups in each other", LIMIT, "deep", model(weights=[nested]))
    for target in ("/nowhere", "again", "/model_weights/x"):
        soft = struct.pack("<H", len(target)) + target.encode()
        yield Case(f"I9/a soft link to {target}", REFUSED, "soft link", model(weights=[link("again", 0, 1, soft)]))
    outside = struct.pack("<H", 15) + b"\0/etc/hostname\0/"[:15]
    yield Case("I10/a link to another file", REFUSED, "another file", model(weights=[link("out", 0, 64, outside)]))
    yield Case("I10/a link that a user defined", REFUSED, "user", model(weights=[link("out", 0, 65, outside)]))
    yield Case("I11/elements in another file", REFUSED, "another file", model(kernel=lambda h: kernel(h, parts=[message(7, bytes([1]) + bytes(7 + 8 + 8))])))
    for target in (48, UNDEFINED):
        yield Case(f"I12/a virtual dataset {target}", REFUSED, "virtual", model(kernel=lambda h, at=target: kernel(h, layout=message(8, bytes([4, 3]) + struct.pack("<QI", at, 0)))))
    yield Case("I23/two links of one name", REFUSED, "two links", model(weights=[lambda h: link("d", h.group())]))
    yield Case("I23/two attributes of one name", REFUSED, "two attributes", model(root=[text("backend", b"theano")]))
    for name in (b"a/b", b".", b"..", b"", b"/abs", b"nul\0here"):
        yield Case(f"I24/a link named {name}", REFUSED, "cannot be a part", model(weights=[lambda h, name=name: link(name, h.group())]))


def twice(h):
    references = message(0x16, bytes([0]) + struct.pack("<I", 2))
    at = h.group([], references)
    for _ in range(30):
        at = h.group([("a", at), ("b", at)], references)
    return link("more", h.group([("a", at), ("b", at)]))


def nested(h):
    at = h.group()
    for _ in range(300):
        at = h.group([("g", at)])
    return link("more", at)


def datasets():
    def changed_kernel(**changes):
        return model(kernel=lambda h: kernel(h, **{k: v(h) if callable(v) else v for k, v in changes.items()}))

    yield Case("I13/references as weights", UNSUPPORTED, "references", changed_kernel(type_=bytes([0x17, 0, 0, 0]) + struct.pack("<I", 8)))
    yield Case("I14/contiguous and nowhere", REFUSED, "not all stored", changed_kernel(layout=contiguous(UNDEFINED, 48)))
    yield Case("I14/4 PB that are nowhere", (REFUSED, LIMIT), "", model(kernel=lambda h: h.dataset([2**25, 2**25], b"", layout=contiguous(UNDEFINED, 2**52))))
    yield Case("I14/4 PB in chunks of which none is stored", (REFUSED, LIMIT), "", model(kernel=lambda h: h.dataset([2**25, 2**25], b"", layout=chunked([1024, 1024, 4], UNDEFINED))))
    for dims in ([2**32, 2**32], [2**63, 2], [2**62, 2**62, 2**62]):
        yield Case(f"I15/sizes {dims}", LIMIT, "overflows", model(kernel=lambda h, dims=dims: h.dataset(dims, KERNEL)))
    yield Case("I15/sizes whose bytes overflow", LIMIT, "overflows", model(kernel=lambda h: h.dataset([2**62], KERNEL)))
    yield Case("I15/33 axes", REFUSED, "axes", model(kernel=lambda h: h.dataset([1] * 33, KERNEL)))
    yield Case("I18/compact", DONE, "", changed_kernel(layout=message(8, bytes([3, 0]) + struct.pack("<H", 48) + KERNEL)))
    yield Case("I18/compact of another size", REFUSED, "another size", changed_kernel(layout=message(8, bytes([3, 0]) + struct.pack("<H", 44) + KERNEL[4:])))
    yield Case("I18/compact past its message", REFUSED, "past the end", changed_kernel(layout=message(8, bytes([3, 0]) + struct.pack("<H", 60000) + KERNEL)))
    for size in (0, 47, 49, 2**40, 2**63):
        yield Case(f"I18/contiguous of {size} bytes", REFUSED, "another size", changed_kernel(layout=lambda h, size=size: contiguous(h.put(KERNEL), size)))
    for version in (0, 1, 2, 5, 255):
        yield Case(f"I18/layout {version}", UNSUPPORTED, f"version {version}", changed_kernel(layout=message(8, bytes([version, 1]) + bytes(16))))
    for address, what in ((0, "over the superblock"), (60, "over an object"), (2**40, "past the end"), (2**64 - 8, "past the end of everything")):
        yield Case(f"I26/elements {what}", REFUSED, "overlaps|past the end", changed_kernel(layout=contiguous(address, 48)))
    yield Case("I26/two datasets in one place", REFUSED, "overlaps", model(kernel=shared, inner=[lambda h: link("other", h.dataset([4, 3], b"", layout=contiguous(h.shared + 4, 48)))]))
    yield Case("I28/a fill value for data", REFUSED, "not all stored", changed_kernel(layout=contiguous(UNDEFINED, 48), parts=()))
    for body in (bytes([3, 0x2A]) + struct.pack("<I", 2**31), bytes([2, 1, 1, 1]) + struct.pack("<I", 64) + bytes(64), bytes([3, 0xFF])):
        yield Case(f"I28/a fill value {body[:2].hex()}", REFUSED, "", model(kernel=lambda h, body=body: fill(h, body)))


def shared(h):
    h.shared = h.put(KERNEL)
    return h.dataset([4, 3], b"", layout=contiguous(h.shared, 48))


def fill(h, body):
    return h.object(message(1, space([4, 3])), message(3, F32), message(5, body), contiguous(h.put(KERNEL), 48))


def chunked(chunk, address, version=3):
    return message(8, bytes([version, 2, len(chunk)]) + struct.pack("<Q", address) + b"".join(struct.pack("<I", n) for n in chunk))


def filters(*ids, values=None):
    body = bytes([2, len(ids)])
    for one in ids:
        given = values or ([4] if one == 2 else [])
        body += struct.pack("<H", one) + (struct.pack("<H", 0) if one >= 256 else b"") + struct.pack("<HH", 0, len(given)) + b"".join(struct.pack("<I", v) for v in given)
    return message(11, body)


def chunk_tree(h, chunks, dims, chunk, kind=1, count=None, level=0):
    """`chunks`: offsets, mask, address, size."""
    node = b"TREE" + bytes([kind, level]) + struct.pack("<HQQ", len(chunks) if count is None else count, UNDEFINED, UNDEFINED)
    for offsets, mask, address, size in chunks:
        node += struct.pack("<II", size, mask) + b"".join(struct.pack("<Q", o) for o in [*offsets, 0]) + struct.pack("<Q", address)
    node += struct.pack("<II", 0, 0) + b"".join(struct.pack("<Q", d + c) for d, c in zip(dims, chunk)) + struct.pack("<Q", 4)
    return h.put(node.ljust(24 + 64 * 8 + 65 * (16 + 8 * len(dims)), b"\0"))


def in_chunks(change=None, chunk=(2, 3), packed=(), mask=0, data=None, tree=None, values=None, layout=None):
    """The kernel in chunks of whole rows."""

    def make(h):
        entries = []
        rows = chunk[0]
        for row in range(0, 4, rows):
            raw = KERNEL[row * 12 : (row + rows) * 12]
            bytes_ = data(raw) if data else raw
            entries.append(([row, 0], mask, h.put(bytes_), len(bytes_)))
        if change:
            entries = change(entries)
        at = chunk_tree(h, entries, [4, 3], chunk, **(tree or {}))
        return h.dataset([4, 3], b"", layout=(layout or chunked)([*chunk, 4], at), parts=[filters(*packed, values=values)] if packed else [])

    return model(kernel=make)


def shuffled(raw):
    return b"".join(raw[i::4] for i in range(4))


def fletcher(raw):
    low = high = 0
    even = raw + bytes(len(raw) % 2)
    for i in range(0, len(even), 2):
        low = (low + (even[i] << 8 | even[i + 1])) % 65535
        high = (high + low) % 65535
    return raw + struct.pack("<I", high << 16 | low)


def chunks():
    def with_(index, place, value):
        def change(entries):
            out = [list(e) for e in entries]
            out[index][place] = value(out) if callable(value) else value
            return out

        return change

    yield Case("I16/right", DONE, "", in_chunks())
    yield Case("I16/right, packed", DONE, "", in_chunks(packed=(2, 1, 3), data=lambda raw: fletcher(zlib.compress(shuffled(raw)))))
    yield Case("I16/a chunk larger than the dataset", REFUSED_SOMEHOW, "", in_chunks(chunk=(64, 3)))
    yield Case("I16/chunk of 2^32 elements", REFUSED, "impossible size", in_chunks(layout=lambda chunk, at: chunked([65536, 65536, 4], at)))
    yield Case("I16/chunk of no size", REFUSED, "impossible size", in_chunks(layout=lambda chunk, at: chunked([0, 3, 4], at)))
    yield Case("I16/chunks on too few axes", REFUSED, "axes", in_chunks(layout=lambda chunk, at: chunked([6, 4], at)))
    yield Case("I16/chunks on 60 axes", REFUSED, "axes", in_chunks(layout=lambda chunk, at: chunked([1] * 60, at)))
    yield Case("I16/elements of another size", REFUSED, "another size", in_chunks(layout=lambda chunk, at: chunked([2, 3, 8], at)))
    yield Case("I16/chunks that overlap", REFUSED, "overlaps", in_chunks(with_(1, 2, lambda e: e[0][2] + 4)))
    yield Case("I16/one chunk twice", REFUSED, "", in_chunks(with_(1, 0, [0, 0])))
    yield Case("I16/a chunk past the end", REFUSED, "past the end", in_chunks(with_(1, 2, 2**40)))
    yield Case("I16/a chunk nowhere", REFUSED, "past the end", in_chunks(with_(1, 2, UNDEFINED)))
    yield Case("I16/a chunk outside", REFUSED, "where none can", in_chunks(with_(1, 0, [6, 0])))
    yield Case("I16/a chunk between two", REFUSED, "where none can", in_chunks(with_(1, 0, [3, 0])))
    yield Case("I16/a chunk too short", REFUSED, "impossible size", in_chunks(with_(1, 3, 20)))
    yield Case("I16/a chunk is missing", REFUSED, "not all stored", in_chunks(lambda entries: entries[:1]))
    yield Case("I16/65535 chunks", REFUSED, "entries", in_chunks(tree={"count": 65535}))
    yield Case("I16/a tree of links", REFUSED, "another kind", in_chunks(tree={"kind": 0}))
    yield Case("I16/a tree on level 1", REFUSED, "", in_chunks(tree={"level": 1}))
    yield Case("I16/a tree on level 200", REFUSED, "level", in_chunks(tree={"level": 200}))
    bomb = zlib.compress(bytes(64 << 20), 9)
    yield Case("I16/a deflate bomb", REFUSED, "packed", in_chunks(packed=(1,), data=lambda raw: bomb))
    yield Case("I16/deflate that ends early", REFUSED, "packed", in_chunks(packed=(1,), data=lambda raw: zlib.compress(raw)[:-5]))
    yield Case("I16/bytes after deflate", REFUSED, "packed", in_chunks(packed=(1,), data=lambda raw: zlib.compress(raw) + b"more"))
    yield Case("I16/deflate of too little", REFUSED, "packed", in_chunks(packed=(1,), data=lambda raw: zlib.compress(raw[4:])))
    yield Case("I16/1 GB in chunks, packed into nothing", (REFUSED, LIMIT), "", giant())
    yield Case("I17/shuffle", DONE, "", in_chunks(packed=(2,), data=shuffled))
    yield Case("I17/shuffle of another type", REFUSED, "another type", in_chunks(packed=(2,), data=shuffled, values=[3]))
    yield Case("I17/fletcher32", DONE, "", in_chunks(packed=(3,), data=fletcher))
    yield Case("I17/fletcher32 that is wrong", REFUSED, "checksum", in_chunks(packed=(3,), data=lambda raw: fletcher(raw)[:-1] + b"\0"))
    for one in (4, 5, 6, 32000, 32001, 32015, 65535, 0):
        yield Case(f"I17/filter {one}", UNSUPPORTED, f"filter {one}", in_chunks(packed=(one,)))
    yield Case("I17/1000 filters", REFUSED, "too many filters", model(kernel=lambda h: kernel(h, parts=[message(11, bytes([2, 255]) + bytes(255 * 6))])))
    yield Case("I17/a filter twice", REFUSED, "twice", in_chunks(packed=(1, 1)))
    yield Case("I17/filters of a dataset without chunks", REFUSED, "not in chunks", model(kernel=lambda h: kernel(h, parts=[filters(1)])))
    yield Case("I17/a chunk that deflate left as it is", DONE, "", in_chunks(packed=(2, 1), mask=2, data=shuffled))
    yield Case("I17/a chunk that is not shuffled", UNSUPPORTED, "not filtered", in_chunks(packed=(2, 1), mask=1, data=zlib.compress))
    yield Case("I17/a mask of filters that are not there", REFUSED, "filter", in_chunks(packed=(2, 1), mask=4, data=lambda raw: zlib.compress(shuffled(raw))))


def giant():
    def make(h):
        one = zlib.compress(bytes(64), 9)
        at = chunk_tree(h, [([0, 0], 0, h.put(one), len(one))], [2**14, 2**14], (2**14, 2**14))
        return h.dataset([2**14, 2**14], b"", layout=chunked([2**14, 2**14, 4], at), parts=[filters(1)])

    return model(kernel=make)


def types():
    def of(type_, width=4, answer=UNSUPPORTED, pattern="", kernel_=None):
        values = (kernel_ or KERNEL)[: 12 * width].ljust(12 * width, b"\0")
        return answer, pattern, model(kernel=lambda h: h.dataset([4, 3], values, type_=type_))

    def number(kind, size, bits=0, offset=0, precision=None):
        return bytes([0x10 | kind, bits, 0, 0]) + struct.pack("<IHH", size, offset, size * 8 if precision is None else precision)

    def real(bits=0x20, sign=31, size=4, offset=0, precision=32, exponent_at=23, exponent=8, mantissa_at=0, mantissa=23, bias=127):
        return bytes([0x11, bits, sign, 0]) + struct.pack("<IHHBBBBI", size, offset, precision, exponent_at, exponent, mantissa_at, mantissa, bias)

    swapped = b"".join(KERNEL[i : i + 4][::-1] for i in range(0, 48, 4))
    big = model(kernel=lambda h: h.dataset([4, 3], swapped, type_=real(0x21)), weights=[], layer_names=[texts("layer_names", [b"x", b"d"])])
    yield Case("I19/big-endian beside little-endian", REFUSED, "byte order", big)
    for name, (answer, pattern, build) in {
        "VAX": of(real(0x60 | 1), pattern="VAX"),
        "odd bias": of(real(bias=100)),
        "odd precision": of(real(precision=30)),
        "exponent and mantissa overlap": of(real(exponent_at=10), answer=REFUSED, pattern="overlap"),
        "exponent outside": of(real(exponent_at=200), answer=REFUSED, pattern="not inside"),
        "mantissa of no bits": of(real(mantissa=0), answer=REFUSED, pattern="not inside"),
        "sign outside": of(real(sign=99), answer=REFUSED, pattern="not inside"),
        "no norm": of(real(0x00)),
        "16 bytes": of(real(size=16, precision=128), 16, pattern="16 bytes"),
        "integers of three bytes": of(number(0, 3, 8), 3, (UNSUPPORTED, REFUSED)),
        "integers of 40000 bits": of(number(0, 4, 8, precision=40000), 4, REFUSED, "not inside"),
        "time": of(bytes([0x12, 0, 0, 0]) + struct.pack("<IH", 4, 32), pattern="class 2"),
        "bits": of(number(4, 4), pattern="class 4"),
        "opaque": of(bytes([0x15, 0, 0, 0]) + struct.pack("<I", 4)),
        "opaque with an endless tag": of(bytes([0x15, 0xF8, 0, 0]) + struct.pack("<I", 4), answer=REFUSED, pattern="past the end"),
        "compound": of(bytes([0x36, 1, 0, 0]) + struct.pack("<I", 4) + b"f\0\0" + F32, pattern="class 6"),
        "array": of(bytes([0x3A, 0, 0, 0]) + struct.pack("<I", 4) + b"\1\1\0\0\0" + F32, pattern="class 10"),
        "lists of any length": of(bytes([0x39, 0, 0, 0]) + struct.pack("<I", 16) + F32, 16, pattern="lists"),
        "text": of(text_type(4)),
        "class 11": of(bytes([0x1B, 0, 0, 0]) + struct.pack("<I", 4), pattern="class 11"),
        "version 0": of(bytes([0x01]) + F32[1:], pattern="version 0"),
        "version 4": of(bytes([0x41]) + F32[1:], pattern="version 4"),
        "no size": of(F32[:4] + bytes(4) + F32[8:], answer=REFUSED, pattern="without a size"),
        "more than the type": of(F32 + b"\0", answer=REFUSED, pattern="longer than"),
        "a type that is cut": of(F32[:-2], answer=REFUSED, pattern="past the end"),
        "an enumeration of floats": of(bytes([0x38, 1, 0, 0]) + struct.pack("<I", 4) + F32 + b"a\0" + bytes(4), answer=REFUSED, pattern="not of integers"),
        "an enumeration without values": of(bytes([0x38, 0, 0, 0]) + struct.pack("<I", 4) + I32, pattern="0 values"),
        "an enumeration in an enumeration": of(bytes([0x38, 1, 0, 0]) + struct.pack("<I", 4) + (bytes([0x38, 1, 0, 0]) + struct.pack("<I", 4)) * 100, answer=REFUSED),
        "text in text in text": of((bytes([0x19, 1, 0, 0]) + struct.pack("<I", 16)) * 1000, 16, REFUSED, "inside each other|bytes"),
    }.items():
        yield Case(f"I19/{name}", answer, pattern, build)


def heap(*objects, size=4096, free=True):
    body = b""
    for index, data in objects:
        body += struct.pack("<HHIQ", index, 1, 0, len(data)) + data.ljust(-(-len(data) // 8) * 8, b"\0")
    left = size - 16 - len(body)
    if free and left >= 16:
        body += struct.pack("<HHIQ", 0, 0, 0, left)
    return (b"GCOL\1\0\0\0" + struct.pack("<Q", size) + body).ljust(size, b"\0")


def reference(length, address, index):
    return struct.pack("<IQI", length, address, index)


def strings():
    def named(*references, collection=None, dims=None):
        def attribute_(h):
            at = h.put(collection) if collection else 0
            values = b"".join(one(at) if callable(one) else one for one in references)
            return attribute("layer_names", VLEN, space([len(references)] if dims is None else dims), values)

        return model(weights=[attribute_], layer_names=[])

    two = heap((1, b"x"), (2, b"d"))
    right = (lambda at: reference(1, at, 1), lambda at: reference(1, at, 2))
    yield Case("I20/right, of any length", DONE, "", named(*right, collection=two))
    for padding in (0, 1, 2):
        type_ = bytes([0x13, padding, 0, 0]) + struct.pack("<I", 2)
        values = b"x d " if padding == 2 else b"x\0d\0"
        yield Case(f"I20/padding {padding}", DONE, "", model(layer_names=[attribute("layer_names", type_, space([2]), values)]))
    yield Case("I20/text without an end", DONE, "", model(layer_names=[attribute("layer_names", bytes([0x13, 0, 0, 0]) + struct.pack("<I", 1), space([2]), b"xd")]))
    yield Case("I20/UTF-8", DONE, "", model(layer_names=[attribute("layer_names", bytes([0x13, 0x11, 0, 0]) + struct.pack("<I", 1), space([2]), b"xd")]))
    yield Case("I20/an unknown padding", UNSUPPORTED, "unknown kind", model(layer_names=[attribute("layer_names", bytes([0x13, 9, 0, 0]) + struct.pack("<I", 1), space([2]), b"xd")]))
    yield Case("I20/text of no size", REFUSED, "without a size", model(layer_names=[attribute("layer_names", bytes([0x13, 1, 0, 0]) + struct.pack("<I", 0), space([2]), b"")]))
    for what, one in {
        "2^31 long": lambda at: reference(2**31, at, 1),
        "longer than in the heap": lambda at: reference(9, at, 1),
        "shorter than in the heap": lambda at: reference(0, at, 1),
        "missing in the heap": lambda at: reference(1, at, 7),
        "number 2^31": lambda at: reference(1, at, 2**31),
        "in a heap that is none": lambda at: reference(1, 48, 1),
        "in a heap past the end": lambda at: reference(1, 2**40, 1),
        "nowhere, but of a length": lambda at: reference(1, 0, 0),
        "the same as another": lambda at: reference(1, at, 2),
    }.items():
        yield Case(f"I20/text {what}", REFUSED, "text|heap|overlaps", named(one, right[1], collection=two))
    yield Case("I20/a heap of texts of 16 bytes", REFUSED, "smaller", named(*right, collection=two[:8] + struct.pack("<Q", 16) + two[16:]))
    yield Case("I20/a heap of texts larger than the file", REFUSED, "past the end", named(*right, collection=two[:8] + struct.pack("<Q", 2**40) + two[16:]))
    yield Case("I20/two texts of one number", REFUSED, "one number", named(*right, collection=heap((1, b"x"), (1, b"d"))))
    yield Case("I20/free room of no size", REFUSED, "free room", named(*right, collection=heap((1, b"x"), (2, b"d"), (0, b""))))
    yield Case("I20/a text past its heap", REFUSED, "past the end of its heap", named(*right, collection=two[:24] + struct.pack("<Q", 2**63) + two[32:]))
    whole, parts = texts("layer_names", [b"x", b"d"]), (texts("layer_names0", [b"x"]), texts("layer_names1", [b"d"]))
    yield Case("I21/in parts", DONE, "", model(layer_names=parts))
    yield Case("I21/whole and in parts", REFUSED, "whole and in parts", model(layer_names=[whole, *parts]))
    yield Case("I21/a part is missing", REFUSED, "", model(layer_names=[texts("layer_names0", [b"x"]), texts("layer_names2", [b"d"])]))
    yield Case("I21/a layer in two parts", REFUSED, "twice", model(layer_names=[texts("layer_names0", [b"x", b"d"]), texts("layer_names1", [b"d"])]))
    yield Case("I21/no names at all", REFUSED, "layer_names is missing", model(layer_names=[text("other", b"x")]))
    yield Case("I22/2^40 names", (REFUSED, LIMIT), "more bytes", model(layer_names=[attribute("layer_names", text_type(1), space([2**40]), b"xd")]))
    yield Case("I22/sizes that overflow", LIMIT, "overflows", model(layer_names=[attribute("layer_names", text_type(1), space([2**40, 2**40]), b"xd")]))
    yield Case("I22/numbers for names", REFUSED, "not text", model(layer_names=[attribute("layer_names", F32, space([2]), bytes(8))]))
    yield Case("I22/no sizes", REFUSED, "", model(layer_names=[attribute("layer_names", text_type(1), bytes([2, 0, 0, 2]), b"")]))
    yield Case("I22/a name that is no list", REFUSED, "", model(layer_names=[text("layer_names", b"x")]))
    yield Case("I22/a size over its largest", REFUSED, "over the largest", model(layer_names=[attribute("layer_names", text_type(1), bytes([2, 1, 1, 1]) + struct.pack("<QQ", 2, 1), b"xd")]))


def cases():
    for group in (superblocks, trees, headers, dense_groups, links, datasets, chunks, types, strings):
        yield from group()
