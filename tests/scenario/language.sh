#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# language.sh PROGRAM: the story of README.md holds, UPDATE=1 fills in what each story has, and what is no
# line of a story is refused with its line, and its file left as it was.
set -u
cd "$(dirname "$0")" || exit 2
program=$1
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0

complain() {
    echo "language.sh: $1"
    bad=1
}

awk '/^```/ { n++; next } n == 1' README.md >"$folder/readme.scn"
[ -s "$folder/readme.scn" ] || complain "README.md has no story: has its form changed?"
"$program" "$folder/readme.scn" >"$folder/said" 2>&1 ||
    complain "the story of README.md: $(cat "$folder/said")"

mkdir "$folder/stories"
for story in *.scn "$folder/readme.scn"; do
    sed '/^>/d' "$story" >"$folder/stories/${story##*/}"
done
UPDATE=1 "$program" "$folder"/stories/*.scn >"$folder/said" 2>&1 || complain "$(cat "$folder/said")"
for story in *.scn "$folder/readme.scn"; do
    diff -u "$story" "$folder/stories/${story##*/}" || complain "${story##*/} is filled in otherwise"
done

# wrong COMPLAINT LINE: a story of a good line and this one is refused, filled in or not.
wrong() {
    printf 'zone home 0 0 200\n%s\n' "$2" >"$folder/wrong.scn"
    cp "$folder/wrong.scn" "$folder/was.scn"
    ! "$program" "$folder/wrong.scn" >"$folder/said" 2>&1 || complain "holds: $2"
    grep -qF "wrong.scn:2: $1" "$folder/said" || complain "$2: said $(cat "$folder/said")"
    ! UPDATE=1 "$program" "$folder/wrong.scn" >"$folder/said" 2>&1 || complain "filled in: $2"
    cmp -s "$folder/wrong.scn" "$folder/was.scn" || complain "written anew: $2"
}

wrong 'unknown word: pin' 'pin tag 20:00:00 0 0'
wrong 'too short: ping' 'ping tag 20:00:00 0'
wrong 'too short: zone' 'zone home 0 0 warn 20'
wrong 'no such option: acuracy' 'ping tag 20:00:00 0 900 acuracy 5'
wrong 'no such option: extra' 'pass 20:00:00 extra'
wrong 'no value after: received' 'ping tag 20:00:00 0 900 received'
wrong 'nothing of a kind: colour' 'kind t* colour 1'
wrong 'nothing of a kind: clock' 'kind t* clock right'
wrong 'no number: north' 'ping tag 20:00:00 0 north'
wrong 'no time: 8pm' 'pass 8pm'
wrong 'arrived as: new' 'ping tag 20:00:00 0 900 is late'
wrong 'arrived as: no-fix' 'ping tag 20:00:00 0 900 nofix'
printf 'zone home 0 0 200\npass 20:00:00\npass 19:00:00\n' >"$folder/back.scn"
"$program" "$folder/back.scn" 2>&1 | grep -qF 'back.scn:3: our clock never goes back: 19:00:00' ||
    complain "our clock goes back"
printf 'zone home 0 0 200\nping tag 20:00:00 0 0\n> silent tag/1\n' >"$folder/told.scn"
"$program" "$folder/told.scn" 2>&1 | grep -qF 'told.scn:3: told instead: breach home/1/1' ||
    complain "another alert is taken for the wanted one"
printf 'zone home 0 0 200\nping tag 20:00:00 0 0\n' >"$folder/left.scn"
"$program" "$folder/left.scn" 2>&1 | grep -qF 'left.scn:2: before this line there was also: breach' ||
    complain "an alert that is not wanted passes"
printf 'zone home 0 0 200\nping tag 20:00:00 0 900\n> breach home/1/1\n' >"$folder/none.scn"
"$program" "$folder/none.scn" 2>&1 | grep -qF 'none.scn:3: nothing more was told' ||
    complain "an alert that is not told passes"
exit $bad
