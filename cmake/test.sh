#!/usr/bin/env bash
# All set-up for the tests, then all tests; ends with ctest's own closing lines.
# usage: test.sh [--all] [--quick]
#   --all    the full matrix of the oracle suites     --quick  without the asan build and without TensorFlow and Keras
set -euo pipefail
cd "$(dirname "$0")/.."
all=OFF quick=OFF
for option in "$@"; do
  case "$option" in
    --all) all=ON ;;
    --quick) quick=ON ;;
    *) echo "usage: test.sh [--all] [--quick]" >&2; exit 2 ;;
  esac
done

cmake/scripts/packages.sh tests
asan=""
if [[ "$quick" == OFF ]]; then
  # Downloading takes other things than compiling does.
  if [[ "$all" == ON ]]; then cmake/scripts/oracle_env.sh all & else cmake/scripts/oracle_env.sh & fi
  environments=$!
  trap 'kill "$environments" 2>/dev/null || true' EXIT
  cmake/scripts/build.sh asan keraft_unit keraft_damage keraft_hdf5_walk keraft_capi_walls keraft_command keraft_fuzz -- -DKERAFT_TEST_QUICK=ON
  asan="$PWD/build/asan"
fi
cmake/scripts/build.sh release -- -DKERAFT_TEST_ALL="$all" -DKERAFT_TEST_QUICK="$quick" -DKERAFT_ASAN_BUILD="$asan"
[[ "$quick" == ON ]] || wait "$environments"
exec ctest --test-dir build/release --output-on-failure --timeout 3600 -j "$(nproc)"
