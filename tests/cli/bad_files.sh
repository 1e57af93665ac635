#!/usr/bin/env bash
# Class A of wrong files: what can be wrong with any file.
source "$(dirname "$0")/lib.sh"
cd "$work"

# A1: empty, one byte, only a magic.
: >empty.pb
refused 3 'empty\.pb' empty.pb
printf '\x0a' >one.pb
refused 3 '' one.pb
printf 'PK\x03\x04' >magic.keras
refused 3 '' magic.keras
printf '\x89HDF\r\n\x1a\n' >magic.h5
refused 3 '' magic.h5

# A2: cut short, at many lengths; a cut file that still parses must not come out as a model with data missing.
size="$(stat -c %s "$digits/digits.pb")"
for part in 1 2 3 5 8 13 21 34 55 89 99; do
  head -c $((size * part / 100)) "$digits/digits.pb" >cut.pb
  refused 3 '' cut.pb
done
head -c $((size - 1)) "$digits/digits.pb" >cut.pb
refused 3 '' cut.pb

# A3: a byte changed: refused, or a model all the same; never a crash.
for at in 0 1 2 3 5 9 17 33 65 129 257 513 1025 $((size / 2)) $((size - 2)); do
  for byte in '\x00' '\xff' '\x7f'; do
    cp "$digits/digits.pb" flipped.pb
    printf "$byte" | dd of=flipped.pb bs=1 seek="$at" conv=notrunc status=none
    checks=$((checks + 1))
    timeout 60 "$keraft" convert flipped.pb flipped.keras --quiet 2>.err
    code=$?
    ((code == 0 || code == 1 || code == 3 || code == 4 || code == 6)) || fail "A3: byte $at $byte: exit $code: $(head -3 .err)"
    ((code <= 1)) || [[ ! -e flipped.keras ]] || fail "A3: byte $at $byte: wrote on exit $code"
    rm -f flipped.keras
  done
done

# A4: trailing garbage.
{ cat "$digits/digits.pb"; printf '\xff\xff\xff\xff'; } >trailing.pb
refused 3 '' trailing.pb

# A5: the contents decide, not the name.
cp "$digits/digits.pb" graph.keras
expect 0 '' "$keraft" convert graph.keras right.keras --quiet
[[ -s right.keras ]] || fail "A5: a graph under another name was not converted"

# A6: not a regular file.
mkfifo pipe.pb
limit=20 refused 3 '' pipe.pb
limit=20 refused 3 '' /dev/zero
limit=20 refused 3 '' /proc/self/status
mkdir folder.pb
refused 3 '' folder.pb

# A7: a sparse file of 1 TiB.
if truncate -s 1T sparse.pb 2>/dev/null; then
  checks=$((checks + 1))
  timeout 20 "$keraft" convert sparse.pb out.keras 2>.err
  code=$?
  ((code == 3 || code == 6)) || fail "A7: exit $code: $(head -1 .err)"
fi

# A9: missing, no permission, loops, names that are too long.
refused 3 'missing\.pb.*No such file' missing.pb
ln -s loop.pb loop.pb
refused 3 'loop\.pb' loop.pb
refused 3 '' "$(printf 'x%.0s' {1..300}).pb"
refused 3 '' "$digits/digits.pb/inside"
if ((EUID != 0)); then
  cp "$digits/digits.pb" secret.pb
  chmod 000 secret.pb
  refused 3 'secret\.pb.*ermission' secret.pb
fi

# A10, A11: names that would do something to a terminal, or to printf.
refused 3 'x1b' "$(printf 'e\033[31mred')"
refused 3 '%n%s' 'a%n%s.pb'
refused 3 '' "$(printf 'new\nline.pb')"
cp "$digits/digits.pb" "$(printf 'odd \xff\n.pb')"
expect 0 '' "$keraft" convert "$(printf 'odd \xff\n.pb')" odd.keras --quiet

# A13: pages saved instead of models.
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 95000000\n' >lfs.pb
refused 3 '' lfs.pb
printf '<!DOCTYPE html>\n<html><body>404</body></html>\n' >page.pb
refused 3 '' page.pb
