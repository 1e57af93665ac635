"""Writes the weights of each model in every way, and each model with other weights: python -m transfer.build FOLDER

FOLDER/LIBRARY/MODEL holds the sources, weights.npz (by layer and place) and model.keras, model.h5 with other weights."""

import importlib
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

import transfer
import writers


def leaves(model):
    """Layers with weights, those of models inside in place of these."""
    for layer in model.layers:
        if hasattr(layer, "layers") and hasattr(layer, "inputs"):
            yield from leaves(layer)
        elif layer.weights:
            yield layer


def randomise(model, seed):
    for layer in leaves(model):
        values = []
        for i, (weight, value) in enumerate(zip(layer.weights, layer.get_weights())):
            new = writers.random_weight("%s/%s/%d" % (seed, layer.name, i), value.shape).astype(value.dtype)
            values.append(np.abs(new) + np.float32(0.5) if "variance" in getattr(weight, "path", weight.name) else new)
        layer.set_weights(values)


def named(model):
    """The weights by the names that Keras gives its variables."""
    found = {}
    for layer in leaves(model):
        for weight, value in zip(layer.weights, layer.get_weights()):
            name = getattr(weight, "path", weight.name).split(":")[0]
            found[name if layer.name in name.split("/") else layer.name + "/" + name] = value
    return found


def graph_saver(model, prefix):
    """A checkpoint of TensorFlow 1 by names, with the variables of an optimizer in it."""
    values = named(model)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        for name, value in values.items():
            tf.compat.v1.get_variable("net/" + name, initializer=value, use_resource=False)
            tf.compat.v1.get_variable("net/" + name + "/Adam", initializer=value * 0)
        tf.compat.v1.get_variable("beta1_power", initializer=0.9)
        tf.compat.v1.get_variable("global_step", initializer=np.int64(7))
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, prefix, write_meta_graph=False)


def write_all(library, model, folder):
    model.compile("adam", "mse")
    model.save(folder / "source.keras")
    model.save(folder / "source.h5")
    model.save_weights(str(folder / "source.weights.h5"))
    tf.train.Checkpoint(model=model, step=tf.Variable(3, dtype=tf.int64)).save(str(folder / "objects/ckpt"))
    graph_saver(model, str(folder / "saver.ckpt"))
    np.savez(folder / "plain.npz", *model.get_weights())
    np.savez_compressed(folder / "named.npz", **{name: np.asfortranarray(value) for name, value in named(model).items()})
    if library == "keras":
        model.export(str(folder / "saved_model"), verbose=False)
    else:
        model.save_weights(str(folder / "plain.h5"))
        model.save_weights(str(folder / "weights_tf/ckpt"))
        model.save(str(folder / "saved_model"))


def build(library, name, folder):
    keras = importlib.import_module(library)
    make = getattr(transfer, name)
    keras.backend.clear_session()
    folder.mkdir(parents=True)
    other = make(keras)
    randomise(other, "other")
    for kind in ("keras", "h5"):
        other.save(folder / ("model." + kind))
    # A second model of a process: automatic names have other numbers.
    model = make(keras)
    randomise(model, "source")
    np.savez(folder / "weights.npz", **{"%s/%d" % (layer.name, i): w for layer in leaves(model) for i, w in enumerate(layer.get_weights())})
    write_all(library, model, folder)


def stack(k, names, sizes, start=4):
    made = [k.layers.Input((start,))] + [k.layers.Dense(size, name=name) for name, size in zip(names, sizes)]
    return k.Sequential(made)


def build_others(folder):
    """What is refused, moved in part, under other names, or in PyTorch's layout."""
    import keras
    import tf_keras

    folder.mkdir()
    rng = np.random.RandomState(5)
    stack(keras, "ab", (4, 4)).save(folder / "ab.keras")
    stack(keras, ("stem", "head"), (6, 3)).save(folder / "head3.keras")
    tf_keras.backend.clear_session()
    stack(tf_keras, "ba", (4, 4)).save_weights(str(folder / "ba.h5"))
    head = stack(tf_keras, ("stem", "head"), (6, 5))
    head.save_weights(str(folder / "head5.h5"))
    np.savez(folder / "head5.npz", **{"stem/0": head.layers[0].get_weights()[0], "stem/1": head.layers[0].get_weights()[1]})
    np.savez(
        folder / "strangers.npz",
        **{"%s/%s" % (n, leaf): rng.rand(*dims).astype("f4") for n in ("p", "q") for leaf, dims in (("kernel", (4, 4)), ("bias", (4,)))},
    )
    two = tf.train.Checkpoint(one=stack(tf_keras, "ab", (4, 4)), two=stack(tf_keras, "ab", (4, 4)))
    two.save(str(folder / "two/ckpt"))
    np.savez(
        folder / "two.npz", **{"%d/%d" % (i, j): w for i, layer in enumerate(two.two.layers) for j, w in enumerate(layer.get_weights())}
    )
    torch = {"features.conv.weight": rng.rand(4, 3, 2, 2), "features.conv.bias": rng.rand(4), "features.norm.weight": rng.rand(4),
             "features.norm.bias": rng.rand(4), "features.norm.running_mean": rng.rand(4), "features.norm.running_var": rng.rand(4) + 0.5,
             "features.norm.num_batches_tracked": np.int64(3), "head.weight": rng.rand(4, 4), "head.bias": rng.rand(4)}  # fmt: skip
    np.savez(folder / "torch.npz", **{name: np.asarray(value, "f4" if "num" not in name else "i8") for name, value in torch.items()})
    images = keras.layers.Input((2, 2, 3))
    x = keras.layers.BatchNormalization(name="norm")(keras.layers.Conv2D(4, 2, name="conv")(images))
    keras.Model(images, keras.layers.Dense(4, name="head")(keras.layers.Flatten(name="flat")(x))).save(folder / "torch.keras")


if __name__ == "__main__":
    root = Path(sys.argv[1])
    for library in transfer.LIBRARIES:
        for name, libraries in transfer.MODELS.items():
            if library in libraries:
                build(library, name, root / library / name)
    build_others(root / "others")
    (root / "done").touch()
