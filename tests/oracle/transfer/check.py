"""Opens transferred models in their Keras: python -m transfer.check JOBS.json REPORT.json

A job: {"name", "file", "library", "weights": npz by layer and place, "model": the file of the same model with other weights, or
null}. Every weight is bit-equal to the source's, and so are the outputs to those of the model when Keras gives it these weights."""

import importlib
import io
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np

from checkers.load_check import answer
from transfer.build import leaves


def inputs_of(model):
    rng = np.random.RandomState(3)
    return [rng.uniform(-1, 1, [int(n or 3) for n in tensor.shape]).astype("float32") for tensor in model.inputs]


def outputs(model):
    given = inputs_of(model)
    return np.asarray(model(given if len(given) > 1 else given[0], training=False))


def arrays(path):
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def expected_of(case, folder):
    """The weights of the cases with options, by hand."""
    if case in ("by_order", "by_names"):
        with h5py.File(folder / "ba.h5") as file:
            of = {"a": "b", "b": "a"} if case == "by_order" else {"a": "a", "b": "b"}
            return {
                "%s/%d" % (to, i): np.asarray(file[one][one][leaf])
                for to, one in of.items()
                for i, leaf in enumerate(("kernel:0", "bias:0"))
            }
    if case == "renamed":
        found = arrays(folder / "strangers.npz")
        return {"%s/%d" % (to, i): found[one + leaf] for to, one in (("a", "p"), ("b", "q")) for i, leaf in enumerate(("/kernel", "/bias"))}
    if case == "prefix":
        return {"%s/%s" % ("ab"[int(name[0])], name[2]): value for name, value in arrays(folder / "two.npz").items()}
    if case == "partial":
        with zipfile.ZipFile(folder / "head3.keras") as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            kept = {"head/%d" % i: np.asarray(file["layers/dense_1/vars/%d" % i]) for i in (0, 1)}
        return {**arrays(folder / "head5.npz"), **kept}
    if case == "oihw":
        of = arrays(folder / "torch.npz")
        names = {"norm/0": "weight", "norm/1": "bias", "norm/2": "running_mean", "norm/3": "running_var"}
        wanted = {to: of["features.norm." + name] for to, name in names.items()}
        wanted.update({"conv/0": of["features.conv.weight"].transpose(2, 3, 1, 0), "conv/1": of["features.conv.bias"]})
        wanted.update({"head/0": of["head.weight"].T, "head/1": of["head.bias"]})
        return {name: np.ascontiguousarray(value) for name, value in wanted.items()}
    raise ValueError(case)


def check(job):
    keras = importlib.import_module(job["library"])
    made = keras.models.load_model(job["file"], compile=False)
    wanted = expected_of(job["case"], Path(job["folder"])) if "case" in job else arrays(job["weights"])
    problems = []
    found = {"%s/%d" % (layer.name, i): value for layer in leaves(made) for i, value in enumerate(layer.get_weights())}
    if set(found) != set(wanted):
        problems.append("other weights: %s, %s" % (sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))))
    for name in set(found) & set(wanted):
        if (
            found[name].dtype != wanted[name].dtype
            or found[name].tobytes() != wanted[name].tobytes()
            or found[name].shape != wanted[name].shape
        ):
            problems.append("%s differs" % name)
    if job.get("model") and not problems:
        model = keras.models.load_model(job["model"], compile=False)
        before = outputs(model)
        for layer in leaves(model):
            layer.set_weights([wanted["%s/%d" % (layer.name, i)] for i in range(len(layer.weights))])
        after = outputs(model)
        if np.array_equal(before, after):
            problems.append("the weights do not change the outputs: the case shows nothing")
        if outputs(made).tobytes() != after.tobytes():
            problems.append("outputs differ by %g" % np.abs(outputs(made) - after).max())
    return {"name": job["name"], "problems": problems, "errors": {}}


if __name__ == "__main__":
    answer(check, *sys.argv[1:])
