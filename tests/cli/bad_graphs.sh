#!/usr/bin/env bash
# Class D of wrong files: what can be wrong with a graph, as text.
source "$(dirname "$0")/lib.sh"
cd "$work"

attr_t='attr { key: "T" value { type: DT_FLOAT } }'
input='node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }'
unary() { echo "node { name: \"$1\" op: \"$2\" input: \"$3\" $attr_t ${4:-} }"; }
graph() { cat >"$1.pbtxt"; }

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
refused '3' 'y' many.pbtxt
for n in -1 0 3 2147483648; do
  { echo "$input"; echo "node { name: \"y\" op: \"AddN\" input: \"x\" input: \"x\" attr { key: \"N\" value { i: $n } } $attr_t }"; } | graph count
  refused 3 'y' count.pbtxt
done
# D9: an attribute of a wrong kind.
{ echo "$input"; echo 'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { s: "float" } } }'; } | graph kind
refused 3 'y' kind.pbtxt
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
refused '3' '' recursion.pbtxt --outputs y
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
