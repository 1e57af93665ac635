"""keraft convert --no-verify beside cp of the bytes it writes: warm, interleaved, medians; and its peak anonymous memory.

usage: convert.py KERAFT SOURCE [ROUNDS]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def timed(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def anonymous_peak(command):
    """Largest RssAnon of the process, in MB, sampled every millisecond."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.is_set():
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                return
            for line in status.splitlines():
                if line.startswith("RssAnon"):
                    peak = max(peak, int(line.split()[1]))
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{command[0]} ended with {code}")
    return peak / 1024


def main():
    keraft, source = sys.argv[1], sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    print(f"| source | target | bytes written | cp ms | cp + fsync ms | keraft ms | ratio to cp | anonymous MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=os.environ.get("KERAFT_BENCH_DIR")) as folder:
        for suffix in (".keras", ".h5"):
            out, copy = Path(folder, "out" + suffix), Path(folder, "copy" + suffix)
            convert = [keraft, "convert", source, str(out), "--no-verify", "--quiet"]
            subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
            keep = Path(folder, "keep" + suffix)
            shutil.copy(out, keep)
            times = {"cp": [], "sync": [], "keraft": []}
            for _ in range(rounds):
                for path in (out, copy):
                    path.unlink(missing_ok=True)
                times["cp"].append(timed(["cp", str(keep), str(copy)]))
                copy.unlink()
                times["sync"].append(timed(["dd", f"if={keep}", f"of={copy}", "bs=1M", "conv=fsync", "status=none"]))
                times["keraft"].append(timed(convert))
            ms = {name: 1000 * statistics.median(values) for name, values in times.items()}
            ratio = statistics.median(k / c for k, c in zip(times["keraft"], times["cp"], strict=True))
            memory = anonymous_peak(convert)
            print(
                f"| {Path(source).name} | {suffix} | {keep.stat().st_size} | {ms['cp']:.1f} | {ms['sync']:.1f} | "
                f"{ms['keraft']:.1f} | {ratio:.2f} | {memory:.1f} |"
            )


if __name__ == "__main__":
    main()
