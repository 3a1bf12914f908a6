#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the same pings cost breachd and others, one after the other in one run: sh tests/bench/versus.sh [ROW…], of lua
# http far single stream scan; all without one. Redis GEO with a Lua script (versus.lua: no disk, circles of one
# radius), the flat scanner alone on the same bytes, nginx that answers 200 to everything with one worker. Prints
# microseconds of a core a ping and ratios, and asserts none. ZONES, DEVICES, PINGS scale it; BREACHD names another
# breachd than that of build/release. The server has core 0, its sender core 1.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/release
bench=$build/tests/bench
breachd=${BREACHD:-$build/breachd}
zones=${ZONES:-100000}
devices=${DEVICES:-10000}
pings=${PINGS:-300000}
rows=${*:-lua scan http far single stream}
dir=$(mktemp -d "${TMPDIR:-/tmp}/breachd-versus.XXXXXX")
running=
PATH=$PATH:/usr/sbin # where nginx is

. "$root/tests/bench/shared.sh"

# Seconds of a core that a process and its children have used, in ticks of a hundredth.
used() {
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# figure NAME MICROSECONDS [MORE]: keeps it for the ratios
figure() {
    echo "$1 $2" >>"$dir/figures"
    printf '%-44s %8.2f us of a core a ping  %s\n' "$1" "$2" "${3-}"
}

# ratio NAME OVER UNDER WORDS: of two figures, where both were measured
ratio() {
    awk -v name="$1" -v over="$2" -v under="$3" -v words="$4" '
        { at[$1] = $2 }
        END { if (over in at && under in at && at[under] > 0)
            printf "%-44s %8.2f x %s\n", name, at[over] / at[under], words }' "$dir/figures"
}

redis() {
    (on 1 redis-server --port 0 --unixsocket "$dir/redis.sock" --dir "$dir" --save '' --appendonly no \
        --logfile redis.log) &
    running="$! $running"
    until [ -S "$dir/redis.sock" ]; do sleep 0.05; done
}

settings() {
    cat >"$dir/breachd.conf" <<END
[site]
name = versus
region = 51.40,0.00 52.15,1.35
orders = orders.d
[ledger]
path = ledger.db
[http]
listen = 127.0.0.1:8753
${tokens:+tokens = tokens}
[redis]
url = unix:redis.sock
END
}

begin() {
    (on 0 "$breachd" -c "$dir/breachd.conf") 2>"$dir/log" &
    daemon=$!
    running="$daemon $running"
    until curl -sf -o "$dir/ready" http://127.0.0.1:8753/readyz; do
        kill -0 "$daemon" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
        sleep 0.1
    done
}

serve() {
    rm -f "$dir"/ledger.db* "$dir"/redis.sock
    redis
    settings
    begin
}

# The alerts that came of it.
alerts() {
    sleep 1
    redis-cli -s "$dir/redis.sock" --raw XRANGE '{breachd}:alerts' - + 2>/dev/null |
        grep -o '"type":"breachd\.[a-z]*"' | sort | uniq -c |
        awk '{ gsub(/"type":"breachd\.|"/, "", $2); printf " %s %s", $2, $1 } END { print "" }'
}

# post NAME PORT SERVER-PID ABOUT BATCH CONNECTIONS
post() {
    (on 1 "$bench/versus_post" --zones "$zones" --devices "$devices" --pings "$pings" --about "$4" --port "$2" \
        --pid "$3" --batch "$5" --connections "$6") >"$dir/row"
    read -r rate server sender taken refused <"$dir/row"
    figure "$1" "$server" "$rate requests/s, $taken taken, $refused not 200, sender $sender us"
}

lua() {
    (on 0 redis-server --port 0 --unixsocket "$dir/lua.sock" --dir "$dir" --save '' --appendonly no \
        --logfile lua.log) &
    server=$!
    running="$server $running"
    until [ -S "$dir/lua.sock" ]; do sleep 0.05; done
    sha1=$(redis-cli -s "$dir/lua.sock" -x SCRIPT LOAD <"$root/tests/bench/versus.lua")
    make "$sha1"
    redis-cli -s "$dir/lua.sock" --pipe <"$dir/zones" >/dev/null
    before=$(used "$server")
    (on 1 redis-cli -s "$dir/lua.sock" --pipe <"$dir/calls") >"$dir/said"
    grep -q 'errors: 0' "$dir/said" || { cat "$dir/said" >&2; exit 1; }
    figure redis-lua "$(awk -v a="$before" -v b="$(used "$server")" -v n="$pings" 'BEGIN { print (b - a) / n * 1e4 }')" \
        "entered $(redis-cli -s "$dir/lua.sock" get entered)"
    stop
}

# make SHA1: what both are given
make() {
    rm -rf "$dir/orders.d"
    "$bench/versus_make" "$dir" "$1" --zones "$zones" --devices "$devices" --pings "$pings"
}

scan() {
    figure scanner "$(on 0 "$bench/versus_scan" --zones "$zones" --devices "$devices" --pings "$pings" --about 0)"
}

http() {
    serve
    post http-100 8753 "$daemon" 0.2 100 10
    alerts
    stop
}

# Of nobody who is about a zone; some are in one all the same, and stay.
far() {
    serve
    post far-100 8753 "$daemon" 0 100 10
    stop
}

stream() {
    redis
    settings
    echo 'pings = on' >>"$dir/breachd.conf"
    begin
    kill "$daemon" # it has made the group
    wait "$daemon" || :
    redis-cli -s "$dir/redis.sock" --pipe <"$dir/entries" >/dev/null
    begin
    before=$(used "$daemon")
    until redis-cli -s "$dir/redis.sock" --raw XINFO GROUPS breachd:pings >"$dir/group" &&
        [ "$(grep -A 1 '^lag$' "$dir/group" | tail -n 1)" = 0 ] &&
        [ "$(grep -A 1 '^pending$' "$dir/group" | tail -n 1)" = 0 ]; do sleep 0.05; done
    figure stream "$(awk -v a="$before" -v b="$(used "$daemon")" -v n="$pings" 'BEGIN { print (b - a) / n * 1e4 }')"
    alerts
    stop
}

# One worker, and every line as short as breachd's own.
nginx_begin() {
    cat >"$dir/nginx.conf" <<END
worker_processes 1;
daemon off;
master_process off;
error_log $dir/nginx.log;
pid $dir/nginx.pid;
events { worker_connections 2048; }
http {
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path $dir;
    server {
        listen 127.0.0.1:8754;
        location / {
            default_type application/json;
            return 200 '{"accepted":1,"classes":{"new":1},"rejected":[]}';
        }
    }
}
END
    (on 0 nginx -p "$dir" -c "$dir/nginx.conf") 2>/dev/null &
    server=$!
    running="$server $running"
    until curl -sf -o "$dir/ready" http://127.0.0.1:8754/; do sleep 0.1; done
}

# One a request on 100 connections, with a token for any device: a constant answer, and a judged ping's.
single() {
    TOKEN=an-example-of-a-token
    export TOKEN
    if command -v nginx >/dev/null; then
        nginx_begin
        post nginx 8754 "$server" 0 1 100
        stop
    else
        echo 'nginx: skipped: it is not installed (apt install nginx)'
    fi
    printf 'any %s *\n' "$(printf %s "$TOKEN" | sha256sum | cut -d ' ' -f 1)" >"$dir/tokens"
    chmod 600 "$dir/tokens"
    tokens=yes
    serve
    post single 8753 "$daemon" 0 1 100
    stop
    tokens=
    unset TOKEN
}

echo "$zones zones, $devices devices, $pings pings; $(nproc) cores," \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), load $(cut -d ' ' -f 1-3 /proc/loadavg)"
tokens=
make 0
for row in $rows; do
    case $row in
    lua | http | far | single | stream | scan) "$row" ;;
    *)
        echo "versus.sh: $row: none of lua http far single stream scan" >&2
        exit 2
        ;;
    esac
done
touch "$dir/figures"
ratio 'HTTP, 100 a request' redis-lua http-100 "Redis and Lua's pings a CPU second (7)"
ratio 'Redis stream' redis-lua stream "Redis and Lua's pings a CPU second (6)"
ratio 'HTTP, 100 a request, far' far-100 scanner "the scanner's time (at most 5)"
ratio 'HTTP, one a request' nginx single "nginx's requests a CPU second (0.85)"
