#!/usr/bin/env python3
"""Keras code that keraft writes, in real Kerases.

The nets of nets/ become .keras files as in run.py, and those become .py with .npz, which Keras 3 and Keras 2.15 import and run: the same
layers, outputs as of the net's own source. The nets of zoo/ too, from their graphs, whose code must be short: it has functions and loops
for what repeats. black and ruff have nothing to say about the code. One line per net: PASS, FAIL or SKIP.

    run_python.py --keraft build/release/keraft [--all] [--only PATTERN]
"""

import json
import sys
import tempfile
from pathlib import Path

import envs
import run
import suites
import zoo

NEWEST = "keras3.15"
# What a net of the zoo may have; a statement for each layer takes three to fourteen times as many.
MOST_LINES = {
    "resnet50": 80, "convnext_tiny": 130, "densenet121": 80, "efficientnet_b0": 180, "efficientnet_v2_b0": 200, "inception_v3": 170,
    "mobilenet": 90, "mobilenet_v2": 115, "mobilenet_v3_large": 200, "nasnet_mobile": 620, "resnet50_v2": 120, "vgg16": 65, "xception": 120,
}  # fmt: skip
IN_PLAIN_RUN = "resnet50"
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


def zoo_cases(options):
    """ResNet50, or with --all every net that has a bar; each from the frozen graph of a Keras 3 model."""
    nets = MOST_LINES if options.all or options.only != "*" else [IN_PLAIN_RUN]
    return run.prepared("zoo", [case for case in zoo.cases(options.only) if case[0] in nets and case[1:] == ("k3", "pb")])


def written(keraft, case, source, target, outcome, compared):
    """The job of checking the code that keraft writes from a source; nothing where it writes none."""
    done = suites.keraft(keraft, "convert", source[0], target, "--json", *source[1:])
    if done.returncode:
        outcome.problems.append("to python: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
        return None
    lines = len(target.read_text().splitlines())
    suite, net = case.name.split("/")[:2]
    most = MOST_LINES[net] if suite == "zoo" else None
    if most and lines > most:
        outcome.problems.append("%d lines of code, should be %d at most" % (lines, most))
    layers = {layer["name"]: layer["class"] for layer in json.loads(done.stdout)["layers"] if layer["how"] != "ops"}
    return {"name": case.name, "file": str(target), "io": str(case.io), "tolerance": case.tolerance, "layers": layers,
            "model": str(compared or ""), "lines": case.lines.get("keras", "2 3")}  # fmt: skip


def from_net(keraft, case, root, outcome):
    made = run.convert(keraft, case, root, outcome)
    if "keras" not in made:
        return None
    # The code of generated classes is no part of the .keras file.
    generated = any(made["keras"].parent.glob("*.py"))
    source = [case.source, *case.args] if generated else [made["keras"]]
    return written(keraft, case, source, made["keras"].parent / "model_code.py", outcome, None if generated else made["keras"])


def from_zoo(keraft, case, root, outcome):
    folder = root / case.name.replace("/", "-")
    folder.mkdir()
    model = folder / "model.keras"
    done = suites.keraft(keraft, "convert", case.source, model, "--no-verify", *case.args)
    if done.returncode:
        outcome.problems.append("to keras: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
        return None
    return written(keraft, case, [case.source, *case.args], folder / "model_code.py", outcome, model)


def main():
    options = run.parser_of(__doc__, "every source of every net; otherwise one of every third net").parse_args()
    keraft = options.keraft.resolve()
    if envs.python("tf221") is None:
        print("SKIP environment tf221: not there; cmake/scripts/oracle_env.sh makes it")
        return run.NOTHING_RUN
    outcomes, jobs, failed = {}, [], 0
    with tempfile.TemporaryDirectory(prefix="python-") as name:
        root = Path(name)
        for write, groups in ((from_net, run.some_of("nets", options, 1)), (from_zoo, [zoo_cases(options)])):
            for cases, lost in groups:
                failed += lost
                for case in cases:
                    outcome = outcomes[case.name] = run.Outcome(case)
                    jobs.append(write(keraft, case, root, outcome))
        jobs = [job for job in jobs if job]
        style({job["name"]: job["file"] for job in jobs}, outcomes)
        for keras, line in LINES.items():
            # The oldest of a line make what the newest makes.
            mine = [job if keras == NEWEST else dict(job, model="") for job in jobs if line in job["lines"]]
            for report in run.check_in(keras, mine, root, run.KERAS[keras][0], "-m", "checkers.python_check", "keras"):
                outcomes[report["name"]].add(keras, report)
                outcomes[report["name"]].opened.append(keras)
        for outcome in outcomes.values():
            outcome.case.left = ""
        failed += run.printed(outcomes.values())
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
