#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The evening of Tuesday 23 June 2020 in Basildon, through a real breachd and a real Redis:
#     sh config/demo/run.sh           plays it and leaves nothing running
#     sh config/demo/run.sh --keep    keeps both running until Ctrl-C, to try things out
#     sh config/demo/run.sh --room    plays it before somebody in the control room, who answers
#     sh config/demo/run.sh --web     plays it slowly before the control room's page, in a browser
# In a clone it builds breachd first. Installed, or with BREACHD in the environment, it plays the one
# that is there.
set -eu

keep=no room=no web=OFF
case "$#:${1-}" in
0:) ;;
1:--keep) keep=yes ;;
1:--room) room=yes ;;
1:--web) web=ON ;;
*)
    echo "usage: sh $0 [--keep | --room | --web]" >&2
    exit 2
    ;;
esac
demo=$(cd "$(dirname "$0")" && pwd)
breachd=${BREACHD-}

# give_up REASON [LOG]
give_up() {
    echo "run.sh: $1" >&2
    [ ! -s "${2-}" ] || cat "$2" >&2
    exit 1
}

if [ -z "$breachd" ] && [ -e "$demo/../../CMakeLists.txt" ]; then
    sh "$demo/../../.ci/packages.sh" demo
    breachd=build
elif [ -z "$breachd" ]; then
    breachd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v breachd) ||
        give_up "no breachd is installed, and this is no clone to build it from"
fi
for tool in redis-server redis-cli curl jq; do
    command -v "$tool" >/dev/null || give_up "$tool is missing: apt-get install redis curl jq"
done

home=$(mktemp -d)
breachd_pid='' follow_pid='' redis_pid='' sent=0

