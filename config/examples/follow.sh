#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# follow.sh FILE: prints each alert once, from where it stopped: FILE remembers the newest entry.
# REDIS holds options of redis-cli 7, such as -u redis://room@127.0.0.1/0; COUNT ends it after so many.
mark=$1 left=${COUNT:--1}
[ -s "$mark" ] || echo 0 >"$mark"
while [ "$left" -ne 0 ]; do
    # shellcheck disable=SC2086 # options
    redis-cli $REDIS XREAD COUNT 1 BLOCK 5000 STREAMS '{breachd}:alerts' "$(cat "$mark")" >"$mark.new"
    # The stream's name, the entry's id, then field and value in turn: the event is the last line.
    [ "$(wc -l <"$mark.new")" -gt 2 ] || continue
    tail -n 1 "$mark.new" | jq -r '"\(.sequence) \(.data.severity) \(.type) \(.subject): \(.data.reason)"'
    sed -n 2p "$mark.new" >"$mark"
    left=$((left - 1))
done
