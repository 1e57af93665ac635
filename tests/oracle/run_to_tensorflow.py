#!/usr/bin/env python3
"""Keras models as TensorFlow graphs, in real TensorFlows.

The nets of nets/ become .keras and .h5 files as in run.py, and those become .pb, .pbtxt, SavedModels and .meta with checkpoints, which
every TensorFlow there is loads: outputs as of the net's own source, as many variables as the Keras model has weights, and a step of
training in a loop of TensorFlow 2. Every Keras restores the checkpoint by its objects. The SavedModel becomes a .keras again: the same layers, the same weights bit by bit. One line per net:
PASS, FAIL or SKIP.

    run_to_tensorflow.py --keraft build/release/keraft [--all] [--only PATTERN]
"""

import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites

TENSORFLOWS = ("tf221", "tf215", "tf115")
NOT_IN_115 = {
    "grouped_alexnet": "no grouped convolutions on CPUs",
    "inverted_residuals": "no grouped convolutions on CPUs",
    "deeplab": "its depthwise convolution has no dilations on CPUs",
}
# What comes back as other layers that compute the same; its weights must still be the same.
OTHER_LAYERS = {
    "attention_pooling/*": "Softmax over an inner axis is written as transposes around one over the last",
    "two_tower/*": "a normalised Dot is written as UnitNormalization and a product",
    "siamese_cosine/*": "a normalised Dot is written as UnitNormalization and a product",
}
# A graph for inference does not have them.
TRAINING_ONLY = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout"}
# Layers of their own, by name in an Activation, or in the layer before.
FUNCTIONS = {"Activation", "ReLU", "LeakyReLU", "Softmax"}
SIGNATURE = "predict"  # of the SavedModels, beside serving_default
# Of checkers/training_call_check.py.
TRAINING_CALLS = ("batch_norm_of_rows", "batch_norm_of_images", "batch_norm_along_rows", "batch_norm_called_twice", "batch_norm_of_a_frozen_part",
                  "batch_norm_in_half_precision", "dropout", "dropout_of_columns", "spatial_dropout", "gaussian_noise", "gaussian_dropout",
                  "alpha_dropout")  # fmt: skip
TARGETS = {"pb": "model.pb", "pbtxt": "model.pbtxt", "meta": "model.meta", "saved_model": "model/"}


def write(keraft, outcome, source, folder):
    """All TensorFlow kinds of a Keras file; what was told of it."""
    files, told = {}, None
    for kind, name in TARGETS.items():
        target = folder / kind / name
        target.parent.mkdir(parents=True)
        # The graph is compared by its readers here, and by keraft for one kind.
        extra = ["--signature", SIGNATURE] if kind == "saved_model" else ["--no-verify"]
        done = suites.keraft(keraft, "convert", source, str(target) + "/" * name.endswith("/"), "--json", *extra)
        if done.returncode:
            outcome.problems.append("to %s: exit %d: %s" % (kind, done.returncode, done.stderr.strip()[:300]))
            continue
        files[kind], told = str(target), json.loads(done.stdout)
    return files, told


