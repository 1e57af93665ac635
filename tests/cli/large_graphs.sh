#!/usr/bin/env bash
# Class D of wrong files, second part: size, what nobody reads, and what must not be believed.
source "$(dirname "$0")/graphs.sh"

# At most 4 GB of address space; sanitised programs reserve terabytes and are not limited.
limited=(bash -c 'ulimit -v 4000000 && exec "$@"' keraft)
grep -q __asan_init "$keraft" && limited=()

# D11: a chain of 10^5 identities and a star of 10^5 readers are read in time that grows with their size alone.
{ echo "$input"; echo "$attr_t" | awk -v n=100000 '{ from = "x"
  for (i = 0; i < n; i++) { print "node { name: \"n" i "\" op: \"Identity\" input: \"" from "\" " $0 " }"; from = "n" i } }'; unary y Relu n99999; } | graph chain
limit=120 expect 0 '' "${limited[@]}" "$keraft" convert chain.pbtxt chain.keras --quiet
{ echo "$input"; echo "$attr_t" | awk -v n=100000 '{ for (i = 0; i < n; i++) print "node { name: \"n" i "\" op: \"Relu\" input: \"x\" " $0 " }" }'; unary y Relu x; } | graph star
limit=120 expect 0 '' "${limited[@]}" "$keraft" convert star.pbtxt star.keras --quiet --outputs y
{ echo "$input"; echo "node { name: \"y\" op: \"AddN\" attr { key: \"N\" value { i: 100000 } } $attr_t"
  awk 'BEGIN { for (i = 0; i < 100000; i++) print "input: \"x\"" }'; echo '}'; } | graph many
limit=120 expect 0 '' "${limited[@]}" "$keraft" inspect many.pbtxt --quiet
# D12: 3000 nodes that wait for 3000 each: nine million control edges, of which none is a value.
{ echo "$input"
  awk 'BEGIN { for (i = 0; i < 3000; i++) { printf "node { name: \"c%d\" op: \"NoOp\"", i; for (k = 0; k < i; k++) printf " input: \"^c%d\"", k; print " }" } }'
  unary y Relu x; } | graph control
