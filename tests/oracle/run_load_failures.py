#!/usr/bin/env python3
"""The best-known files that some Keras refuses.

Each of tests/data/load_failures must be refused by the real Keras, with the words that are known of it; the doctor must name the reason, and what `--fix` makes of
it must load there: the same weights, configs and outputs. One line per case: PASS, FAIL or SKIP.

    run_load_failures.py --keraft build/release/keraft [--only PATTERN]
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites
from load_failures import FAILURES, TOLERANCES
from run_keras_files import TOLERANCE, VERSIONS, check, told_of

FILES = Path(__file__).resolve().parents[1] / "data/load_failures"


def examined(keraft, name, problems):
    """The job that shows that the file is refused, for the reasons that the doctor gives."""
    _, kind, refuses, reason, said = FAILURES[name]
    file = FILES / name / ("model." + kind)
    told = suites.keraft(keraft, "doctor", file, "--json")
    if told.returncode:
        problems.append("doctor: exit %d: %s" % (told.returncode, told.stderr))
        return None
    verdict = next(one for one in json.loads(told.stdout)["versions"] if one["keras"] == VERSIONS[refuses])
    if not any(reason in one["what"] for one in verdict["reasons"]):
        problems.append("doctor: does not name %s: %s" % (reason, verdict["reasons"]))
    return {"name": name, "file": str(file), "loads": False, "words": [said]}


def fixed(keraft, name, out, problems):
    """The job that shows that the mended file loads."""
    _, kind, refuses, _, _ = FAILURES[name]
    target = out / ("%s.%s" % (name, kind))
    told = suites.keraft(keraft, "doctor", FILES / name / ("model." + kind), "--fix", target, "--keras", VERSIONS[refuses])
    if told.returncode:
        problems.append("--fix: exit %d: %s" % (told.returncode, told.stderr))
        return None
    return {"name": name, "file": str(target), "folder": str(FILES / name), "tolerance": TOLERANCES.get(name, TOLERANCE), "counts": ()}


def mended(job):
    """The layers that every Keras has: names without '/', and no functions of TensorFlow, which are operations there."""
    return {layer.replace("/", "_"): told for layer, told in told_of(job).items() if not told["class"].endswith("OpLambda")}


def main():
    options = run.parser_of(__doc__).parse_args()
    wanted = [name for name, (_, _, refuses, *_) in FAILURES.items() if fnmatch(name, options.only)]
    problems = {name: [] for name in wanted if envs.python(run.KERAS[FAILURES[name][2]][0])}
    for name in set(wanted) - set(problems):
        print("SKIP load_failures/%s no %s" % (name, FAILURES[name][2]))
    jobs = {keras: [] for keras in run.KERAS}
    with tempfile.TemporaryDirectory(prefix="load-failures-") as folder, ThreadPoolExecutor(run.AT_ONCE) as pool:
        for name in problems:
            mine = examined(options.keraft.resolve(), name, problems[name]), fixed(options.keraft.resolve(), name, Path(folder), problems[name])
            jobs[FAILURES[name][2]] += [job for job in mine if job]
        for answers in pool.map(lambda item: list(check(*item, Path(folder), mended)) if item[1] else [], jobs.items()):
            for job, wrong in answers:
                problems[job["name"]] += ["%s: %s" % ("the file itself" if "loads" in job else "mended", one) for one in wrong]
    failed = run.say(problems, "load_failures/")
    return min(1, failed) if problems else run.NOTHING_RUN


if __name__ == "__main__":
    sys.exit(main())
