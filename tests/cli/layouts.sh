#!/usr/bin/env bash
# --data-format and --unfold-bn: what a graph of channels-first images, and a folded normalisation, become.
source "$(dirname "$0")/graphs.sh"


list() { echo "attr { key: \"$1\" value { list { $(printf 'i: %s ' ${@:2}) } } }"; }
text() { echo "attr { key: \"$1\" value { s: \"$2\" } }"; }
filter="$(for i in $(seq 1 54); do echo "float_val: $((i * 37 % 23 - 11)).5"; done)"
{
  echo 'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "shape" value { shape { dim { size: -1 } dim { size: 3 } dim { size: 7 } dim { size: 6 } } } } }'
  constant conv/kernel DT_FLOAT 'dim { size: 3 } dim { size: 3 } dim { size: 3 } dim { size: 2 }' "$filter"
  constant conv/bn_offset DT_FLOAT 'dim { size: 2 }' 'float_val: 0.5 float_val: -0.25'
  echo "node { name: \"conv/Conv2D\" op: \"Conv2D\" input: \"x\" input: \"conv/kernel\" $attr_t
    $(list strides 1 1 2 1) $(text padding SAME) $(text data_format NCHW) }"
  echo "node { name: \"conv/bn/FusedBatchNorm\" op: \"BiasAdd\" input: \"conv/Conv2D\" input: \"conv/bn_offset\" $attr_t
    $(text data_format NCHW) }"
  unary conv/Relu Relu conv/bn/FusedBatchNorm
} | graph first

layers() {
  python3 - "$@" <<'END' || fail "$1"
import json, sys
report = json.load(open(".stdout"))
classes = [layer["class"] for layer in report["layers"]]
assert report["status"] == "ok" and report["verification"]["max_rel"] < 1e-6, report["verification"]
assert classes == sys.argv[2].split(), classes
assert sys.argv[3] in json.dumps(report["lossy"]), report["lossy"]
END
}

expect 0 '' "$keraft" convert first.pbtxt out.keras --json
layers 'channels last' 'Permute Conv2D Permute' 'channels of its images first'
expect 0 '' "$keraft" convert first.pbtxt kept.keras --data-format keep --json
layers 'kept' 'Conv2D' 'are kept'
expect 0 '' "$keraft" convert first.pbtxt unfolded.keras --unfold-bn --json
layers 'unfolded' 'Permute Conv2D BatchNormalization Activation Permute' 'one that changes nothing'
expect 0 '' "$keraft" verify first.pbtxt unfolded.keras --rtol 1e-6 --quiet
unzip -p out.keras config.json | grep -q channels_first && fail "channels first after all"
unzip -p kept.keras config.json | grep -q channels_first || fail "channels first are not kept"
expect 2 'data-format' "$keraft" convert first.pbtxt no.keras --data-format sideways
