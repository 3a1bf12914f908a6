#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# members.sh FOLDER: every member of what is kept to be judged again has its row in the table that
# prints it. A member without one would be lost in a restart, and judged again as zero.
set -u
cd "$1" || exit 2
bad=0

# members STRUCT HEADER: their names, one a line.
members() {
    sed -e 's|//.*||' -e 's|/\*[^*]*\*/||g' "$2" | awk -v from="struct $1 {" '
        index($0, from) == 1 { on = 1; next }
        on && /^};/ { exit }
        on { all = all " " $0 }
        END {
            gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", all)
            n = split(all, statements, ";")
            for (i = 1; i <= n; i++) {
                m = split(statements[i], names, ",")
                for (k = 1; k <= m; k++) {
                    gsub(/\[[^]]*\]| +$/, "", names[k])
                    sub(/.*[ *]/, "", names[k])
                    if (names[k] != "") print names[k]
                }
            }
        }'
}

# rows STRUCT HEADER FILE BEFORE: each member stands in FILE behind BEFORE.
rows() {
    names=$(members "$1" "$2")
    [ -n "$names" ] || { echo "members.sh: no struct $1 in $2"; bad=1; }
    for name in $names; do
        [ "$1 $name" = "known_device estimate" ] && continue # a pointer: its own table
        [ "$1 $name" = "detect clock" ] && continue # of a kind of devices, which are printed whole
        tr -s '\n ' ' ' <"$3" | grep -qE "$4${name}[.,)]" && continue
        echo "members.sh: struct $1: $name has no row in $3 ($4$name)"
        bad=1
    done
}

known=daemon/adapter/json/known_fields.c
rows known_device include/core/track.h $known 'known_device, '
rows position include/core/ping.h $known 'known_device, newest\.'
rows position include/core/ping.h $known 'known_device, doubted\.'
rows sighting include/core/track.h $known 'known_device, recent, DEVICE_RECENT, '
rows trouble_course include/core/trouble.h $known 'known_device, troubles, TROUBLES, '
rows allowance include/core/allowance.h $known 'incident, openings\.'
rows allowance include/core/allowance.h $known 'known_device, updates\.'
rows allowance include/core/allowance.h $known 'known_device, past\.'
rows allowance include/core/allowance.h $known 'known_device, written\.'
rows incident include/core/track.h $known 'incident, '
rows estimate include/core/track.h $known 'estimate, '
rows belief include/core/belief.h $known 'estimate, belief\.'
rows belief_component include/core/belief.h $known 'estimate, belief\.components, BELIEF_COMPONENTS, '
rows belief_origin include/core/belief.h $known 'estimate, belief\.origins, BELIEF_ORIGINS, '
rows detect include/core/detect.h daemon/adapter/conf/settings_table.c 'AT\(detect\.'

# Its device is text, and printed by itself.
cat $known daemon/adapter/json/known.c | sed 's/ping->device/(ping, device)/' >"${TMPDIR:-/tmp}/members.$$"
rows ping include/core/ping.h "${TMPDIR:-/tmp}/members.$$" 'ping, '
rm -f "${TMPDIR:-/tmp}/members.$$"
exit $bad
