#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # who reads it has set root, build, bench, breachd, dir, door, people, seed
# shared.sh - what run.sh and versus.sh share: programs on a core of their own, and ended with them; a
# population, and a breachd over it.

finish() {
    stop
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

stop() {
    for pid in $running; do
        kill "$pid" 2>/dev/null || continue
        wait "$pid" || :
    done
    running=
}

# breachd has a core of its own; all else shares the other one, where there is one.
on() {
    core=$1
    shift
    if [ "$(nproc)" -gt 1 ]; then
        exec taskset -c "$core" "$@"
    else
        exec "$@"
    fi
}

machine() {
    echo "machine   $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    echo "kernel    $(uname -sr), ledger on $(df --output=fstype "$dir" | tail -n 1) in ${dir%/*}"
    echo "built     $(sed -n 's/^CMAKE_BUILD_TYPE:[^=]*=//p' "$build/CMakeCache.txt")"
    echo "load      $(cut -d ' ' -f 1-3 /proc/loadavg) before the first shot"
}

# population PEOPLE ORDERS-A-FILE: DIR/population with orders, settings and its own Redis. Each shot has a new
# one, so that nobody's last position is an impossible jump, or an open incident, in the next.
population() {
    rm -rf "$dir/population"
    "$bench/orders_make" "$dir/population" --people "$1" --each "$2" --seed "$seed"
    (on 1 redis-server --port 0 --unixsocket "$dir/population/redis.sock" --dir "$dir/population" --save '' \
        --logfile redis.log) &
    running=$!
    until [ -S "$dir/population/redis.sock" ]; do
        kill -0 "$running" || exit 1
        sleep 0.1
    done
}

# Starts breachd over a new population, and waits until a ping would be judged.
serve() {
    population "$people" 100
    begin
}

begin() {
    (on 0 "$breachd" -c "$dir/population/breachd.conf") 2>"$dir/log" &
    daemon=$!
    running="$daemon $running"
    until curl -sf -o "$dir/ready" "$door"/readyz; do
        kill -0 "$daemon" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
        sleep 0.2
    done
}

# shot CORE PROGRAM ARGUMENTS…: the command and its table, which stays in DIR/row
shot() {
    core=$1
    shift
    echo "\$ $*" | sed "s|$bench/||g; s|$root|.|g; s|$dir|DIR|g"
    (on "$core" "$@") >"$dir/row" || { cat "$dir/row" "$dir/log" >&2; exit 1; }
    cat "$dir/row"
}

cell() {
    awk -v n="$1" 'NR == 2 { print $n }' "$dir/row"
}

# What breachd itself counted: a figure of pings that were not taken as new is none.
counted() {
    curl -s "$door"/metrics | awk '
        /^breachd_(pings_total|alerts_total|ledger_(commits|errors)_total)/ && $2 > 0 {
            sub(/^breachd_/, ""); printf "  %s %s", $1, $2 }
        END { print "" }'
}
