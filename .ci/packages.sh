#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing of the Debian 12 packages: sh .ci/packages.sh build|demo|tests
set -u

build='build-essential cmake ninja-build pkg-config libevent-dev libgeos-dev libhiredis-dev
    libsqlite3-dev libinih-dev libjansson-dev libssl-dev libsystemd-dev libseccomp-dev libexpat1-dev
    libproj-dev zlib1g-dev tzdata'
demo='redis-tools curl jq'
# mmdebstrap makes a Debian, which systemd-container's systemd-nspawn boots: tests/systemd/boot.sh.
tests='libcmocka-dev clang libclang-rt-14-dev gdal-bin systemd mandoc
    faketime mosquitto mosquitto-clients openssl python3-jsonschema clang-format cppcheck shellcheck
    mmdebstrap systemd-container chromium nginx'

case "${1-}" in
build) wanted=$build ;;
demo) wanted="$build $demo" ;;
tests) wanted="$build $demo $tests" ;;
*)
    echo "usage: sh $0 build|demo|tests" >&2
    exit 2
    ;;
esac

# Only the program is needed, so any redis-server will do.
if [ "$1" != build ] && ! command -v redis-server >/dev/null; then
    wanted="$wanted redis-server"
fi

# Any node and npm will do, too.
if [ "$1" = tests ] && ! command -v npm >/dev/null; then
    wanted="$wanted nodejs npm"
fi

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "packages.sh: missing:$missing"
if ! command -v apt-get >/dev/null; then
    echo "packages.sh: no apt-get here: install these by hand (the names are Debian 12's)" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "packages.sh: neither root nor sudo: as root run: apt-get install$missing" >&2
        exit 1
    fi
    echo "packages.sh: asking sudo to install them"
    exec sudo sh "$0" "$1"
fi

# apt-get's own words are shown only when it fails.
log=$(mktemp) || exit 1
policy=
trap 'rm -f "$log" ${policy:+"$policy"}' EXIT
trap 'exit 1' HUP INT TERM
export DEBIAN_FRONTEND=noninteractive

apt() {
    if ! apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1; then
        cat "$log" >&2
        echo "packages.sh: apt-get $1 failed" >&2
        exit 1
    fi
}

# The demo and the tests start a Redis and a broker of their own; a fresh one of the system's must not
# stay behind. Debian asks policy-rc.d before it starts a service, 101 is no; a machine that has one
# already keeps it.
forbid_services() {
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
}

echo "packages.sh: installing them with apt-get"
apt update
case "$missing" in *redis-server* | *mosquitto* | *nginx*) forbid_services || exit 1 ;; esac
# shellcheck disable=SC2086 # a list of names
apt install --no-install-recommends $missing
for service in redis-server mosquitto nginx; do
    case "$missing " in
    *" $service "*)
        update-rc.d "$service" disable || exit 1
        echo "packages.sh: $service is installed, but neither started nor enabled"
        ;;
    esac
done
