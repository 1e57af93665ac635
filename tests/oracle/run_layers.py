#!/usr/bin/env python3
"""The layer matrix (tests/oracle/layers): every case in two processes of tf221.

    run_layers.py --keraft build/release/keraft [--all] [--only 'conv/Conv1D*'] [--failed]

Without --all each case is built by one of its writers, by turns. Exit code 1 if anything failed, 77 without the environment.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import envs

PROCESSES = 2


def is_left(problems):
    return bool(problems) and problems[0].startswith("LEFT ")


def run_part(options, part, folder):
    report = Path(folder) / ("report-%d.json" % part)
    amount = "all" if options.all or options.only != "*" else "turns"
    command = [options.keraft.resolve(), report, part, options.processes, options.only, amount]
    done = envs.run("tf221", "-m", "layers.check", *command, check=False)
    return done, {name: said for line in envs.read_lines(report) for name, said in line.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keraft", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help="every writer of every case")
    parser.add_argument("--only", default="*", help="pattern of names family/case/writer; all writers of what matches")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--failed", action="store_true", help="print failures only")
    options = parser.parse_args()
    if envs.python("tf221") is None:
        print("SKIP no environment tf221; cmake/scripts/oracle_env.sh makes it")
        return 77
    failed = passed = skipped = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.processes) as pool:
        for done, report in pool.map(lambda part: run_part(options, part, folder), range(options.processes)):
            for name, problems in report.items():
                if is_left(problems):
                    print("SKIP %s %s" % (name, problems[0]))
                elif problems:
                    print("FAIL %s %s" % (name, "; ".join(problems)[:700]))
                elif not options.failed:
                    print("PASS " + name)
            failed += sum(bool(problems) and not is_left(problems) for problems in report.values())
            skipped += sum(map(is_left, report.values()))
            passed += sum(not problems for problems in report.values())
            if done.returncode:
                failed += 1
                print("FAIL the checker ended with %d: %s" % (done.returncode, done.stderr[-1500:]))
    print("%d passed, %d failed, %d not recovered yet and refused" % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
