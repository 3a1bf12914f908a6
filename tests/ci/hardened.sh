#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hardened.sh ROOT BREACHD: the release flavour makes programs that are position-independent, read-only
# where they were relocated, bound at once, with stack protectors and fortified calls. Its flags and one
# object of it say so; what the linker makes of them is seen in BREACHD, which every flavour links alike.
set -u
build=$(mktemp -d) || exit 2
trap 'rm -rf "$build"' EXIT
bad=0

complain() {
    echo "hardened.sh: $1"
    bad=1
}

quietly() {
    "$@" >"$build/log" 2>&1 || {
        cat "$build/log"
        exit 1
    }
}

quietly cmake -C "$1/.ci/release.cmake" -S "$1" -B "$build" -G Ninja -DBREACHD_TESTS=OFF

# What each source is compiled with, and the program linked with.
sources=$(grep -c '"command":' "$build/compile_commands.json")
[ "$sources" -gt 50 ] || complain "only $sources sources: has the form changed?"
for flag in -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong '-fPI[CE]'; do
    with=$(grep '"command":' "$build/compile_commands.json" | grep -c -e " $flag ")
    [ "$with" -eq "$sources" ] || complain "$flag: $with of $sources sources"
done
sed -n 's/^build \([^:]*\): C_EXECUTABLE_LINKER.*/\1/p' "$build/build.ninja" >"$build/programs"
[ -s "$build/programs" ] || complain "no program is linked: has the form changed?"
while read -r program; do
    flags=$(ninja -C "$build" -t commands "$program" | tail -n 1)
    for flag in -pie -Wl,-z,relro,-z,now; do
        case " $flags " in *" $flag "*) ;; *) complain "$program: not linked with $flag" ;; esac
    done
done <"$build/programs"

quietly ninja -C "$build" CMakeFiles/core.dir/daemon/core/fault.c.o
object=$build/CMakeFiles/core.dir/daemon/core/fault.c.o
readelf -sW "$object" | grep -q '__vsnprintf_chk' || complain "vsnprintf is not fortified"

readelf -hW "$2" | grep -q 'Type: *DYN (Position-Independent' || complain "$2: no PIE"
readelf -lW "$2" | grep -q GNU_RELRO || complain "$2: no RELRO"
readelf -dW "$2" | grep -q 'FLAGS.*NOW' || complain "$2: not bound at once"
readelf -sW "$2" | grep -q '__stack_chk_fail' || complain "$2: no stack protector"
exit $bad
