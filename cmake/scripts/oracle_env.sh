#!/usr/bin/env bash
# Makes the Python environments of tests/oracle under ${KERAFT_ORACLE_HOME:-~/.cache/keraft/oracle}:
#   tf221  TensorFlow 2.21, Keras 3.15.1, tf_keras 2.21      tf215  TensorFlow 2.15 with Keras 2.15, tf_slim
#   k305   Keras 3.0.5                                       tf115  TensorFlow 1.15 (needs Python 3.7)
#   tf212 tf213   Keras 2.12, 2.13                           k33 k38 k312   Keras 3.3, 3.8, 3.12
#   consumers  OpenVINO, tf2onnx, ONNX Runtime, TensorFlow 2.15 for them
# usage: oracle_env.sh [all | versions | ENV…]      default: tf221 tf215 k305; all: tf115 consumers too; versions: those of Keras
# Silent where everything is in place. An environment without its Python is skipped in one line, and the tests say SKIP.
set -euo pipefail

home="${KERAFT_ORACLE_HOME:-$HOME/.cache/keraft/oracle}"
declare -A pythons=([tf221]="3.11 3.12 3.13" [tf215]="3.11 3.10 3.9" [k305]="3.11 3.12 3.10" [tf115]="3.7" [consumers]="3.11 3.10"
  [tf212]="3.11 3.10 3.9" [tf213]="3.11 3.10 3.9" [k33]="3.11 3.12 3.10" [k38]="3.11 3.12 3.10" [k312]="3.11 3.12 3.13")
declare -A pins=(
  [tf221]="tensorflow-cpu==2.21.0 keras==3.15.1 tf_keras==2.21.0 numpy==2.4.6 h5py==3.14.0 scikit-learn==1.9.1 onnxruntime==1.31.1 black==26.10.1 ruff==0.17.6"
  [tf215]="tensorflow-cpu==2.15.1 tf_slim==1.1.0 numpy==1.26.4 h5py==3.16.0"
  [k305]="tensorflow-cpu==2.16.2 keras==3.0.5 numpy==1.26.4 h5py==3.16.0"
  [tf212]="tensorflow-cpu==2.12.1 numpy==1.23.5 h5py==3.8.0"
  [tf213]="tensorflow-cpu==2.13.1 numpy==1.24.3 h5py==3.9.0"
  [k33]="tensorflow-cpu==2.16.2 keras==3.3.3 numpy==1.26.4 h5py==3.11.0"
  [k38]="tensorflow-cpu==2.18.1 keras==3.8.0 numpy==2.0.2 h5py==3.12.1"
  [k312]="tensorflow-cpu==2.20.0 keras==3.12.0 numpy==2.2.6 h5py==3.14.0"
  [tf115]="tensorflow==1.15.5 protobuf==3.20.3 numpy==1.18.5 h5py==2.10.0"
  [consumers]="tensorflow-cpu==2.15.1 tf2onnx==1.17.0 onnx==1.17.0 onnxruntime==1.20.1 openvino==2026.4.1 numpy==1.26.4"
)

# The first usable interpreter of the versions given: pyenv's, then the one on the PATH.
find_python() {
  local version candidate
  for version in "$@"; do
    for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python "$(command -v "python$version" || true)"; do
      if [[ -x "$candidate" ]] && "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$candidate"
        return
      fi
    done
  done
}

make_env() {
  local env="$1" folder="$home/$1" stamp python
  local -a wanted versions
  read -ra wanted <<<"${pins[$env]}"
  stamp="$(sha256sum <<<"${pins[$env]}" | cut -c1-16)"
  [[ "$(cat "$folder/.pins" 2>/dev/null)" == "$stamp" ]] && return
  read -ra versions <<<"${pythons[$env]}"
  python="$(find_python "${versions[@]}")"
  if [[ -z "$python" ]]; then
    echo "skipped: $env: no Python ${pythons[$env]// / or } with venv"
    return
  fi
  echo "$env: installing ${pins[$env]} in $folder"
  [[ -x "$folder/bin/python" ]] || "$python" -m venv "$folder"
  if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "${wanted[@]}"; then
    [[ "$env" == consumers ]] || return 1
    echo "skipped: $env: not to be installed here"
    return
  fi
  echo "$stamp" >"$folder/.pins"
}

(($#)) || set -- tf221 tf215 k305
[[ "$1" == all ]] && set -- tf221 tf215 k305 tf115 consumers
[[ "$1" == versions ]] && set -- tf221 tf215 k305 tf212 tf213 k33 k38 k312
mkdir -p "$home"
exec 9>"$home/.lock"
flock 9
for env in "$@"; do
  [[ -v "pins[$env]" ]] || { echo "oracle_env.sh: no environment $env" >&2; exit 2; }
  make_env "$env"
done
