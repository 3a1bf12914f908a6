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
forgotten=$(find tests -name '*_test.c' -o -name '*_fuzz.c' | while read -r source; do
    grep -qF "/$source\"" "$compiled" || echo "built: $source is in no CMakeLists.txt"
done)
[ -z "$forgotten" ] || {
    echo "$forgotten"
    exit 1
}
