"""Processes that have TensorFlow imported, one for each environment: what is run there is a fork of them, which saves the two to four
seconds that importing takes.

    servers.py serve SOCKET    in the environment, started by `run` where there is none yet; ends after a quarter of an hour without work
    servers.py stop FOLDER     ends all that were started there

A server takes a line of JSON for each job and answers with its exit code, negative for a signal. Runs in Python 3.7 too.
"""

import contextlib
import fcntl
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IDLE = 900  # seconds
PATIENCE = 120  # seconds for a server to start on a busy machine
LONGEST = 90  # bytes of a path, which a socket's name is added to


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def connected(folder, env, python, variables):
    """A connection to the server of `env`, which is started where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (env + ".sock")
    with open(folder / (env + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return connect(path)
        path.unlink(missing_ok=True)
        with open(folder / (env + ".log"), "w") as log:
            command = [str(python), __file__, "serve", str(path)]
            quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            server = subprocess.Popen(command, env=variables, start_new_session=True, **quiet)
        for _ in range(PATIENCE * 20):
            with contextlib.suppress(OSError):
                return connect(path)
            if server.poll() is not None:
                break
            time.sleep(0.05)
        server.kill()
        raise RuntimeError("no server of %s: %s" % (env, (folder / (env + ".log")).read_text()[-2000:]))


def run(folder, env, python, args, variables):
    """What subprocess.run(…, capture_output=True, text=True) returns for an interpreter's arguments, which begin with -m or -c."""
    with tempfile.TemporaryDirectory() as place, connected(folder, env, python, variables) as connection:
        streams = [os.path.join(place, name) for name in ("stdout", "stderr")]
        job = {"args": list(args), "cwd": os.getcwd(), "variables": variables, "streams": streams}
        connection.sendall(json.dumps(job).encode() + b"\n")
        answer = connection.makefile().readline()
        code = int(answer) if answer else -signal.SIGKILL
        out, err = (Path(path).read_text(errors="replace") if os.path.exists(path) else "" for path in streams)
        return subprocess.CompletedProcess([str(python), *args], code, out, err)


def next_job(path):
    """Takes jobs until there are none for a while. Returns a job in each child, nothing in the server itself."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen(64)
    os.rename(path + ".new", path)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    running = {}
    while True:
        ready = select.select([listener, woken], [], [], IDLE)[0]
        if not ready and not running:
            break
        if woken in ready:
            os.read(woken, 4096)
        while running:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                break
            code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            with running.pop(child) as connection, contextlib.suppress(OSError):
                connection.sendall(b"%d\n" % code)
        if listener in ready:
            connection = listener.accept()[0]
            line = connection.makefile().readline()
            if line == "stop\n":
                os.unlink(path)
                os.killpg(0, signal.SIGKILL)
            child = os.fork()
            if not child:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return json.loads(line)
            running[child] = connection
    os.unlink(path)
    return None


def become(job):
    """This process is what an interpreter with the job's arguments would be."""
    for number, path in zip((1, 2), job["streams"]):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["variables"])
    kind, what, *rest = job["args"]
    sys.argv = [kind, *rest]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


def serve(path):
    import tensorflow  # noqa: F401

    job = next_job(path)
    if job is not None:
        become(job)


def stop(folder):
    for path in Path(folder).glob("*.sock"):
        with contextlib.suppress(OSError), connect(path) as connection:
            connection.sendall(b"stop\n")
            connection.recv(1)


if __name__ == "__main__":
    {"serve": serve, "stop": stop}[sys.argv[1]](sys.argv[2])
