#!/usr/bin/env python3
"""keraft against real TensorFlow and Keras.

For every case: the source is made by TensorFlow, `keraft convert` turns it into .keras and .h5, every Keras there is opens both, and
`keraft run` computes. One line per case: PASS, FAIL or SKIP, its name, a detail. The exit code is 1 if anything failed,
77 if nothing could be run.

    run.py --keraft build/release/keraft --suite originals|zoo|nets|models|former|all [--all] [--only PATTERN] [--keep FOLDER]

Without --all, the zoo is a spread of sources (zoo.SPREAD), a net of nets is tried from one source in turn and its .h5 in the oldest Keras of each line, and fit and saving again are tried with .keras files in the newest Keras
of each line; the others open the files and compare outputs.
"""

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import envs
import suites
from checkers import compare_config

KERAS = {
    "keras3.15": ("tf221", "keras", "3"),
    "keras3.0.5": ("k305", "keras", "3"),
    "tf_keras2.21": ("tf221", "tf_keras", "2"),
    "keras2.15": ("tf215", "keras", "2"),
}
NEWEST = ("keras3.15", "tf_keras2.21")
KINDS = ("keras", "h5")
AT_ONCE = 2  # checkers; each takes up to 3 GB
REFUSED, OTHER_LAYERS = "exit 4: ", "layers: "  # in the problems that a case of a LEFT list may have
NOTHING_RUN = 77  # the exit code that test runners take for "skipped"


class Outcome:
    """What became of one case."""

    def __init__(self, case):
        self.case, self.problems, self.opened, self.worst = case, [], [], 0.0

    def add(self, where, report):
        self.problems += ["%s: %s" % (where, problem) for problem in report["problems"]]
        errors = [e for key, e in report["errors"].items() if "TensorFlow" not in key]
        self.worst = max([self.worst, *errors])

    def print(self):
        if self.case.left:
            self.print_left()
        elif self.problems:
            more = "" if len(self.problems) <= 4 else "; and %d more" % (len(self.problems) - 4)
            shown = [" ".join(problem.split())[:400] for problem in self.problems[:4]]
            print("FAIL %s %s%s" % (self.case.name, "; ".join(shown), more), flush=True)
        else:
            detail = self.case.note or "largest error %.1e; %s" % (self.worst, " ".join(self.opened or ["run only"]))
            print("PASS %s %s" % (self.case.name, detail), flush=True)


    def print_left(self):
        """What may be refused, or become other layers, still may not compute something else."""
        wrong = [problem for problem in self.problems if REFUSED not in problem and OTHER_LAYERS not in problem]
        if wrong or not self.problems:
            print("FAIL %s is left, %s" % (self.case.name, "; ".join(wrong)[:700] or "and holds"), flush=True)
            self.problems = wrong or ["holds"]
        else:
            print("LEFT %s %s" % (self.case.name, self.case.left), flush=True)
            self.problems = []


def convert(keraft, case, folder, outcome):
    """Converts to both kinds; each in its own folder, for the generated .py beside it."""
    made = {}
    for kind in KINDS if case.converts else ():
        target = folder / case.name.replace("/", "-") / kind / ("model." + kind)
        target.parent.mkdir(parents=True)
        done = suites.keraft(keraft, "convert", case.source, target, "--json", *case.args)
        if case.refused:
            unnamed = [word for word in case.refused if word not in done.stderr]
            if done.returncode not in (2, 3, 4) or unnamed or target.exists():
                outcome.problems.append("exit %d, should be refused, naming %s" % (done.returncode, ", ".join(case.refused)))
            continue
        if done.returncode:
            outcome.problems.append("convert to %s: exit %d: %s" % (kind, done.returncode, done.stderr.strip()[:400]))
            continue
        report = json.loads(done.stdout)
        (target.parent / "report.json").write_text(done.stdout)
        if report["status"] != "ok" or report["unsupported"]:
            outcome.problems.append("convert to %s: %s, %s" % (kind, report["status"], report["unsupported"]))
        made[kind] = target
    return made


def jobs_of(case, kind, file):
    return {
        "name": case.name,
        "file": str(file),
        "io": str(case.io),
        "tolerance": case.tolerance,
        "float64_floor": case.float64_floor,
        "modules": sorted(map(str, file.parent.glob("*.py"))) if kind else [],
        "steps": [],
        "expected": case.expected,
    }


def opens(case, kind, keras, line, everything):
    """Is a file of this kind for this Keras, and tried in it?"""
    if kind == "h5" and case.few_h5 and keras in NEWEST and not everything:
        return False
    return line in case.keras and line in case.lines.get(kind, line)


def steps(case, keras, tried):
    return [step for step in tried if (step != "fit" or case.fits) and (step != "resave" or keras not in case.own)]


def check_in(label, jobs, folder, *command):
    """Runs a checker over all jobs in one process; a crash is a problem of every job that it did not reach."""
    jobs_file, report_file = folder / (label + "-jobs.json"), folder / (label + "-report.json")
    jobs_file.write_text(json.dumps(jobs))
    env, *rest = command
    done = envs.run(env, *rest, jobs_file, report_file, check=False)
    reports = envs.read_lines(report_file)
    problem = "the checker ended with %d: %s" % (done.returncode, done.stderr[-300:])
    return reports + [{"name": job["name"], "problems": [problem], "errors": {}} for job in jobs[len(reports) :]]


