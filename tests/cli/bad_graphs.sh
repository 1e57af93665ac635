#!/usr/bin/env bash
# Class D of wrong files: what can be wrong with a graph, as text.
source "$(dirname "$0")/graphs.sh"

# A graph that is right, so that what is refused below is refused for its fault.
{ echo "$input"; unary y Relu x; } | graph right
expect 0 '' "$keraft" convert right.pbtxt right.keras --quiet

# D1: a cycle, a self loop.
{ echo "$input"; echo "node { name: \"a\" op: \"AddV2\" input: \"x\" input: \"b\" $attr_t }"; unary b Relu a; } | graph cycle
refused 3 'cycle' cycle.pbtxt --outputs b
{ echo "$input"; unary a Relu a; } | graph self
refused 3 'cycle' self.pbtxt --outputs a
# D2: through control edges alone.
{ echo "$input"; echo "node { name: \"a\" op: \"Relu\" input: \"x\" input: \"^b\" $attr_t }"; unary b Relu a; } | graph control
refused 3 'cycle' control.pbtxt --outputs b
# D4: inputs that are not there.
for name in nobody 'x:7' ':0' '^' '^x:0' '' 'x:' 'x:-1' 'x:99999999999999999999'; do
  { echo "$input"; unary y Relu "$name"; } | graph input
  refused 3 '' input.pbtxt --outputs y
done
# D5: two nodes of one name.
{ echo "$input"; unary y Relu x; unary y Tanh x; } | graph twice
refused 3 'y' twice.pbtxt
# D6: names out of the grammar; nothing outside may be written.
for name in '../../up' '/absolute' 'a b' '^a' 'a:0' '..' 'nul\000l' ''; do
  { echo "$input"; unary "$name" Relu x; } | graph name
  printf 'as it was' >out.keras
  checks=$((checks + 1))
  timeout 60 "$keraft" convert name.pbtxt out.keras --quiet 2>.err
  code=$?
  ((code == 0 || code == 2 || code == 3 || code == 4)) || fail "D6: '$name': exit $code: $(head -1 .err)"
  ((code == 0)) || [[ "$(cat out.keras)" == 'as it was' ]] || fail "D6: '$name': OUT changed on exit $code"
done
# D7: a data input behind a control input.
{ echo "$input"; echo "node { name: \"y\" op: \"AddV2\" input: \"x\" input: \"^x\" input: \"x\" $attr_t }"; } | graph order
refused 3 '' order.pbtxt
# D8: too few inputs, too many, a wrong N.
{ echo "$input"; echo "node { name: \"y\" op: \"AddV2\" input: \"x\" $attr_t }"; } | graph few
refused 3 'y' few.pbtxt
{ echo "$input"; echo "node { name: \"y\" op: \"Relu\" input: \"x\" input: \"x\" $attr_t }"; } | graph many
refused 3 'y' many.pbtxt
for n in -1 0 3 2147483648; do
  { echo "$input"; echo "node { name: \"y\" op: \"AddN\" input: \"x\" input: \"x\" attr { key: \"N\" value { i: $n } } $attr_t }"; } | graph count
  refused 3 'y' count.pbtxt
done
# D9: an attribute of a wrong kind.
{ echo "$input"; echo 'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { s: "float" } } }'; } | graph kind
refused 3 'y' kind.pbtxt
# D9: T and dtype that are not what the tensors are; two inputs that must be of one type; an attribute that is not there.
{ echo "$input"; echo 'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { type: DT_DOUBLE } } }'; } | graph type
refused 3 'y.*float64' type.pbtxt
{ echo "$input"; constant k DT_FLOAT '' 'int_val: 1' DT_INT32; echo "node { name: \"y\" op: \"AddV2\" input: \"x\" input: \"k\" $attr_t }"; } | graph type
refused 3 'k.*dtype' type.pbtxt
{ echo "$input"; constant k DT_INT32 '' 'int_val: 1'; echo "node { name: \"y\" op: \"AddV2\" input: \"x\" input: \"k\" $attr_t }"; } | graph type
refused 3 'y.*float32 and int32' type.pbtxt
{ echo "$input"; echo 'node { name: "k" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } }'
  echo "node { name: \"y\" op: \"AddV2\" input: \"x\" input: \"k\" $attr_t }"; } | graph type
