#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds breachd and sets each adversary upon it: sh tests/adversary/run.sh --seconds 60 --rounds 5 --seed 1
set -u
cd "$(dirname "$0")/../.." || exit 1

sh .ci/packages.sh tests || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
if ! { cmake -C .ci/dev.cmake -S . -B build/dev -G Ninja && ninja -C build/dev adversary; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
build/dev/tests/adversary/adversary "$@"
