#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# keys.sh SOURCE: each key that a reload simply puts in force (LIVE in settings_table.c) is changed so in a
# running breachd, by a row of tests/live/reload_settings_test.c. http tokens has tests/live/access_reload_test.c.
cd "$1" || exit 2
bad=0
live=$(sed -nE 's/^ +\{ "([a-z]+)", "([a-z-]+)", .*, LIVE, .*/"\1", "\2"/p' daemon/adapter/conf/settings_table.c |
    grep -v '^"http", "tokens"$')
[ -n "$live" ] || {
    echo "keys: no key that is LIVE was found in settings_table.c: has its form changed?"
    exit 2
}
rows=$(sed -n '/ rows\[\] = {/,/^};/p' tests/live/reload_settings_test.c)
while read -r key; do
    case "$rows" in
    *"{ $key, "*) ;;
    *)
        echo "keys: $key is in no row of tests/live/reload_settings_test.c"
        bad=1
        ;;
    esac
done <<EOF
$live
EOF
exit "$bad"