def compare(case, keras, report):
    """Problems of a loaded model's layers against the model that it should be."""
    found = report["model"]
    others = ["%s is %s %s" % (x["name"], x["kind"], x["class_name"]) for x in found["layers"] if x["kind"] != "layer"]
    problems = others if case.only_layers else []
    if report["expected"]:
        found_differences = [compare_config.compare_stack(found, wanted) for wanted in report["expected"]]
        problems += min(found_differences, key=len)
    if case.original and keras == case.original_keras:
        problems += compare_config.compare(found, envs.read_json(case.original))
    if case.counts:
        problems += compare_config.compare_counts(found, envs.read_json(case.counts))
    return [OTHER_LAYERS + problem for problem in problems] if case.left else problems


def run_group(keraft, cases, folder, everything):
    outcomes = {case.name: Outcome(case) for case in cases}
    made = {case.name: convert(keraft, case, folder, outcomes[case.name]) for case in cases}
    files = [(kind, jobs_of(case, kind, made[case.name][kind])) for kind in KINDS for case in cases if kind in made[case.name]]
    checks = []  # (keras or nothing, what each job is about, arguments of check_in): one process each, which takes seconds to start
    for keras, (env, library, line) in KERAS.items():
        fitting = [(kind, job) for kind, job in files if opens(outcomes[job["name"]].case, kind, keras, line, everything)]
        if envs.python(env) is not None and fitting:
            tried = [["fit", "resave"] if everything or (kind == "keras" and keras in NEWEST) else [] for kind, _ in fitting]
            jobs = [dict(job, steps=steps(outcomes[job["name"]].case, keras, some)) for (_, job), some in zip(fitting, tried)]
            about = ["%s in %s" % (kind, keras) for kind, _ in fitting]
            checks.append((keras, about, (keras, jobs, folder, env, "-m", "checkers.load_check", library)))
    sources = [("source", dict(jobs_of(case, "", case.source), arguments=case.args)) for case in cases if case.run_source]
    run = [(kind, job) for kind, job in files if outcomes[job["name"]].case.runs]
    if sources or run:
        about, jobs = zip(*run, *sources)
        checks.append((None, about, ("run", jobs, folder, "tf221", "-m", "checkers.run_check", keraft)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda check: check_in(*check[2]), checks))
    for (keras, about, _), reports in zip(checks, found):
        for what, report in zip(about, reports):
            outcome = outcomes[report["name"]]
            if "model" in report:
                report["problems"] += compare(outcome.case, keras, report)
            outcome.add(what, report)
            if keras and keras not in outcome.opened:
                outcome.opened.append(keras)
    return outcomes.values()


def parser_of(doc, everything="nothing more: all cases run each time"):
    """What all scripts over cases take; `everything`: what --all means."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keraft", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help=everything)
    parser.add_argument("--only", default="*", help="pattern of case names, e.g. 'vgg16/*'")
    return parser


def prepared(suite, names):
    """The cases that can be run, and how many could not be made; a line for each that is not run."""
    cases, skipped = suites.prepare(suite, names)
    for name, reason in skipped:
        print("%s %s %s" % ("FAIL" if reason == suites.NOT_MADE else "SKIP", name, reason), flush=True)
    return cases, sum(reason == suites.NOT_MADE for _, reason in skipped)


def some_of(suite, options, first):
    """`prepared` for each group of cases; without --all or --only every third of it, from `first`."""
    for names in suites.groups(suite, options.only, options.all):
        yield prepared(suite, names if options.all or options.only != "*" else names[first::3])


def printed(outcomes):
    """A line for each; how many have problems."""
    for outcome in outcomes:
        outcome.print()
    return sum(bool(outcome.problems) for outcome in outcomes)


def say(problems, prefix="", passed=None):
    """A line for each case, by its problems; how many have some. `passed`: what to say of the others."""
    for name, found in problems.items():
        detail = "; ".join(" ".join(problem.split())[:400] for problem in found[:4]) if found else passed(name) if passed else ""
        print("%s %s%s %s" % ("FAIL" if found else "PASS", prefix, name, detail), flush=True)
    return sum(map(bool, problems.values()))


def main():
    parser = parser_of(__doc__, "the full matrix of the zoo, all checks on all files")
    parser.add_argument("--suite", choices=[*suites.SUITES, "all"], default="all")
    parser.add_argument("--keep", type=Path, help="keep converted files and reports in this folder")
    options = parser.parse_args()
    for env in sorted({env for env, _, _ in KERAS.values()}):
        if envs.python(env) is None:
            print("SKIP environment %s: not there; cmake/scripts/oracle_env.sh makes it" % env)
    if envs.python("tf221") is None:
        return NOTHING_RUN
    failed = 0
    for suite in suites.SUITES if options.suite == "all" else [options.suite]:
        for names in suites.groups(suite, options.only, options.all):
            cases, lost = prepared(suite, names)
            failed += lost
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
            (envs.HOME / "work").mkdir(parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(prefix=suite + "-", dir=options.keep or envs.HOME / "work")
            try:
                failed += printed(run_group(options.keraft.resolve(), cases, Path(folder), options.all))
            finally:
                if not options.keep:
                    suites.remove(folder)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
