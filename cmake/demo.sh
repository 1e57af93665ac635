#!/usr/bin/env bash
# The main job on real data: installs what is missing, builds, and converts a network that was trained with TensorFlow on scans of
# digits, from each kind of file that TensorFlow writes, into .keras and .h5 in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake/scripts/packages.sh build
cmake/scripts/build.sh release keraft_command keraft_digits

keraft=build/release/keraft
digits=tests/data/digits
out=build/demo
rm -rf "$out"
mkdir -p "$out"

for kind in keras h5; do
  for source in digits.pb saved_model digits.meta; do
    target="$out/from_${source//./_}.$kind"
    if [[ "$source.$kind" == digits.meta.keras ]]; then
      # The training graph with its variables: the report in full.
      printf '\n=== keraft convert %s %s\n\n' "$digits/$source" "$target"
      "$keraft" convert "$digits/$source" "$target" --outputs probabilities
    else
      printf '\n=== keraft convert %s %s --quiet --report %s\n' "$digits/$source" "$target" "$target.txt"
      options=()
      [[ "$source" == digits.meta ]] && options=(--outputs probabilities)
      "$keraft" convert "$digits/$source" "$target" --quiet --report "$target.txt" "${options[@]}"
      sed -n '/^comparison/,/^  largest/p' "$target.txt"
    fi
  done
done

printf '\n=== the written models classify images that were kept out of the training\n\n'
build/release/tests/keraft_digits "$out/from_digits_meta.keras" "$digits/held_out.npz" "$digits/held_out_labels.npy" 4
for model in "$out"/*.keras "$out"/*.h5; do
  build/release/tests/keraft_digits "$model" "$digits/held_out.npz" "$digits/held_out_labels.npy"
done
printf '\nwritten to %s:\n' "$out"
ls -l "$out" | awk 'NR > 1 && $9 !~ /txt$/ { print "  " $9, $5, "bytes" }'
