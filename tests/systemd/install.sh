#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh BUILD: what cmake --install puts where (FHS), and that it leaves an edited configuration alone.
set -u
build=$1
root=$(mktemp -d) || exit 2
trap 'rm -rf "$root"' EXIT
bad=0

install() {
    DESTDIR=$root cmake --install "$build" --prefix /usr >"$root/log" 2>&1 || {
        cat "$root/log"
        exit 1
    }
}

install
sysconf=$(find "$root" -type d -path '*etc/breachd' -prune)
for file in /usr/sbin/breachd /usr/bin/breachctl /usr/lib/systemd/system/breachd.service \
    /usr/lib/sysusers.d/breachd.conf /usr/share/man/man1/breachctl.1 \
    /usr/share/bash-completion/completions/breachctl /usr/share/zsh/vendor-completions/_breachctl \
    /usr/share/man/man7/breachd-alerts.7 /usr/share/breachd/alert.schema.json \
    /usr/share/breachd/ping.schema.json /usr/share/doc/breachd/changelog \
    /usr/share/doc/breachd/README.md /usr/share/doc/breachd/examples/follow.py \
    /usr/share/doc/breachd/examples/loopback.conf \
    /usr/share/doc/breachd/examples/peers.conf /usr/share/doc/breachd/examples/sockets.conf \
    /usr/share/man/man8/breachd.8 /usr/share/man/man5/breachd.conf.5; do
    [ -s "$root$file" ] || { echo "install: $file is missing"; bad=1; }
done
if grep -q '^BREACHD_WEB:BOOL=ON' "$build/CMakeCache.txt"; then
    for file in /usr/sbin/breachd-web /usr/lib/systemd/system/breachd-web.service \
        /usr/lib/sysusers.d/breachd-web.conf /usr/share/man/man8/breachd-web.8 /usr/share/man/man5/web.conf.5 \
        "${sysconf#"$root"}/web.conf"; do
        [ -s "$root$file" ] || { echo "install: $file is missing"; bad=1; }
    done
fi
for file in breachd.conf orders.d/README; do
    [ -s "$sysconf/$file" ] || { echo "install: $file is missing in ${sysconf#"$root"}"; bad=1; }
done

"$root/usr/sbin/breachd" -n -c "$sysconf/breachd.conf" >/dev/null 2>&1 ||
    { echo "install: the installed settings are refused"; bad=1; }
"$root/usr/bin/breachctl" init "$root/made" --yes --site trial --region '49.8,-8.7 60.9,1.8' \
    >/dev/null 2>"$root/log" || { echo "install: breachctl init finds no breachd to check by:"; cat "$root/log"; bad=1; }
echo '; mine' >>"$sysconf/breachd.conf"
install
tail -n 1 "$sysconf/breachd.conf" | grep -q '; mine' ||
    { echo "install: an edited breachd.conf was replaced"; bad=1; }
exit $bad
