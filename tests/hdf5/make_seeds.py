"""Writes the seeds of the fuzz target hdf5 that h5py makes: groups, texts, chunks, attributes and types in old and new layouts.

usage: make_seeds.py FOLDER    in a Python with h5py 3 on HDF5 1.10 to 1.14
"""

import sys

import h5py
import numpy as np

rng = np.random.default_rng(1)


def config(f):
    f.attrs["model_config"] = np.bytes_(b"{}")
    f.attrs["layer_names"] = np.array([b"a", b"bb"])


def groups(f):
    config(f)
    for i in range(12):
        f.create_group(f"g{i}")
    f["g1"].create_dataset("w", data=np.arange(6, dtype="f4").reshape(2, 3))
    f["g1"].attrs["weight_names"] = []
    f["g2"]["again"] = f["g1/w"]


def vlen(f):
    f.attrs["model_config"] = "hello"
    f.attrs["layer_names"] = ["x", "yy", ""]


def values():
    return rng.normal(size=(5, 4)).astype("f4")


def chunks(f):
    config(f)
    f.create_dataset("w", data=values(), chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)


def plain(f):
    f.create_dataset("w", data=values(), chunks=(2, 3))


def single(f):
    f.create_dataset("w", data=values(), chunks=(5, 4), compression="gzip")


def attrs(f):
    for i in range(10):
        f.attrs[f"n{i}"] = i
    f.attrs["big"] = np.bytes_(b"z" * 5000)


def types(f):
    f["h"], f["b"], f["d"], f["s"] = np.ones(3, "f2"), np.array([True, False]), np.ones(2), np.float32(1)
    f.create_dataset("v", data=np.ones(3, "V2")).attrs["dtype"] = "bfloat16"
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    stored = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((3,)), compact)
    stored.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ones(3, "f4"))


def main():
    def write(name, libver, body, **options):
        with h5py.File(f"{sys.argv[1]}/seed_{name}", "w", libver=libver, **options) as f:
            body(f)

    for libver in ("earliest", "v110"):
        for body in (groups, vlen, chunks, plain, single, attrs, types):
            write(f"{body.__name__}_{libver}", libver, body)
    write("order", "v110", groups, track_order=True)
    write("attrs_order", "v110", attrs, track_order=True)
    write("user", "earliest", vlen, userblock_size=512)


if __name__ == "__main__":
    main()
