#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# built.sh SOURCE BUILD: every *_test.c and *_fuzz.c of the tree is compiled to something. A test that
# stands in no list of its CMakeLists.txt is green for ever.
cd "$1" || exit 2
compiled=$2/compile_commands.json
[ -f "$compiled" ] || {
    echo "built: $compiled is missing"
    exit 2
}
# Without breachd-web its tests are built to nothing.
without='^$'
if grep -q '^BREACHD_WEB:BOOL=OFF' "$2/CMakeCache.txt"; then
    without='^tests/(web(_live)?/|fuzz/cookie_)'
fi
forgotten=$(find tests -name '*_test.c' -o -name '*_fuzz.c' | grep -vE "$without" | while read -r source; do
    grep -qF "/$source\"" "$compiled" || echo "built: $source is in no CMakeLists.txt"
done)
[ -z "$forgotten" ] || {
    echo "$forgotten"
    exit 1
}
