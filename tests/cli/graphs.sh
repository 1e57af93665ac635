# Sourced by the scripts beside it: graphs as text, node by node.
source "$(dirname "$0")/lib.sh"
cd "$work"

attr_t='attr { key: "T" value { type: DT_FLOAT } }'
input='node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }'
unary() { echo "node { name: \"$1\" op: \"$2\" input: \"$3\" $attr_t ${4:-} }"; }
graph() { cat >"$1.pbtxt"; }
# constant NAME TYPE DIMS VALUES [TYPE OF THE VALUE]
constant() { echo "node { name: \"$1\" op: \"Const\" attr { key: \"dtype\" value { type: $2 } }
  attr { key: \"value\" value { tensor { dtype: ${5:-$2} tensor_shape { $3 } $4 } } } }"; }
