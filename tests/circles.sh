#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh circles.sh ARCHIVE...: in each of these libraries the sources ask each other in one direction:
# none asks, not even by way of others, who asks it. By what their objects define and want.
bad=0

# "a.c.o b.c.o" where a wants what b defines; each with itself, so that all are named.
arrows() {
    nm -A -P "$1" | sed 's/^[^[]*\[\([^]]*\)\]: /\1 /' | awk '
        $3 ~ /^[TDBRV]$/ { home[$2] = $1; print $1, $1 }
        $3 == "U" { wants[++n] = $1 " " $2 }
        END {
            for (i = 1; i <= n; i++) {
                split(wants[i], one)
                if (one[2] in home && home[one[2]] != one[1])
                    print one[1], home[one[2]]
            }
        }'
}

for library; do
    if ! [ -f "$library" ] || ! arrows "$library" | grep -q .; then
        echo "circles: $library: nothing to read"
        exit 2
    fi
    found=$(arrows "$library" | tsort 2>&1 >/dev/null | sed 's/^tsort: //')
    if [ -n "$found" ]; then
        echo "circles: $library:" "$found"
        bad=1
    fi
done
exit $bad
