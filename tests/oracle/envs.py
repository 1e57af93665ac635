"""Where the oracle's Python environments and generated models live, and how to run something in one of them."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import servers

ROOT = Path(__file__).resolve().parent
HOME = Path(os.environ.get("KERAFT_ORACLE_HOME") or Path.home() / ".cache/keraft/oracle")


def python(env):
    """The interpreter of an environment, or None where cmake/scripts/oracle_env.sh could not make it."""
    path = HOME / env / "bin/python"
    return path if path.exists() and (HOME / env / ".pins").exists() else None


# TensorFlow takes and frees the same megabytes for each op; given back to the system each time, that is a third of what a checker costs.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 36), "MALLOC_TOP_PAD_": str(1 << 26)}


def run(env, *args, check=True):
    """Runs the interpreter of `env` with the oracle's own modules on its path; `tf.keras` is Keras 2 there. Below
    KERAFT_ORACLE_SERVERS, where that is set, processes that have imported TensorFlow wait for such work."""
    variables = dict(os.environ, **KEEP_MEMORY, PYTHONPATH=str(ROOT), TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    variables.update(PYTHONWARNINGS="ignore")
    if env == "tf221":
        variables["TF_USE_LEGACY_KERAS"] = "1"
    args = list(map(str, args))
    place = os.environ.get("KERAFT_ORACLE_SERVERS", "")
    if place and len(os.fsencode(place)) < servers.LONGEST:
        done = servers.run(Path(place), env, python(env), args, variables)
        if check:
            done.check_returncode()
        return done
    return subprocess.run([str(python(env)), *args], env=variables, check=check, text=True, capture_output=True)


def read_lines(path):
    """What checkers wrote, a JSON value a line; nothing where there is no such file."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")] if path.exists() else []


def read_json(path):
    return json.loads(path.read_text())


def models_folder(suite):
    """The folder of a suite's generated models; its name changes with the text of the generator."""
    digest = hashlib.sha256()
    parts = [path for path in (ROOT / suite).glob("*.py") if path.name != "__main__.py"]
    for path in sorted([*parts, ROOT / "writers.py", ROOT / "checkers/describe.py"]):
        digest.update(path.name.encode() + path.read_bytes())
    return HOME / "models" / ("%s-%s" % (suite, digest.hexdigest()[:12]))
