# Sourced by the scripts beside it: `keraft` is their first argument. Each check prints only what is wrong.
set -u
keraft="$(realpath "$1")"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
digits="$here/../data/digits"
work="$(mktemp -d)"
failures=0 checks=0
# What ASan finds must not look like an exit code of the command.
export ASAN_OPTIONS="exitcode=99:detect_leaks=1" UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
cleanup=()
finish() {
  for command in "${cleanup[@]:-:}"; do eval "$command"; done
  rm -rf "$work"
  ((failures == 0)) && echo "$checks checks passed"
  exit $((failures > 0))
}
trap finish EXIT
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }

# expect CODE PATTERN COMMAND…: the exit code, one error line first on stderr that matches, and no temporary file left in $work.
expect() {
  local code="$1" pattern="$2" got
  shift 2
  checks=$((checks + 1))
  timeout "${limit:-60}" "$@" >"$work/.stdout" 2>"$work/.stderr"
  got=$?
  ((got == code)) || fail "exit $got, not $code: $*: $(head -c 600 "$work/.stderr")"
  if ((code != 0)); then
    head -1 "$work/.stderr" | grep -q '^keraft: error: .' || fail "no error line first: $*: $(head -2 "$work/.stderr")"
    [[ -z "$pattern" ]] || grep -qE -- "$pattern" "$work/.stderr" || fail "'$pattern' is not in: $(head -c 400 "$work/.stderr")"
    ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$work/.stderr" || fail "control characters on stderr: $*"
  fi
  [[ -z "$(find "$work" -name '.keraft-*' -print -quit)" ]] || { fail "a temporary file is left: $*"; find "$work" -name '.keraft-*' -exec rm -rf {} +; }
}

# refused CODE PATTERN IN [OPTION…]: convert and inspect refuse the file, and OUT stays as it was.
refused() {
  local code="$1" pattern="$2" in="$3"
  shift 3
  printf 'as it was' >"$work/out.keras"
  expect "$code" "$pattern" "$keraft" convert "$in" "$work/out.keras" "$@"
  grep -qx 'as it was' "$work/out.keras" || fail "OUT changed: $in"
  rm -f "$work/out.keras"
}
