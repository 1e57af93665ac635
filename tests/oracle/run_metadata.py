#!/usr/bin/env python3
"""The metadata of Keras 2 in SavedModels of Keras 2.15, tf_keras and TensorFlow 1.15.

Each net of metadata/ is saved, converted to .keras and .h5, and opened in every Keras. Its layers must be the author's, by name and class,
or the graph must have won with a line in the report; the outputs must be TensorFlow's. One line per case: PASS, FAIL or SKIP.

    run_metadata.py --keraft build/release/keraft [--only PATTERN]
"""

import json
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites
from metadata import EXPECTED, KERAS3_ONLY, NOT_IN_115, PRODUCERS
from run import KERAS, KINDS, NOTHING_RUN


def told(report, expected):
    """What is wrong with a report."""
    layers = " ".join("%s:%s" % (layer["name"], layer["class"]) for layer in report["layers"])
    hows = {layer["how"] for layer in report["layers"]}
    lines = [line["what"] for line in report["lossy"] if line["where"] == "metadata"]
    if expected.startswith("not used"):
        return [] if "metadata" not in hows and lines and lines[0].startswith(expected) else ["told %s, %s" % (sorted(hows), lines)]
    return [] if hows == {"metadata"} and layers == expected and not lines else ["layers %s; %s" % (layers, lines)]


def opens(net, keras, kind):
    """The graph's own way with `masked` makes operations, which one line of Keras alone has in an .h5."""
    line = KERAS[keras][2]
    if net == "masked" and kind == "h5":
        return line == "2"
    return line == "3" or net not in KERAS3_ONLY


def main():
    options = run.parser_of(__doc__).parse_args()
    problems, ran = {}, False
    with tempfile.TemporaryDirectory(prefix="metadata-") as name:
        root, jobs = Path(name), []
        for producer, env in PRODUCERS.items():
            nets = [net for net in EXPECTED if producer != "keras115" or net not in NOT_IN_115]
            nets = [net for net in nets if fnmatch("%s/%s" % (producer, net), options.only)]
            if envs.python(env) is None or not nets:
                print("SKIP %s" % producer)
                continue
            done, ran = envs.run(env, "-m", "metadata.build", root / producer, *nets, check=False), True
            for net in nets:
                case, folder = "%s/%s" % (producer, net), root / producer / net
                problems[case] = []
                if not (folder / "io.npz").exists():
                    problems[case].append("not saved: " + done.stderr[-400:])
                    continue
                for kind in KINDS:
                    target = folder / kind / ("model." + kind)
                    target.parent.mkdir()
                    made = suites.keraft(options.keraft.resolve(), "convert", folder / "model", target, "--json")
                    if made.returncode:
                        problems[case].append("%s: exit %d: %s" % (kind, made.returncode, made.stderr[:400]))
                        continue
                    problems[case] += told(json.loads(made.stdout), EXPECTED[net])
                    modules = sorted(map(str, target.parent.glob("*.py")))
                    # What both towers share cancels out, and statistics inside a wrapper are none to the checker.
                    steps = [] if net in ("shared", "steps") else ["fit"]
                    jobs.append({"name": case, "file": str(target), "io": str(folder / "io.npz"), "tolerance": 1e-4, "modules": modules,
                                 "steps": steps, "expected": [], "net": net, "kind": kind})  # fmt: skip
        for keras, (env, library, _) in KERAS.items():
            mine = [job for job in jobs if opens(job["net"], keras, job["kind"])]
            if envs.python(env) is None or not mine:
                continue
            for job, report in zip(mine, run.check_in(keras, mine, root, env, "-m", "checkers.load_check", library)):
                problems[job["name"]] += ["%s in %s: %s" % (job["kind"], keras, problem) for problem in report["problems"]]
    return min(1, run.say(problems)) if ran else NOTHING_RUN


if __name__ == "__main__":
    sys.exit(main())
