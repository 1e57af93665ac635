#!/usr/bin/env bash
# Usage errors, and what is not there yet.
source "$(dirname "$0")/lib.sh"
cd "$work"
expect 0 '' "$keraft" --help
expect 0 '' "$keraft" --version
expect 0 '' "$keraft" support
expect 0 '' "$keraft" support --json
expect 2 'subcommand' "$keraft"
expect 2 '' "$keraft" convert
expect 2 '' "$keraft" convert "$digits/digits.pb"
expect 2 'OUT must end in' "$keraft" convert "$digits/digits.pb" out.onnx
expect 2 'weights' "$keraft" convert "$digits/digits.pb" out.weights.h5
expect 2 'not there yet' "$keraft" convert "$digits/digits.pb" out --to weights
expect 2 '' "$keraft" convert "$digits/digits.pb" out.keras --to nonsense
expect 2 'x: cannot open' "$keraft" convert "$digits/digits.pb" out.keras --rules x
expect 2 '' "$keraft" convert "$digits/digits.pb" out.keras --nonsense
expect 2 '' "$keraft" convert "$digits/digits.pb" out.keras --samples -1
expect 2 '--shape' "$keraft" convert "$digits/digits.pb" out.keras --shape 8,8,1
expect 2 'neither a size nor a letter' "$keraft" convert "$digits/digits.pb" out.keras --shape 'images=B,-8,8,1'
expect 2 'report' "$keraft" convert "$digits/digits.pb" out.keras --report r.pdf
expect 2 'outputs go' "$keraft" run "$digits/digits.pb" -i "$digits/held_out.npz"
[[ -z "$(ls "$work")" ]] || fail "usage errors wrote files: $(ls "$work")"
"$keraft" support --json | python3 -c '
import json, sys
tables = json.load(sys.stdin)
assert {"name", "read", "run", "layer", "ops_node", "code"} <= set(tables["ops"][0]), tables["ops"][0]
assert {"name", "read", "write", "run", "lower", "emit"} <= set(tables["layers"][0]), tables["layers"][0]
assert any(x["name"] == "MatMul" and "Dense" in x["layer"] for x in tables["ops"])
assert any(x["name"] == "Dense" and x["run"] for x in tables["layers"])
' || fail "support --json"
