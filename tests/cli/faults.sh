#!/usr/bin/env bash
# M1–M3 of wrong files: every call of the system that writes OUT fails once, in turn. OUT is then as it was, nothing is left, and
# what can be tried again is tried again.
# usage: faults.sh KERAFT FAULTS.SO
source "$(dirname "$0")/lib.sh"
cd "$work"
faults="$2"
grep -q __asan_init "$keraft" && { echo "sanitised programs take no preloaded library"; exit 77; }
in="$digits/digits.pb"
ENOSPC=28 EIO=5 EINTR=4 EDQUOT=122 EFBIG=27 EACCES=13 EXDEV=18 EOPNOTSUPP=95

# try FUNCTION N ERRNO: converts with the fault; leaves the exit code in $code.
try() {
  checks=$((checks + 1))
  LD_PRELOAD="$faults" KERAFT_FAULT="$1:$2:$3" timeout 60 "$keraft" convert "$in" "$out" --quiet 2>.err
  code=$?
}
untouched() {
  [[ "$(head -c 9 "$out")" == 'as it was' ]] || fail "$*: OUT changed"
  [[ -z "$(find . -name '.keraft-*')" ]] || { fail "$*: left $(find . -name '.keraft-*')"; rm -rf .keraft-*; }
}

for kind in keras h5; do
  out="out.$kind"
  "$keraft" convert "$in" "right.$kind" --quiet
  for fault in pwrite:$ENOSPC pwrite:$EIO pwrite:$EDQUOT pwrite:$EFBIG fsync:$EIO rename:$EIO rename:$EXDEV mkdtemp:$EACCES fallocate:$ENOSPC; do
    function="${fault%:*}" errno="${fault#*:}" reached=0
    for n in {1..200}; do
      printf 'as it was' >"$out"
      try "$function" "$n" "$errno"
      ((code == 0)) && break
      reached=$n
      ((code == 5)) || fail "$kind, $function $n fails with $errno: exit $code: $(head -1 .err)"
      grep -q "out\.$kind" .err || fail "$kind, $function $n fails with $errno: OUT is not named: $(head -1 .err)"
      untouched "$kind, $function $n fails with $errno"
    done
    # The last fsync is that of the folder, which a file system may refuse.
    ((reached > 0)) || fail "$kind: no $function could fail"
    cmp -s "$out" "right.$kind" || fail "$kind, $function: what was written without a fault differs"
  done
  # A signal in between, and calls that do less than asked, are no failure.
  for fault in pwrite:$EINTR pwrite:0 pread:$EINTR pread:0 fallocate:$EOPNOTSUPP; do
    for n in {1..40}; do
      printf 'as it was' >"$out"
      try "${fault%:*}" "$n" "${fault#*:}"
      ((code == 0)) || fail "$kind, $fault at $n: exit $code: $(head -1 .err)"
      cmp -s "$out" "right.$kind" || fail "$kind, $fault at $n: other bytes were written"
    done
  done
  # Reading fails: of IN, or of OUT while it is compared.
  for n in {1..60}; do
    printf 'as it was' >"$out"
    try pread "$n" $EIO
    ((code == 0)) && break
    ((code == 3 || code == 5)) || fail "$kind, pread $n fails: exit $code: $(head -1 .err)"
    untouched "$kind, pread $n fails"
  done
done
