#!/usr/bin/env python3
"""keraft transfer against real TensorFlow and Keras.

They write the weights of models in every way that they have, `keraft transfer` puts them into files of the same models with other
weights, and Keras opens the results: every weight and the outputs are bit-equal. Then what must be refused, or goes in part.

    run_transfer.py --keraft build/release/keraft [--all] [--only PATTERN] [--keep FOLDER]
"""

import json
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites
import transfer

ENV = "tf221"
BOTH = {
    "keras": "source.keras", "h5": "source.h5", "weights.h5": "source.weights.h5", "objects": "objects/ckpt-1", "saver": "saver.ckpt",
    "npz": "plain.npz", "named_npz": "named.npz", "saved_model": "saved_model",
}  # fmt: skip
SOURCES = {"keras": BOTH, "tf_keras": {**BOTH, "plain.h5": "plain.h5", "tf": "weights_tf/ckpt"}}


def sources():
    folder = envs.models_folder("transfer")
    if not (folder / "done").exists():
        suites.remove(folder)
        envs.run(ENV, "-m", "transfer.build", folder)
    return folder


def cases(folder):
    """(name, weights file, model file, OUT's name, library that opens OUT, expected weights, is it one of the spread)"""
    for writer, kinds in SOURCES.items():
        for model, libraries in transfer.MODELS.items():
            if writer not in libraries:
                continue
            own = folder / writer / model
            for number, (kind, file) in enumerate(sorted(kinds.items())):
                for reader in libraries:
                    ending = ("keras", "h5")[(number + (reader != writer)) % 2]
                    target = folder / reader / model / ("model." + ending)
                    chosen = (number + (writer == "keras")) % 2 == libraries.index(reader) or len(libraries) == 1
                    name = "%s/%s/%s-%s" % (model, writer, kind, reader)
                    yield name, own / file, target, "out." + ending, reader, own / "weights.npz", chosen


# name → sources, options, exit code, what stderr or the report must say, expected weights
def others(folder):
    ab, head = folder / "ab.keras", folder / "head3.keras"
    yield "contradiction", folder / "ba.h5", ab, [], 3, ["contradict", "--by order"], None
    yield "by_order", folder / "ba.h5", ab, ["--by", "order"], 0, [], None
    yield "by_names", folder / "ba.h5", ab, ["--by", "names"], 0, [], None
    yield "ambiguous", folder / "strangers.npz", ab, [], 3, ["ambiguous", "'p'", "'q'"], None
    yield "renamed", folder / "strangers.npz", ab, ["--rename", "p=a", "--rename", "q=b"], 0, ["p/kernel"], None
    yield "rename_nothing", folder / "strangers.npz", ab, ["--rename", "zz=a"], 2, ["zz"], None
    yield "wrong_sizes", folder / "head5.h5", head, [], 3, ["head/kernel", "[6, 3]", "[6, 5]"], None
    yield "partial", folder / "head5.h5", head, ["--partial"], 0, ["head/kernel", "keeps the model's values"], folder / "head5.npz"
    yield "two_models", folder / "two/ckpt-1", ab, [], 3, ["ambiguous"], None
    yield "prefix", folder / "two/ckpt-1", ab, ["--prefix", "two"], 0, ["one/"], None
    yield "prefix_nothing", folder / "two/ckpt-1", ab, ["--prefix", "three"], 2, ["three"], None
    yield "oihw", folder / "torch.npz", folder / "torch.keras", ["--layout", "oihw"], 0, ["outputs first"], None
    yield "no_layout", folder / "torch.npz", folder / "torch.keras", [], 3, ["features.conv.weight", "[4, 3, 2, 2]"], None


def put(keraft, weights, model, out, *options):
    return suites.keraft(keraft, "transfer", weights, model, out, "--json", *options)


def main():
    parser = run.parser_of(__doc__, "each source into the files of both Keras, not one of them")
    parser.add_argument("--keep", type=Path, help="keep the written files in this folder")
    options = parser.parse_args()
    if envs.python(ENV) is None:
        print("SKIP no environment " + ENV)
        return run.NOTHING_RUN
    folder = sources()
    out = options.keep or Path(tempfile.mkdtemp(prefix="transfer-"))
    problems, jobs = {}, []
    for name, weights, model, ending, reader, expected, chosen in cases(folder):
        if not fnmatch(name, options.only) or not (chosen or options.all or options.only != "*"):
            continue
        target = out / name / ending
        target.parent.mkdir(parents=True)
        done = put(options.keraft.resolve(), weights, model, target)
        problems[name] = []
        if done.returncode:
            problems[name].append("exit %d: %s" % (done.returncode, done.stderr.strip()[:600]))
            continue
        report = json.loads(done.stdout)
        if report["unused_variables"]:
            problems[name].append("unused: %s" % report["unused_variables"])
        if not all(w["variable"] and w["evidence"] for layer in report["layers"] for w in layer["weights"]):
            problems[name].append("a weight without its source or evidence")
        jobs.append({"name": name, "file": str(target), "library": reader, "weights": str(expected), "model": str(model)})
    for name, weights, model, more, code, said, expected in others(folder / "others"):
        if not fnmatch("others/" + name, options.only):
            continue
        target = out / "others" / name / "out.keras"
        target.parent.mkdir(parents=True)
        done = put(options.keraft.resolve(), weights, model, target, *more)
        found = problems["others/" + name] = []
        if done.returncode != code:
            found.append("exit %d, not %d: %s" % (done.returncode, code, done.stderr.strip()[:600]))
        if target.exists() != (code == 0):
            found.append("the file is %s" % ("there" if target.exists() else "missing"))
        found += ["'%s' is not said" % text for text in said if text not in done.stderr + done.stdout]
        if code == 0 and not found:
            jobs.append(
                {
                    "name": "others/" + name,
                    "file": str(target),
                    "library": "keras",
                    "case": name,
                    "folder": str(folder / "others"),
                    "model": None,
                }
            )
    for one in run.check_in("transfer", jobs, out, ENV, "-m", "transfer.check"):
        problems[one["name"]] += one["problems"]
    if not options.keep:
        suites.remove(out)
    return min(1, run.say(problems, "transfer/")) if problems else run.NOTHING_RUN


if __name__ == "__main__":
    sys.exit(main())
