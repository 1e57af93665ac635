"""Generates the sources that are missing: python -m nets [--only net/producer/kind] (patterns allowed)."""

import argparse
import sys

import envs
from nets import ENV, cases


def generate(wanted):
    """Makes what is missing of (net, producer, kind) in one process; returns {case: folder}, None where environment or build failed."""
    root = envs.models_folder("nets")
    folders = {case: root.joinpath(*case) for case in wanted}
    missing = ["/".join(case) for case, folder in folders.items() if not (folder / "case.json").exists()]
    if missing and envs.python(ENV) is not None:
        done = envs.run(ENV, "-m", "nets.build", root, *missing, check=False)
        if done.returncode:
            print(done.stderr[-6000:], file=sys.stderr)
    return {case: folder if (folder / "case.json").exists() else None for case, folder in folders.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*")
    for case, folder in generate(cases(parser.parse_args().only)).items():
        print("/".join(case), folder or "MISSING")
