#!/usr/bin/env bash
# Configures and builds one preset; prints only what goes wrong.
# usage: build.sh PRESET [TARGET…] [-- CMAKE-OPTION…]
set -euo pipefail
cd "$(dirname "$0")/../.."
# Precompiled headers are cached only with the first; with the others a clone elsewhere finds what this one has compiled.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
preset="$1"
shift
targets=()
while (($#)) && [[ "$1" != -- ]]; do targets+=(--target "$1"); shift; done
(($#)) && shift
mkdir -p "build/$preset"
log="build/$preset/build.log"
[[ -f "build/$preset/build.ninja" ]] && what=building || what="building for the first time, which takes some minutes:"
echo "$what $preset (log: $log)"
{ cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@" && cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}"; } \
  >"$log" 2>&1 || { grep -E -A20 'error|FAILED|CMake Error' "$log" | head -100 >&2 || tail -50 "$log" >&2; exit 1; }
