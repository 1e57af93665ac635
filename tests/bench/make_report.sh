#!/usr/bin/env bash
# Runs the benchmarks on models of the oracle's zoo and writes docs/benchmarks.md.
# usage: make_report.sh [KERAFT]
set -euo pipefail
cd "$(dirname "$0")/../.."
keraft="${1:-build/release/keraft}"
home="${KERAFT_ORACLE_HOME:-$HOME/.cache/keraft/oracle}"
cmake/scripts/oracle_env.sh consumers
python="$home/consumers/bin/python"
zoo() { (cd tests/oracle && python3 -m zoo --only "$1" >/dev/null) && find "$home/models" -path "*/$1/model.pb" | sort | tail -1; }
inception="$(zoo inception_v3/tfk/pb)"
resnet="$(zoo resnet50/tfk/pb)"
ends() { "$keraft" inspect "$resnet" --json | python3 -c "import json,sys; print(json.load(sys.stdin)['$1'][0]['tensor'])"; }
{
  echo "# Benchmarks"
  echo
  echo "Made by \`tests/bench/make_report.sh\` on $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores, $(. /etc/os-release && echo "$PRETTY_NAME"). Medians; ratios are taken within one round."
  echo
  echo "## keraft convert --no-verify beside cp of the bytes written"
  echo
  "$python" tests/bench/convert.py "$keraft" "$inception"
  echo
  echo "## keraft run beside ONNX Runtime, one thread"
  echo
  "$python" tests/bench/run.py "$keraft" "$resnet" "$(ends inputs)" "$(ends outputs)" 2>/dev/null
  echo
  echo "## Large models: keraft convert, time and anonymous memory at three sizes"
  echo
  python3 tests/bench/large.py "$keraft"
} >docs/benchmarks.md.new
mv docs/benchmarks.md.new docs/benchmarks.md
cat docs/benchmarks.md