refused 3 'k.*value' type.pbtxt
# D10: unknown ops are all listed at once.
{ echo "$input"; unary a NoSuchOp x; unary b AnotherOp a; } | graph unknown
refused 4 'NoSuchOp' unknown.pbtxt
refused 4 'AnotherOp' unknown.pbtxt
# D13: a function that calls itself.
{ echo "$input"; cat <<'END'
node { name: "y" op: "PartitionedCall" input: "x" attr { key: "f" value { func { name: "f" } } }
  attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } }
library { function { signature { name: "f" input_arg { name: "a" type: DT_FLOAT } output_arg { name: "r" type: DT_FLOAT } }
  node_def { name: "again" op: "PartitionedCall" input: "a" attr { key: "f" value { func { name: "f" } } }
    attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } }
  ret { key: "r" value: "again:output:0" } } }
END
} | graph recursion
refused 3 '' recursion.pbtxt --outputs y
# D14: 40 functions that each call the one before twice.
{ echo "$input"; cat <<'END'
node { name: "y" op: "PartitionedCall" input: "x" attr { key: "f" value { func { name: "f40" } } }
  attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } }
library {
END
for i in {1..40}; do
  call() { echo "node_def { name: \"$1\" op: \"PartitionedCall\" input: \"$2\" attr { key: \"f\" value { func { name: \"f$((i - 1))\" } } }
    attr { key: \"Tin\" value { list { type: DT_FLOAT } } } attr { key: \"Tout\" value { list { type: DT_FLOAT } } } }"; }
  echo "function { signature { name: \"f$i\" input_arg { name: \"a\" type: DT_FLOAT } output_arg { name: \"r\" type: DT_FLOAT } }"
  call one a
  call two one:output:0
  echo "ret { key: \"r\" value: \"two:output:0\" } }"
done
echo 'function { signature { name: "f0" input_arg { name: "a" type: DT_FLOAT } output_arg { name: "r" type: DT_FLOAT } }'
echo "node_def { name: \"r0\" op: \"Relu\" input: \"a\" $attr_t } ret { key: \"r\" value: \"r0:activations:0\" } } }"
} | graph bomb
refused 6 '' bomb.pbtxt --outputs y
# D15: a function that is not there.
{ echo "$input"; echo 'node { name: "y" op: "PartitionedCall" input: "x" attr { key: "f" value { func { name: "gone" } } }
  attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } }'; } | graph gone
