#!/usr/bin/env bash
# What can go wrong with OUT: the stated code, nothing half-written, no temporary file.
source "$(dirname "$0")/lib.sh"
cd "$work"
in="$digits/digits.pb"

# What was written can be read back, is the same in every run, and a second conversion replaces it.
for kind in keras h5; do
  expect 0 '' "$keraft" convert "$in" "a.$kind" --quiet --report report.json
  expect 0 '' "$keraft" convert "$in" "b.$kind" --quiet --threads 1
  cmp -s "a.$kind" "b.$kind" || fail "two runs wrote different $kind bytes"
  expect 0 '' "$keraft" convert "$in" "a.$kind" --quiet
  cmp -s "a.$kind" "b.$kind" || fail "replacing wrote different $kind bytes"
  expect 0 '' "$keraft" verify "$in" "a.$kind" --quiet
done
grep -q '"status": "ok"' report.json || fail "the report is not ok"
[[ "$(stat -c %a a.keras)" == "$(printf '%o' $((0666 & ~$(umask))))" ]] || fail "mode $(stat -c %a a.keras)"

# M4: OUT is a folder, a pipe, in no folder, in a file.
mkdir folder.keras
expect 5 'folder\.keras' "$keraft" convert "$in" folder.keras
mkfifo pipe.keras
limit=20 expect 5 'pipe\.keras' "$keraft" convert "$in" pipe.keras
expect 5 'nowhere' "$keraft" convert "$in" nowhere/out.keras
expect 5 'a\.keras/out' "$keraft" convert "$in" a.keras/out.keras
expect 5 'nowhere' "$keraft" convert "$in" c.keras --report nowhere/report.json
[[ ! -e c.keras ]] || fail "OUT was written though the report could not be"
expect 5 'standard output' bash -c '"$0" support >/dev/full' "$keraft"

# M6: OUT is IN.
cp "$in" same.keras
expect 0 '' "$keraft" convert same.keras same.keras --quiet
cmp -s same.keras a.keras || fail "converting in place wrote something else"

# M1: no room, by a limit of the process and on a full disk.
printf 'as it was' >out.keras
expect 5 'out\.keras' bash -c 'ulimit -f 4; exec "$0" "$@"' "$keraft" convert "$in" out.keras
[[ "$(cat out.keras)" == 'as it was' ]] || fail "OUT changed when there was no room"
expect 5 'out\.h5' bash -c 'ulimit -f 4; exec "$0" "$@"' "$keraft" convert "$in" out.h5
[[ ! -e out.h5 ]] || fail "a half-written OUT is left"
mkdir small
if mount -t tmpfs -o size=16k none small 2>/dev/null; then
  cleanup+=("umount '$work/small'")
  printf 'as it was' >small/out.keras
  expect 5 'out\.keras' "$keraft" convert "$in" small/out.keras
  [[ "$(cat small/out.keras)" == 'as it was' ]] || fail "OUT changed on a full disk"
  expect 5 'out\.h5' "$keraft" convert "$in" small/out.h5
  expect 5 'y\.npz' "$keraft" run "$in" -i "$digits/held_out.npz" -o small/y.npz
  [[ "$(ls -A small)" == out.keras ]] || fail "a full disk holds $(ls -A small)"
  mount -o remount,ro small
  expect 5 'out\.keras' "$keraft" convert "$in" small/out.keras
  [[ "$(cat small/out.keras)" == 'as it was' ]] || fail "OUT changed in a read-only folder"
elif ((EUID != 0)); then
  mkdir closed
  printf 'as it was' >closed/out.keras
  chmod 555 closed
  cleanup+=("chmod 755 '$work/closed'")
  expect 5 'out\.keras' "$keraft" convert "$in" closed/out.keras
  [[ "$(cat closed/out.keras)" == 'as it was' ]] || fail "OUT changed in a read-only folder"
else
  echo "not checked: full disk and read-only folder (no tmpfs may be mounted here)"
fi

# M5: an interrupt while the written file is being compared, and while running.
for signal in INT TERM; do
  for attempt in 0.1 1; do
    checks=$((checks + 1))
    printf 'as it was' >out.keras
    # A shell starts background jobs with SIGINT ignored; env gives it back.
    env --default-signal=INT "$keraft" convert "$in" out.keras --samples 2000000 --quiet 2>.err &
    pid=$!
    sleep "$attempt"
    kill -s "$signal" "$pid"
    wait "$pid"
    code=$?
    # So early that the handler is not there yet, the signal itself ends the process.
    ((code == 130 || (code == 143 && ${attempt%.*} == 0))) || fail "interrupted by $signal after $attempt s: exit $code: $(cat .err)"
    [[ "$(cat out.keras)" == 'as it was' ]] || fail "OUT changed by an interrupted conversion"
    [[ -z "$(find . -name '.keraft-*')" ]] || fail "an interrupt left $(find . -name '.keraft-*')"
  done
done

# 6: over the budget.
expect 6 '' "$keraft" convert "$in" budget.keras --max-memory 1000
[[ ! -e budget.keras ]] || fail "OUT was written over the budget"
