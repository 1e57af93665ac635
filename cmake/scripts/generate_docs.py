#!/usr/bin/env python3
"""Writes docs/ops.md and docs/layers.md from the cards, or says that they are stale.

    generate_docs.py KERAFT [--fix]      KERAFT is the built command
"""

import json
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOTE = "Generated from the cards by `cmake/scripts/generate_docs.py`; do not edit.\n\n"


def row(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def yes(flag):
    return "yes" if flag else ""


def pages(tables):
    ops = "# TensorFlow ops\n\n" + NOTE + row("op", "runs", "in generated layers", "becomes a part of", "") + row(*["---"] * 5)
    for x in tables["ops"]:
        ops += row("`%s`" % x["name"], yes(x["run"]), yes(x["code"]), ", ".join(x["layer"]), x["about"])
    layers = "# Keras layers\n\n" + NOTE + row("layer", "read", "written", "lowered to ops", "runs", "") + row(*["---"] * 6)
    for x in tables["layers"]:
        layers += row("`%s`" % x["name"], yes(x["read"]), yes(x["write"]), yes(x["lower"]), yes(x["run"]), x["about"])
    return {"ops.md": ops, "layers.md": layers}


def main():
    keraft, *options = sys.argv[1:]
    tables = json.loads(subprocess.run([keraft, "support", "--json"], check=True, capture_output=True, text=True).stdout)
    stale = [name for name, text in pages(tables).items() if not (DOCS / name).exists() or (DOCS / name).read_text() != text]
    if "--fix" in options:
        for name, text in pages(tables).items():
            (DOCS / name).write_text(text)
        return 0
    if stale:
        print("stale: %s; ninja -C BUILD tables" % ", ".join("docs/" + name for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
