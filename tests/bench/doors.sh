# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run.sh, which reads this, sets them
# doors.sh - the modes of run.sh in which other people's programs knock: wrk, openssl, mosquitto_pub.

# Seconds of a core that a process has used so far, to its kernel's tick, mostly 10 ms.
used() {
    awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$1/stat"
}

# set_under SECTION LINES: into the town's settings, with \n between lines
set_under() {
    sed -i "s|^\[$1\]\$|&\n$2|" "$dir/town/breachd.conf"
}

# fresh_pings NUMBER NEAR: lines in DIR/pings, newer than all that were sent before
fresh_pings() {
    "$bench/pings" --entries "$1" --near "$2" --people "$people" --seed "$seed" >"$dir/pings"
}

# A certificate of its own for the town's door, which the curl of run.sh trusts from then on.
lock() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$dir/town/door.key" -out "$dir/town/door.pem" 2>"$dir/log" ||
        { cat "$dir/log" >&2; exit 1; }
    set_under http 'tls-certificate = door.pem\ntls-key = door.key'
    door=https://127.0.0.1:8751
    export CURL_CA_BUNDLE="$dir/town/door.pem"
}

# wrk_run NEAR SECONDS
wrk_run() {
    fresh_pings $((100000 * $2)) "$1"
    (export PINGS="$dir/pings"
        on 1 wrk -t 1 -c 100 -d "$2s" -s "$root/tests/bench/pings.lua" "$door/v1/pings") \
        >"$dir/row" 2>&1 || { cat "$dir/row" "$dir/log" >&2; exit 1; }
}

# wrk_shot NEAR: counted after as many seconds that are not
wrk_shot() {
    wrk_run "$1" 3
    before=$(used "$daemon")
    wrk_run "$1" "$seconds"
    awk -v near="$1" -v took="$(used "$daemon") - $before" -v door="${door%%:*}" '
        BEGIN { split(took, used, " - "); core = used[1] - used[2] }
        /^told/ {
            printf "%6s %6s %9s %9s %8s %7s %8s %8s %8s %9s %9s %15s\n", "door", "near", "pings/s",
                "answers", "not 200", "failed", "p50 ms", "p99 ms", "max ms", "sender %",
                "breachd %", "pings/s of core"
            printf "%6s %6s %9.0f %9d %8d %7d %8.2f %8.2f %8.2f %9.0f %9.0f %15.0f\n", door, near,
                $2 / $5, $2, $3, $4, $6, $7, $8, 100 * $9 / $5, 100 * core / $5, $2 / core
            found = 1 }
        END { exit !found }' "$dir/row" || { cat "$dir/row" >&2; exit 1; }
    told
}

# handshakes NAME OPTIONS: connection after connection, by four at once, as one waits half the time
handshakes() {
    name=$1
    shift
    before=$(used "$daemon")
    began=$(date +%s%N)
    senders=
    for sender in 1 2 3 4; do
        (on 1 openssl s_time -connect 127.0.0.1:8751 -www /healthz -time "$seconds" "$@") \
            >"$dir/sender-$sender" 2>&1 &
        senders="$senders $!"
    done
    for sender in $senders; do wait "$sender"; done
    cat "$dir"/sender-[1-4] | awk -v name="$name" -v began="$began" -v ended="$(date +%s%N)" \
        -v before="$before" -v after="$(used "$daemon")" '
        /connections in .* real seconds/ { n += $1 }
        /^[r*]+$/ { resumed += gsub(/r/, "") } # a letter a connection, as it was
        END {
            took = (ended - began) / 1e9; core = after - before
            printf "%-12s %11d %8d %12.0f %9.0f %20.0f\n", name, n, resumed, n / took,
                100 * core / took, n / core
        }'
}

