#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verify.sh UNIT PROGRAM CONF DROP-INS: systemd finds no mistake in the unit, what it must keep is there, and
# a service in it, with each drop-in too, is exposed to what is known here of 10 at the most.
set -u

unit=$1 program=$2 conf=$3 drop_ins=$4
ctl=${program%/*}/breachctl
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
# systemd-timedated is asked for the kernel's word about its clock.
keep 'ProtectClock=yes'
keep 'RestrictAddressFamilies=AF_UNIX.*'
grep -qE '^SystemCallFilter=[^~]*(adjtime|clock)' "$copy" && complain "the clock is let in again"
# By which breachd confines itself.
keep 'SystemCallFilter=seccomp'
keep 'After=.*time-sync\.target.*'
grep '@' "$copy" | grep -v '^SystemCallFilter=' && complain "a name was not filled in"

# What is to be started with.
"$program" -n -c "$conf" >"$folder/summary" || complain "the settings are refused"

# exposed NAME TENTHS: at the most, as it stands in $folder.
exposed() {
    systemd-analyze security --no-pager --offline=yes --threshold="$2" "$copy" >"$folder/table" ||
        { complain "$1 is exposed to more than $2 tenths"; grep '✗' "$folder/table"; }
    echo "$1: $(tail -n 1 "$folder/table")"
}

if systemd-analyze security --help | grep -q -- --offline; then
    exposed 'the unit' 11
    mkdir "$folder/breachd.service.d"
    for drop_in in loopback:9 peers:12 sockets:2; do
        cp "$drop_ins/${drop_in%:*}.conf" "$folder/breachd.service.d/site.conf" || exit 1
        said=$(systemd-analyze verify --man=no "$copy" 2>&1) || complain "${drop_in%:*}.conf: verify failed"
        [ -z "$said" ] || complain "${drop_in%:*}.conf: verify said: $said"
        exposed "with ${drop_in%:*}.conf" "${drop_in#*:}"
    done
else
    echo "verify.sh: this systemd-analyze cannot tell the exposure of a file"
fi
exit $bad
