#!/usr/bin/env python3
"""Checks who includes whom (docs/architecture.md): the direction between folders of src/, and that each foreign library is seen by
one folder alone."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LOW = {"base", "ir", "kernels", "cards"}
# folder of src/ → folders that it may include, beside itself and the public headers
MAY = {
    "base": set(),
    "ir": {"base"},
    "kernels": {"base", "ir"},
    "cards": {"base", "ir", "kernels"},
    "normalise": LOW,
    # A generated layer carries its Python source.
    "recover": LOW | {"emit"},
    "lower": LOW,
    "weights": LOW,
    # Hyper-parameters are computed by the graph: it is run for them.
    "training": LOW | {"normalise", "weights"},
    "emit": LOW,
    # A layer runs by being lowered.
    "run": LOW | {"lower"},
    "verify": LOW | {"lower", "run"},
    "formats": {"base", "ir", "cards"},
    # A TensorFlow model is whole when its calls are inlined and its variables have values.
    "reading": LOW | {"formats", "normalise", "training", "weights"},
    # Looks at files as they stand.
    "doctor": {"base", "formats"},
    # Weights of every kind of file.
    "transfer": LOW | {"formats", "reading"},
    "cli": set(),
    "pipeline": LOW | {"normalise", "recover", "lower", "weights", "emit", "run", "verify", "formats", "reading", "training", "transfer"},
}
# library → the only folder that includes it
SEES = {
    r"google/protobuf|.*\.pb\.h$": ("src/formats/wire",),
    r"(hdf5|H5\w*)\.h$": ("src/formats/wire",),
    r"zip(conf)?\.h$": ("src/formats/wire",),
    r"nlohmann/": ("src/formats/wire",),
    r"snappy": ("src/formats/wire",),
    r"Eigen/|unsupported/Eigen": ("src/kernels",),
    r"CLI/": ("src/cli",),
    r"zlib\.h$": ("src/cli", "src/formats/wire"),
}
# The one inner header of the C API: what a caller's functions do is a part of an op's card.
CAPI_SEES = {("capi/op_call.h", "cards/op_card.h")}
INCLUDE = re.compile(r'^\s*#\s*include\s+(<[^>]+>|"[^"]+")', re.M)


def folder_of(path):
    """The folder of src/ that a file belongs to; files in src/ itself are the pipeline."""
    parts = path.relative_to(ROOT / "src").parts
    return parts[0] if len(parts) > 1 else "pipeline"


def problems_of(path):
    place = path.relative_to(ROOT).as_posix()
    in_src = place.startswith("src/")
    folder = folder_of(path) if in_src else None
    for found in INCLUDE.findall(path.read_text(errors="replace")):
        name = found[1:-1]
        for pattern, folders in SEES.items():
            if re.match(pattern, name) and not place.startswith(tuple(one + "/" for one in folders)):
                yield "%s: includes %s, which only %s may" % (place, name, " and ".join(folders))
        target = name.split("/")[0]
        if in_src and found[0] == '"' and "/" in name and target in MAY and target != folder and target not in MAY[folder]:
            yield "%s: %s may not include %s" % (place, folder, name)
        if place.startswith("include/") and found[0] == '"' and not name.startswith("keraft/"):
            yield "%s: public headers include only public headers, not %s" % (place, name)
        if folder == "cli" and (name.startswith("keraft/") or target in set(MAY) - {"cli"}):
            yield "%s: the command sees the C API alone, not %s" % (place, name)
        if place.startswith("capi/") and target in set(MAY) and target != "pipeline" and (place, name) not in CAPI_SEES:
            yield "%s: the C API sees the public headers alone, not %s" % (place, name)


def main():
    files = [path for top in ("src", "include", "capi") for path in sorted((ROOT / top).rglob("*")) if path.suffix in (".h", ".hpp", ".cpp", ".c")]
    unknown = sorted({folder_of(path) for path in files if path.is_relative_to(ROOT / "src")} - set(MAY))
    problems = ["src/%s: a folder without a rule in %s" % (name, Path(__file__).name) for name in unknown]
    for path in files:
        if not (path.is_relative_to(ROOT / "src") and folder_of(path) in unknown):
            problems += problems_of(path)
    print("\n".join(problems) if problems else "%d files, no include in the wrong direction" % len(files))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
