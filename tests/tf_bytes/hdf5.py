"""HDF5 bytes, written by hand so that every field can be wrong: superblock 2, object headers 2, links as messages."""

import struct

UNDEFINED = 2**64 - 1


def lookup3(data):
    def rot(x, k):
        return (x << k | x >> (32 - k)) & 0xFFFFFFFF

    def word(at):
        return int.from_bytes(data[at : at + 4], "little")

    mask = 0xFFFFFFFF
    a = b = c = (0xDEADBEEF + len(data)) & mask
    while len(data) > 12:
        a, b, c = a + word(0) & mask, b + word(4) & mask, c + word(8) & mask
        a = (a - c & mask) ^ rot(c, 4)
        c = c + b & mask
        b = (b - a & mask) ^ rot(a, 6)
        a = a + c & mask
        c = (c - b & mask) ^ rot(b, 8)
        b = b + a & mask
        a = (a - c & mask) ^ rot(c, 16)
        c = c + b & mask
        b = (b - a & mask) ^ rot(a, 19)
        a = a + c & mask
        c = (c - b & mask) ^ rot(b, 4)
        b = b + a & mask
        data = data[12:]
    if data:
        a, b, c = a + word(0) & mask, b + word(4) & mask, c + word(8) & mask
        c = (c ^ b) - rot(b, 14) & mask
        a = (a ^ c) - rot(c, 11) & mask
        b = (b ^ a) - rot(a, 25) & mask
        c = (c ^ b) - rot(b, 16) & mask
        a = (a ^ c) - rot(c, 4) & mask
        b = (b ^ a) - rot(a, 14) & mask
        c = (c ^ b) - rot(b, 24) & mask
    return c


def summed(data):
    return data + struct.pack("<I", lookup3(data))


def message(kind, body, flags=0):
    return struct.pack("<BHB", kind, len(body), flags) + body


def messages(*parts):
    """An object header."""
    body = b"".join(parts)
    return summed(b"OHDR\x02\x02" + struct.pack("<I", len(body)) + body)


def link(name, address, kind=0, extra=b""):
    name = name if isinstance(name, bytes) else name.encode()
    head = bytes([1, 8 if kind else 0]) + (bytes([kind]) if kind else b"")
    return message(6, head + bytes([len(name)]) + name + (extra if kind else struct.pack("<Q", address)))


LINK_INFO = message(2, bytes([0, 0]) + struct.pack("<QQ", UNDEFINED, UNDEFINED))
F32 = bytes([0x11, 0x20, 31, 0]) + struct.pack("<IHHBBBBI", 4, 0, 32, 23, 8, 0, 23, 127)
F64 = bytes([0x11, 0x20, 63, 0]) + struct.pack("<IHHBBBBI", 8, 0, 64, 52, 11, 0, 52, 1023)
I32 = bytes([0x10, 8, 0, 0]) + struct.pack("<IHH", 4, 0, 32)
VLEN = bytes([0x19, 1, 0, 0]) + struct.pack("<I", 16) + bytes([0x10, 0, 0, 0]) + struct.pack("<IHH", 1, 0, 8)


def text_type(size):
    return bytes([0x13, 1, 0, 0]) + struct.pack("<I", size)


def space(dims=()):
    return bytes([2, len(dims), 0, 1 if dims else 0]) + b"".join(struct.pack("<Q", d) for d in dims)


def attribute(name, type_, space_, data):
    name = name.encode() + b"\0"
    return message(12, bytes([3, 0]) + struct.pack("<HHH", len(name), len(type_), len(space_)) + b"\0" + name + type_ + space_ + data)


def text(name, value):
    return attribute(name, text_type(len(value)), space(), value)


def texts(name, values):
    if not values:
        return attribute(name, F64, space([0]), b"")
    width = max(map(len, values))
    return attribute(name, text_type(width), space([len(values)]), b"".join(v.ljust(width, b"\0") for v in values))


def contiguous(address, size):
    return message(8, bytes([3, 1]) + struct.pack("<QQ", address, size))


FILL = message(5, bytes([3, 0x0A]))


class File:
    def __init__(self):
        self.data = bytearray(48)

    def put(self, data):
        self.data += bytes(-len(self.data) % 8)
        self.data += data
        return len(self.data) - len(data)

    def object(self, *parts):
        return self.put(messages(*parts))

    def group(self, links=(), *parts):
        return self.object(LINK_INFO, *(link(name, at) for name, at in links), *parts)

    def dataset(self, dims, values, *, type_=F32, layout=None, parts=()):
        layout = layout or contiguous(self.put(values), len(values))
        return self.object(message(1, space(dims)), message(3, type_), FILL, layout, *parts)

    def finish(self, root, *, version=2, sizes=(8, 8), flags=0, base=0, extension=UNDEFINED, end=None):
        head = b"\x89HDF\r\n\x1a\n" + bytes([version, *sizes, flags])
        end = len(self.data) if end is None else end
        self.data[:48] = summed(head + struct.pack("<QQQQ", base, extension, end, root))
        return bytes(self.data)
