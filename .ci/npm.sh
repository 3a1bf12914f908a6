#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches what the control room's page and its tests are made with, by their lock files, into build/npm:
# sh .ci/npm.sh page|tests. Nothing is fetched at any other time, and no script of a package is run.
set -u
cd "$(dirname "$0")/.." || exit 1

case "${1-}" in
page) folders=daemon/web/page ;;
tests) folders='daemon/web/page tests/page' ;;
*)
    echo "usage: sh $0 page|tests" >&2
    exit 2
    ;;
esac

if ! command -v npm >/dev/null; then
    echo "npm.sh: no npm here: as root run: apt-get install nodejs npm" >&2
    exit 1
fi
for folder in $folders; do
    into=build/npm/$folder
    if cmp -s "$folder/package-lock.json" "$into/fetched"; then
        continue
    fi
    mkdir -p "$into" || exit 1
    cp "$folder/package.json" "$folder/package-lock.json" "$into" || exit 1
    echo "npm.sh: fetching what $folder/package-lock.json names"
    # Where there is no registry that is known within a minute.
    npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 \
        --fetch-timeout=20000 || exit 1
    cp "$folder/package-lock.json" "$into/fetched" || exit 1
done
