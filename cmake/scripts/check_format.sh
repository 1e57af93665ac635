#!/usr/bin/env bash
# Is every C and C++ file formatted as .clang-format says? With --fix: formats them.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=(--dry-run -Werror)
[[ "${1:-}" == --fix ]] && mode=(-i)
find src include capi tests bindings -type f \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' \) -print0 |
  xargs -0 -r -n 64 clang-format-14 "${mode[@]}"
