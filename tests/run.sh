#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every test, plain and under the sanitizers: installs, builds, runs, ends with ctest's summaries.
set -u
cd "$(dirname "$0")/.." || exit 1

sh .ci/packages.sh tests || exit 1
# Where npm's registry is out of reach the page is built without its map, and its tests say skipped.
sh .ci/npm.sh tests || echo "run.sh: the control room's page is not tested in a browser"

status=0
jobs=$(($(nproc) + 1)) # most tests of the built programs wait, for a third of their time
for flavour in dev asan; do
    folder=build/$flavour
    rm -f "$folder/ctest.log"
    if ! cmake -C ".ci/$flavour.cmake" -S . -B "$folder" -G Ninja -DBREACHD_WERROR=ON ||
        ! ninja -C "$folder"; then
        status=1
        continue # the other flavour still has something to say
    fi
    ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$jobs" \
        --output-log "$PWD/$folder/ctest.log" || status=1
done

# What happened in the first flavour has scrolled away: both summaries once more.
for flavour in dev asan; do
    printf '\n== %s\n' "$flavour"
    log=build/$flavour/ctest.log
    if [ ! -f "$log" ]; then
        echo "not built"
        continue
    fi
    sed -n '/tests passed,/,$ { /^\[/,$d; p }' "$log"
    echo "The slowest, in seconds:"
    sed -n 's/.* Test *#[0-9]*: \([^ ]*\) .* \([0-9.]*\) sec.*/\2 \1/p' "$log" |
        sort -rn | head -n 10 | sed 's/^/    /'
done
exit "$status"
