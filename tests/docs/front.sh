#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# front.sh ROOT VERSION: README.md is a front page of what is there: its paths exist, its map has every
# folder of daemon/, its figures are those of tests/bench/README.md. Of tests/README.md the paths and the
# tests exist too. The version stands in CMakeLists.txt;
# NEWS begins with it, and the manual pages have its date.
set -u
cd "$1" || exit 2
version=$2
# shellcheck source=tests/docs/same.sh
. tests/docs/same.sh
pages='daemon/breachd.8 daemon/breachctl.1 daemon/breachd-alerts.7 config/breachd.conf.5
    daemon/breachd-web.8 config/web.conf.5'

lines=$(wc -l <README.md)
[ "$lines" -le 150 ] || complain "README.md has $lines lines, a front page 150"

grep -ohE '(\.ci|config|daemon|include|systemd|tests)/[A-Za-z0-9_./*-]+' README.md tests/README.md | sed 's/[.]*$//; s/NAME/*/' | sort -u |
    while read -r path; do
        # shellcheck disable=SC2086 # some have a *
        ls -d $path >"$folder/there" 2>&1 || echo "$path"
    done >"$folder/missing"
[ ! -s "$folder/missing" ] || complain "README.md or tests/README.md names what is not there: $(tr '\n' ' ' <"$folder/missing")"

# | its row in `daemon/core/alert.c` | the compiler, core/alert_spec |
awk -F ' [|] ' '/^## Words/ { exit } /^[|] / { sub(/ [|]$/, "", $2); gsub(/, /, "\n", $2); print $2 }' \
    tests/README.md | grep -vxE 'fails|---( [|])?|-|the compiler|golden/NAME' | sort -u >"$folder/tests"
[ -s "$folder/tests" ] || complain "tests/README.md names no test: has its form changed?"
while read -r test; do
    [ -e "tests/${test}_test.c" ] || [ -e "tests/$test.sh" ] || [ -e "tests/checks/$test.sh" ] ||
        complain "tests/README.md: there is no test $test"
done <"$folder/tests"

# The map: "    daemon/adapter/   meets the world" and below it "        http/         an HTTP/1.1 server".
find daemon -mindepth 1 -type d >"$folder/folders"
awk '/^    daemon\// { sub(/\/$/, "", $1); at = $1; print at; next }
    /^    [a-z]/ { at = "" }
    at != "" && /^        [a-z]+\// { sub(/\/$/, "", $1); print at "/" $1 }' README.md >"$folder/map"
same "folders on the map of README.md" "$folder/folders" "$folder/map"

# "a header's first line says what its module does"
find include -name '*.h' | while read -r header; do
    sed -n 2,3p "$header" | grep -qE "^(/\*| \*) ${header##*/} - ." || echo "$header"
done >"$folder/mute"
[ ! -s "$folder/mute" ] || complain "not what README.md says of a header: $(tr '\n' ' ' <"$folder/mute")"

# The second column of the table under Figures.
awk -F '|' '/^## / { on = $0 == "## Figures" } on && /^\| [^-w]/ { print $3 }' README.md |
    grep -oE '[0-9][0-9.,]*' | sed 's/[.,]$//' | sort -u >"$folder/figures"
[ -s "$folder/figures" ] || complain "README.md has no figures: has its form changed?"
while read -r figure; do
    grep -qwF -e "$figure" tests/bench/README.md ||
        complain "README.md: $figure is no figure of tests/bench/README.md"
done <"$folder/figures"

# * breachd 0.2.0 (2026-11-29)
newest=$(sed -n 's/^\* breachd \(.*\)$/\1/p' config/NEWS | head -n 1)
date=$(echo "$newest" | sed -n 's/^.* (\(.*\))$/\1/p')
[ "$newest" = "$version ($date)" ] || complain "config/NEWS begins with $newest, CMakeLists.txt has $version"
written=$(LC_ALL=C date -d "$date" '+%B %-d, %Y') || complain "config/NEWS: $date is no day"
for page in $pages; do
    grep -qxF ".Dd $written" "$page" || complain "$page: not of $written, the date of config/NEWS"
    grep -qxF '.Os breachd' "$page" || complain "$page: .Os has more than breachd"
done
number=$(echo "$version" | sed 's/[.]/[.]/g')
if grep -rnE -e "(^|[^0-9.])$number([^0-9.]|\$)" daemon include systemd .ci README.md config/breachd.conf*; then
    complain "the version stands in CMakeLists.txt and config/NEWS alone"
fi

exit "$bad"
