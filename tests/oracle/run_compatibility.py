#!/usr/bin/env python3
"""Which Keras version loads what keraft makes of whose files: makes docs/compatibility.md.

The models of compatibility/ are saved by every version, keraft writes each file for every version, and that version loads it in safe mode: weights
bit-equal, outputs those that the writer computed. Models that keraft computes are also run by it. Takes about an hour of two cores, and
environments that `cmake/scripts/oracle_env.sh versions` makes. One line for each file that is no success.

    run_compatibility.py --keraft build/release/keraft [--only PATTERN] [--all] [--out docs/compatibility.md]

Without --all, keras.applications is left out.
"""

import json
import re
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import envs
import run
import suites
from compatibility import GROUPS, NETS, NETS_TOLERANCE, VERSIONS
from keras_files import COUNTS, TOLERANCES
from run_keras_files import TOLERANCE, build

UNSUPPORTED = 4  # exit code: something has no place in a file for that version


def tolerance(model):
    return NETS_TOLERANCE if model in NETS else TOLERANCES.get(model, TOLERANCE)


def saved(folder, version, models):
    env, library = VERSIONS[version]
    build(folder / version, models, env, "-m", "compatibility.build", library)


class Matrix:
    """What became of each file: (writer, target, group) → how many were right, refused by name, wrong."""

    def __init__(self):
        self.counts, self.refused = Counter(), {}

    def add(self, writer, target, group, what):
        self.counts[writer, target, group, what] += 1

    def refuse(self, writer, target, group, model, why):
        self.add(writer, target, group, "refused")
        why = re.sub(r"^.*?'[^']*': ", "", why.partition("error: ")[2])  # without file and layer
        self.refused.setdefault((model, " ".join(why.split())), set()).add(target)

    def cell(self, writer, target, groups):
        right, refused, wrong = (sum(self.counts[writer, target, group, what] for group in groups) for what in ("right", "refused", "wrong"))
        text = "%d" % right if right or not refused else "–"
        return text + (" (%d refused)" % refused if refused else "") + (" **%d wrong**" % wrong if wrong else "")


def file_of(folder, writer, model, turn):
    """One of the kinds of file that the writer made, in turn."""
    files = [path for path in (folder / writer / model / ("model." + kind) for kind in run.KINDS) if path.exists()]
    return files[turn % len(files)] if files else None


def jobs_of(keraft, folder, out, writer, target, models, matrix):
    jobs = []
    for turn, (model, group) in enumerate(models.items()):
        source = file_of(folder, writer, model, turn + list(VERSIONS).index(target))
        if source is None:
            continue
        # The .keras files of Keras 2.12 to 2.14 are others, which keraft does not write.
        kind = "h5" if target == "2.12" else run.KINDS[(turn + list(VERSIONS).index(writer)) % 2]
        file = out / ("%s-%s-%s.%s" % (writer, target, model, kind))
        done = suites.keraft(keraft, "convert", source, file, "--keras", target, "--json")
        case = "%s/%s for %s" % (writer, model, target)
        if done.returncode == UNSUPPORTED:
            matrix.refuse(writer, target, group, model, done.stderr)
        elif done.returncode:
            matrix.add(writer, target, group, "wrong")
            print("FAIL %s exit %d: %s" % (case, done.returncode, " ".join(done.stderr.split())[:400]), flush=True)
        else:
            jobs.append({"name": case, "file": str(file), "folder": str(source.parent), "tolerance": tolerance(model),
                         "counts": COUNTS.get(model, ()), "group": group})  # fmt: skip
    return jobs


def tried(keraft, folder, root, writer, target, models, matrix):
    env, library = VERSIONS[target]
    with tempfile.TemporaryDirectory(dir=root) as out:
        jobs = jobs_of(keraft, folder, Path(out), writer, target, models, matrix)
        if not jobs:
            return
        for job, report in zip(jobs, run.check_in("check", jobs, Path(out), env, "-m", "checkers.keras_file_check", library)):
            matrix.add(writer, target, job["group"], "wrong" if report["problems"] else "right")
            if report["problems"]:
                print("FAIL %s %s" % (job["name"], "; ".join(" ".join(one.split())[:400] for one in report["problems"][:3])), flush=True)


def document(matrix, versions, groups):
    def line(cells):
        return "| %s |" % " | ".join(cells)

    text = ["# Compatibility", "", "Made by `tests/oracle/run_compatibility.py`. Models saved by the Keras of a line (2.21: tf_keras), written by keraft for"]
    text += ["the Keras of a column, loaded there in safe mode: weights bit-equal, outputs as its writer computed them. A number counts models; what keraft"]
    text += ["refuses is named below; **wrong** ones are faults that are known and not mended yet.", "", line(["saved by", *versions]), line(["---"] * (len(versions) + 1))]
    text += [line([writer, *(matrix.cell(writer, target, groups) for target in versions)]) for writer in versions]
    for group in groups:
        text += ["", "## %s%s" % (group[0].upper(), group[1:]), "", line(["saved by", *versions]), line(["---"] * (len(versions) + 1))]
        text += [line([writer, *(matrix.cell(writer, target, [group]) for target in versions)]) for writer in versions]
    text += ["", "## What is refused", ""] + [
        "- `%s` for %s: %s" % (model, ", ".join(target for target in versions if target in targets), why)
        for (model, why), targets in sorted(matrix.refused.items())
    ]
    return "\n".join(text) + "\n"


def main():
    parser = run.parser_of(__doc__, "keras.applications too")
    parser.add_argument("--out", type=Path, help="where to write the tables")
    options = parser.parse_args()
    models = {model: group for group, names in GROUPS.items() for model in names}
    if options.all:
        models.update({net: "keras.applications" for net in NETS})
    models = {model: group for model, group in models.items() if fnmatch(model, options.only)}
    versions = [version for version, (env, _) in VERSIONS.items() if envs.python(env)]
    for version in set(VERSIONS) - set(versions):
        print("SKIP %s: no environment %s; cmake/scripts/oracle_env.sh versions makes it" % (version, VERSIONS[version][0]))
    if not versions:
        return run.NOTHING_RUN
    # Most of the models are those of keras_files/.
    folder, matrix = envs.models_folder("compatibility") / envs.models_folder("keras_files").name, Matrix()
    with tempfile.TemporaryDirectory(prefix="compatibility-") as root, ThreadPoolExecutor(run.AT_ONCE) as pool:
        list(pool.map(lambda version: saved(folder, version, models), versions))
        pairs = [(writer, target) for writer in versions for target in versions]
        list(pool.map(lambda pair: tried(options.keraft.resolve(), folder, root, *pair, models, matrix), pairs))
    if options.out:
        options.out.write_text(document(matrix, versions, list(dict.fromkeys(models.values()))))
    totals = {what: sum(n for key, n in matrix.counts.items() if key[3] == what) for what in ("right", "refused", "wrong")}
    print(json.dumps(totals))
    return min(1, totals["wrong"])


if __name__ == "__main__":
    sys.exit(main())