refused 3 'gone' gone.pbtxt --outputs y
# D15: calls that do not fit the function, a result that is not there, an output that the function does not have.
two() { echo "node { name: \"y\" op: \"PartitionedCall\" $1 attr { key: \"f\" value { func { name: \"f\" } } }
  attr { key: \"Tin\" value { list { type: DT_FLOAT } } } attr { key: \"Tout\" value { list { type: DT_FLOAT } } } }
  library { function { signature { name: \"f\" input_arg { name: \"a\" type: DT_FLOAT } input_arg { name: \"b\" type: DT_FLOAT }
    output_arg { name: \"r\" type: DT_FLOAT } } node_def { name: \"s\" op: \"AddV2\" input: \"a\" input: \"b\" $attr_t } $2 } }"; }
{ echo "$input"; two 'input: "x" input: "x"' 'ret { key: "r" value: "s:z:0" }'; } | graph call
expect 0 '' "$keraft" convert call.pbtxt call.keras --quiet --outputs y
{ echo "$input"; two 'input: "x"' 'ret { key: "r" value: "s:z:0" }'; } | graph call
refused 3 'y' call.pbtxt --outputs y
for ret in '' 'ret { key: "r" value: "nobody:z:0" }' 'ret { key: "r" value: "s:z:1" }' 'ret { key: "other" value: "s:z:0" }'; do
  { echo "$input"; two 'input: "x" input: "x"' "$ret"; } | graph call
  refused 3 "'r'|'f'" call.pbtxt --outputs y
done
{ echo "$input"; unary z Relu 'y:5'; two 'input: "x" input: "x"' 'ret { key: "r" value: "s:z:0" }'; } | graph call
refused 3 'z' call.pbtxt --outputs z
# D3: control flow that is not closed has no place in a Keras model; a merge that feeds itself is a cycle.
{ echo "$input"; unary y NextIteration x; } | graph next
refused 4 'NextIteration' next.pbtxt
{ echo "$input"; unary y Exit x; } | graph exit
refused 4 'Exit' exit.pbtxt
{ echo "$input"; echo "node { name: \"m\" op: \"Merge\" input: \"x\" input: \"r\" attr { key: \"N\" value { i: 2 } } $attr_t }"; unary r Relu m; } | graph merge
refused 3 'cycle' merge.pbtxt --outputs m
# D17: sizes that no tensor has.
for size in -7 9223372036854775808; do
  { echo "${input/size: 4/size: $size}"; unary y Relu x; } | graph size
  refused 3 '' size.pbtxt
done
# D18: what a graph says about its own shapes is not believed.
{ echo "$input"; unary y Relu x 'attr { key: "_output_shapes" value { list { shape { dim { size: 99 } } } } }'; } | graph lie
expect 0 '' "$keraft" convert lie.pbtxt lie.keras --quiet
"$keraft" inspect lie.keras | grep -q 'B, 4' || fail "D18: the output is not [B, 4]: $("$keraft" inspect lie.keras | head -8)"
# D23: functions without a name, or of one name.
{ echo "$input"; unary y Relu x; echo 'library { function { signature { name: "" } } }'; } | graph functions
refused 3 'without a name' functions.pbtxt
{ echo "$input"; unary y Relu x; echo 'library { function { signature { name: "f" } } function { signature { name: "f" } } }'; } | graph functions
refused 3 "'f'" functions.pbtxt
# F4, F6, F8: an axis, sizes and a matrix that do not fit.
{ echo "$input"; constant a DT_INT32 '' 'int_val: 7'; echo "node { name: \"y\" op: \"ConcatV2\" input: \"x\" input: \"x\" input: \"a\" attr { key: \"N\" value { i: 2 } } $attr_t }"; } | graph axis
refused 3 'y.*axis 7' axis.pbtxt
{ echo "$input"; constant s DT_INT32 'dim { size: 2 }' 'int_val: -1 int_val: -1'; echo "node { name: \"y\" op: \"Reshape\" input: \"x\" input: \"s\" $attr_t }"; } | graph sizes
refused 3 'y.*-1' sizes.pbtxt
{ echo "$input"; constant k DT_FLOAT 'dim { size: 3 } dim { size: 2 }' 'float_val: 1'; echo "node { name: \"y\" op: \"MatMul\" input: \"x\" input: \"k\" $attr_t }"; } | graph matrix
refused 3 'y.*do not fit' matrix.pbtxt
# D20: ops with effects are never run.
{ echo 'node { name: "f" op: "Const" attr { key: "dtype" value { type: DT_STRING } }
  attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { } string_val: "/etc/passwd" } } } }'
  echo 'node { name: "y" op: "ReadFile" input: "f" }'; } | graph effects
refused 4 'ReadFile' effects.pbtxt --outputs y
# Ambiguity: several ends, none of which is said to be the output, are listed or all taken; never one guessed.
{ echo "$input"; unary left Relu x; unary right Tanh x; } | graph ends
checks=$((checks + 1))
"$keraft" inspect ends.pbtxt >.out 2>.err && code=0 || code=$?
text="$(cat .out .err)"
[[ "$text" == *left* && "$text" == *right* ]] || fail "ambiguity: exit $code: $text"
