"""Converts every wrong file and asks for the stated answer: the exit code, a message that names the place, nothing written, no
temporary file left, no control characters on the terminal, and memory in proportion.

usage: run.py KERAFT [--only TEXT] [--list]
"""

import argparse
import importlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bad.case import DIFFERS, DONE  # noqa: E402

CLASSES = ["protobuf", "pbtxt", "graph", "tensor", "saved_model", "checkpoint", "metadata", "hdf5"]
AS_IT_WAS = b"as it was"
MOST_MEMORY_MB = 256
UNTOLD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def all_cases(only):
    seen = set()
    for name in CLASSES:
        for case in importlib.import_module(f"bad.cases.{name}").cases():
            if case.name in seen:
                raise SystemExit(f"two cases are named {case.name}")
            seen.add(case.name)
            if only in case.name:
                yield case


def size_of(folder):
    return sum(p.stat().st_blocks * 512 for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


class Checker:
    def __init__(self, keraft):
        self.keraft = keraft
        self.sanitised = b"__asan_init" in Path(keraft).read_bytes()
        self.environment = {**os.environ, "ASAN_OPTIONS": "exitcode=99:detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}

    def run(self, command, folder):
        """Exit code, what stderr said, and the largest memory in MB."""
        with open(folder / ".stderr", "w+b") as errors, open(folder / ".stdout", "wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=errors, cwd=folder, env=self.environment)
            watchdog = threading.Timer(120, process.kill)
            watchdog.start()
            _, status, usage = os.wait4(process.pid, 0)
            watchdog.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            said = errors.read().decode("utf-8", "surrogateescape")
        (folder / ".stderr").unlink()
        return process.returncode, said, usage.ru_maxrss / 1024

    def check(self, case):
        """What is wrong with the answer to one case."""
        with tempfile.TemporaryDirectory(prefix="keraft-bad-") as name:
            folder = Path(name)
            try:
                source = case.build(folder)
            except NotImplementedError as reason:
                return [f"not checked: {reason}"], False
            input_size = size_of(folder)
            out = folder / "out.keras"
            out.write_bytes(AS_IT_WAS)
            command = [self.keraft, case.command, source, *([str(out)] if case.command == "convert" else []), *case.options]
            code, said, memory = self.run(command, folder)
            wrong = []
            if code not in case.answers:
                wrong.append(f"exit {signal.Signals(-code).name if code < 0 else code}, not {case.answer}: {said[:600]}")
            if not re.search(case.pattern, said):
                wrong.append(f"{case.pattern!r} is not in: {said[:400]!r}")
            if code not in (DONE, DIFFERS):
                if not said.startswith("keraft: error: "):
                    wrong.append(f"no error line first: {said[:200]!r}")
                if out.read_bytes() != AS_IT_WAS:
                    wrong.append("OUT changed")
            elif case.command == "convert" and out.read_bytes() == AS_IT_WAS:
                wrong.append("nothing was written")
            if UNTOLD.search(said):
                wrong.append(f"control characters in the message: {said[:200]!r}")
            left = [p.name for p in folder.rglob(".keraft-*")]
            if left:
                wrong.append(f"left behind: {left}")
            if not self.sanitised and input_size <= 16 << 20 and memory > MOST_MEMORY_MB:
                wrong.append(f"took {memory:.0f} MB for {input_size} bytes")
            if case.within and code == DONE:
                shown = subprocess.run([self.keraft, "inspect", str(out)], capture_output=True, text=True, check=False).stdout
                if not re.search(case.within, shown):
                    wrong.append(f"{case.within!r} is not in what was written: {shown[:400]!r}")
            return wrong, True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("keraft")
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    if args.list:
        for case in all_cases(args.only):
            print(case.name, case.answer)
        return
    checker = Checker(str(Path(args.keraft).resolve()))
    failed, checked, classes, lock = 0, 0, set(), threading.Lock()
    cases = all_cases(args.only)

    def work():
        """Takes case after case: their files are made one at a time, as some are large."""
        nonlocal failed, checked
        while True:
            with lock:
                case = next(cases, None)
            if case is None:
                return
            wrong, done = checker.check(case)
            with lock:
                checked += done
                classes.add(case.name.split("/")[0])
                for text in wrong:
                    failed += done
                    print(f"{'FAIL: ' if done else ''}{case.name}: {text}")

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for worker in [pool.submit(work) for _ in range(os.cpu_count() or 1)]:
            worker.result()
    print(f"{checked} wrong files of {len(classes)} classes")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
