"""Writes the small files whose every byte tests/hdf5/damage.cpp changes, each as another writer lays it out.

usage: make_files.py FOLDER WHAT    in the Python of that writer: keras1 (TensorFlow 1.15), keras3, then packed and
latest, or keraft (needs KERAFT in the environment)
"""

import os
import subprocess
import sys
from pathlib import Path


def model(keras):
    x = keras.Input((5, 4, 1), name="x")
    y = keras.layers.Conv2D(2, (3, 2), activation="relu", name="conv")(x)
    y = keras.layers.BatchNormalization(name="norm")(y)
    y = keras.layers.Flatten(name="flat")(y)
    out = keras.Model(x, keras.layers.Dense(3, activation="softmax", name="dense")(y), name="net")
    import numpy as np

    rng = np.random.default_rng(7)
    out.set_weights([rng.uniform(0.1, 1, w.shape).astype("float32") for w in out.get_weights()])
    return out


def copy(source, target, libver, order, **dataset):
    """The same model in another layout; attributes beside those of Keras make their storage dense."""
    import h5py

    def walk(old, new):
        for key in old.attrs:
            new.attrs[key] = old.attrs[key]
        for key, item in old.items():
            if isinstance(item, h5py.Group):
                walk(item, new.create_group(key, track_order=order) if order else new.create_group(key))
            else:
                options = dataset if item.shape else {}
                if options.get("chunks") == "half":
                    options = {**options, "chunks": tuple(max(1, (n + 1) // 2) for n in item.shape)}
                new.create_dataset(key, data=item[()], **options)

    with h5py.File(source, "r") as old, h5py.File(target, "w", libver=libver, track_order=order) as new:
        walk(old, new)
        if order:
            for i in range(10):
                new["model_weights"].attrs["note%d" % i] = i
                new.create_group("more/group%d" % i)


def main():
    folder, what = Path(sys.argv[1]), sys.argv[2]
    if what == "keras1":
        from tensorflow import keras

        model(keras).save(str(folder / "tf115.h5"))
    elif what == "keras3":
        import keras

        model(keras).save(folder / "keras3.h5")
        model(keras).save(folder / "keras3.keras")
    elif what == "packed":
        copy(folder / "keras3.h5", folder / "packed.h5", "earliest", False, chunks="half", compression="gzip", shuffle=True, fletcher32=True)
    elif what == "latest":
        copy(folder / "keras3.h5", folder / "latest.h5", "v110", True, chunks="half")
    elif what == "keraft":
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        from bad.cases import protobuf

        (folder / "in.pb").write_bytes(protobuf.dense())
        subprocess.run([os.environ["KERAFT"], "convert", str(folder / "in.pb"), str(folder / "keraft.h5"), "--quiet"], check=True)
        (folder / "in.pb").unlink()


if __name__ == "__main__":
    main()
