"""Opens converted files in a real Keras and tries them: python -m checkers.load_check keras|tf_keras JOBS.json REPORT.json

A job: {"name", "file", "io" (npz of writers.write_io), "tolerance" (of the largest output), "modules" (Python files with generated layers),
"steps" (of "fit", "resave"), "expected" (models as in originals.EXPECTED)}. A report: {"name", "problems", "errors" (by batch), "model"
(describe.py), "expected"}. Files are loaded in safe mode and without custom objects.
"""

import gc
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import traceback

import numpy as np

from checkers.describe import describe, flat


def import_file(path):
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def arrays(io, prefix):
    return [io["%s%d" % (prefix, i)] for i in range(sum(key.startswith(prefix) for key in io.files))]


def batches(io):
    return sorted((key.split("/")[0] for key in io.files if key.endswith("/in0")), key=lambda batch: int(batch[1:]))


def single(tensors):
    """What Keras wants of one tensor: not a list."""
    return tensors if len(tensors) > 1 else tensors[0]


def call(model, inputs):
    outputs = model(single(inputs), training=False)
    return [np.asarray(output) for output in flat(outputs)]


def relative_error(found, wanted):
    """The largest difference as a part of the largest wanted magnitude; infinite where the shapes differ."""
    if [f.shape for f in found] != [w.shape for w in wanted]:
        return float("inf")
    worst = [np.abs(f.astype(np.float64) - w).max() / max(np.abs(w).max(), 1e-30) for f, w in zip(found, wanted)]
    return float(np.nan_to_num(max(worst), nan=np.inf))


def written_model(file):
    """What load() of Python code that keraft wrote gives."""
    spec = importlib.util.spec_from_file_location("written", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def compare_batches(report, job, run, what=""):
    """What `run` makes of the inputs of each batch of the job's io, against its outputs."""
    with np.load(job["io"]) as io:
        for batch in batches(io):
            error = relative_error(run(arrays(io, batch + "/in")), arrays(io, batch + "/out"))
            report["errors"][batch] = error
            if not error <= job["tolerance"]:
                report["problems"].append("%s%s: outputs differ by %.2g of the largest" % (what, batch, error))


def is_statistic(layer, weight):
    """Weights that a training step changes without training them: moving statistics and states of random generators."""
    return layer.__class__.__name__ == "BatchNormalization" or "float" not in str(weight.dtype)


def all_layers(model):
    return model._flatten_layers(include_self=False) if hasattr(model, "_flatten_layers") else model.layers


def fit_problems(keras, model, inputs, outputs):
    """Takes one step towards shifted targets and tells what it should have changed, or not.

    Adam without its epsilon: the gradient of a bias before a BatchNormalization is nothing but rounding, too small for SGD to show.
    """
    layers = list(all_layers(model))
    weights = [(layer, w) for layer in layers for w in layer.weights]
    before = [np.array(w) for _, w in weights]
    scale = max(float(np.abs(y).max()) for y in outputs)
    rng = np.random.RandomState(0)
    targets = [y + scale * rng.choice([-1, 1], y.shape).astype(y.dtype) for y in outputs]
    # Without `metrics` Keras 3.15 keeps those that the model was compiled with.
    model.compile(optimizer=keras.optimizers.Adam(1e-3, epsilon=1e-20), loss="mse", metrics={}, run_eagerly=True)
    # Where chance leaves out a block for whole samples, it may do so for all of a step.
    steps = 4 if any(getattr(layer, "noise_shape", None) for layer in layers) else 1
    model.fit(single(inputs), single(targets), batch_size=len(inputs[0]), epochs=steps, shuffle=False, verbose=0)
    problems = []
    trainable = {id(w) for w in model.trainable_weights}
    for (layer, weight), old in zip(weights, before):
        new = np.array(weight)
        if not np.all(np.isfinite(new)):
            problems.append("fit: %s of %s is not finite" % (weight.name, layer.name))
        elif id(weight) in trainable and np.array_equal(old, new):
            problems.append("fit: trainable %s of %s did not change" % (weight.name, layer.name))
        elif id(weight) not in trainable and not is_statistic(layer, weight) and not np.array_equal(old, new):
            problems.append("fit: %s of %s is not trainable and changed" % (weight.name, layer.name))
    return problems


def cannot_save(keras, model, file):
    """Keras 3.0 watches the lists that it loads, and cannot copy what it watches when it saves an .h5."""
    return (
        keras.__version__.startswith("3.0.") and file.endswith(".h5") and any(getattr(layer, "noise_shape", None) for layer in model.layers)
    )


def resaved_error(keras, model, file, inputs, outputs):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "again" + os.path.splitext(file)[1])
        model.save(path)
        return relative_error(call(keras.models.load_model(path), inputs), outputs)


def full_layers(keras, expected):
    """The expected layers with every argument that they leave at its default."""
    layers = []
    for name, arguments in expected["layers"]:
        if name == "InputLayer":
            config = {"batch_shape": [None, *arguments["shape"]], "dtype": "float32"}
        else:
            config = getattr(keras.layers, name)(**arguments).get_config() if name != "<custom>" else {}
        layers.append({"class_name": name, "config": config})
    return dict(expected, layers=layers)


def check(keras, job):
    for module in job.get("modules", []):
        import_file(module)
    report = {"name": job["name"], "problems": [], "errors": {}}
    model = keras.models.load_model(job["file"])
    report["model"] = describe(model)
    report["expected"] = [full_layers(keras, expected) for expected in job.get("expected", [])]
    with np.load(job["io"]) as io:
        data = {batch: (arrays(io, batch + "/in"), arrays(io, batch + "/out")) for batch in batches(io)}
    for batch, (inputs, outputs) in data.items():
        report["errors"][batch] = relative_error(call(model, inputs), outputs)
    if "resave" in job["steps"] and not cannot_save(keras, model, job["file"]):
        report["errors"]["resaved"] = resaved_error(keras, model, job["file"], *list(data.values())[-1])
    for what, error in report["errors"].items():
        if not error <= job["tolerance"]:
            report["problems"].append("%s: outputs differ by %.2g of the largest" % (what, error))
    if "fit" in job["steps"]:
        report["problems"] += fit_problems(keras, model, *list(data.values())[-1])
    return report


def answer(check, jobs_file, report_file):
    """Reports what `check(job)` says of each job, a line each (envs.read_lines), so that a crash leaves those before it."""
    with open(jobs_file) as file:
        jobs = json.load(file)
    with open(report_file, "w") as out:
        for job in jobs:
            try:
                report = check(job)
            except Exception as error:
                traceback.print_exc()
                report = {"name": job["name"], "problems": ["%s: %s" % (type(error).__name__, str(error)[:1000])], "errors": {}}
            out.write(json.dumps(report, default=str) + "\n")
            out.flush()


def answer_in(library, check, jobs_file, report_file):
    """`answer` with `check(keras, job)`, in a session of its own for each job."""
    keras = importlib.import_module(library)
    if hasattr(gc, "freeze"):
        gc.freeze()  # what the library itself is made of need not be looked through for each job

    def one(job):
        keras.backend.clear_session()
        gc.collect()
        return check(keras, job)

    answer(one, jobs_file, report_file)


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
