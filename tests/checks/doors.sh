#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doors.sh SOURCE: each path that takes pings is tried by a sender that may speak for nobody
# (tests/app/doors_test.c) and with a body in another coding (posts of tests/live/bad_input_test.c); each
# other path by somebody without a token (rows of tests/live/access_test.c): he gets 401, or, where nothing
# is needed, 200. Each reader of pings is fuzzed (tests/fuzz), and held to the same ranges as the others
# (tests/adapter/ping/ranges_test.c).
cd "$1" || exit 2
bad=0

complain() {
    echo "doors: $1"
    bad=1
}

# { "/v1/pings", "POST", "POST", api_take_pings, NEED_PINGS },
routes=$(sed -nE 's/^ +\{ "([^"]+)", "([A-Z]+)", .*, (NEED_[A-Z]+) \},$/\1 \2 \3/p' daemon/app/api.c)
rows=$(sed -n '/ routes\[\] = {/,/^};/p' daemon/app/api.c | grep -c '{ "')
found=$(printf '%s\n' "$routes" | grep -c NEED_)
if [ "$found" -eq 0 ] || [ "$found" != "$rows" ]; then
    echo "doors: of the rows of routes in daemon/app/api.c $found of $rows are understood: has their form changed?"
    exit 2
fi

posts=$(sed -n '/ posts\[\] = /,/;/p' tests/live/bad_input_test.c)
for path in $(printf '%s\n' "$routes" | sed -n 's/ POST NEED_PINGS$//p'); do
    grep -qE "\"(GET|POST) ${path}[\"?]" tests/app/doors_test.c ||
        complain "$path has no row in tests/app/doors_test.c"
    case "$posts" in
    *"\"$path\""*) ;;
    *) complain "$path is not in posts of tests/live/bad_input_test.c" ;;
    esac
done

# { CA, "/v1/status", 401, REFUSED },
for route in $(printf '%s\n' "$routes" | grep -v ' NEED_PINGS$' | tr ' ' '|'); do
    path=${route%%|*} code=401
    [ "${route##*|}" != NEED_NOTHING ] || code=200
    like=$(echo "$path" | sed 's|ID|[A-Za-z0-9/-]+|')
    grep -qE "^    \{ CA, \"$like\", $code, " tests/live/access_test.c ||
        complain "$path has no row in tests/live/access_test.c: without a token it is answered $code"
done

# ping_reader ping_json_read; /* one object, or one array of them */
readers=$(sed -nE 's/^ping_reader ([a-z_]+);.*/\1/p' include/adapter/ping/*.h)
[ -n "$readers" ] || complain "no ping_reader was found in include/adapter/ping"
for reader in $readers; do
    grep -qwF "$reader" tests/fuzz/*_fuzz.c || complain "$reader is fuzzed by nothing in tests/fuzz"
    grep -qwF "$reader" tests/adapter/ping/ranges_test.c ||
        complain "$reader has no row in tests/adapter/ping/ranges_test.c"
done
exit "$bad"
