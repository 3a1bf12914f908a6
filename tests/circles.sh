#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh circles.sh ARCHIVE... [-- MODULE...]: in each of these libraries the sources ask each other in one
# direction: none asks, not even by way of others, who asks it. By what their objects define and want.
# MODULE.c and the MODULE_*.c are parts of one thing, which has its *_parts.h, and count as one.
bad=0
modules=
for word; do
    [ "$modules" = '' ] || modules="$modules $word"
    [ "$word" != -- ] || modules=' '
done

# "a.c.o b.c.o" where a wants what b defines; each with itself, so that all are named.
arrows() {
    nm -A -P "$1" | sed 's/^[^[]*\[\([^]]*\)\]: /\1 /' | awk -v modules="$modules" '
        BEGIN { n_modules = split(modules, module) }
        {
            for (i = 1; i <= n_modules; i++)
                if ($1 ~ "^" module[i] "[_.]")
                    $1 = module[i]
        }
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
    [ "$library" != -- ] || break
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
