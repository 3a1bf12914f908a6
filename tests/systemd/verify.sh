#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verify.sh UNIT PROGRAM CONF: systemd finds no mistake in the unit, what it must keep is there, and
# a service in it is exposed to 1.5 of 10 at the most.
set -u

unit=$1 program=$2 conf=$3
ctl=${program%/*}/breachctl
limit=15 # tenths
bad=0

if ! command -v systemd-analyze >/dev/null; then
    echo "verify.sh: no systemd-analyze here"
    exit 77
fi

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
copy=$folder/breachd.service

complain() {
    echo "verify.sh: $1"
    bad=1
}

# With a program and settings that are there before anything is installed.
sed -e "/^Exec/s|[^ =]*/breachd\( \)|$program\1|" -e "/^Exec/s|[^ =]*/breachctl\( \)|$ctl\1|" -e "/^Exec/s|[^ =]*/breachd\.conf|$conf|" \
    "$unit" >"$copy" || exit 1

# Mistakes are printed, and the exit code may be 0 all the same. The manual is not yet installed.
said=$(systemd-analyze verify --man=no "$copy" 2>&1) || complain "verify failed"
[ -z "$said" ] || complain "verify said: $said"

keep() {
    grep -qE "^$1\$" "$copy" || complain "the unit has no line like $1"
}
keep 'Type=notify'
keep "ExecStart=$program -c $conf"
keep "ExecReload=$ctl reload -c $conf"
keep 'WatchdogSec=[1-9].*'
keep 'StateDirectory=breachd'
keep 'User=breachd'
keep 'SystemCallFilter=@system-service'
keep 'LimitCORE=0'
# The kernel's word about its clock, which ProtectClock= takes away however the filter is.
keep 'SystemCallFilter=adjtimex clock_adjtime clock_adjtime64'
keep 'After=.*time-sync\.target.*'
grep -q '^ProtectClock=yes' "$copy" && complain "ProtectClock= refuses adjtimex"
grep '@' "$copy" | grep -v '^SystemCallFilter=' && complain "a name was not filled in"

# What is to be started with.
"$program" -n -c "$conf" >"$folder/summary" || complain "the settings are refused"

if systemd-analyze security --help | grep -q -- --offline; then
    systemd-analyze security --no-pager --offline=yes --threshold=$limit "$copy" \
        >"$folder/table" || { complain "exposed too much"; grep '✗' "$folder/table"; }
    tail -n 1 "$folder/table"
else
    echo "verify.sh: this systemd-analyze cannot tell the exposure of a file"
fi
exit $bad
