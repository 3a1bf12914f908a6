#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# members.sh FOLDER CC: every member of what is kept to be judged again has its row in the table that
# prints it, and so has every member of the structs within it. One without would be lost in a restart,
# and judged again as zero.
set -u
cd "$1" || exit 2
table=$(mktemp) || exit 2
trap 'rm -f "$table"' EXIT
bad=0

# rows SOURCE STRUCT:ROOT:PATH...: each member of those structs has a row of offsetof(struct ROOT, …).
rows() {
    "$CC" -E -P -Iinclude "$1" >"$table" || exit 2
    shift
    awk -v TABLE="$table" -v WHOLE="$*" -f tests/adapter/members.awk include/core/*.h "$table" || bad=1
}

CC=$2
rows daemon/adapter/json/known_fields.c known_device:known_device: estimate:estimate: \
    incident:incident: ping:ping: custody:custody:
rows daemon/adapter/conf/settings_table.c detect:settings:detect.
exit $bad
