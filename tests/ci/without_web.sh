#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# without_web.sh ROOT: -DBREACHD_WEB=OFF makes a whole build, its tests too, without the page's server, its
# files and npm, which here fails whoever calls it.
set -u
build=$(mktemp -d) || exit 2
trap 'rm -rf "$build"' EXIT
bad=0

mkdir "$build/bin"
for tool in npm node; do
    printf '#!/bin/sh\necho "%s was called" >&2\nexit 1\n' "$tool" >"$build/bin/$tool"
    chmod 755 "$build/bin/$tool"
done
PATH=$build/bin:$PATH cmake -C "$1/.ci/dev.cmake" -S "$1" -B "$build/off" -G Ninja -DBREACHD_WEB=OFF \
    >"$build/log" 2>&1 || {
    cat "$build/log"
    exit 1
}
for target in breachd-web page; do
    if ninja -C "$build/off" -t targets all | grep -q "^$target:"; then
        echo "without_web.sh: $target is a target all the same"
        bad=1
    fi
done
if grep -n 'npm was called\|node was called' "$build/log"; then
    echo "without_web.sh: npm is wanted all the same"
    bad=1
fi
exit $bad
