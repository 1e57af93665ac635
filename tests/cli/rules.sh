#!/usr/bin/env bash
# --rules: a user's ops and layers are recovered, written, verified, run and listed.
source "$(dirname "$0")/lib.sh"
cd "$work"
acme="$here/../extending"
in="$acme/acme.pbtxt" rules=(--rules "$acme/acme.rules")

expect 4 'AcmeShift' "$keraft" convert "$in" out.keras
for out in out.keras out.h5; do
  expect 0 '' "$keraft" convert "$in" "$out" "${rules[@]}" --json
  python3 - <<'END' || fail "$out: the report is not what it must be"
import json
report = json.load(open(".stdout"))
layers = [(layer["class"], layer["how"], [weight["slot"] for weight in layer["weights"]]) for layer in report["layers"]]
assert report["status"] == "ok" and report["verification"]["max_rel"] < 1e-6, report["verification"]
assert layers == [("Dense", "card", ["kernel", "bias"]), ("Gate", "card", ["gate"])], layers
END
  expect 0 '' "$keraft" verify "$in" "$out" "${rules[@]}" --quiet
  expect 4 'Gate' "$keraft" run "$out" --repeat 1
done

python3 - <<'END'
import struct
def npy(path, rows):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (len(rows), len(rows[0]))
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    data = b"".join(struct.pack("<f", value) for row in rows for value in row)
    open(path, "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data)
npy("x.npy", [[1.0, -2.0, 0.5, 3.0], [0.25, 0.75, -1.5, -0.5]])
END
for model in "$in" out.keras out.h5; do
  expect 0 '' "$keraft" run "$model" "${rules[@]}" -i x.npy -o y.npy
  python3 - "$model" <<'END' || fail "run $model: wrong numbers"
import math, struct, sys
kernel = [[0.5, -0.25, 1.5], [-1.0, 0.75, 0.1], [0.3, -0.6, -1.2], [0.9, 0.45, -0.7]]
bias, gate, sharpness = [0.2, -0.4, 0.6], [1.25, -0.5, 2.0], 1.5
found = struct.unpack("<6f", open("y.npy", "rb").read()[-24:])
wanted = []
for row in [[1.0, -2.0, 0.5, 3.0], [0.25, 0.75, -1.5, -0.5]]:
    for c in range(3):
        h = sum(row[i] * kernel[i][c] for i in range(4)) + bias[c]
        wanted.append(h / (1 + math.exp(-sharpness * gate[c] * h)))
assert all(abs(a - b) < 1e-6 for a, b in zip(found, wanted)), (found, wanted)
END
done

expect 0 '' "$keraft" support "${rules[@]}"
grep -qE '^AcmeGate +yes +Gate$' .stdout || fail "support does not list the op"
grep -qE '^Gate +yes +yes$' .stdout || fail "support does not list the layer"
expect 0 '' "$keraft" support
! grep -q Acme .stdout || fail "one call's rules are seen by another"

# What a rules file may not say; the place is named.
wrong() { printf '%s\n' "$2" >wrong.rules; expect 2 "$1" "$keraft" convert "$in" out.keras --rules wrong.rules; }
wrong 'wrong.rules.* 1:1' 'nonsense'
wrong "no 'inn'" 'op A { inn x }'
wrong 'there is already an op card for MatMul' 'op MatMul { in a  out y }'
wrong 'there is already a layer card for Dense' 'layer Dense { form { y = Relu(x) } }'
wrong 'no card tells what the op Mull' 'layer A { form { y = Mull(x, x) } }'
wrong 'no weight w' 'layer A { form { y = Mul(x, @w) } }'
wrong 'no config entry rate' 'layer A { form { y = Mul(x, $rate) } }'
wrong 'no attribute beta' 'layer A { form { y = Relu(x, beta=1) } }'
wrong "neither an input nor computed" 'op A { in x  out y  means { y = Mul(x, z) } }'
wrong "nothing computes the output 'y'" 'op A { in x  out y  means { z = Neg(x) } }'
wrong 'package>Class' 'layer A { registered "A"  form { y = Relu(x) } }'
wrong 'is not' 'layer A { registered "acme>B"  form { y = Relu(x) } }'
wrong 'no layer Nothing' 'more Nothing { reads { y = Relu(x) } }'
wrong "only 'reads'" 'more Dense { about "x" }'
wrong 'a name expected' 'layer A {'
expect 2 'missing.rules' "$keraft" convert "$in" out.keras --rules missing.rules

# A condition that does not hold leaves the op unsupported.
sed 's/where sharpness > 0/where sharpness > 2/' "$acme/acme.rules" >strict.rules
expect 4 'AcmeGate' "$keraft" convert "$in" strict.keras --rules strict.rules
