#!/usr/bin/env bash
# Every sample of every op card against TensorFlow 2.21. usage: op_matrix.sh OP_SAMPLES
set -euo pipefail
env="${KERAFT_ORACLE_HOME:-$HOME/.cache/keraft/oracle}/tf221"
if [[ ! -x "$env/bin/python" || ! -e "$env/.pins" ]]; then
  echo "SKIP: no TensorFlow in $env (cmake/scripts/oracle_env.sh tf221)"
  exit 77
fi
# oneDNN picks bfloat16 instructions that a virtual machine may not have.
export TF_ENABLE_ONEDNN_OPTS=0 TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 PYTHONWARNINGS=ignore
exec "$env/bin/python" "$(dirname "$0")/op_matrix.py" "$1"
