#!/usr/bin/env python3
"""Keras files in, Keras files out.

Each model of keras_files/ is saved by the Keras versions that have its layers, as .keras and .h5; keraft converts the files to both kinds, and
real Keras opens what came out: the weights must be the same to the bit, the configs entry by entry, the outputs to a few ulp. What the doctor
says of the files must be so, with a reason that Keras gives too. The models are saved once and kept. One line per case: PASS, FAIL or SKIP.

    run_keras_files.py --keraft build/release/keraft [--only PATTERN] [--all]

Without --all each file becomes one of the other kind, and is opened in one Keras, in turn.
"""

import itertools
import json
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import envs
import suites
from checkers.compare_entries import differences
from keras_files import COUNTS, MODELS, NOT_SAVED, TOLERANCES, UNLOADABLE
from run import AT_ONCE, KERAS, KINDS, NOTHING_RUN, check_in, parser_of, say

# The doctor's names of them.
VERSIONS = {"keras3.15": "3.15", "keras3.0.5": "3.0", "tf_keras2.21": "2.21", "keras2.15": "2.15"}
DOCTORED = tuple(VERSIONS)
TOLERANCE = 2e-6  # of the largest output: the versions of TensorFlow themselves are as far apart


def openers(lines):
    """The Keras versions that must open a model's files."""
    return [keras for keras, (_, _, line) in KERAS.items() if line in lines.split() or (lines.endswith("3.15") and keras == "keras3.15")]


def build(folder, names, env, *command):
    """Makes what is missing of `names` in a folder; `command` builds models in it."""
    missing = [name for name in names if not (folder / name / "done").exists()]
    for name in missing:
        suites.remove(folder / name)
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        envs.run(env, *command, folder, *missing, check=False)


def saved(folder, producer, names):
    env, library, _ = KERAS[producer]
    build(folder / producer, names, env, "-m", "keras_files.build", library)


def convert(program, producer, name, folder, out, everything):
    """Converts a model's files; returns what is wrong, and the files."""
    problems, files = [], []
    runs = MODELS[name][2]
    for source, kind in itertools.product(KINDS, KINDS):
        if name in NOT_SAVED.get((producer, source), ()):
            continue
        if not (folder / ("model." + source)).exists():
            problems.append("no %s was saved" % source)
            continue
        if source == kind and not everything:
            continue
        target = out / ("%s-%s-%s.%s" % (producer, name, source, kind))
        made = suites.keraft(program, "convert", folder / ("model." + source), target, "--json")
        what = "%s to %s" % (source, kind)
        if made.returncode:
            problems.append("%s: exit %d: %s" % (what, made.returncode, made.stderr))
            continue
        report = json.loads(made.stdout)
        skipped = any(line["where"] == "verification" for line in report["lossy"])
        if skipped == runs:
            problems.append("%s: %s" % (what, report["lossy"]))
        files.append((what, target))
    return problems, files


def verdicts(program, producer, name, folder, everything, turn):
    """What the doctor says of the files that Keras wrote: (keras, job) for each to be tried; and what is wrong with it."""
    jobs, problems, number = [], [], next(turn)
    for kind in KINDS if everything else [KINDS[number % len(KINDS)]]:
        file = folder / ("model." + kind)
        if not file.exists() or (producer, kind, name) in UNLOADABLE:
            continue
        told = suites.keraft(program, "doctor", file, "--json")
        if told.returncode:
            problems.append("doctor: exit %d: %s" % (told.returncode, told.stderr))
            continue
        says = {one["keras"]: one for one in json.loads(told.stdout)["versions"]}
        for keras in DOCTORED if everything else [DOCTORED[number // len(KINDS) % len(DOCTORED)]]:
            one = says[VERSIONS[keras]]
            words = sorted({word for reason in one["reasons"] for word in re.findall("'([^']+)'", reason["what"])} | {one["where"].split("/")[-1] for one in one["reasons"]})
            jobs.append((keras, {"name": "%s/%s" % (producer, name), "what": "doctor of " + kind, "file": str(file), "loads": one["loads"], "words": words}))
    return jobs, problems


def told_of(job):
    return envs.read_json(Path(job["folder"]) / "model.json")


def check(keras, jobs, root, wanted=told_of):
    """(job, what is wrong with its file) for each; `wanted`: the layers that a job's file must have."""
    env, library, _ = KERAS[keras]
    for job, report in zip(jobs, check_in(keras, jobs, root, env, "-m", "checkers.keras_file_check", library)):
        if "model" in report and "loads" not in job:
            report["problems"] += differences(report["model"], wanted(job))
        yield job, report["problems"]


def main():
    options = parser_of(__doc__, "every kind from every kind, opened in every Keras").parse_args()
    folder, problems, jobs, turn, looks = envs.models_folder("keras_files"), {}, {keras: [] for keras in KERAS}, itertools.count(), itertools.count()
    wanted = {
        producer: [name for name, (by, _, _) in MODELS.items() if producer in by and fnmatch("%s/%s" % (producer, name), options.only)]
        for producer, (env, _, _) in KERAS.items()
        if envs.python(env)
    }
    if not wanted:
        return NOTHING_RUN
    with tempfile.TemporaryDirectory(prefix="keras-files-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        root = Path(name)
        list(pool.map(lambda item: saved(folder, *item), wanted.items()))
        for producer, names in wanted.items():
            for model in names:
                case, source = "%s/%s" % (producer, model), folder / producer / model
                if not (source / "done").exists():
                    problems[case] = ["not built: %s" % (source / "error.txt").read_text() if (source / "error.txt").exists() else "not built"]
                    continue
                asked, said = verdicts(options.keraft.resolve(), producer, model, source, options.all, looks)
                for keras, job in asked:
                    if keras in wanted:
                        jobs[keras].append(job)
                problems[case], files = convert(options.keraft.resolve(), producer, model, source, root, options.all)
                problems[case] += said
                for what, file in files:
                    fitting = [keras for keras in openers(MODELS[model][1]) if keras in wanted]
                    chosen = fitting if options.all or not fitting else [fitting[next(turn) % len(fitting)]]
                    for keras in chosen:
                        jobs[keras].append({"name": case, "what": what, "file": str(file), "folder": str(source), "tolerance": TOLERANCES.get(model, TOLERANCE),
                                             "counts": COUNTS.get(model, ())})  # fmt: skip
        for keras, answers in zip(jobs, pool.map(lambda item: list(check(*item, root)) if item[1] else [], jobs.items())):
            for job, wrong in answers:
                problems[job["name"]] += ["%s in %s: %s" % (job["what"], keras, one) for one in wrong]
    failed = say(problems)
    print("%d models, %d files opened" % (len(problems), sum(map(len, jobs.values()))))
    return min(1, failed)


if __name__ == "__main__":
    sys.exit(main())
