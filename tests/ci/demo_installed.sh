#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# demo_installed.sh BUILD: the demo of an installed breachd plays too, with the breachd in the PATH.
set -u
root=$(mktemp -d) || exit 2
trap 'rm -rf "$root"' EXIT

DESTDIR=$root cmake --install "$1" --prefix /usr >"$root/log" 2>&1 || {
    cat "$root/log"
    exit 1
}
demo=$(find "$root" -path '*/breachd/demo/run.sh')
if ! PATH=$root/usr/sbin:$PATH sh "$demo" >"$root/said" 2>&1 ||
    ! grep -q 'BREACH    critical' "$root/said"; then
    echo "demo_installed.sh: it said:"
    cat "$root/said"
    exit 1
fi
