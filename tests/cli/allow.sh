#!/usr/bin/env bash
# --allow: how far the fallback goes, and what is said where it ends.
source "$(dirname "$0")/graphs.sh"

how() { grep -o '"how": "[a-z]*"' "$1" | sort | uniq -c | tr -s ' \n' ' '; }

# A layer, an op that is none, a variable that only a generated layer can hold.
{ echo "$input"; unary r Relu x; unary y Sin r; } | graph ops
{ echo "$input"; constant w DT_FLOAT 'dim { size: 4 }' 'float_val: 1 float_val: 2 float_val: 3 float_val: 4'; unary v Identity w
  echo "node { name: \"y\" op: \"Mul\" input: \"x\" input: \"v\" $attr_t }"; } | graph custom
{ echo "$input"; unary a Relu x; unary b NoSuchOp a; unary c AnotherOp b; unary d Sin x; echo "node { name: \"y\" op: \"AddV2\" input: \"c\" input: \"d\" $attr_t }"; } | graph unknown

refused 4 'y \(Sin\)' ops.pbtxt --allow layers
for allow in ops custom; do
  for kind in keras h5; do
    expect 0 '' "$keraft" convert ops.pbtxt "ops.$kind" --allow "$allow" --quiet --report report.json
    [[ "$(how report.json)" == *'1 "how": "card"'*'1 "how": "ops"'* ]] || fail "--allow $allow: $(how report.json)"
    expect 0 '' "$keraft" verify ops.pbtxt "ops.$kind" --quiet
  done
done
expect 0 '' "$keraft" convert ops.pbtxt ops.h5 --keras 3 --quiet
expect 0 '' "$keraft" verify ops.pbtxt ops.h5 --quiet
expect 4 'Keras 2' "$keraft" convert ops.pbtxt two.keras --keras 2
[[ ! -e two.keras ]] || fail "a file was written that Keras 2 cannot load"

refused 4 'variable' custom.pbtxt --allow ops
expect 0 '' "$keraft" convert custom.pbtxt custom.keras --quiet --report report.json
[[ "$(how report.json)" == *'"how": "custom"'* && -s custom.py ]] || fail "no generated layer: $(how report.json)"
expect 0 '' "$keraft" verify custom.pbtxt custom.keras --quiet

# Unknown ops: all listed at once, unless stubs are asked for.
for allow in layers ops; do
  refused 4 'NoSuchOp' unknown.pbtxt --allow "$allow"
  refused 4 'AnotherOp' unknown.pbtxt --allow "$allow"
done
refused 4 'NoSuchOp' unknown.pbtxt
refused 4 'AnotherOp' unknown.pbtxt
expect 0 '' "$keraft" convert unknown.pbtxt unknown.keras --allow custom --quiet --report report.json
grep -q 'stub' report.json || fail "the report does not tell of the stubs"
grep -q 'class NoSuchOp' unknown.py && grep -q 'class AnotherOp' unknown.py || fail "no stubs: $(cat unknown.py)"
grep -q 'NotImplementedError("the TensorFlow op NoSuchOp")' unknown.py || fail "the stub does not name its op"
expect 2 '' "$keraft" convert ops.pbtxt x.keras --allow everything
