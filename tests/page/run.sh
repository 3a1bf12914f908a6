#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD NPM TEST: tests of the page in Debian's Chromium; 77, which is skipped, where it is not.
set -u
cd "$(dirname "$0")" || exit 1
BREACHD_BUILD=$1 BREACHD_NPM=$2
CHROMIUM=$(command -v chromium) || {
    echo "run.sh: skipped: no chromium here"
    exit 77
}
for needed in "$BREACHD_NPM/node_modules/playwright-core" "$BREACHD_BUILD/page/ol.js"; do
    [ -e "$needed" ] || {
        echo "run.sh: skipped: no $needed: sh .ci/npm.sh tests"
        exit 77
    }
done
export BREACHD_BUILD BREACHD_NPM CHROMIUM
exec node --test --test-timeout=280000 --test-reporter=spec "$3"
