#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# homes.sh SOURCE: what a file of the pipeline gives to others is declared in the header of its own
# name, so who follows a ping finds each step by it.
cd "$1" || exit 2
bad=0
given=$(find daemon/app -name 'pipeline*.c' -exec awk -f tests/checks/homes.awk {} +)
[ -n "$given" ] || exit 2
while read -r name file; do
    header=include/${file#daemon/}
    if ! grep -qw "$name" "${header%.c}.h"; then
        echo "homes: $file: $name: not in ${header%.c}.h"
        bad=1
    fi
done <<END
$given
END
exit $bad