tls() {
    echo "
== pings by HTTPS, kept alive, one a request: $people orders, 100 connections, closed loop;
   the first row without TLS, by the same sender"
    if command -v wrk >/dev/null; then
        tls_pings
    else
        echo 'skipped: needs wrk (apt install wrk)'
    fi
    echo "
== TLS handshakes, each on a new connection with one GET /healthz"
    town 100 100
    lock
    begin
    printf '%-12s %11s %8s %12s %9s %20s\n' handshake connections resumed handshakes/s \
        'breachd %' 'handshakes/s of core'
    handshakes '1.3, full' -new -tls1_3
    handshakes '1.3, resumed' -reuse -tls1_3
    handshakes '1.2, full' -new -tls1_2
    handshakes '1.2, resumed' -reuse -tls1_2
    stop
    unlock
}

# One row without TLS to compare with: wrk is not the sender of mode http.
tls_pings() {
    serve
    wrk_shot 0
    stop
    for near in 0 0.05; do
        town "$people" 100
        lock
        begin
        wrk_shot "$near"
        stop
        unlock
    done
}

unlock() {
    door=http://127.0.0.1:8751
    unset CURL_CA_BUNDLE
}

# broker INFLIGHT: a mosquitto that loses nothing for want of room, on 127.0.0.1:8752
broker() {
    cat >"$dir/town/mosquitto.conf" <<END
listener 8752 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_inflight_messages $1
log_dest none
END
    (on 1 mosquitto -c "$dir/town/mosquitto.conf") &
    broker=$!
    running="$broker $running"
    printf '\n[mqtt]\nurl = mqtt://127.0.0.1:8752\ntopics = pings/#\n' >>"$dir/town/breachd.conf"
}

# metric NAME
metric() {
    curl -s "$door/metrics" | awk -v name="breachd_$1" '$1 == name { print $2 }'
}

# Until all are taken; gives up when none comes for ten seconds.
await_pings() {
    have=0
    patience=200
    while [ "${have:-0}" -lt "$1" ]; do
        sleep 0.05
        last=$have
        have=$(metric 'pings_total{class="new"}')
        [ "$have" = "$last" ] || patience=200
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || { echo "only $have of $1 pings were taken" >&2; exit 1; }
    done
}

# mqtt_shot NEAR INFLIGHT: from the start of the sender until breachd has taken its last ping
mqtt_shot() {
    town "$people" 100
    broker "$2"
    begin
    until [ "$(metric mqtt_connected)" = 1 ]; do sleep 0.1; done
    fresh_pings "$entries" "$1"
    before=$(used "$daemon") broker_before=$(used "$broker") began=$(date +%s%N)
    (on 1 mosquitto_pub -h 127.0.0.1 -p 8752 -q 1 -l -t pings/bench <"$dir/pings") &
    running="$! $running"
    await_pings "$entries"
    ended=$(date +%s%N)
    awk -v near="$1" -v inflight="$2" -v n="$entries" -v took=$((ended - began)) \
        -v before="$before" -v after="$(used "$daemon")" \
        -v broker_before="$broker_before" -v broker_after="$(used "$broker")" 'BEGIN {
            took /= 1e9; core = after - before
            printf "%6s %9s %9s %9s %9s %9s %9s %15s\n", "near", "in flight", "pings", "seconds",
                "pings/s", "broker %", "breachd %", "pings/s of core"
            printf "%6s %9d %9d %9.2f %9.0f %9.0f %9.0f %15.0f\n", near, inflight, n, took, n / took,
                100 * (broker_after - broker_before) / took, 100 * core / took, n / core }'
    told
    stop
}

mqtt() {
    echo "
== pings by MQTT QoS 1: $people orders, mosquitto_pub, mosquitto (max_inflight_messages), breachd"
    PATH=$PATH:/usr/sbin # where mosquitto is
    if ! command -v mosquitto >/dev/null || ! command -v mosquitto_pub >/dev/null; then
        echo 'skipped: needs mosquitto (apt install mosquitto mosquitto-clients)'
        return
    fi
    [ "$entries" -le 20000 ] || entries=20000 # of more lines mosquitto_pub -l ends before the last
    mqtt_shot 0 20
    mqtt_shot 0 1000
    mqtt_shot 0.05 20
    mqtt_shot 0.05 1000
}
