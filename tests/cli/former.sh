#!/usr/bin/env bash
# Files of Keras 1: what no later Keras has is refused by name, all of it at once, and nothing is guessed.
source "$(dirname "$0")/lib.sh"
cd "$work"
former="$(dirname "$digits")/former"
# The text is of the same length, so that the file stays whole.
changed() { LC_ALL=C sed -e "$2" "$former/$1/model.h5" >"$3"; }
refused() {
  expect "$@"
  [[ ! -e never.keras ]] || fail "a failed command wrote its file"
}

expect 0 '' "$keraft" convert "$former/stack/model.h5" stack.keras --json
grep -q 'kernels are taken as TensorFlow' .stdout || fail "no line about the backend: $(head -c 900 .stdout)"
expect 0 '' "$keraft" verify "$former/stack/model.h5" stack.keras
expect 0 '' "$keraft" convert "$former/stack/model.h5" told.keras --backend tensorflow --json
! grep -q 'kernels are taken' .stdout || fail "a guess where nothing is to be guessed"
cmp -s stack.keras told.keras || fail "--backend tensorflow is another model"
expect 0 '' "$keraft" convert "$former/stack/model.h5" turned.keras --backend theano --quiet
expect 1 '' "$keraft" verify turned.keras stack.keras
refused 3 'turns kernels around; give backend' "$keraft" convert "$former/channels_first/model.h5" never.keras
refused 2 'backend' "$keraft" convert "$former/stack/model.h5" never.keras --backend cntk

changed stack 's/"mode": 0/"mode": 2/' mode.h5
refused 4 'batchnormalization_1: BatchNormalization in mode 2' "$keraft" convert mode.h5 never.keras
changed stack 's/"class_name": "Convolution2D"/"class_name": "Highway_____2"/; s/"p": 0.3/"q": 0.3/' two.h5
refused 4 'convolution2d_1: the class Highway_____2; .*dropout_1: arguments of Dropout: q' "$keraft" convert two.h5 never.keras
changed images 's/"dim_ordering": "tf"/"dim_ordered_": "tf"/g' order.h5
refused 3 'does not say which axis has the channels' "$keraft" convert order.h5 never.keras
changed stack 's/"epsilon": 0.002/"epsilon":[2.0,]/' json.h5
refused 3 'model_config' "$keraft" convert json.h5 never.keras
changed recurrent 's/"input_dim": 11/"input_dim": 12/' table.h5
refused 3 'embedding_1.*embeddings of \[11, 4\]' "$keraft" convert table.h5 never.keras
