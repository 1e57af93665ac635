#!/usr/bin/env bash
# SavedModels with the metadata of Keras 2: the author's layers where they are what the graph computes, the graph where they are not.
source "$(dirname "$0")/lib.sh"
cd "$work" || exit 1

# model NAME CHANGE: a folder, and Python that changes `told` (notes by object) and `tree` (objects).
model() {
  PYTHONPATH="$here/.." python3 - "$1" "$2" "${3:-}" <<'END' || fail "no model $1"
import sys, pathlib
from tf_bytes import keras_model
told, tree = keras_model.notes(), keras_model.objects()
layers = told[0]["config"]["layers"]
exec(sys.argv[2])
keras_model.write(pathlib.Path(sys.argv[1]), told, tree, old=sys.argv[3] == "old")
END
}

# layers WHAT "CLASS…" "NAME…" HOW LOSSY: of the report in .stdout.
layers() {
  checks=$((checks + 1))
  python3 - "$@" <<'END' || fail "$1"
import json, sys
report = json.load(open(".stdout"))
assert report["status"] == "ok" and report["verification"]["max_rel"] < 1e-6, report["verification"]
told = [(layer["class"], layer["name"], layer["how"]) for layer in report["layers"]]
assert [one[0] for one in told] == sys.argv[2].split(), told
assert [one[1] for one in told] == sys.argv[3].split(), told
assert {one[2] for one in told} == {sys.argv[4]}, told
lossy = json.dumps(report["lossy"])
assert sys.argv[5] in lossy if sys.argv[5] else lossy == "[]", lossy
END
}
taken() { layers "$1" 'Dense GaussianNoise Dense' 'first_of_two noise second' metadata ''; }
graph_wins() { layers "$1" 'Dense Dense' 'a0 b1' card "not used: $2"; }

model good ''
model old '' old
for name in good old; do
  for kind in keras h5; do
    expect 0 '' "$keraft" convert "$name" "$name.$kind" --json
    taken "$name"
  done
done
unzip -p good.keras config.json | grep -q '"stddev":0.25' || fail "the config of what acts in training is lost"
unzip -p good.keras config.json | grep -q '"l2":0.5' || fail "the regularizer is lost"
cmp -s good.keras old.keras || fail "one model told in two ways becomes two files"
expect 0 '' "$keraft" convert good infer.keras --infer --json
layers 'without what acts in training' 'Dense Dense' 'first_of_two second' metadata ''

# Two weights of one size: the graph knows which is which.
model swapped 'told[2]["name"], told[4]["name"] = told[4]["name"], told[2]["name"]'
expect 0 '' "$keraft" convert swapped swapped.keras --json
graph_wins 'swapped weights' 'it computes something else than the graph'
model other 'layers[1]["config"]["activation"] = "tanh"'
expect 0 '' "$keraft" convert other other.keras --json
graph_wins 'another activation' 'it computes something else than the graph'
expect 0 '' "$keraft" convert other other.h5 --json
graph_wins 'another activation, for .h5' 'it computes something else than the graph'
expect 0 '' "$keraft" verify other other.keras --rtol 1e-6 --quiet

# What need not be computed to be seen is seen without comparison too.
model larger 'layers[3]["config"]["units"] = 5'
expect 0 '' "$keraft" convert larger larger.keras --no-verify --json
grep -q 'not used: second: its config does not make a kernel of \[4, 4\]' .stdout || fail "units of another number"
model shorter 'told[0]["config"]["output_layers"] = [["first_of_two", 0, 0]]'
expect 0 '' "$keraft" convert shorter shorter.keras --no-verify --json
grep -q 'not used: the graph reads a variable that no layer has' .stdout || fail "a layer that is left out"
expect 0 '' "$keraft" convert good named.keras --outputs a0 --json
grep -q 'not used: inputs and outputs were named' .stdout || fail "other outputs"
