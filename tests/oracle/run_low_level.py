#!/usr/bin/env python3
"""Low-level TensorFlow code with a training step, beside the Keras that compiled the model.

Nets of low_level/ are compiled and saved by Keras 3 and tf_keras; `keraft convert --flavour tensorflow --train` makes code of them, which
gives the same outputs and takes the same steps on the same batches: losses within 1e-5. black and ruff have nothing to say about it. The
nets that docs/cli.md shows must come out as they stand in low_level/expected. One line per net: PASS, FAIL or SKIP.

    run_low_level.py --keraft build/release/keraft [--all] [--only PATTERN] [--keep FOLDER]
"""

import argparse
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import envs
import low_level
import run
import run_python
import suites

EXPECTED = envs.ROOT / "low_level/expected"
RANDOM = {"noisy"}
# Keras 2 keeps the unbiased variance of images, Keras 3 and the code the plain one.
OTHER_AVERAGES = {("tf_keras2.21", "norm")}


class Case:
    """As run.Outcome wants it."""

    def __init__(self, name):
        self.name, self.left, self.note = name, "", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keraft", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help="the same: there is no shorter list")
    parser.add_argument("--only", default="*", help="pattern of case names, e.g. 'keras3.15/mlp'")
    parser.add_argument("--keep", type=Path, help="keep the code in this folder")
    options = parser.parse_args()
    if envs.python(low_level.ENV) is None:
        print("SKIP environment %s: not there; cmake/scripts/oracle_env.sh makes it" % low_level.ENV)
        return run.NOTHING_RUN
    root, outcomes, jobs = envs.models_folder("low_level"), {}, []
    with tempfile.TemporaryDirectory(prefix="low-level-") as temporary:
        work = options.keep or Path(temporary)
        for label, library in low_level.LIBRARIES.items():
            done = envs.run(low_level.ENV, "-m", "low_level.build", library, root / label, check=False)
            if done.returncode:
                print("FAIL %s: %s" % (label, done.stderr[-600:]))
                return 1
            for source in sorted((root / label).glob("*/model.keras")):
                net = source.parent.name
                name = "%s/%s" % (label, net)
                if not fnmatch(name, options.only):
                    continue
                outcome = outcomes[name] = run.Outcome(Case(name))
                target = work / label / (net + ".py")
                target.parent.mkdir(parents=True, exist_ok=True)
                made = suites.keraft(options.keraft.resolve(), "convert", source, target, "--flavour", "tensorflow", "--train", "--quiet")
                if made.returncode:
                    outcome.problems.append("exit %d: %s" % (made.returncode, made.stderr.strip()[:400]))
                    continue
                wanted = EXPECTED / (net + ".py")
                if wanted.exists() and wanted.read_text() != target.read_text():
                    outcome.problems.append("the code is not that of %s" % wanted.relative_to(envs.ROOT))
                jobs.append({"name": name, "file": str(target), "data": str(source.parent / "data.npz"), "random": net in RANDOM,
                             "averages": (label, net) not in OTHER_AVERAGES})  # fmt: skip
        run_python.style(jobs, outcomes)
        for report in run.check_in("low-level", jobs, Path(temporary), low_level.ENV, "-m", "low_level.check"):
            outcomes[report["name"]].add("TensorFlow 2.21", report)
            outcomes[report["name"]].opened.append("TensorFlow 2.21")
    return min(run.printed(outcomes.values()), 1)


if __name__ == "__main__":
    sys.exit(main())
