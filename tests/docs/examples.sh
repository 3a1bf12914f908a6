#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# examples.sh ROOT: what stands in a literal display of a manual page is what a reader sees and copies: no backslash, quote
# or dash is lost on the way, by mandoc and by man.
set -u
cd "$1" || exit 2

if ! command -v mandoc >/dev/null; then
    echo "examples.sh: no mandoc here"
    exit 77
fi

# shellcheck source=tests/docs/same.sh
. tests/docs/same.sh

# The lines as they are meant: roff has a word of its own only for a backslash, and for a line that would be a macro.
meant() {
    awk '/^\.Bd -literal/ { on = 1; next }
        /^\.Ed/ { on = 0 }
        on && !/^\./ { gsub(/\\&/, ""); gsub(/\\e/, "\\"); gsub(/^ +| +$/, ""); if ($0 != "") print }' "$1"
}

# In the order in which they stand; what lies between is prose.
missing() {
    awk 'NR == FNR { wanted[++n] = $0; next }
        { gsub(/^ +| +$/, "") }
        $0 == wanted[at + 1] { at++ }
        END { if (n == 0) print "no example"; else if (at < n) print wanted[at + 1] }' "$folder/meant" -
}

plain() { sed 's/.\x08//g'; }

for page in daemon/breachd.8 daemon/breachctl.1 daemon/breachd-alerts.7 config/breachd.conf.5 daemon/breachd-web.8; do
    meant "$page" >"$folder/meant"
    lost=$(mandoc -T utf8 -O width=300 "$page" | plain | missing)
    [ -z "$lost" ] || complain "$page, by mandoc: not shown as it is meant: $lost"
    command -v man >/dev/null || continue
    lost=$(LC_ALL=C.UTF-8 MANWIDTH=300 MAN_KEEP_FORMATTING='' man -l "$page" 2>/dev/null | plain | missing)
    [ -z "$lost" ] || complain "$page, by man: not shown as it is meant: $lost"
done

exit "$bad"
