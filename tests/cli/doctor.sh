#!/usr/bin/env bash
# keraft doctor: verdicts, a mended file, and the answers to wrong files.
source "$(dirname "$0")/lib.sh"
cd "$work"
loads() { grep -oE "\"keras\":\"$1\",\"loads\":(true|false)" .stdout | cut -d: -f3; }
expect 0 '' "$keraft" convert "$digits/digits.pb" both.keras --quiet
expect 0 '' "$keraft" doctor both.keras --json
tr -d ' \n' <.stdout >.flat && mv .flat .stdout
[[ "$(loads 3.15)" == true && "$(loads 3.0)" == true && "$(loads 2.15)" == true && "$(loads 2.12)" == false ]] ||
  fail "verdicts of a file for all versions: $(head -c 600 .stdout)"
expect 0 '' "$keraft" doctor both.keras
grep -q '^Keras 3.0–3.15: loads it$' .stdout || fail "the text says $(head -c 600 .stdout)"
expect 0 '' "$keraft" convert "$digits/digits.pb" three.keras --keras 3 --quiet
expect 0 '' "$keraft" doctor three.keras
grep -q "batch_shape" .stdout || fail "no reason for Keras 2: $(head -c 600 .stdout)"
expect 0 '' "$keraft" doctor three.keras --fix mended.keras
grep -q '^Keras 2.15–2.21: loads it$' .stdout || fail "the mended file: $(head -c 900 .stdout)"
expect 0 '' "$keraft" verify both.keras mended.keras
expect 0 '' "$keraft" doctor three.keras --fix mended.h5 --keras 2.12 --quiet
expect 0 '' "$keraft" doctor "$digits/saved_model"
expect 2 'fix' "$keraft" doctor both.keras --keras 2
expect 3 'missing' "$keraft" doctor missing.keras
expect 3 '' "$keraft" doctor "$digits/digits.pb"
head -c 3000 both.keras >cut.keras
expect 3 'cut' "$keraft" doctor cut.keras --fix never.keras
expect 5 'nowhere' "$keraft" doctor both.keras --fix nowhere/mended.keras
[[ ! -e never.keras ]] || fail "a failed command wrote its file"
