#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doors.sh SOURCE: each path that takes pings is tried by a sender that may speak for nobody
# (tests/app/doors_test.c) and with a body in another coding (posts of tests/live/bad_input_test.c).
cd "$1" || exit 2
paths=$(sed -nE 's/^ +\{ "([^"]+)", "POST", .*NEED_PINGS.*/\1/p' daemon/app/api.c)
[ -n "$paths" ] || {
    echo "doors: no path was found in daemon/app/api.c"
    exit 2
}
posts=$(sed -n '/ posts\[\] = /,/;/p' tests/live/bad_input_test.c)
bad=0
for path in $paths; do
    grep -qE "\"(GET|POST) ${path}[\"?]" tests/app/doors_test.c || {
        echo "doors: $path has no row in tests/app/doors_test.c"
        bad=1
    }
    case "$posts" in
    *"\"$path\""*) ;;
    *)
        echo "doors: $path is not in posts of tests/live/bad_input_test.c"
        bad=1
        ;;
    esac
done
exit "$bad"
