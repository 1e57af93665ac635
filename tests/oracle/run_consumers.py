#!/usr/bin/env python3
"""Keras models as TensorFlow graphs, in other programs that read these.

The nets of nets/ become .keras files, and those frozen graphs and SavedModels, which OpenVINO, tf2onnx with ONNX Runtime, and TensorFlow's
converter to TFLite (of 2.15 and 2.21) take: outputs as of the net's own source. What a consumer does not do with TensorFlow's own file of the net
either is a limit of the consumer's, and listed. One line per net and consumer: PASS, FAIL, LIMIT or SKIP; then how many of each.

    run_consumers.py --keraft build/release/keraft [--only PATTERN]
"""

import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import envs
import nets
import run
import suites

# consumer: (environment, what checkers/consumer_check.py calls it)
CONSUMERS = {
    "OpenVINO": ("consumers", "openvino"), "ONNX Runtime": ("consumers", "tf2onnx"), "TFLite 2.15": ("consumers", "tflite"), "TFLite 2.21": ("tf221", "tflite"),
}  # fmt: skip
OWN = ("pb", "saved_model")  # what TensorFlow itself wrote and a consumer takes
FROZEN = {"video3d"}  # TFLite 2.15 runs no frozen Conv3D of an open batch: compared with TensorFlow's own frozen graph


def one_of_each(only):
    """A case of each net, of the kinds by turns."""
    by_net = {}
    for case in nets.cases(only):
        if case[2] in OWN:
            by_net.setdefault(case[0], []).append(case)
    return [found[0 if net in FROZEN else turn % len(found)] for turn, (net, found) in enumerate(by_net.items())]


def names(side):
    return [line.split(" ")[0] for line in side]


def converted(keraft, case, folder):
    """A job without what is missing, or what went wrong."""
    folder.mkdir(parents=True)
    layers, files = folder / "model.keras", []
    steps = [(case.source, layers, case.args), (layers, folder / "model.pb", []), (layers, folder / "model/", [])]
    told = []
    for source, target, args in steps:
        done = suites.keraft(keraft, "convert", source, str(target) + "/" * (target.suffix == ""), "--json", "--no-verify", *args)
        if done.returncode:
            return None, "to %s: exit %d: %s" % (target.name, done.returncode, done.stderr.strip()[:300])
        told.append(json.loads(done.stdout))
    for kind, report, (_, target, _) in zip(OWN, told[1:], steps[1:]):
        files.append(
            {"kind": kind, "path": str(target), "inputs": names(report["target"]["inputs"]), "outputs": names(report["target"]["outputs"])}
        )
    own = {"kind": case.name.split("/")[-1], "path": str(case.source)}
    own.update({side: names(told[0]["source"][side]) for side in ("inputs", "outputs")})
    return {"name": case.name, "io": str(case.io), "tolerance": case.tolerance, "files": files, "own": own}, ""


def main():
    options = run.parser_of(__doc__, "taken, as other scripts take it").parse_args()
    there = {name: how for name, how in CONSUMERS.items() if envs.python(how[0]) is not None}
    for name in sorted(set(CONSUMERS) - set(there)):
        print("SKIP consumer %s: no environment %s; cmake/scripts/oracle_env.sh all makes it" % (name, CONSUMERS[name][0]))
    if not there:
        return run.NOTHING_RUN
    cases, failed = run.prepared("nets", one_of_each(options.only))
    with tempfile.TemporaryDirectory(prefix="consumers-") as name:
        root, jobs = Path(name), []
        for case in cases:
            job, problem = converted(options.keraft.resolve(), case, root / case.name.replace("/", "-"))
            if problem:
                print("FAIL %s %s" % (case.name, problem))
                failed += 1
            else:
                jobs.append(job)

        def check(consumer):
            env, kind = there[consumer]
            return consumer, run.check_in(consumer.replace(" ", "-"), jobs, root, env, "-m", "checkers.consumer_check", kind)

        with ThreadPoolExecutor(run.AT_ONCE) as pool:
            for consumer, reports in pool.map(check, there):
                counts = Counter()
                for report in reports:
                    limits = report.get("limits", [])
                    verdict = "FAIL" if report["problems"] else "LIMIT" if limits else "PASS"
                    counts[verdict] += 1
                    detail = "; ".join(report["problems"] + limits) or "largest error %.1e" % max(report["errors"].values())
                    print("%s %s in %s: %s" % (verdict, report["name"], consumer, detail), flush=True)
                print(
                    "%s: %d nets equal, %d limited by it, %d fail" % (consumer, counts["PASS"], counts["LIMIT"], counts["FAIL"]), flush=True
                )
                failed += counts["FAIL"]
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
