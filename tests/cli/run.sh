#!/usr/bin/env bash
# keraft run: arrays in and out, and the answers to wrong ones.
source "$(dirname "$0")/lib.sh"
cd "$work"
in="$digits/digits.pb"
expect 0 '' "$keraft" run "$in" -i "$digits/held_out.npz" -o y.npz
expect 0 '' "$keraft" run "$in" -i "$digits/held_out.npz" -o y.npy
expect 0 '' "$keraft" run "$in" -i "$digits/held_out.npz" -o again.npz --threads 1
cmp -s y.npz again.npz || fail "the number of threads changes the result"
expect 0 '' "$keraft" run "$in" -i "$digits/held_out.npz" --repeat 3
grep -qE '^\{"repeat": 3, "median_ms": [0-9.e-]+\}$' .stdout || fail "--repeat prints $(cat .stdout)"
for source in "$digits/saved_model" "$digits/digits.meta"; do
  expect 0 '' "$keraft" run "$source" -i "$digits/held_out.npz" -o other.npz --outputs probabilities
done
expect 0 '' "$keraft" convert "$in" d.keras --quiet
expect 0 '' "$keraft" run d.keras -i "$digits/held_out.npz" -o keras.npz
expect 3 'missing\.npz' "$keraft" run "$in" -i missing.npz -o z.npz
head -c 1000 "$digits/held_out.npz" >cut.npz
expect 3 'cut\.npz' "$keraft" run "$in" -i cut.npz -o z.npz
expect 3 '' "$keraft" run "$in" -i "$digits/held_out_labels.npy" -o z.npz
expect 5 'nowhere' "$keraft" run "$in" -i "$digits/held_out.npz" -o nowhere/y.npz
[[ ! -e z.npz ]] || fail "a failed run wrote its output"
