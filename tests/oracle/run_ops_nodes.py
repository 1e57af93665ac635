#!/usr/bin/env python3
"""Graphs of odd ops (ops_nodes) become .keras and .h5 files that every Keras opens in safe mode, with TensorFlow's outputs.

    run_ops_nodes.py --keraft build/release/keraft [--only 'split*'] [--keep FOLDER]

Exit code 1 if anything failed, 77 without the environments.
"""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import envs
from run import AT_ONCE, NOTHING_RUN, check_in, parser_of, say

KERAS = {"keras3.15": ("tf221", "keras", "keras"), "keras3.0.5": ("k305", "keras", "keras")}
# Where Keras 2 has no form of an operation.
KERAS["keras3.15 h5"] = ("tf221", "keras", "h5")
KERAS["tf_keras2.21"] = ("tf221", "tf_keras", "h5")
KERAS["keras2.15"] = ("tf215", "keras", "h5")
# Layers in files that this Keras writes itself and then refuses to read.
NO_RESAVE = {"keras3.0.5": {"Dot"}}
TOLERANCE = 1e-5


def convert(keraft, source, target, *args):
    target.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([keraft, "convert", source, target, "--json", *args], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None, done.stderr


def jobs(folder, names, kind, label):
    out = []
    wants3 = label.startswith("keras3")
    for name in names:
        file = folder / name / kind / ("model." + kind)
        if not file.exists():
            continue
        written = envs.read_json(folder / name / kind / "written.json")
        if kind == "h5" and wants3 == ("2.15" in written["keras"]):
            continue
        steps = [] if kind == "h5" and wants3 or NO_RESAVE.get(label, set()) & set(written["classes"]) else ["resave"]
        out.append({"name": name, "file": str(file), "io": str(folder / name / "io.npz"), "tolerance": TOLERANCE,
                    "modules": [str(m) for m in file.parent.glob("*.py")], "steps": steps})
    return out


def converted(keraft, folder, names, problems):
    for name, tier in names.items():
        source = folder / name / "graph.pb"
        for kind in ("keras", "h5"):
            # Generated layers need Keras 3.
            if tier == "custom" and kind == "h5":
                continue
            args = ["--allow", "ops"] if tier == "ops" else []
            report, errors = convert(keraft, source, folder / name / kind / ("model." + kind), *args)
            if report is None:
                problems[name].append("%s: %s" % (kind, " ".join(errors.split())[:300]))
                continue
            written = {"classes": [layer["class"] for layer in report["layers"]], "keras": report["target"]["keras"]}
            (folder / name / kind / "written.json").write_text(json.dumps(written))
            if tier == "custom" and not any(layer["how"] == "custom" for layer in report["layers"]):
                problems[name].append("%s: no generated layer" % kind)


def run(options, folder):
    envs.run("tf221", "-m", "ops_nodes.build", folder)
    names = {n: tier for n, tier in envs.read_json(folder / "cases.json").items() if fnmatch(n, options.only)}
    problems = {name: [] for name in names}
    converted(options.keraft.resolve(), folder, names, problems)
    checks = []
    for label, (env, library, kind) in KERAS.items():
        wanted = jobs(folder, names, kind, label)
        if envs.python(env) is not None and wanted:
            checks.append((label, wanted, folder, env, "-m", "checkers.load_check", library))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for check, reports in zip(checks, pool.map(lambda check: check_in(*check), checks)):
            for report in reports:
                problems[report["name"]] += ["%s: %s" % (check[0], " ".join(p.split())[:300]) for p in report["problems"]]
    failed = say(problems)
    print("%d passed, %d failed" % (len(problems) - failed, failed))
    return 1 if failed or not problems else 0


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if envs.python("tf221") is None:
        print("SKIP no environment tf221; cmake/scripts/oracle_env.sh makes it")
        return NOTHING_RUN
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        return run(options, options.keep)
    with tempfile.TemporaryDirectory() as folder:
        return run(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
