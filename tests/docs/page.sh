#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh ROOT NAMES: the control room's page (daemon/web/page/labels.js) has words for exactly the types of
# alerts that core has, and for the rules of decide.c that tell something. It shows a bare name, or nothing,
# of what it has no words for, so nobody would notice.
set -u
cd "$1" || exit 2
# shellcheck source=tests/docs/same.sh
. tests/docs/same.sh
page=daemon/web/page/labels.js

# keys OBJECT: the names of `const OBJECT = { name: "words", ... };`, one a line.
keys() {
    awk -v from="const $1 = {" 'index($0, from) == 1 { on = 1; next } /^};/ { on = 0 } on' "$page" |
        sed 's/"[^"]*"//g' | grep -oE '[a-z0-9]+:' | tr -d :
}

"$2" | sed -n 's/^alert \([^ ]*\) .*/\1/p' >"$folder/types"
keys TYPES >"$folder/worded"
same "types in $page" "$folder/types" "$folder/worded"

# return (struct decision){ told ? VERDICT_QUIET : VERDICT_WAS_INSIDE, 3 };
sed -nE 's/VERDICT_QUIET//; s/.*VERDICT_[A-Z_]+[^0-9]* ([0-9]+) \};/\1/p' daemon/core/decide.c >"$folder/rules"
keys RULES >"$folder/worded"
same "rules in $page" "$folder/rules" "$folder/worded"

exit "$bad"
