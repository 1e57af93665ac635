#!/usr/bin/env python3
"""Training goes on in Keras where TensorFlow stopped.

Nets are trained by TensorFlow in graph mode and saved as .meta + checkpoint, or by Keras 2 and saved as SavedModels with metadata;
`keraft convert --train` makes .keras and .h5; every Keras there is takes the next steps on the same batches. Their losses must be TensorFlow's own. One line per case: PASS, FAIL or SKIP.

    run_training.py --keraft build/release/keraft [--all] [--only PATTERN] [--keep FOLDER]
"""

import json
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites
import training
from run import KERAS, NOTHING_RUN
from training.expected import CHECKS, SAVED_CHECKS

TOLERANCE = 1e-4
# name → kind, options of convert, which Keras continue
FORMS = {
    "keras": ("keras", [], tuple(KERAS)),
    "keras-3": ("keras", ["--keras", "3"], ("keras3.15", "keras3.0.5")),
    "keras-2": ("keras", ["--keras", "2"], ("tf_keras2.21", "keras2.15")),
    "h5": ("h5", [], tuple(KERAS)),
    "h5-3": ("h5", ["--keras", "3"], ("keras3.15", "keras3.0.5")),
    "h5-2": ("h5", ["--keras", "2"], ("tf_keras2.21", "keras2.15")),
}
# Only Keras 2 goes on from an optimizer's state in an .h5; the others start anew from the same weights.
ANEW = ("h5", "h5-3")
SPREAD = ("adam", "resource_momentum", "regularized", "keras_adam", "schedule", "two_outputs", "old_rmsprop_plain", "repeated", "custom_loss")
# What keraft says of nets that it cannot compile
NOT_COMPILED = {"custom_loss": "no card knows the loss mine"}
# It trains layers that a file says not to train, also in files of its own: its optimizer has other variables.
CANNOT = {"repeated": "keras3.0.5"}


def sources(root, only, nets):
    """(producer/net, folder) of every net that could be trained, of these if any are named, and the producers that are missing."""
    found, missing = [], []
    for producer, env in {**training.PRODUCERS, **training.SAVING}.items():
        if envs.python(env) is None:
            missing.append("%s: no environment %s" % (producer, env))
            continue
        done = envs.run(env, "-m", "training.saved" if producer in training.SAVING else "training.train", root / producer, *nets, check=False)
        if done.returncode:
            missing.append("%s: %s" % (producer, done.stderr[-600:]))
        folders = sorted(path for path in (root / producer).glob("*") if (path / "data.npz").exists())
        found += [("%s/%s" % (producer, path.name), path) for path in folders if not nets or path.name in nets]
    return [one for one in found if fnmatch(one[0], only)], missing


def convert(keraft, name, source, folder, problems):
    made = {}
    for form, (kind, options, _) in FORMS.items():
        target = folder / name.replace("/", "-") / form / ("model." + kind)
        target.parent.mkdir(parents=True)
        done = suites.keraft(keraft, "convert", source / "model.meta" if (source / "model.meta").exists() else source / "model", target, "--train", "--json", *options)
        if done.returncode:
            problems.append("%s: exit %d: %s" % (form, done.returncode, done.stderr.strip()[:400]))
            continue
        (target.parent / "report.json").write_text(done.stdout)
        why = NOT_COMPILED.get(name.split("/")[1])
        if why:
            if why not in done.stdout:
                problems.append("%s: the report does not say why it is not compiled" % form)
            continue
        made[form] = target
        told = any("starts anew" in json.dumps(one) for one in json.loads(done.stdout)["lossy"])
        if told != (form in ANEW):
            problems.append("%s: the report %s that training starts anew" % (form, "says" if told else "does not say"))
        check = (SAVED_CHECKS if name.split("/")[0] in training.SAVING else CHECKS).get(name.split("/")[1])
        if check and form == "keras":
            problems += check(json.loads(done.stdout), target)
    return made


def main():
    parser = run.parser_of(__doc__, "all nets; without it a spread of them")
    parser.add_argument("--keep", type=Path, help="keep converted files and reports in this folder")
    options = parser.parse_args()
    cases, missing = sources(envs.models_folder("training"), options.only, () if options.all or options.only != "*" else SPREAD)
    for text in missing:
        print(("SKIP " if "no environment" in text else "FAIL ") + text)
    if not cases:
        return 1 if any("no environment" not in text for text in missing) else NOTHING_RUN
    folder = options.keep or Path(tempfile.mkdtemp(prefix="training-"))
    problems = {name: [] for name, _ in cases}
    worst = {name: 0.0 for name, _ in cases}
    went = {name: 0 for name, _ in cases}
    made = {name: convert(options.keraft.resolve(), name, source, folder, problems[name]) for name, source in cases}
    for keras, (env, library, _) in KERAS.items():
        jobs = [
            {"name": "%s %s" % (name, form), "file": str(file), "data": str(source / "data.npz"), "tolerance": TOLERANCE, "anew": form in ANEW,
             "fresh": name.endswith("/fresh"), "traced": options.all or name == "tf221/adam"}  # fmt: skip
            for name, source in cases
            for form, file in made[name].items()
            if keras in FORMS[form][2] and CANNOT.get(name.split("/")[1]) != keras
        ]
        if envs.python(env) is None or not jobs:
            continue
        for one in run.check_in(keras, jobs, folder, env, "-m", "training.resume", library):
            name, form = one["name"].split(" ")
            problems[name] += ["%s in %s: %s" % (form, keras, problem) for problem in one["problems"]]
            worst[name] = max(worst[name], one.get("error") or 0)
            went[name] += 1
    failed = run.say(problems, "training/", lambda name: "%d continuations, losses within %.1e" % (went[name], worst[name]))
    if not options.keep:
        suites.remove(folder)
    return min(1, failed + sum("no environment" not in text for text in missing))


if __name__ == "__main__":
    sys.exit(main())
