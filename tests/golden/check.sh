#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `breachd -n` says of NAME/breachd.conf is what NAME/expected holds: complaints, summary, exit
# code. sh check.sh BREACHD NAME; with UPDATE=1 in the environment it writes `expected` instead.
set -u
cd "$(dirname "$0")" || exit 2
breachd=$1
name=$2

# A folder that nobody else can enter: what is checked out may be readable to all, which is warned of.
private=$(mktemp -d) || exit 2
trap 'rm -rf "$private"' EXIT
cp -R "$name" "$private" || exit 2

# Only the instant of the summary is another one each time.
said=$(
    cd "$private" || exit 2
    "$breachd" -n -c "$name/breachd.conf" 2>&1 </dev/null
    echo "exit $?"
) || exit 2
said=$(printf '%s\n' "$said" | sed 's/^in force at [0-9TZ:.-]*:/in force at NOW:/')

if [ -n "${UPDATE-}" ]; then
    printf '%s\n' "$said" >"$name/expected"
    exit 0
fi
printf '%s\n' "$said" | diff -u "$name/expected" -
