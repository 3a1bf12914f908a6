#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# smoke.sh DETECT COST TALLY LARGE: the bench runs, says the same twice, fills its tables; no figure is judged.
set -eu
detect=$1
cost=$2
tally=$3
large=$4
dir=$(mktemp -d "${TMPDIR:-/tmp}/breachd-detect.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$dir/a" "$dir/b"

fail() {
    echo "detect: $1"
    exit 1
}

"$detect" --quick --seed 7 --out "$dir/a"
"$detect" --quick --seed 7 --out "$dir/b"
diff -r "$dir/a" "$dir/b" || fail "two runs of one seed differ"

for section in Integrity Bars 'What the words mean' Curves 'Detection and delay' 'False alarms' \
    'Alerts a true event' 'Approach' 'Uploads' 'Real devices' 'Silences of phones'; do
    grep -q "^## $section" "$dir/a/RESULTS.md" || fail "no section: $section"
done
# Every row of a table has as many cells as its head.
awk -F'|' '/^\|/ { if (!n) n = NF; if (NF != n) { print FILENAME ": " $0; bad = 1 } next }
    { n = 0 } END { exit bad }' "$dir/a/RESULTS.md" || fail "a table has a hole"
for judge in breachd belief 'plain inside' 'circle contained' '3 of 5' '30 s dwell'; do
    grep -q "^| $judge | [1-9]" "$dir/a/RESULTS.md" || fail "no stays before: $judge"
done
sed -n 's/^!\[.*](\(.*\.svg\))$/\1/p' "$dir/a/RESULTS.md" >"$dir/curves"
while read -r svg; do
    grep -q '</svg>' "$dir/a/$svg" || fail "no whole curve: $svg"
done <"$dir/curves"
! grep -rn 'nan\|inf' "$dir/a"/*.svg || fail "a curve has no number"

"$tally" 'this engine' 7 36 "$dir" >"$dir/before"
"$detect" --quick --ours --seed 7 --data "$dir" --before "$dir/before" >"$dir/beside"
# The same engine on the same visits: the rows of before are breachd's own.
for judge in breachd 'the engine before'; do
    sed -n "/^## Integrity/,/^### /s/^\(|[^|]*\)| $judge /\1/p" "$dir/beside" >"$dir/of-$judge"
done
[ -s "$dir/of-breachd" ] || fail "no rows of integrity"
diff "$dir/of-breachd" "$dir/of-the engine before" || fail "a tally is not what was counted"
echo '# cut' >"$dir/cut"
if "$detect" --quick --ours --data "$dir" --before "$dir/cut" >"$dir/out" 2>&1; then
    fail "half a tally is taken"
fi
"$large" 'this engine' "$dir" 720 900 '' 7 8 >"$dir/large"
grep -q '^| told right, 15 m or better | [1-9]' "$dir/large" || fail "no stays of a large run"
grep -q '^| 100 m | 120 | ' "$dir/large" || fail "not all hours of standing beside"
"$detect" --fit --data "$dir" >"$dir/fit"
grep -q 'skipped: no ../shared/data' "$dir/fit" || fail "a fit without data says nothing"

"$detect" --engines 40 --data "$dir" >"$dir/engines"
# shellcheck disable=SC2016 # the backquotes are the table's
grep -q '^| missed `breach` %, all skies | [0-9]' "$dir/engines" || fail "no bars of both engines"

"$detect" --approaches --quick --data "$dir" >"$dir/approaches"
grep -q '^| pass by | 0 | - .* [0-9][0-9.]* |$' "$dir/approaches" || fail "no approaches alone"

"$detect" --quick --ours --data "$dir" >"$dir/bare"
grep -q 'skipped: no ../shared/data' "$dir/bare" || fail "nothing is said of data that is absent"
grep -q '^| true stays' "$dir/bare" || fail "no bars without data"

for place in far near inside eight; do
    "$cost" "$place" 2000 | grep -q "^$place .* ns a ping" || fail "no cost: $place"
done
if "$detect" --set no-such-key=1 2>"$dir/why"; then
    fail "an unknown key is taken"
fi
grep -q 'no-such-key: no such key in \[detect\]' "$dir/why" || fail "an unknown key is not named"