def back(keraft, outcome, model, layers, folder):
    """The .keras file that a written SavedModel becomes; nothing when it has other layers."""
    target = folder / "again.keras"
    done = suites.keraft(keraft, "convert", model, target, "--json")
    if done.returncode:
        outcome.problems.append("back: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
        return None
    back = [layer["class"] for layer in json.loads(done.stdout)["layers"]]
    found, wanted = (Counter(layer for layer in side if layer not in TRAINING_ONLY | FUNCTIONS) for side in (back, layers))
    other = any(fnmatch(outcome.case.name, "nets/" + pattern) for pattern in OTHER_LAYERS)
    if (found != wanted) != other:
        more, less = sorted((found - wanted).elements()), sorted((wanted - found).elements())
        outcome.problems.append("back: the same layers, which OTHER_LAYERS denies" if other else "back: layers %s, not %s" % (more, less))
        return None
    return target


def job_of(case, files, told):
    # A shared layer's weights stand with each of its calls.
    weights = {w["variable"]: w["trainable"] for layer in told["layers"] for w in layer["weights"]}
    first = lambda side: [line.split(" ")[0] for line in told["target"][side]]  # noqa: E731
    return {
        "name": case.name, "files": files, "inputs": first("inputs"), "outputs": first("outputs"), "io": str(case.io),
        "tolerance": case.tolerance, "variables": len(weights), "trainable": sum(weights.values()), "signature": SIGNATURE,
    }  # fmt: skip


def training_calls(keraft, only, root):
    """Reports on models whose calls in training are something else than those in use."""
    jobs = [{"name": "training_call/" + name} for name in TRAINING_CALLS if fnmatch("training_call/" + name, only)]
    return run.check_in("training-calls", jobs, root, "tf221", "-m", "checkers.training_call_check", keraft) if jobs else []


def main():
    options = run.parser_of(__doc__, "every source of every net; otherwise one of every third net").parse_args()
    keraft = options.keraft.resolve()
    there = [env for env in TENSORFLOWS if envs.python(env) is not None]
    for env in sorted(set(TENSORFLOWS) - set(there)):
        print("SKIP environment %s: not there; cmake/scripts/oracle_env.sh makes it" % env)
    if "tf221" not in there:
        return run.NOTHING_RUN
    outcomes, failed = {}, 0
    with tempfile.TemporaryDirectory(prefix="to-tensorflow-") as name:
        root, jobs, pairs, restored = Path(name), [], [], []
        for cases, lost in run.some_of("nets", options, 0):
            failed += lost
            for case in cases:
                outcome = outcomes[case.name] = run.Outcome(case)
                kind = run.KINDS[len(outcomes) % 2]
                made = run.convert(keraft, case, root, outcome)
                if kind in made:
                    files, told = write(keraft, outcome, made[kind], made[kind].parent)
                    if files:
                        jobs.append(job_of(case, files, told))
                    modules = [str(path) for path in made[kind].parent.glob("*.py")]
                    # A .keras file does not tell the names that a generated layer has for its weights.
                    if "meta" in files and not (modules and kind == "keras"):
                        restored.append({"name": case.name, "file": str(made[kind]), "prefix": files["meta"][: -len(".meta")], "modules": modules,
                                         "kind": kind})  # fmt: skip
                    if kind == "keras" and "saved_model" in files:
                        layers = [layer["class"] for layer in told["layers"]]
                        again = back(keraft, outcome, files["saved_model"], layers, made[kind].parent)
                        pairs += [{"name": case.name, "files": [str(made[kind]), str(again)]}] if again else []

        def check(env):
            mine = [job for job in jobs if env != "tf115" or job["name"].split("/")[1] not in NOT_IN_115]
            return env, run.check_in(env, mine, root, env, "-m", "checkers.tensorflow_check")

        with ThreadPoolExecutor(run.AT_ONCE) as pool:
            for env, reports in pool.map(check, there):
                for report in reports:
                    outcomes[report["name"]].add(env, report)
                    outcomes[report["name"]].opened.append(env)
        for keras, (env, library, line) in run.KERAS.items():
            mine = [job for job in restored if run.opens(outcomes[job["name"]].case, job["kind"], keras, line, True)]
            if envs.python(env) is not None and mine:
                for report in run.check_in("restored-" + keras, mine, root, env, "-m", "checkers.objects_check", library):
                    outcomes[report["name"]].add("restored in " + keras, report)
        for report in training_calls(keraft, options.only, root):
            outcomes[report["name"]] = outcome = run.Outcome(suites.Case(report["name"], None, [], note="as Keras trains it"))
            outcome.add("tf221", report)
        for report in run.check_in("back", pairs, root, "tf221", "-m", "checkers.weights_check"):
            outcomes[report["name"]].add("back", report)
        for outcome in outcomes.values():
            outcome.case.left = ""
        failed += run.printed(outcomes.values())
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
