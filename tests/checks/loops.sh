#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# loops.sh ROOT: each loop of breachd says beside it what ends it; see loops.awk.
cd "$1" || exit 2
found=$(find daemon/core daemon/app daemon/adapter -name '*.c' -exec awk -f tests/checks/loops.awk {} \;)
[ -z "$found" ] || {
    echo "$found"
    exit 1
}
