#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boot.sh SOURCE BUILD SHIM: what is built is installed into a Debian of its own, which systemd-nspawn boots;
# inside.sh tries the unit there. SHIM is support/wallclock.c, built. BREACHD_TEST_ROOT names a place for the
# Debian's tar, else it lies in BUILD.
# 77, and why: it cannot be booted here.
set -u
source=$1 build=$2 shim=$3
here=$source/tests/systemd
tar=${BREACHD_TEST_ROOT:-$build/systemd/debian.tar}
name='' root=''

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$root" ] || rm -rf "$root" "$root.console"
    # nspawn leaves it where /run is on a disk.
    [ -z "$name" ] || rmdir "/run/systemd/nspawn/propagate/$name" 2>/dev/null
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

skip() {
    echo "boot.sh: skipped: $1"
    exit 77
}

# nspawn ARGUMENT...: becomes it. It has a filter of its own, which refuses what every program of a machine
# may ask of the clock, and systemd-timedated does.
nspawn() {
    exec systemd-nspawn --quiet --directory="$root" --machine="$name" --private-network --register=no \
        --keep-unit --system-call-filter='adjtimex clock_adjtime' "$@" </dev/null >"$root.console" 2>&1
}

[ "$(id -u)" -eq 0 ] || skip "only root can boot a container"
command -v systemd-nspawn >/dev/null || skip "no systemd-nspawn here"
mkdir -p "$build/systemd" && sh "$here/root.sh" "$tar" "$build/breachd" "$build/breachctl" || exit $?

root=$(mktemp -d "$build/systemd/breachd-XXXXXX") || exit 2
name=${root##*/}
chmod 755 "$root"
tar -C "$root" -xf "$tar" || exit 1
(nspawn /bin/true) || skip "systemd-nspawn starts nothing here: $(tail -n 1 "$root.console")"

DESTDIR=$root cmake --install "$build" >"$root.console" 2>&1 || {
    cat "$root.console"
    exit 1
}
conf=$(sed -n 's/^ExecStart=.* -c //p' "$build/systemd/breachd.service")
cp -R "$here/site/." "$root${conf%/*}" || exit 1
# Root's already, as where /etc is the prefix's, else ConfigurationDirectory= makes it breachd's.
mkdir -p "$root/etc/breachd"
mkdir "$root/checks" && cp "$here/inside.sh" "$here/lib.sh" "$source"/systemd/*.conf "$shim" "$root/checks" || exit 1

# What is tried starts as the last of the boot, and its end is the container's.
cat >"$root/etc/systemd/system/checks.service" <<UNIT
[Unit]
SuccessAction=exit
FailureAction=exit
[Service]
Type=exec
ExecStart=/bin/sh /checks/inside.sh $conf
RuntimeMaxSec=5min
StandardOutput=file:/checks/said
StandardError=inherit
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s /etc/systemd/system/checks.service "$root/etc/systemd/system/multi-user.target.wants/"

nspawn --boot &
booted=$!
trap 'kill -KILL $booted; exit 1' HUP INT TERM
tries=1200
until [ -e "$root/checks/said" ] || [ $tries -eq 0 ] || ! kill -0 $booted 2>/dev/null; do
    tries=$((tries - 1))
    sleep 0.1
done
if [ ! -e "$root/checks/said" ]; then
    kill -KILL $booted 2>/dev/null
    wait $booted
    skip "no systemd comes up here in two minutes: $(tail -n 3 "$root.console" | tr '\r\n' '  ')"
fi
wait $booted
code=$?
cat "$root/checks/said"
exit $code
