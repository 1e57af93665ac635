"""Generates the sources that are missing: python -m zoo [--only net/producer/kind] (patterns allowed)."""

import argparse
import sys

import envs
from zoo import PRODUCERS, cases


def generate(wanted):
    """Makes what is missing of (net, producer, kind); returns {case: folder}, None where environment or build failed."""
    root = envs.models_folder("zoo")
    folders = {}
    for case in wanted:
        net, producer, kind = case
        folder = root / net / producer / kind
        env, module, _ = PRODUCERS[producer]
        if not (folder / "case.json").exists() and envs.python(env) is not None:
            done = envs.run(env, "-m", module, root, producer, net, kind, check=False)
            if done.returncode:
                print("%s\n%s" % ("/".join(case), done.stderr[-4000:]), file=sys.stderr)
        folders[case] = folder if (folder / "case.json").exists() else None
    return folders


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*")
    for case in cases(parser.parse_args().only):
        print("/".join(case), generate([case])[case] or "MISSING", flush=True)
