"""Generates the originals that are missing: python -m originals [--only name/producer/kind] (patterns allowed)."""

import argparse
import sys
from collections import defaultdict

import envs
from originals import PRODUCERS, cases


def generate(wanted):
    """Makes what is missing of (name, producer, kind); returns {case: folder}, None where environment or build failed."""
    root = envs.models_folder("originals")
    folders, missing = {}, defaultdict(list)
    for case in wanted:
        name, producer, kind = case
        folders[case] = root / name / producer / kind
        if not (folders[case] / "expected.json").exists():
            missing[producer].append(name + "/" + kind)
    for producer, items in missing.items():
        env = PRODUCERS[producer][0]
        if envs.python(env) is None:
            continue
        done = envs.run(env, "-m", "originals.build", root, producer, *items, check=False)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
    return {case: folder if (folder / "expected.json").exists() else None for case, folder in folders.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*")
    for case, folder in generate(cases(parser.parse_args().only)).items():
        print("/".join(case), folder or "MISSING")
