#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# before.sh COMMIT NAME [SEED] >before.txt: the tally of an older tree's engine, on the visits of this
# one's bench. before.sh --large HOURS COMMIT NAME SEED...: its row of large_main.c, with DETECT_LINES of
# the environment in [detect]. The tree is checked out and built in a folder of its own with this
# folder's bench, but for what knows that engine
# (ours.c, filter.[ch]) or needs a newer core (fit*).
set -eu
program=detect_tally
if [ "$1" = --large ]; then
    program=detect_large
    hours=$2
    shift 2
fi
commit=$1
name=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/breachd-before.XXXXXX")
tree=$dir/tree

finish() {
    git -C "$root" worktree remove --force "$tree" || :
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

git -C "$root" worktree add --detach "$tree" "$commit" >&2
bench=$tree/tests/bench/detect
for file in "$here"/*.[ch]; do
    case ${file##*/} in
    ours.c | filter.[ch] | fit*.[ch] | *main.c | *_test.c) ;;
    *) cp "$file" "$bench" ;;
    esac
done
sed -i 's/\.told = /.at = /' "$bench"/*.c # as this folder calls it since
cat >>"$bench/CMakeLists.txt" <<END
add_executable($program $here/${program#detect_}_main.c)
target_compile_definitions($program PRIVATE SHARED_DATA="\${SHARED_DATA}")
target_link_libraries($program PRIVATE bench_detect)
END
cmake -C "$tree/.ci/release.cmake" -S "$tree" -B "$dir/build" -G Ninja >&2
cmake --build "$dir/build" --target $program >&2
if [ "$program" = detect_large ]; then
    "$dir/build/tests/bench/detect/detect_large" "$name" "$root/../shared/data" 1 "$hours" \
        "${DETECT_LINES:-}" "$@"
    exit
fi
seed=${1:-1}
"$dir/build/tests/bench/detect/detect_tally" \
    "$name, of the tree of $commit: sh tests/bench/detect/before.sh $commit '$name' $seed" "$seed" 1 \
    "$root/../shared/data"
