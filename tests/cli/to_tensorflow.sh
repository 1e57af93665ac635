#!/usr/bin/env bash
# Keras files and graphs as TensorFlow graphs: what is written is read back, is the same in every run, and replaces only its like.
source "$(dirname "$0")/lib.sh"
cd "$work"
in="$digits/digits.pb"
expect 0 '' "$keraft" convert "$in" m.keras --quiet
for from in m.keras "$in"; do
  for out in a.pb a.pbtxt a.meta a/; do
    expect 0 '' "$keraft" convert "$from" "$out" --quiet
    expect 0 '' "$keraft" convert "$from" "b${out#a}" --quiet --threads 1
    expect 0 '' "$keraft" verify "$from" "$out" --quiet
  done
  for file in .pb .pbtxt .meta .index .data-00000-of-00001 /saved_model.pb /variables/variables.index; do
    cmp -s "a$file" "b$file" || fail "two runs wrote different a$file"
  done
done
[[ "$(find a -type f | sort | tr '\n' ' ')" == "a/saved_model.pb a/variables/variables.data-00000-of-00001 a/variables/variables.index " ]] ||
  fail "the SavedModel holds $(find a -type f)"
expect 0 '' "$keraft" convert m.keras c --to saved_model --quiet
expect 0 '' "$keraft" convert m.keras c.ckpt --to checkpoint --quiet
expect 0 '' "$keraft" convert m.keras e.meta --quiet
cmp -s c.ckpt.index e.index || fail "a prefix gives another checkpoint"
expect 0 '' "$keraft" convert a/ again.keras --quiet
expect 0 '' "$keraft" verify m.keras again.keras --quiet

# What is there and is no model stays.
mkdir full && printf 'mine' >full/notes.txt
expect 5 'other files' "$keraft" convert m.keras full/
[[ "$(cat full/notes.txt)" == mine ]] || fail "a folder of other files changed"
printf 'mine' >file
expect 5 'file' "$keraft" convert m.keras file/
[[ "$(cat file)" == mine ]] || fail "a file in the way changed"
expect 0 '' bash -c 'mkdir empty && exec "$0" convert m.keras empty/ --quiet' "$keraft"
expect 2 '' "$keraft" convert a/ a/inside.keras

# No room: the SavedModel that was there is as it was.
before="$(find a -type f -exec md5sum {} + | sort)"
expect 5 'a' bash -c 'ulimit -f 4; exec "$0" "$@"' "$keraft" convert m.keras a/
[[ "$(find a -type f -exec md5sum {} + | sort)" == "$before" ]] || fail "a SavedModel changed when there was no room"
expect 5 'd\.' bash -c 'ulimit -f 4; exec "$0" "$@"' "$keraft" convert m.keras d.meta
[[ -z "$(ls d.* 2>/dev/null)" ]] || fail "half a meta graph is left: $(ls d.*)"

# Keras code with its weights.
for run in p q; do
  expect 0 '' "$keraft" convert m.keras "$run.py" --quiet
done
cmp -s p.npz q.npz && cmp -s p.py q.py || fail "two runs wrote different code"
python3 -m py_compile p.py || fail "p.py is no Python"
printf 'mine' >r.npz
expect 0 '' "$keraft" convert m.keras r.py --quiet
cmp -s p.npz r.npz || fail "the weights beside the code are old"
for run in s t; do
  expect 0 '' "$keraft" convert m.keras "$run.py" --flavour tensorflow --quiet
done
cmp -s s.npz t.npz && cmp -s s.py t.py || fail "two runs wrote different low-level code"
python3 -m py_compile s.py || fail "s.py is no Python"
grep -q 'tf.nn.conv2d' s.py || fail "s.py is not low-level"
expect 2 'flavour' "$keraft" convert m.keras s.keras --flavour tensorflow
expect 2 'flavour' "$keraft" convert m.keras s.py --flavour torch
