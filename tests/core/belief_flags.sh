#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# belief_flags.sh ROOT CC [FLAG...]: the same bytes from every compiler at hand by the least and the most
# optimisation, or by FLAG... (by hand: -O0 -O1 -O2 -O3 -Os), and from another kind of processor where there is a compiler and qemu-user for it. A change of the model changes the golden
# numbers, and then the engine's version too: evidence is judged again by what judged it.
set -eu
root=$1
cc=$2
shift 2
flags=${*:--O0 -O3}
few=c1de5b90a41035e7  # of 20,000 fixes
many=0ec8a9f07fb209ec # of 1,000,000
dir=$(mktemp -d "${TMPDIR:-/tmp}/breachd-belief.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
failed=0

# try WANTED FIXES RUNNER COMPILER FLAG...
try() {
    wanted=$1 fixes=$2 runner=$3
    shift 3
    "$@" -std=c11 -D_GNU_SOURCE -ffp-contract=off -I "$root/include" -I "$root/tests" \
        -o "$dir/digest" "$root"/tests/core/belief_digest.c "$root"/daemon/core/belief*.c \
        "$root/daemon/core/special.c" -lm
    got=$($runner "$dir/digest" "$fixes") || { echo "$*: exits with $?"; failed=1; return; }
    [ "$got" = "$wanted" ] || { echo "$* of $fixes fixes: $got, not $wanted"; failed=1; return; }
    echo "$* of $fixes fixes: $got"
}

for compiler in gcc clang; do
    command -v "$compiler" >"$dir/found" || continue
    for flag in $flags; do
        try "$few" 20000 '' "$compiler" "$flag"
    done
    # With FMA, which -march=native would bring: not contracted, and the same.
    if grep -qw fma /proc/cpuinfo 2>"$dir/none"; then
        try "$few" 20000 '' "$compiler" -O3 -mfma -mavx2
    fi
done
try "$many" 1000000 '' "$cc" -O2
if command -v aarch64-linux-gnu-gcc >"$dir/found" && command -v qemu-aarch64 >"$dir/found"; then
    try "$few" 20000 "qemu-aarch64 -L /usr/aarch64-linux-gnu" aarch64-linux-gnu-gcc -O2
fi
exit $failed
