#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/run.sh tells by its exit code that anything failed, and still runs the rest: tried in a tree of its
# own, with stand-ins for what it calls.
set -u
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tests" "$tree/.ci" "$tree/bin"
cp "$(dirname "$0")/../run.sh" "$tree/tests"
bad=0

# Each fails when $FAIL names it, with its flavour where it has one; and notes that it was called.
cat >"$tree/bin/stand-in" <<'STAND_IN'
#!/bin/sh
name=${0##*/}
case "$*" in *asan*) flavour=asan ;; *) flavour=dev ;; esac
echo "$name:$flavour" >>"$TREE/called"
if [ "$name" = ctest ]; then
    while [ "$1" != --output-log ]; do shift; done
    mkdir -p "${2%/*}"
    for n in 9 1 12 2 3 4 5 6 7 8 10 11; do
        printf '%2d/12 Test #%d: a/test_%d ....   Passed  %3d.50 sec\n' "$n" "$n" "$n" "$n"
    done >"$2"
    printf '3 tests passed, %s\n' "$flavour" >>"$2"
fi
[ "$name:$flavour" != "$FAIL" ]
STAND_IN
for name in cmake ninja ctest; do
    cp "$tree/bin/stand-in" "$tree/bin/$name"
done
chmod +x "$tree/bin"/*
cp "$tree/bin/stand-in" "$tree/.ci/packages.sh"

# run WHAT-FAILS CODE: run.sh exits with 0 or not, as CODE says.
run() {
    rm -rf "$tree/called" "$tree/build"
    FAIL=$1 TREE=$tree PATH=$tree/bin:$PATH sh "$tree/tests/run.sh" >"$tree/said" 2>&1
    code=$?
    [ $((code != 0)) -eq "$2" ] && return
    echo "run_exit.sh: with $1 failing it exits $code"
    bad=1
}

# called WHAT: and it was.
called() {
    grep -qx "$1" "$tree/called" && return
    echo "run_exit.sh: $1 was not called"
    bad=1
}

run nothing 0
called ctest:dev
called ctest:asan
for flavour in dev asan; do
    grep -q "3 tests passed, $flavour" "$tree/said" && continue
    echo "run_exit.sh: the summary of $flavour is missing"
    bad=1
done
for n in 12 11 10 9 8 7 6 5 4 3; do
    echo "    $n.50 a/test_$n"
done >"$tree/slowest"
for flavour in dev asan; do
    sed -n "/^== $flavour/,/^\$/p" "$tree/said" | grep '^    ' | cmp -s - "$tree/slowest" && continue
    echo "run_exit.sh: the ten slowest of $flavour are not told, the slowest first"
    bad=1
done
for step in ctest:dev ctest:asan cmake:dev cmake:asan ninja:dev ninja:asan packages.sh:dev; do
    run "$step" 1
done
run ctest:dev 1
called ctest:asan
run ninja:dev 1
called ctest:asan
exit $bad
