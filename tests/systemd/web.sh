#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# web.sh UNIT PROGRAM: systemd finds no mistake in the unit of breachd-web, what it must keep is there, and it is
# exposed no more than breachd is.
set -u

unit=$1 program=$2
bad=0

if ! command -v systemd-analyze >/dev/null; then
    echo "web.sh: no systemd-analyze here"
    exit 77
fi

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
copy=$folder/breachd-web.service

complain() {
    echo "web.sh: $1"
    bad=1
}

# With a program that is there before anything is installed.
sed -e "/^ExecStart/s|[^ =]*/breachd-web\( \)|$program\1|" "$unit" >"$copy" || exit 1

# Mistakes are printed, and the exit code may be 0 all the same. The manual is not yet installed.
said=$(systemd-analyze verify --man=no "$copy" 2>&1) || complain "verify failed"
[ -z "$said" ] || complain "verify said: $said"

keep() {
    grep -qE "^$1\$" "$copy" || complain "the unit has no line like $1"
}
keep 'Type=notify'
keep 'User=breachd-web'
keep 'WatchdogSec=[1-9].*'
# The orders tell where people live, the ledger where they were.
keep 'TemporaryFileSystem=.*/breachd:ro,mode=0755'
keep 'BindReadOnlyPaths=[^ ]*/breachd/web\.conf -[^ ]*/breachd/web'
keep 'InaccessiblePaths=.*-/var/lib/breachd.*'
keep 'SystemCallFilter=@system-service'
keep 'SystemCallFilter=seccomp'
keep 'LimitCORE=0'
grep -qE '^(StateDirectory|ReadWritePaths|CapabilityBoundingSet=.)' "$copy" && complain "it can write, or more"
grep '@' "$copy" | grep -v '^SystemCallFilter=' && complain "a name was not filled in"

if systemd-analyze security --help | grep -q -- --offline; then
    systemd-analyze security --no-pager --offline=yes --threshold=11 "$copy" >"$folder/table" ||
        { complain "the unit is exposed to more than 11 tenths"; grep '✗' "$folder/table"; }
    tail -n 1 "$folder/table"
fi
exit "$bad"
