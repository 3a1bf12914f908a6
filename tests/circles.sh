#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh circles.sh SOURCE ARCHIVE... [-- MODULE...]: in each of these libraries the sources ask each other
# in one direction: none asks, not even by way of others, who asks it. By what their objects define and
# want. The sources that include MODULE_parts.h are parts of one thing and count as one: these families
# and no other may ask each other to and fro, and each named one must need it.
source=$1
shift
bad=0
families=
modules=
for word; do
    if [ "$families" != '' ]; then
        modules="$modules $word"
        members=$(find "$source/daemon" -name '*.c' -exec grep -lE "^#include \"[a-z/]*/${word}_parts\.h\"" {} + |
            sed 's|.*/||; s|$|.o|' | sort)
        # shellcheck disable=SC2086 # a word each
        for member in $members; do
            families="$families $member=$word"
        done
    fi
    [ "$word" != -- ] || families=' '
done

# "a.c.o b.c.o" where a wants what b defines; each with itself, so that all are named.
arrows() {
    nm -A -P "$1" | sed 's/^[^[]*\[\([^]]*\)\]: /\1 /' | awk -v families="$2" '
        BEGIN {
            n_members = split(families, member)
            for (i = 1; i <= n_members; i++) {
                split(member[i], one, "=")
                family[one[1]] = one[2]
            }
        }
        $1 in family { $1 = family[$1] }
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
    if ! [ -f "$library" ] || ! arrows "$library" '' | grep -q .; then
        echo "circles: $library: nothing to read"
        exit 2
    fi
    found=$(arrows "$library" "$families" | tsort 2>&1 >/dev/null | sed 's/^tsort: //')
    if [ -n "$found" ]; then
        echo "circles: $library:" "$found"
        bad=1
    fi
done

# Whether the module's parts ask each other to and fro in one of the libraries, when they are no family.
is_needed() {
    for library; do
        [ "$library" != -- ] || return 1
        others=$(echo "$families" | tr ' ' '\n' | grep -v "=$module\$" | tr '\n' ' ')
        arrows "$library" "$others" | tsort >/dev/null 2>&1 || return 0
    done
    return 1
}
for module in $modules; do
    if ! is_needed "$@"; then
        echo "circles: $module needs no exemption"
        bad=1
    fi
done
exit $bad
