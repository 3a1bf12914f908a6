#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cppcheck.sh ROOT: what is no mistake is suppressed where it stands, with the reason.
cd "$1" || exit 2
command -v cppcheck >/dev/null || { echo "cppcheck.sh: skipped: no cppcheck here"; exit 77; }
exec cppcheck -j 2 --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
    --std=c11 --library=posix,gnu,openssl,sqlite3,tests/checks/cppcheck.xml \
    -D_GNU_SOURCE -DBREACHD_VERSION='""' -I include daemon
