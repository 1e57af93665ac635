#!/usr/bin/env bash
# transfer: weights of every kind of file in a Keras model, what is refused, and what OUT is then.
source "$(dirname "$0")/lib.sh"
cd "$work"
"$keraft" convert "$digits/digits.pb" model.keras --no-verify --json >model.json || fail "no model"

# arrays NAME…: an .npz from lines "name size size …" on stdin, with numbers that nothing else has.
arrays() {
  python3 - "$1" <(cat) <<'END'
import struct, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for number, line in enumerate(open(sys.argv[2])):
        name, *dims = line.split()
        dims = [int(size) for size in dims]
        count = 1
        for size in dims:
            count *= size
        head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n" % "".join("%d, " % size for size in dims)
        values = [((i * 37 + number * 11) % 101) / 500 + 0.01 for i in range(count)]
        data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + struct.pack("<%df" % count, *values)
        archive.writestr(name + ".npy", data)
END
}
# The weights of the model: layer/slot sizes.
python3 - >slots <<'END'
import json
for layer in json.load(open("model.json"))["layers"]:
    for weight in layer["weights"]:
        print(layer["name"] + "/" + weight["slot"], *weight["shape"])
END
[[ -s slots ]] || fail "the model has no weights"

# report FILE EXPRESSION: what the report must hold.
report() { python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert eval(sys.argv[2]), json.dumps(r)[:1500]' "$1" "$2" || fail "$2"; }

# From names, and by number as numpy calls what has none; then everything back into that.
arrays named.npz <slots
awk '{ $1 = "arr_" NR - 1; print }' slots >numbered
arrays numbered.npz <numbered
expect 0 '' "$keraft" transfer named.npz model.keras other.keras --quiet
expect 0 '' "$keraft" transfer numbered.npz model.keras again.keras --quiet
cmp -s other.keras again.keras || fail "names and numbers give other weights"
expect 1 'the models differ' "$keraft" verify model.keras other.keras --quiet
"$keraft" convert model.keras model.h5 --quiet
"$keraft" convert model.keras model.meta --quiet
"$keraft" convert model.keras saved/ --quiet
unzip -p model.keras model.weights.h5 >model.weights.h5
kind=h5
for source in model.keras model.h5 model.meta model.index saved "$digits/digits.pb" model.weights.h5 model; do
  [[ "$kind" == h5 ]] && kind=keras || kind=h5
  expect 0 '' "$keraft" transfer "$source" other.keras "out.$kind" --json
  cp .stdout report.json
  report report.json 'r["status"] == "ok" and not r["unused_variables"] and not r["error"] and all(
    w["variable"] and w["evidence"] for l in r["layers"] for w in l["weights"])'
  expect 0 '' "$keraft" verify model.keras "out.$kind" --rtol 1e-12 --atol 1e-30 --samples 1 --quiet
done
expect 0 '' "$keraft" transfer model.h5 other.keras out.keras --report r.txt --quiet
grep -q 'kernel' r.txt || fail "the report says nothing of weights"

# OUT may be MODEL.
cp other.keras same.keras
expect 0 '' "$keraft" transfer model.h5 same.keras same.keras --quiet
expect 0 '' "$keraft" verify model.keras same.keras --rtol 1e-12 --atol 1e-30 --quiet

# stays CODE PATTERN ARG…: refused, and OUT is as it was.
stays() {
  local code="$1" pattern="$2"
  shift 2
  printf 'as it was' >keep.keras
  expect "$code" "$pattern" "$keraft" transfer "$@"
  [[ "$(cat keep.keras)" == 'as it was' ]] || fail "OUT changed: $*"
}
first="$(head -1 slots | cut -d/ -f1)"
sed "s|^$first/|p/|; " slots | sed '1s/ .*/ 7 7/' >wrong
arrays wrong.npz <wrong
stays 3 "$first/" wrong.npz model.keras keep.keras
{ sed 's|^|p/|' slots; sed 's|^|q/|' slots; } >twice
arrays twice.npz <twice
stays 3 'ambiguous.*p/.*q/' twice.npz model.keras keep.keras
expect 0 '' "$keraft" transfer twice.npz model.keras p.keras --prefix p --json
cp .stdout report.json
report report.json 'len(r["unused_variables"]) == len(open("slots").readlines()) and all(u.startswith("q/") for u in r["unused_variables"])'
cmp -s p.keras other.keras || fail "--prefix took other weights"
sed "s|^$first/|old/name/|" slots >old
arrays old.npz <old
expect 0 '' "$keraft" transfer old.npz model.keras renamed.keras --rename "old/name=$first" --quiet
cmp -s renamed.keras other.keras || fail "--rename took other weights"
stays 2 'nobody' named.npz model.keras keep.keras --prefix nobody
stays 2 'FROM=TO' named.npz model.keras keep.keras --rename nonsense
stays 2 'nobody' named.npz model.keras keep.keras --rename nobody=x
stays 2 '' named.npz model.keras keep.keras --by luck
stays 2 'Keras' named.npz model.keras keep.pb
stays 2 '\.keras' named.npz model.keras keep
stays 3 'missing' missing named.npz keep.keras
stays 3 'missing' missing model.keras keep.keras
stays 2 'no Keras model' named.npz "$digits/digits.pb" keep.keras
stays 3 'no Keras|config.json' named.npz named.npz keep.keras
stays 2 'inside' saved model.keras saved/keep.keras

# In part: what nothing fits keeps the model's values, and is listed.
grep -v "^$first/" slots >rest
arrays rest.npz <rest
stays 3 "$first/" rest.npz model.keras keep.keras
expect 0 '' "$keraft" transfer rest.npz model.keras part.keras --partial --json
cp .stdout report.json
report report.json "sum('keeps the model' in l['what'] for l in r['lossy']) == $(grep -c "^$first/" slots)"
report report.json "all(not w['variable'] and 'kept' in w['evidence'][0] for l in r['layers'] if l['name'] == '$first' for w in l['weights'])"

# Damaged sources.
head -c 300 named.npz >cut.npz
stays 3 'cut.npz' cut.npz model.keras keep.keras
python3 -c '
data = bytearray(open("named.npz", "rb").read())
data[200] ^= 1
open("flipped.npz", "wb").write(data)'
stays 3 'flipped.npz' flipped.npz model.keras keep.keras
head -c 1000 model.weights.h5 >cut.weights.h5
stays 3 'cut.weights.h5' cut.weights.h5 model.keras keep.keras
cp model.index cut.index && head -c 100 model.data-00000-of-00001 >cut.data-00000-of-00001
stays 3 'cut' cut model.keras keep.keras
expect 5 'full' bash -c 'ulimit -f 4; exec "$0" "$@"' "$keraft" transfer named.npz model.keras full.keras
[[ ! -e full.keras ]] || fail "half a file is left"
