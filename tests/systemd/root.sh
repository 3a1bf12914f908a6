#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# root.sh TAR PROGRAM...: a small root of this machine's own Debian, as a tar, with systemd, its bus, Redis
# and the libraries of the programs. A tar that holds all of it stays. 77, and why: none can be made here.
set -u
tar=$1
shift

skip() {
    echo "root.sh: skipped: $1"
    exit 77
}

command -v mmdebstrap >/dev/null || skip "no mmdebstrap here"
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -n "$suite" ] || skip "this system does not tell its release"

# owner FILE: the package that has it; one of before /usr was merged knows it without /usr.
owner() {
    file=$(readlink -f "$1")
    { dpkg-query -S "$file" || dpkg-query -S "${file#/usr}"; } 2>/dev/null | cut -d : -f 1 | head -n 1
}

libraries() {
    ldd "$@" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u
}

packages=systemd-sysv,dbus,redis-server,curl,jq,tzdata,util-linux
for library in $(libraries "$@"); do
    package=$(owner "$library")
    [ -n "$package" ] || skip "$library is of no package"
    case ",$packages," in *",$package,"*) ;; *) packages=$packages,$package ;; esac
done

[ -s "$tar" ] && [ "$(cat "$tar.made-of" 2>/dev/null)" = "$suite $packages" ] && exit 0
rm -f "$tar.made-of"

# Half a root must not be taken for a whole one; it is thrown away, so nothing need be synced.
log=$(mktemp) || exit 2
trap 'rm -f "$log" "$tar.$$"' EXIT
if ! mmdebstrap --variant=minbase --format=tar --include="$packages" --aptopt='Acquire::Languages "none"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$suite" "$tar.$$" >"$log" 2>&1; then
    cat "$log"
    skip "mmdebstrap made no root of $suite: $(grep -m 1 '^E:' "$log")"
fi
mv "$tar.$$" "$tar" && echo "$suite $packages" >"$tar.made-of"
