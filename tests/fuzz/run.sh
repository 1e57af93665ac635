#!/usr/bin/env bash
# Runs one fuzz target: first its whole corpus, then new inputs for some seconds. What it finds stays beside the target.
# usage: run.sh BUILD TARGET SECONDS [SEED]    without a seed, another one each time
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="$1/tests/fuzz/fuzz_$2"
found="$1/tests/fuzz/found/$2"
mkdir -p "$found"
grown="$(mktemp -d)"
trap 'rm -rf "$grown"' EXIT
export ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1" UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
limits=(-timeout=20 -rss_limit_mb=2048 -max_len=16384)
log="$grown.log"
if ! "$target" "${limits[@]}" -max_total_time="$3" -seed="${4:-$RANDOM}" -artifact_prefix="$found/" "$grown" "$here/corpus/$2" >"$log" 2>&1; then
  tail -60 "$log"
  rm -f "$log"
  exit 1
fi
grep -aE '^Done|DONE' "$log" | tail -1
rm -f "$log"
