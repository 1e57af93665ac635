"""Runs Keras code that keraft wrote: python -m checkers.python_check keras REPORT-JOBS.json REPORT.json

A job: {"name", "file" (a .py with its .npz beside it), "io", "tolerance", "layers" (name → class, of what the model was written from),
"model" (a file that this Keras loads, of which the code must make each layer with its config; or null)}.
"""

import json
import sys

from checkers.describe import describe
from checkers.load_check import answer_in, call, compare_batches, written_model


def layer_problems(model, wanted):
    """Layers of other names or classes than these; operations have classes of their own."""
    found = {layer.name: type(layer).__name__ for layer in model.layers}
    problems = ["%s is %s, should be %s" % (name, found.get(name), cls) for name, cls in wanted.items() if found.get(name) != cls]
    return problems + ["%s is one too many" % name for name, cls in found.items() if cls in wanted.values() and name not in wanted]


def told_layers(model):
    """{name: what describe tells}; where an input or an operation is read, nothing of how that is called."""
    layers = {layer["name"]: layer for layer in describe(model)["layers"] if layer["kind"] == "layer" and layer["inputs"]}

    def parents(layer):
        return [[parent if parent[0] in layers else None for parent in call] for call in layer["inputs"]]

    return {name: dict(layer, inputs=parents(layer)) for name, layer in layers.items()}


def config_problems(model, original):
    """Layers whose config, weights or inputs are not those of the original."""
    found, wanted = told_layers(model), told_layers(original)
    told = {name: [json.dumps(one.get(name), sort_keys=True, default=str) for one in (found, wanted)] for name in wanted}
    return ["%s: %s, should be %s" % (name, *both) for name, both in told.items() if both[0] != both[1]]


def check(keras, job):
    report = {"name": job["name"], "problems": [], "errors": {}}
    model = written_model(job["file"])
    report["problems"] += layer_problems(model, job["layers"])
    if job["model"]:
        report["problems"] += config_problems(model, keras.models.load_model(job["model"], compile=False))
    compare_batches(report, job, lambda inputs: call(model, inputs))
    return report


if __name__ == "__main__":
    answer_in(sys.argv[1], check, *sys.argv[2:])
