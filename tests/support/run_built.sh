#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_built.sh NAME [OPTION...]: builds the rig of tests/NAME and all that it needs, without a word
# unless that fails, and runs it.
set -u
cd "$(dirname "$0")/../.." || exit 1
name=$1
shift

sh .ci/packages.sh tests || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
if ! { cmake -C .ci/dev.cmake -S . -B build/dev -G Ninja && ninja -C build/dev "$name"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
"build/dev/tests/$name/$name" "$@"
