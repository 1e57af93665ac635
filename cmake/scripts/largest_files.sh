#!/usr/bin/env bash
# The ten largest source files, and the median; fails when one is over 800 lines.
set -euo pipefail
cd "$(dirname "$0")/../.."
counts="$(find src include capi tests cmake \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' -o -name '*.py' -o -name '*.sh' -o -name '*.cmake' \) \
  -type f -exec wc -l {} + | awk '$2 != "total"' | sort -rn)"
head -10 <<<"$counts"
awk '{ n[NR] = $1 } END { print "files " NR ", median " n[int((NR + 1) / 2)] " lines" }' <<<"$counts"
awk '$1 > 800 { print "over 800 lines: " $2; bad = 1 } END { exit bad }' <<<"$counts"
