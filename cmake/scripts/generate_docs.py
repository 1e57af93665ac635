#!/usr/bin/env python3
"""Writes ops.md and layers.md from the cards: generate_docs.py KERAFT FOLDER.

They are made in the build folder and not kept in git: a new card is one new file and nothing else.
"""

import json
import subprocess
import sys
from pathlib import Path

NOTE = "Generated from the cards by `cmake/scripts/generate_docs.py`; do not edit.\n\n"


def row(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def yes(flag):
    return "yes" if flag else ""


def pages(tables):
    ops = "# TensorFlow ops\n\n" + NOTE + row("op", "runs", "becomes a part of", "") + row(*["---"] * 4)
    ops += "".join(row("`%s`" % x["name"], yes(x["run"]), ", ".join(x["layer"]), x["about"]) for x in tables["ops"])
    layers = "# Keras layers\n\n" + NOTE + row("layer", "read", "written", "lowered to ops", "runs", "") + row(*["---"] * 6)
    for x in tables["layers"]:
        layers += row("`%s`" % x["name"], yes(x["read"]), yes(x["write"]), yes(x["lower"]), yes(x["run"]), x["about"])
    return {"ops.md": ops, "layers.md": layers}


def main():
    keraft, folder = sys.argv[1], Path(sys.argv[2])
    tables = json.loads(subprocess.run([keraft, "support", "--json"], check=True, capture_output=True, text=True).stdout)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(tables).items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
