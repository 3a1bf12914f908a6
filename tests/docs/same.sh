# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # bad is read by who reads this file
# same.sh - two lists of names, one of the code and one of a page, are the same. For tests that read it.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
bad=0

complain() {
    echo "${0##*/}: $1"
    bad=1
}

# same WHAT CODE PAGE: two lists in files, each of one line a name.
same() {
    sort -u "$2" >"$folder/code"
    sort -u "$3" >"$folder/page"
    [ -s "$folder/code" ] || complain "$1: none found in the code: has its form changed?"
    diff "$folder/code" "$folder/page" >"$folder/differ" && return
    sed -n -e "s|^< |${0##*/}: $1: not told of: |p" \
        -e "s|^> |${0##*/}: $1: told of, but not in the code: |p" "$folder/differ"
    bad=1
}
