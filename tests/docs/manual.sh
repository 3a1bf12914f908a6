#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# manual.sh ROOT BREACHCTL NAMES: the manual pages are clean, and tell of exactly the keys, paths, metrics and alerts
# that the code has.
set -u
cd "$1" || exit 2

if ! command -v mandoc >/dev/null; then
    echo "manual.sh: no mandoc here"
    exit 77
fi

# shellcheck source=tests/docs/same.sh
. tests/docs/same.sh

mandoc -T lint -W warning daemon/breachd.8 daemon/breachctl.1 daemon/breachd-alerts.7 config/breachd.conf.5 \
    daemon/breachd-web.8 config/web.conf.5 || bad=1

# Without -e a refusal by Redis is exit status 0, and what stands behind && goes on.
if grep -nE 'redis-cli [^-].*&&|xargs redis-cli' daemon/*.[178] config/*.5; then
    echo "manual: redis-cli -e, and xargs -r"
    bad=1
fi

# items SECTION: the names that its list explains, one a line; .Ss lines stand before them.
items() {
    awk -v from=".Sh $1" '
        /^\.Sh / { on = $0 == from }
        on && /^\.Ss / { sub(/^\.Ss /, ""); print "section " $0 }
        on && /^\.It / {
            gsub(/^\.It (Cm |Li )*| Ns .*/, "")
            gsub(/ , /, "\n")
            print
        }' "$2"
}

# under: "section [redis]" and then "url" become "redis url"; "section [order ID]" is just "order".
under() {
    awk '/^section/ { section = $0; gsub(/^section \[?|[] ].*/, "", section); next }
        { print section, $0 }'
}

# Settings: the tables of settings_table.c and settings_devices.c, the manual, and the file that is installed.
sed -nE 's/^ +\{ "([a-z]+)", "([a-z-]+)",.*/\1 \2/p' daemon/adapter/conf/settings_table.c \
    daemon/adapter/conf/settings_devices.c >"$folder/keys"
items SETTINGS config/breachd.conf.5 | under >"$folder/told"
same "settings in breachd.conf(5)" "$folder/keys" "$folder/told"
sed -nE -e 's/^(; )?\[([a-z]+)( [a-z-]+)?\]$/section \2/p' -e 's/^(; )?([a-z-]+) = .*/\2/p' config/breachd.conf |
    under >"$folder/told"
same "settings in config/breachd.conf" "$folder/keys" "$folder/told"

# The same of web.conf: web_settings_table.c, its manual, the file that is installed; and its default there.
sed -nE 's/^ +\{ "([a-z]+)", "([a-z-]+)",.*/\1 \2/p' daemon/web/web_settings_table.c >"$folder/keys"
items SETTINGS config/web.conf.5 | under >"$folder/told"
same "settings in web.conf(5)" "$folder/keys" "$folder/told"
sed -nE -e 's/^\[([a-z]+)\]$/section \1/p' -e 's/^; ([a-z-]+) = .*/\1/p' config/web.conf |
    under >"$folder/told"
same "settings in config/web.conf" "$folder/keys" "$folder/told"

# Orders: the three lists of order_draft_key.c.
awk '/^static const char \*const [a-z]+_keys\[\]/ {
        kind = $0; gsub(/.*const |_keys.*/, "", kind); on = 1 }
    on { rest = $0
        while (match(rest, /"[a-z]+"/)) {
            print kind, substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH) } }
    /;/ { on = 0 }' daemon/adapter/conf/order_draft_key.c >"$folder/keys"
items ORDERS config/breachd.conf.5 | sed '/^$/d' | under >"$folder/told"
same "keys of orders in breachd.conf(5)" "$folder/keys" "$folder/told"

# HTTP: the routes of api.c with their methods.
sed -nE 's/^ +\{ "(\/[^"]*)", "([A-Z]+)",.*/\2 \1/p' daemon/app/api.c >"$folder/keys"
items HTTP daemon/breachd.8 | grep / >"$folder/told"
same "routes in breachd(8)" "$folder/keys" "$folder/told"

sed -nE 's/^ +\{ "(\/[^"]*)", "([A-Z]+)",.*/\2 \1/p' daemon/web/routes.c >"$folder/keys"
items HTTP daemon/breachd-web.8 | grep / >"$folder/told"
same "routes in breachd-web(8)" "$folder/keys" "$folder/told"

# Metrics: every head() and one() of stats.c.
sed -nE 's/^ +(head|one)\(out, "([a-z_]+)",.*/breachd_\2/p' daemon/app/stats.c >"$folder/keys"
items METRICS daemon/breachd.8 >"$folder/told"
same "metrics in breachd(8)" "$folder/keys" "$folder/told"

