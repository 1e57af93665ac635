#!/usr/bin/env python3
"""The HDF Group's files of crashes and CVEs: what keraft reads of them is what is there, and the rest is an error.

    known_bad.py WALK [FOLDER]

FOLDER holds a copy of github.com/HDFGroup/cve_hdf5; $KERAFT_CVE_HDF5 or ../shared/cve_hdf5 when it is not given. Each file is read
by WALK (keraft_hdf5_walk) within 64 MB and a second; what h5py reads of the same file, in a process of its own since it may
crash, must be the same. Exit 77 without the files or without h5py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/oracle"))

import envs  # noqa: E402

SECONDS = 1  # of the program's own clock, for a file; sanitizers take part of it
ENDINGS = (".c", ".md", ".sh", ".py", ".yml", ".gif")

PEER = """
import json, sys, zlib, h5py, numpy
out = {}
def visit(group, path, depth):
    for name in group:
        where = path + "/" + name
        try:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue
            item = group[name]
            if isinstance(item, h5py.Group):
                if depth < 8:
                    visit(item, where, depth + 1)
            elif item.dtype.kind in "fiub" and item.size * item.dtype.itemsize <= 1 << 24:
                values = numpy.ascontiguousarray(item[()])
                values = values.astype(values.dtype.newbyteorder("<"))
                out[where] = [item.dtype.kind, list(item.shape), zlib.crc32(values.tobytes())]
        except Exception:
            pass
        print(json.dumps(out), flush=True)
with h5py.File(sys.argv[1], "r") as file:
    visit(file, "", 0)
"""


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder and path.suffix not in ENDINGS)


def by_peer(python, path):
    """What h5py reads before it ends, or crashes, or is told to stop."""
    try:
        done = subprocess.run([str(python), "-c", PEER, str(path)], capture_output=True, text=True, timeout=20)
        lines = done.stdout.splitlines()
    except subprocess.TimeoutExpired as late:
        lines = (late.stdout or b"").decode().splitlines()
    whole = [line for line in lines if line.startswith("{") and line.endswith("}")]
    return json.loads(whole[-1]) if whole else {}


def look(walk, python, path):
    """(problems, how many datasets keraft read, how many of them h5py read too)"""
    done = subprocess.run([walk, str(path)], capture_output=True, text=True, timeout=300)
    if done.returncode:
        return ["exit %d: %s" % (done.returncode, done.stderr[-400:])], 0, 0
    found = json.loads(done.stdout)
    problems = [] if found["seconds"] <= SECONDS else ["%.1f s" % found["seconds"]]
    theirs = by_peer(python, path)
    both = sorted(set(theirs) & set(found["datasets"]))
    for name in both:
        ours, peer = found["datasets"][name], theirs[name]
        if ours[1] != peer[1] or ours[2] != peer[2]:
            problems.append("%s: %s, h5py reads %s" % (name, ours, peer))
    return problems, len(found["datasets"]), len(both)


def main(walk, folder=None):
    folder = Path(folder or os.environ.get("KERAFT_CVE_HDF5") or ROOT.parent / "shared/cve_hdf5")
    python = envs.python("tf221")
    files = files_below(folder) if folder.is_dir() else []
    if not files or not python:
        print("SKIP: no files in %s" % folder if python else "SKIP: no h5py: the oracle's environment tf221 is missing")
        return 77
    failed = read = shared = 0
    for path in files:
        problems, ours, both = look(walk, python, path)
        failed, read, shared = failed + bool(problems), read + ours, shared + both
        for problem in problems:
            print("FAIL %s: %s" % (path.relative_to(folder), problem))
    print("%d files: %d wrong; %d datasets read, %d of them by h5py too" % (len(files), failed, read, shared))
    return min(1, failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