limit=120 expect 0 '' "${limited[@]}" "$keraft" convert control.pbtxt control.keras --quiet --outputs y
# D19: devices, colocation loops and deep scopes mean nothing here.
{ echo "$input"; echo "node { name: \"y\" op: \"Relu\" input: \"x\" device: \"/job:nobody/replica:99/device:TPU:7\" $attr_t
  attr { key: \"_class\" value { list { s: \"loc:@y\" s: \"loc:@gone\" } } } }"; } | graph device
expect 0 '' "$keraft" convert device.pbtxt device.keras --quiet
deep="$(printf 'a/%.0s' {1..20000})y"
{ echo "$input"; unary "$deep" Relu x; } | graph deep
expect 0 '' "$keraft" convert deep.pbtxt deep.keras --quiet --outputs "$deep"
# D16: loops are no layers; one that never ends is not begun.
{ echo "$input"; echo "node { name: \"y\" op: \"While\" input: \"x\" attr { key: \"T\" value { list { type: DT_FLOAT } } }
  attr { key: \"cond\" value { func { name: \"always\" } } } attr { key: \"body\" value { func { name: \"same\" } } } }
  library { function { signature { name: \"always\" input_arg { name: \"a\" type: DT_FLOAT } output_arg { name: \"r\" type: DT_BOOL } }
    node_def { name: \"t\" op: \"Const\" attr { key: \"dtype\" value { type: DT_BOOL } }
      attr { key: \"value\" value { tensor { dtype: DT_BOOL tensor_shape { } bool_val: true } } } } ret { key: \"r\" value: \"t:output:0\" } }
  function { signature { name: \"same\" input_arg { name: \"a\" type: DT_FLOAT } output_arg { name: \"r\" type: DT_FLOAT } }
    ret { key: \"r\" value: \"a\" } } }"; } | graph loop
refused 4 'While' loop.pbtxt --outputs y
# D21: what nobody reads is checked all the same where it breaks the graph's grammar, and otherwise gone; the verdict never changes.
{ echo "$input"; unary y Relu x; unary dead NoSuchOp x; } | graph dead
for _ in 1 2 3; do expect 0 '' "$keraft" convert dead.pbtxt dead.keras --quiet --outputs y; done
{ echo "$input"; unary y Relu x; unary dead Relu nobody; } | graph dead
for _ in 1 2 3; do refused 3 'nobody' dead.pbtxt --outputs y; done
# D22: the branch that is not taken is no zeros.
{ echo "$input"; constant p DT_BOOL '' 'bool_val: true'
  echo "node { name: \"s\" op: \"Switch\" input: \"x\" input: \"p\" $attr_t }"; unary y Relu 's:0'; } | graph switch
refused 4 'Switch' switch.pbtxt --outputs y
# D24: one constant that feeds two layers stays one weight.
{ echo "$input"; constant k DT_FLOAT 'dim { size: 4 } dim { size: 4 }' "$(awk 'BEGIN { for (i = 0; i < 16; i++) print "float_val: " i / 7 }')"
  echo "node { name: \"a\" op: \"MatMul\" input: \"x\" input: \"k\" $attr_t }"; unary r Relu a
  echo "node { name: \"y\" op: \"MatMul\" input: \"r\" input: \"k\" $attr_t }"; } | graph shared
expect 0 '' "$keraft" convert shared.pbtxt shared.keras --quiet
"$keraft" inspect shared.keras | grep -q "parameters: 16 trainable" || fail "D24: not 16 parameters: $("$keraft" inspect shared.keras | grep parameters)"
# D25: folding 10^4 copies of a constant is over the budget before it is done.
{ echo "$input"; constant v DT_FLOAT 'dim { size: 1048576 }' 'float_val: 1'; constant m DT_INT32 'dim { size: 1 }' 'int_val: 4096'
  echo "node { name: \"big\" op: \"Tile\" input: \"v\" input: \"m\" $attr_t attr { key: \"Tmultiples\" value { type: DT_INT32 } } }"
  constant zero DT_INT32 'dim { size: 1 }' 'int_val: 0'
  echo "node { name: \"sum\" op: \"Sum\" input: \"big\" input: \"zero\" $attr_t attr { key: \"Tidx\" value { type: DT_INT32 } } attr { key: \"keep_dims\" value { b: false } } }"
  echo "node { name: \"y\" op: \"Mul\" input: \"x\" input: \"sum\" $attr_t }"; } | graph bomb
checks=$((checks + 1))
timeout 60 "${limited[@]}" "$keraft" convert bomb.pbtxt bomb.keras --quiet --max-memory 100000000 2>.err && code=0 || code=$?
[[ "$code" =~ ^[046]$ ]] || fail "D25: exit $code: $(head -2 .err)"
# D23: 10^5 functions that nobody calls.
{ echo "$input"; unary y Relu x; awk 'BEGIN { print "library {"; for (i = 0; i < 100000; i++) print "function { signature { name: \"f" i "\" } }"; print "}" }'; } | graph functions
limit=120 expect 0 '' "${limited[@]}" "$keraft" convert functions.pbtxt functions.keras --quiet

# A8: a file that is cut while it is read is an error, never a signal.

for size in 10 1000 30000000; do
  cp "$digits/digits.pb" cut.pb
  (for _ in $(seq 40); do truncate -s "$size" cut.pb; cp "$digits/digits.pb" cut.pb; done) &
  for _ in $(seq 10); do
    checks=$((checks + 1))
    timeout 60 "$keraft" convert cut.pb cut.keras --quiet 2>.err && code=0 || code=$?
    [[ "$code" =~ ^[013]$ ]] || fail "A8: exit $code: $(head -2 .err)"
  done
  wait
done
