"""TensorFlow checkpoints, V2, written block by block, with every field open to a wrong value."""

import struct

from .proto import fixed32, number, shape, text, varint


def _table():
    out = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        out.append(crc)
    return out


_TABLE = _table()
MAGIC = bytes.fromhex("57fb808b247547db")


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _times(matrix, vector):
    out, i = 0, 0
    while vector:
        if vector & 1:
            out ^= matrix[i]
        vector >>= 1
        i += 1
    return out


def crc32c_zeros(count):
    """The sum of `count` zero bytes, in time of the logarithm of count."""
    step = [0x82F63B78] + [1 << i for i in range(31)]
    for _ in range(3):
        step = [_times(step, column) for column in step]
    crc, matrix = 0xFFFFFFFF, step
    while count:
        if count & 1:
            crc = _times(matrix, crc)
        matrix = [_times(matrix, column) for column in matrix]
        count >>= 1
    return crc ^ 0xFFFFFFFF


def masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def header(shards=1, big_endian=False, min_consumer=0):
    version = number(1, 1) + (number(2, min_consumer) if min_consumer else b"")
    return number(1, shards) + (number(2, 1) if big_endian else b"") + text(3, version)


def entry(dtype, dims, offset, size, crc, shard=0, slices=b"", shape_bytes=None):
    """`crc` is the plain sum; BundleEntryProto with proto3's rule that zeros are left out."""
    out = number(1, dtype) + text(2, shape(dims) if shape_bytes is None else shape_bytes)
    for field, value in ((3, shard), (4, offset), (5, size)):
        out += number(field, value) if value else b""
    return out + (fixed32(6, masked(crc)) if crc is not None else b"") + slices


def record(shared, key, value):
    return varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value


def contents(pairs, restarts=(0,), tail=None):
    body = b"".join(record(0, key, value) for key, value in pairs)
    if tail is None:
        tail = b"".join(struct.pack("<I", one) for one in restarts) + struct.pack("<I", len(restarts))
    return body + tail


class Index:
    """The .index file; blocks are appended one by one."""

    def __init__(self):
        self.bytes = b""

    def block(self, data, kind=0, crc=None):
        """Appends a block and gives its handle."""
        handle = varint(len(self.bytes)) + varint(len(data))
        body = data + bytes([kind])
        self.bytes += body + struct.pack("<I", masked(crc32c(body)) if crc is None else crc)
        return handle

    def finish(self, handles, meta=None, magic=MAGIC):
        """`handles`: (last key, handle of the data block)."""
        meta = self.block(contents([])) if meta is None else meta
        top = self.block(contents(handles))
        return self.bytes + (meta + top).ljust(40, b"\0") + magic


def index(pairs, kind=0, crc=None):
    """A whole .index of one data block; `pairs` are sorted (key, value) with the header first."""
    out = Index()
    last = pairs[-1][0] if pairs else b""
    return out.finish([(last, out.block(contents(pairs), kind, crc))])


class Writer:
    """A checkpoint of tensors that lie in one shard; each step can be replaced before `index` is made."""

    def __init__(self):
        self.entries, self.data = {}, b""

    def add(self, key, dtype, dims, contents_, **changed):
        fields = dict(offset=len(self.data), size=len(contents_), crc=crc32c(contents_))
        fields.update(changed)
        self.entries[key.encode() if isinstance(key, str) else key] = entry(dtype, dims, **fields)
        self.data += contents_
        return self

    def add_string(self, key, value):
        """A scalar string tensor, as the object graph is stored."""
        value = value.encode() if isinstance(value, str) else value
        check = struct.pack("<I", masked(crc32c(struct.pack("<I", len(value)))))
        fed = struct.pack("<I", len(value)) + check + value
        return self.add(key, 7, [], varint(len(value)) + check + value, crc=crc32c(fed))

    def pairs(self, head=None):
        return [(b"", header() if head is None else head), *sorted(self.entries.items())]

    def write(self, prefix, head=None):
        with open(prefix + ".index", "wb") as out:
            out.write(index(self.pairs(head)))
        with open(prefix + ".data-00000-of-00001", "wb") as out:
            out.write(self.data)
