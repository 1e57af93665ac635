"""keraft run beside ONNX Runtime on the same frozen graph, one thread each, interleaved.

usage: run.py KERAFT FROZEN.pb INPUT OUTPUT [ROUNDS]     (in an environment with tf2onnx, onnxruntime and TensorFlow 2.15)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import onnxruntime


def to_onnx(source, given, wanted, target):
    command = [sys.executable, "-m", "tf2onnx.convert", "--graphdef", source, "--output", str(target), "--opset", "15"]
    subprocess.run([*command, "--inputs", given, "--outputs", wanted], check=True, capture_output=True)


def peer(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main():
    keraft, source, given, wanted = sys.argv[1:5]
    rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 5
    with tempfile.TemporaryDirectory() as folder:
        onnx = Path(os.environ.get("KERAFT_BENCH_ONNX", Path(folder, "peer.onnx")))
        if not onnx.exists():
            to_onnx(source, given, wanted, onnx)
        session = peer(onnx)
        feed = session.get_inputs()[0]
        images = Path(source).parents[1] / "io.npz"  # of the oracle's zoo: for these the probabilities are not all 0 and 1
        if images.exists():
            x = numpy.load(images)["b1/in0"]
        else:
            x = numpy.random.default_rng(0).uniform(-1, 1, [1, *feed.shape[1:]]).astype(numpy.float32)
        numpy.save(Path(folder, "x.npy"), x)
        command = [keraft, "run", source, "-i", f"{folder}/x.npy", "-o", f"{folder}/y.npy", "--threads", "1", "--repeat", "10"]
        command += ["--inputs", given, "--outputs", wanted]
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["median_ms"])
            times = []
            for _ in range(12):
                begin = time.perf_counter()
                y = session.run(None, {feed.name: x})[0]
                times.append(1000 * (time.perf_counter() - begin))
            theirs.append(statistics.median(times[2:]))
        error = numpy.abs(numpy.load(Path(folder, "y.npy")) - y).max() / numpy.abs(y).max()
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print("| model | keraft ms | ONNX Runtime ms | ratio | largest difference |")
        print("|---|---|---|---|---|")
        name = Path(source).parts[-4]
        print(f"| {name} | {statistics.median(ours):.1f} | {statistics.median(theirs):.1f} | {ratio:.2f} | {error:.1e} |")


if __name__ == "__main__":
    main()
