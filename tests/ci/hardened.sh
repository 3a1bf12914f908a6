#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hardened.sh ROOT BREACHD: the release flavour makes programs that are position-independent, read-only
# where they were relocated, bound at once, without a stack that is code, with stack protectors, probed
# stacks, marked targets of jumps and fortified calls. Its flags and one object of it say so; what the
# linker makes of them is seen in BREACHD, which every flavour links alike.
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
# A compiler that lacks one is not asked for it; ours has them.
case $(uname -m) in
x86_64) jumps=-fcf-protection=full ;;
aarch64) jumps=-mbranch-protection=standard ;;
*) jumps= ;;
esac
for flag in -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection $jumps \
    '-fPI[CE]'; do
    with=$(grep '"command":' "$build/compile_commands.json" | grep -c -e " $flag ")
    [ "$with" -eq "$sources" ] || complain "$flag: $with of $sources sources"
done
sed -n 's/^build \([^:]*\): C_EXECUTABLE_LINKER.*/\1/p' "$build/build.ninja" >"$build/programs"
[ -s "$build/programs" ] || complain "no program is linked: has the form changed?"
while read -r program; do
    flags=$(ninja -C "$build" -t commands "$program" | tail -n 1)
    for flag in -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code; do
        case " $flags " in *" $flag "*) ;; *) complain "$program: not linked with $flag" ;; esac
    done
done <"$build/programs"

quietly ninja -C "$build" CMakeFiles/core.dir/daemon/core/fault.c.o
object=$build/CMakeFiles/core.dir/daemon/core/fault.c.o
readelf -sW "$object" | grep -q '__vsnprintf_chk' || complain "vsnprintf is not fortified"

# The mark of an object: each target of an indirect jump says that it is one, and returns can be held
# against a shadow stack. A program has it when all that it is linked of has, the system's crt1.o too,
# which in Debian 12 is without.
marks() {
    readelf -nW "$1" | sed -n 's/.*feature.*: *\(.*\)/\1/p'
}
case $(uname -m) in
x86_64) wanted='IBT, SHSTK' ;;
aarch64) wanted='BTI, PAC' ;;
*) wanted= ;;
esac
[ -z "$wanted" ] || [ "$(marks "$object")" = "$wanted" ] ||
    complain "fault.c.o: marked '$(marks "$object")', not '$wanted'"
start=$(cc -print-file-name=Scrt1.o)
[ -z "$wanted" ] || [ "$(marks "$start")" != "$wanted" ] || [ "$(marks "$2")" = "$wanted" ] ||
    complain "$2: marked '$(marks "$2")', not '$wanted'"

readelf -hW "$2" | grep -q 'Type: *DYN (Position-Independent' || complain "$2: no PIE"
readelf -lW "$2" | grep -q GNU_RELRO || complain "$2: no RELRO"
readelf -lW "$2" | grep GNU_STACK | grep -q 'RW  *0x' || complain "$2: its stack is code"
readelf -lW "$2" | grep LOAD | grep -q 'RWE' && complain "$2: memory that is written and run"
readelf -dW "$2" | grep -q 'FLAGS.*NOW' || complain "$2: not bound at once"
readelf -sW "$2" | grep -q '__stack_chk_fail' || complain "$2: no stack protector"
exit $bad