# Alerts: the rows of alert.c, as names.c prints them. Of breachd(8) the severity is a line by itself.
"$3" | sed -n 's/^alert //p' >"$folder/rows"
cut -d ' ' -f 1,2 "$folder/rows" >"$folder/keys"
awk '/^\.Sh / { on = $0 == ".Sh ALERTS" }
    on && /^\.It / { name = $2; next }
    on && name != "" { sub(/\.$/, ""); sub(/^As the /, ""); print name, $0; name = "" }' \
    daemon/breachd.8 >"$folder/told"
same "alerts in breachd(8)" "$folder/keys" "$folder/told"
awk '/^\.S[hs] / { on = $0 == ".Ss Types" }
    on && /^\.It Li / { gsub(/^\.It Li | Ta/, ""); print }' daemon/breachd-alerts.7 >"$folder/told"
same "types in breachd-alerts(7)" "$folder/rows" "$folder/told"

# Incidents that are breachd's own: the subjects of ailments.c, and what else the roster has beside devices.
{
    awk '/subjects\[\] = / { on = 1 } on { print } /;/ { on = 0 }' daemon/app/ailments.c
    grep -ohE 'roster_incident\([a-z>-]+, "[a-z-]+"' daemon/app/*.c
    grep -hE 'STRANGERS_SUBJECT +"' include/*/*.h
} | grep -oE '"[a-z-]+"' | tr -d '"' >"$folder/keys"
awk '/^\.It Li incident$/ { on = 1; next } on && /^\.It / { exit }
    on && /^\.Li [a-z-]+\/ / { sub(/^\.Li /, ""); sub(/\/ .*/, ""); if ($0 != "device") print }' daemon/breachd.8 \
    >"$folder/told"
same "incidents of its own in breachd(8)" "$folder/keys" "$folder/told"

# Classes of pings: the names of arrival.c.
"$3" | sed -n 's/^class //p' >"$folder/keys"
items 'CLASSES OF PINGS' daemon/breachd.8 >"$folder/told"
same "classes of pings in breachd(8)" "$folder/keys" "$folder/told"

# Commands: what `breachctl help` says of each, and the synopsis.
for command in $("$2" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    "$2" help "$command" | sed -n 's/^usage: //p'
done >"$folder/keys"
mandoc -T ascii -O width=300 daemon/breachctl.1 | sed 's/.\x08//g' | tr -s ' ' |
    sed -n '/^SYNOPSIS/,/^DESCRIPTION/s/^ *\(breachctl .*\)/\1/p' | grep -v '^breachctl help' \
    >"$folder/told"
same "commands in breachctl(1)" "$folder/keys" "$folder/told"

# Kinds of entries: those that are put, and breachctl(1).
{
    grep -hE 'kind(\[\])? = ' daemon/app/journal.c daemon/app/pipeline_acks*.c daemon/adapter/ledger/*.c \
        daemon/ctl/access.c
    sed -n '/^const char \*input_kind/,/^}/p' daemon/adapter/json/input.c
} | grep -oE '"[a-z-]+"' | tr -d '"' >"$folder/keys"
awk '/^The kinds and their bodies/ { on = 1 } /^\.Sh THE EXPORTED/ { on = 0 }
    on && /^\.It Li/ { sub(/^\.It Li /, ""); gsub(/ , /, "\n"); print }' daemon/breachctl.1 \
    >"$folder/told"
same "kinds of entries in breachctl(1)" "$folder/keys" "$folder/told"

# Rules: as many as the highest number in decide.c.
sed -nE 's/.*VERDICT_[A-Z_]+[^0-9]* ([0-9]+) \};/\1/p' daemon/core/decide.c | sort -n | tail -n 1 \
    >"$folder/keys"
awk '/^\.Sh / { on = $0 == ".Sh RULES" } on && $0 == ".It" { n++ } END { print n }' \
    daemon/breachd.8 >"$folder/told"
same "rules in breachd(8)" "$folder/keys" "$folder/told"

# Set in 80 columns no line runs over the edge.
if command -v man >/dev/null; then
    for page in daemon/*.[178] config/*.[578]; do
        MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l "$page" 2>&1 >/dev/null | grep . >"$folder/warned" || continue
        echo "manual.sh: $page: $(cat "$folder/warned")"
        bad=1
    done
fi

# Complaints: the examples are what -n says of tests/golden/manual, their broken lines joined.
sed -n 's|^manual/\(.*:.*\)|\1|p' tests/golden/manual/expected >"$folder/keys"
awk '/^\.Sh / { on = $0 == ".Sh COMPLAINTS" }
    on && /^    / { sub(/^ +/, ""); line = line " " $0; next }
    line != "" { print line; line = "" }
    on && /^orders\.d/ { line = $0 }' config/breachd.conf.5 >"$folder/told"
same "complaints in breachd.conf(5)" "$folder/keys" "$folder/told"

exit "$bad"
