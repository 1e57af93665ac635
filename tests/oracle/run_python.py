#!/usr/bin/env python3
"""Code that keraft writes, in real Kerases and TensorFlows.

The nets of nets/ become .keras files as in run.py, and those become .py with .npz, which Keras 3 and Keras 2.15 import and run: the same
layers, outputs as of the net's own source. The same is written as low-level TensorFlow code, from the .keras file and from the source itself
by turns, and TensorFlow 2.21 runs it; with --all TensorFlow 2.15 too, and the zoo's sources are written as low-level code. black and ruff have nothing to say about the code. One line per net: PASS, FAIL or SKIP.

    run_python.py --keraft build/release/keraft [--all] [--only PATTERN]
"""

import json
import sys
import tempfile
from pathlib import Path

import envs
import run
import suites

TENSORFLOWS = ("tf221", "tf215")
LINES = {"keras3.15": "3", "keras3.0.5": "3", "keras2.15": "2"}  # tf_keras is not called keras


def style(files, outcomes):
    """What formatter and linter say, by file."""
    for tool in (["black", "--check", "--quiet"], ["ruff", "check", "--quiet", "--select", "E4,E7,E9,F,I"]):
        if envs.run("tf221", "-m", *tool, *files.values(), check=False).returncode == 0:
            continue
        for name, file in files.items():
            done = envs.run("tf221", "-m", *tool, file, check=False)
            if done.returncode:
                outcomes[name].problems.append("%s: %s" % (tool[0], (done.stdout + done.stderr).strip()[:200] or "would change it"))


def write(keraft, outcome, target, source, *args):
    """Did it become code?"""
    done = suites.keraft(keraft, "convert", source, target, "--json", *args)
    if done.returncode:
        outcome.problems.append("to python: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
    return None if done.returncode else json.loads(done.stdout)


def low_level(keraft, case, source, target, outcome):
    """The job of checking the source as low-level code."""
    if not write(keraft, outcome, target, *source, "--flavour", "tensorflow"):
        return []
    return [{"name": case.name, "file": str(target), "io": str(case.io), "tolerance": case.tolerance}]


def main():
    options = run.parser_of(__doc__, "every source of every net; otherwise one of every third net").parse_args()
    keraft = options.keraft.resolve()
    if envs.python("tf221") is None:
        print("SKIP environment tf221: not there; cmake/scripts/oracle_env.sh makes it")
        return run.NOTHING_RUN
    outcomes, files, failed = {}, {}, 0
    with tempfile.TemporaryDirectory(prefix="python-") as name:
        root, jobs, lows = Path(name), [], []
        for cases, lost in run.some_of("nets", options, 1):
            failed += lost
            for case in cases:
                outcome = outcomes[case.name] = run.Outcome(case)
                made = run.convert(keraft, case, root, outcome)
                if "keras" not in made:
                    continue
                target = made["keras"].parent / "model_code.py"
                # The code of generated classes is no part of the .keras file.
                generated = any(made["keras"].parent.glob("*.py"))
                source = [case.source, *case.args] if generated else [made["keras"]]
                from_file = len(outcomes) % 2 and not generated
                low = made["keras"].parent / "low_level.py"
                lows += low_level(keraft, case, [made["keras"]] if from_file else [case.source, *case.args], low, outcome)
                told = write(keraft, outcome, target, *source)
                if not told:
                    continue
                files[case.name] = str(target)
                layers = {layer["name"]: layer["class"] for layer in told["layers"] if layer["how"] != "ops"}
                jobs.append({"name": case.name, "file": str(target), "io": str(case.io), "tolerance": case.tolerance,
                             "classes": list(layers.values()), "lines": case.lines.get("keras", "2 3")})  # fmt: skip
        if options.all:
            for cases, lost in run.some_of("zoo", options, 0):
                failed += lost
                for case in cases:
                    outcome = outcomes[case.name] = run.Outcome(case)
                    target = root / (case.name.replace("/", "-") + ".py")
                    lows += low_level(keraft, case, [case.source, *case.args], target, outcome)
        style(files, outcomes)
        style({job["name"]: job["file"] for job in lows}, outcomes)
        for env in TENSORFLOWS if options.all else TENSORFLOWS[:1]:
            for report in run.check_in(env, lows, root, env, "-m", "checkers.low_level_check") if envs.python(env) else []:
                outcomes[report["name"]].add(env, report)
                outcomes[report["name"]].opened.append(env)
        for keras, line in LINES.items():
            mine = [job for job in jobs if line in job["lines"]]
            for report in run.check_in(keras, mine, root, run.KERAS[keras][0], "-m", "checkers.python_check", "keras"):
                outcomes[report["name"]].add(keras, report)
                outcomes[report["name"]].opened.append(keras)
        for outcome in outcomes.values():
            outcome.case.left = ""
        failed += run.printed(outcomes.values())
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