# Whatever ends this script, nothing of it stays; breachd goes first, to publish what it still has.
clean_up() {
    status=$?
    trap '' HUP INT TERM
    exec 2>/dev/null
    for pid in ${web_pid-} $breachd_pid $follow_pid $redis_pid; do
        if kill "$pid"; then wait "$pid" || :; fi
    done
    rm -rf "$home"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

quietly() {
    "$@" >"$home/build.log" 2>&1 || give_up "$*: failed:" "$home/build.log"
}

# wait_for PROGRAM PID COMMAND...: until the command succeeds, 10 seconds at most.
wait_for() {
    program=$1 pid=$2 tries=200
    shift 2
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! kill -0 "$pid" 2>/dev/null; then
            give_up "$program did not get ready:" "$home/$program.log"
        fi
        sleep 0.05
    done
}

redis() {
    redis-cli -s "$home/redis.sock" "$@" 2>/dev/null
}

http() {
    curl -sS --fail-with-body --noproxy '*' --unix-socket "$home/http.sock" "$@"
}

# One alert as a line for people, after its time.
# shellcheck disable=SC2016 # jq's variables
as_line='
def column($width): . + " " * ([$width - length, 1] | max);
.time + " "
+ (if .data.exercise then "EXERCISE  " else "" end)
+ (.type | ltrimstr("breachd.") | ascii_upcase | column(10))
+ (.data.severity | column(10))
+ ((.data.incident // .subject) + " in " + (.data.area // "no area") + ": " + .data.reason)
+ (.data.probability | if . == null then "" else "; probability \(. * 100 | round / 100)" end)
+ (.data.eta | if . == null then "" else "; eta \(round) s" end)'

# follow FROM PATIENCE TYPE: a subscriber like any other reads the stream, each alert once and the
# next one from where it stopped; it ends with an alert of TYPE, and fails after PATIENCE ms.
follow() {
    last=$1
    while entries=$(redis --json XREAD BLOCK "$2" STREAMS '{breachd}:alerts' "$last"); do
        [ "$entries" != null ] || return 1
        # jq 1.6 gets summer time wrong, date does not.
        printf '%s\n' "$entries" | jq -r '.[][][1][-1]' | jq -r "$as_line" |
            while read -r time line; do
                printf '%s  %s\n' "$(TZ=Europe/London date -d "$time" +%T)" "$line"
            done
        last=$(printf '%s\n' "$entries" | jq -r '.[][-1][0]')
        case "$entries" in *"$3"*) return ;; esac
    done
    return 1
}

# hints REDIS-CLI-OPTIONS CURL-OPTIONS TIME URL
hints() {
    cat <<TXT
Subscribe, to the record or to the channel:
    redis-cli$1 XREAD BLOCK 0 STREAMS '{breachd}:alerts' '\$'
    redis-cli$1 SUBSCRIBE '{breachd}:alerts'
Send a ping, here one at the door:
    curl$2 -d '{"device":"tag-0042","time":"$3","lat":51.5712,"lon":0.4712,"accuracy":8}' $4
TXT
}

# In a folder of its own, without the tests and what they need.
build() {
    echo "Building breachd ..."
    cd "$demo/../.."
    if [ "$web" = ON ]; then sh .ci/npm.sh page; fi
    quietly cmake -C .ci/release.cmake -S . -B build/demo -G Ninja -DBREACHD_TESTS=OFF "-DBREACHD_WEB=$web"
    # shellcheck disable=SC2046 # two more
    quietly ninja -C build/demo breachd breachctl $([ "$web" = OFF ] || echo breachd-web page)
    breachd=$PWD/build/demo/breachd
}
if [ "$breachd" = build ]; then build; fi

# The orders stay where they are, so that one can edit them; the rest lives and ends with this script.
cp "$demo/breachd.conf" "$home"
ln -s "$demo/orders.d" "$home/orders.d"

if [ "$web" = ON ]; then
    # shellcheck source=config/demo/web.sh
    . "$demo/web.sh"
    web_settings
fi

# setsid: Ctrl-C is for this script alone, which then stops them in order.
setsid redis-server --port 0 --unixsocket "$home/redis.sock" --unixsocketperm 700 \
    --dir "$home" --save '' --appendonly no >"$home/redis-server.log" 2>&1 &
redis_pid=$!
wait_for redis-server "$redis_pid" redis ping
setsid "$breachd" --rehearse -c "$home/breachd.conf" >"$home/breachd.log" 2>&1 &
breachd_pid=$!
wait_for breachd "$breachd_pid" http http://localhost/readyz

# send_until TIME: his pings up to then, after those that were sent.
send_until() {
    while read -r ping; do
        case $ping in *'"time":"'"$1"*) break ;; esac
        http -d "$ping" -o "$home/answer" http://localhost/v1/pings ||
            give_up "a ping was not taken: $ping" "$home/answer"
        sent=$((sent + 1))
    done <<PINGS
$(tail -n +$((sent + 1)) "$demo/evening.ndjson")
PINGS
}

# type COMMAND...: as it is typed, and what it says.
type() {
    printf '\n$ breachctl'
    for word; do
        case $word in *[!A-Za-z0-9/.:=-]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    echo
    "$breachctl" "$@"
}

# see TYPE: what watch has shown since the last time, once it has shown an alert of TYPE.
see() {
    wait_for watch "$follow_pid" grep -q "$1" "$home/watched"
    wait_for watch "$follow_pid" settled
    tail -n +$((seen + 1)) "$home/watched"
    seen=$(wc -l <"$home/watched")
}

# Whether watch has shown as many alerts as there are.
settled() {
    [ "$(redis XLEN '{breachd}:alerts')" -eq "$(grep -c ' EXERCISE ' "$home/watched")" ]
}

# Whether the newest heartbeat knows of every alert.
beats() {
    [ "$(redis GET '{breachd}:heartbeat' | jq .sequence)" = "$(redis XLEN '{breachd}:alerts')" ]
}

# The evening at a desk: watched, taken, closed, and answered for.
at_the_desk() {
    breachctl=$(cd "$(dirname "$breachd")" && pwd)/breachctl
    [ -x "$breachctl" ] || breachctl=breachctl
    cd "$home"
    export BREACHCTL_REDIS="unix:$home/redis.sock" XDG_STATE_HOME="$home" TZ=Europe/London
    wait_for breachd "$breachd_pid" beats
    seen=0
    printf '\n$ breachctl watch\n'
    "$breachctl" watch >"$home/watched" 2>"$home/watch.log" &
    follow_pid=$!
    send_until 2020-06-23T20:10
    see ' breach '
    type open
    type ack --by 'Sgt 1234' --note 'car 12 is on its way' DVPO-2020-0113/home/1
    wait_for breachd "$breachd_pid" beats
    type status
    send_until 2020-06-23T20:15
    see ' update .*Sgt 1234'
    type close --by 'Sgt 1234' --reason arrested DVPO-2020-0113/home/1
    type open
    type explain -c breachd.conf --reason 'report of the night' DVPO-2020-0113/home/1
    type report --from 2020-06-09 --to 2020-07-07 --exercise -c breachd.conf
    type verify -c breachd.conf
}

if [ "$web" = ON ]; then
    web_start
    web_play
    wait "$breachd_pid"
    exit 0
fi
if [ "$room" = yes ]; then
    at_the_desk
    exit 0
fi

cat <<'TXT'

Tuesday 23 June 2020, Basildon: a man of 27 is under DVPO-2020-0113. His tag tells its place every
15 seconds; this is what a control room hears of his evening, in local time:

TXT
follow 0 10000 breachd.cleared &
follow_pid=$!
send_until never
wait "$follow_pid" || give_up "the evening did not reach its end in Redis:" "$home/breachd.log"
follow_pid=''

echo
if [ "$keep" = no ]; then
    echo "Nothing is left running. On a breachd in service, with default settings and an order of today for"
    echo "this tag (those of the demo ended in 2020, so a ping of today breaches none of them):"
    hints '' '' "$(date -u +%FT%TZ)" http://127.0.0.1:8750/v1/pings
    echo "To try the same on this evening: sh $0 --keep"
    exit 0
fi
echo "Both go on until Ctrl-C, and alerts are shown here. In another terminal:"
echo "    D=$home"
hints " -s $home/redis.sock" " --unix-socket $home/http.sock" 2020-06-23T20:45:00Z \
    http://localhost/v1/pings
cat <<TXT
Edit a zone in $demo/orders.d/, then have it judged by the new one, or hear what is wrong:
    kill -HUP $breachd_pid
    tail $home/breachd.log

TXT
follow '$' 0 'no type' &
follow_pid=$!
wait "$follow_pid" || give_up "Redis is gone:" "$home/redis-server.log"
