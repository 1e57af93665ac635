#!/usr/bin/env python3
"""Code that keraft writes, in real Kerases and TensorFlows.

The nets of nets/ become .keras files as in run.py, and those become .py with .npz, which Keras 3 and Keras 2.15 import and run: the same
layers, outputs as of the net's own source. The nets of zoo/ too, from their graphs, whose code must be short: it has functions and loops
for what repeats. All are written as low-level TensorFlow code as well, from the .keras file and from the source itself by turns, which
TensorFlow 2.21 runs, and with --all TensorFlow 2.15; of the zoo with --all. black and ruff have nothing to say about the code. One line per
net: PASS, FAIL or SKIP.

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
TENSORFLOWS = ("tf221", "tf215")
LINES = {"keras3.15": "3", "keras3.0.5": "3", "keras2.15": "2"}  # tf_keras is not called keras


def style(jobs, outcomes):
    """What formatter and linter say of the jobs' files."""
    files = [job["file"] for job in jobs]
    for tool in (["black", "--check", "--quiet"], ["ruff", "check", "--quiet", "--select", "E4,E7,E9,F,I"]):
        if envs.run("tf221", "-m", *tool, *files, check=False).returncode == 0:
            continue
        for job in jobs:
            done = envs.run("tf221", "-m", *tool, job["file"], check=False)
            if done.returncode:
                outcomes[job["name"]].problems.append("%s: %s" % (tool[0], (done.stdout + done.stderr).strip()[:200] or "would change it"))


def zoo_cases(options):
    """ResNet50, or with --all every net that has a bar; each from the frozen graph of a Keras 3 model."""
    nets = MOST_LINES if options.all or options.only != "*" else [IN_PLAIN_RUN]
    return run.prepared("zoo", [case for case in zoo.cases(options.only) if case[0] in nets and case[1:] == ("k3", "pb")])


class Written:
    """The jobs of checking what was written."""

    def __init__(self, keraft, root, everything):
        self.keraft, self.root, self.everything, self.outcomes, self.jobs, self.low = keraft, root, everything, {}, [], []

    def write(self, case, target, source, *args):
        """The report; nothing where it did not become code."""
        done = suites.keraft(self.keraft, "convert", source[0], target, "--json", *source[1:], *args)
        if done.returncode:
            self.outcomes[case.name].problems.append("to python: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
        return None if done.returncode else json.loads(done.stdout)

    def keras_code(self, case, source, target, compared):
        told = self.write(case, target, source)
        if told is None:
            return
        lines = len(target.read_text().splitlines())
        suite, net = case.name.split("/")[:2]
        if suite == "zoo" and lines > MOST_LINES[net]:
            self.outcomes[case.name].problems.append("%d lines of code, should be %d at most" % (lines, MOST_LINES[net]))
        layers = {layer["name"]: layer["class"] for layer in told["layers"] if layer["how"] != "ops"}
        self.jobs.append({"name": case.name, "file": str(target), "io": str(case.io), "tolerance": case.tolerance, "layers": layers,
                          "model": str(compared or ""), "lines": case.lines.get("keras", "2 3")})  # fmt: skip

    def low_level(self, case, source, target):
        if self.write(case, target, source, "--flavour", "tensorflow"):
            self.low.append({"name": case.name, "file": str(target), "io": str(case.io), "tolerance": case.tolerance})

    def from_net(self, case):
        outcome = self.outcomes[case.name] = run.Outcome(case)
        made = run.convert(self.keraft, case, self.root, outcome)
        if "keras" not in made:
            return
        folder, graph = made["keras"].parent, [case.source, *case.args]
        # The code of generated classes is no part of the .keras file.
        generated = any(folder.glob("*.py"))
        from_file = len(self.outcomes) % 2 and not generated
        self.low_level(case, [made["keras"]] if from_file else graph, folder / "low_level.py")
        self.keras_code(case, graph if generated else [made["keras"]], folder / "model_code.py", None if generated else made["keras"])

    def from_zoo(self, case):
        outcome = self.outcomes[case.name] = run.Outcome(case)
        folder, graph = self.root / case.name.replace("/", "-"), [case.source, *case.args]
        folder.mkdir()
        model = folder / "model.keras"
        done = suites.keraft(self.keraft, "convert", case.source, model, "--no-verify", *case.args)
        if done.returncode:
            outcome.problems.append("to keras: exit %d: %s" % (done.returncode, done.stderr.strip()[:300]))
            return
        if self.everything:
            self.low_level(case, graph, folder / "low_level.py")
        self.keras_code(case, graph, folder / "model_code.py", model)


def main():
    options = run.parser_of(__doc__, "every source of every net; otherwise one of every third net").parse_args()
    keraft = options.keraft.resolve()
    if envs.python("tf221") is None:
        print("SKIP environment tf221: not there; cmake/scripts/oracle_env.sh makes it")
        return run.NOTHING_RUN
    failed = 0
    with tempfile.TemporaryDirectory(prefix="python-") as name:
        made = Written(keraft, Path(name), options.all)
        outcomes, jobs = made.outcomes, made.jobs
        for write, groups in ((made.from_net, run.some_of("nets", options, 1)), (made.from_zoo, [zoo_cases(options)])):
            for cases, lost in groups:
                failed += lost
                for case in cases:
                    write(case)
        style(jobs + made.low, outcomes)
        for env in TENSORFLOWS if options.all else TENSORFLOWS[:1]:
            for report in run.check_in(env, made.low, made.root, env, "-m", "checkers.low_level_check") if envs.python(env) else []:
                outcomes[report["name"]].add(env, report)
                outcomes[report["name"]].opened.append(env)
        for keras, line in LINES.items():
            # The oldest of a line make what the newest makes.
            mine = [job if keras == NEWEST else dict(job, model="") for job in jobs if line in job["lines"]]
            for report in run.check_in(keras, mine, made.root, run.KERAS[keras][0], "-m", "checkers.python_check", "keras"):
                outcomes[report["name"]].add(keras, report)
                outcomes[report["name"]].opened.append(keras)
        for outcome in outcomes.values():
            outcome.case.left = ""
        failed += run.printed(outcomes.values())
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
