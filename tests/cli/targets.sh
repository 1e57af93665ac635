#!/usr/bin/env bash
# M4–M14 of wrong files: where OUT lies, who else writes it, and what a name may do there.
source "$(dirname "$0")/lib.sh"
cd "$work"
in="$digits/digits.pb"
"$keraft" convert "$in" right.keras --quiet

# M4: OUT is a link: the link is replaced, never what it points to. A socket, and a file that runs.
printf 'precious' >precious
ln -s precious link.keras
expect 0 '' "$keraft" convert "$in" link.keras --quiet
[[ "$(cat precious)" == precious && ! -L link.keras ]] || fail "M4: a link's target was written"
ln -s nowhere dangling.keras
expect 0 '' "$keraft" convert "$in" dangling.keras --quiet
[[ ! -e nowhere ]] || fail "M4: a dangling link was followed"
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket.keras")'
expect 5 'socket\.keras' "$keraft" convert "$in" socket.keras
ln -s loop.keras loop.keras
checks=$((checks + 1))
"$keraft" convert "$in" loop.keras --quiet 2>.err && code=0 || code=$?
((code == 0 || code == 5)) || fail "M4: a link to itself: exit $code"
expect 5 '' "$keraft" convert "$in" "$(printf 'x%.0s' {1..300}).keras"

# M5: killed at any moment, OUT is old or new; what is left behind is recognisable and in nobody's way.
printf 'as it was' >out.keras
for _ in {1..40}; do
  "$keraft" convert "$in" out.keras --quiet 2>/dev/null &
  pid=$!
  sleep "0.0$((RANDOM % 10))"
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  checks=$((checks + 1))
  [[ "$(head -c 9 out.keras)" == 'as it was' ]] || cmp -s out.keras right.keras || fail "M5: OUT is neither old nor new"
  for left in $(find . -mindepth 1 -maxdepth 1 -newer right.keras ! -name out.keras ! -name '*.keras' ! -name '.std*' -printf '%f\n'); do
    [[ "$left" == .keraft-* || "$left" == .err || "$left" == precious ]] || fail "M5: left $left"
  done
  rm -rf .keraft-*
done
mkdir .keraft-stale1
checks=$((checks + 1))
"$keraft" convert "$in" .keraft-stale.keras --quiet || fail "M5: what an earlier run left is in the way"
rm -rf .keraft-*

# M6: OUT is IN, by another name.
mkdir other
for way in hard symbolic same; do
  cp "$in" in.keras
  case "$way" in
    hard) ln in.keras again.keras ;;
    symbolic) ln -s in.keras again.keras ;;
    same) ln -s . same ;;
  esac
  target=again.keras
  [[ "$way" == same ]] && target=same/in.keras
  expect 0 '' "$keraft" convert in.keras "$target" --quiet
  cmp -s "$target" right.keras || fail "M6: $way: other bytes"
  rm -f again.keras same
done

# M7: OUT in a folder that is IN.
cp -r "$digits/saved_model" model
expect 2 'inside' "$keraft" convert model model/out.keras
expect 2 'inside' "$keraft" convert model model/variables/out.keras
expect 2 'inside' "$keraft" convert ./model/ "$work/other/../model/out.keras"
[[ -z "$(find model -name 'out.keras' -o -name '.keraft-*')" ]] || fail "M7: something was written into IN"
expect 0 '' "$keraft" convert model model.keras --quiet

# M8: many write one OUT at once: it is whole at any time, and nothing is left.
printf 'as it was' >out.keras
for _ in {1..8}; do "$keraft" convert "$in" out.keras --quiet & done
for _ in {1..50}; do
  [[ "$(head -c 9 out.keras)" == 'as it was' ]] || cmp -s out.keras right.keras || fail "M8: OUT is not whole"
done
wait
checks=$((checks + 1))
cmp -s out.keras right.keras || fail "M8: OUT is not whole in the end"
[[ -z "$(find . -name '.keraft-*')" ]] || fail "M8: left $(find . -name '.keraft-*')"

# M9: a generated layer's file beside OUT is never put over somebody else's.
cat >odd.pbtxt <<'END'
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
node { name: "y" op: "Betainc" input: "x" input: "x" input: "x" attr { key: "T" value { type: DT_FLOAT } } }
END
checks=$((checks + 1))
"$keraft" convert odd.pbtxt odd.keras --quiet 2>.err && code=0 || code=$?
if ((code == 0)) && [[ -e odd.py ]]; then
  rm odd.keras
  printf 'mine' >odd.py
  expect 5 'in the way' "$keraft" convert odd.pbtxt odd.keras
  [[ "$(cat odd.py)" == mine && ! -e odd.keras ]] || fail "M9: a file beside OUT was replaced"
fi

# M11: the mode follows the umask, and is never wider while writing.
for mask in 077 027 000; do
  rm -f out.keras
  (umask "$mask"; "$keraft" convert "$in" out.keras --quiet)
  checks=$((checks + 1))
  [[ "$(stat -c %a out.keras)" == "$(printf '%o' $((0666 & ~0$mask)))" ]] || fail "M11: umask $mask: mode $(stat -c %a out.keras)"
done

# M14: names that are one in Keras come out as two.
cat >names.pbtxt <<'END'
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
node { name: "a/b" op: "Relu" input: "x" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "a_b" op: "Tanh" input: "a/b" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "A_B" op: "Sigmoid" input: "a_b" attr { key: "T" value { type: DT_FLOAT } } }
END
for kind in keras h5; do expect 0 '' "$keraft" convert names.pbtxt "names.$kind" --quiet; done

# M16: neither the locale nor the number of threads nor the time changes the bytes.
for environment in LC_ALL=C LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo LANG=tr_TR.UTF-8; do
  env "$environment" "$keraft" convert "$in" out.keras --quiet
  checks=$((checks + 1))
  cmp -s out.keras right.keras || fail "M16: $environment changes the bytes"
done
