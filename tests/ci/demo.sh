#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# demo.sh BREACHD: config/demo/run.sh plays its evening with this breachd, tells it line by line, says
# how to go on, and leaves nothing behind; with --room it is answered; with --keep what it says works,
# until it is told to stop. What README.md shows of the evening was said.
set -u
cd "$(dirname "$0")/../.." || exit 2
BREACHD=$1
TMPDIR=$(mktemp -d) || exit 2 # run.sh's own folder lies in it, and names all that it starts
export BREACHD TMPDIR
script_pid='' bad=0 evening=''

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$script_pid" ] || kill "$script_pid" 2>/dev/null
    rm -rf "$TMPDIR"
}
trap clean_up EXIT

complain() {
    echo "demo.sh: $1"
    bad=1
}

says() {
    grep -qE -e "$1" "$TMPDIR/said" || complain "not said: $1"
}

# Neither a file nor a process of the run.
nothing_is_left() {
    rm -f "$TMPDIR/said" "$TMPDIR/answer"
    [ -z "$(ls "$TMPDIR")" ] || complain "left behind: $(ls "$TMPDIR")"
    for process in /proc/[0-9]*; do
        # Others come and go meanwhile.
        words=$({ tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null)
        case "$words" in *"$TMPDIR"*) complain "left running: $words" ;; esac
    done
}

# The types in the order in which they come, each told once however often it repeats.
story() {
    awk '$2 == "EXERCISE" && $3 != last { last = $3; printf "%s ", $3 }' "$TMPDIR/said"
}

sh config/demo/run.sh >"$TMPDIR/said" 2>&1 || complain "exit code $?: $(cat "$TMPDIR/said")"
[ "$(story)" = "APPROACH UPDATE POSSIBLE BREACH UPDATE CLEARED " ] || complain "another story: $(story)"
says '^21:08:45  EXERCISE  BREACH    critical  DVPO-2020-0113/home/1 in Basildon: inside by '
says '^Nothing is left running\.'
says "redis-cli XREAD BLOCK 0 STREAMS '\{breachd\}:alerts' '[$]'"
says "redis-cli SUBSCRIBE '\{breachd\}:alerts'"
says "curl -d '\{\"device\":\"tag-0042\".*\}' http://127\.0\.0\.1:8750/v1/pings"
evening=$(cat "$TMPDIR/said")
nothing_is_left

sh config/demo/run.sh --room >"$TMPDIR/said" 2>&1 || complain "--room: exit code $?: $(cat "$TMPDIR/said")"
says '^[$] breachctl watch$'
says '^2020-06-23 21:08:45  critical  breach  .*DVPO-2020-0113/home/1 in Basildon: inside by '
says '^DVPO-2020-0113/home/1: taken by Sgt 1234$'
says '^open incidents 1$'
says '  critical  update .* \[Sgt 1234: car 12 is on its way\]: still inside by '
says '^DVPO-2020-0113/home/1: closed by Sgt 1234$'
says '^nothing is open$'
says '  tag-0042 .* inside .* probability 1\.000$'
says '^  arrested  *1$'
says '^the chain holds$'
! grep -qE 'HEARTBEAT|MISSING|refused' "$TMPDIR/said" || complain "--room is loud"
nothing_is_left

# wait_for PATTERN: until it is said, 20 seconds at most.
wait_for() {
    tries=400
    until grep -qE -e "$1" "$TMPDIR/said"; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! kill -0 "$script_pid" 2>/dev/null; then
            complain "never said: $1"
            return 1
        fi
        sleep 0.05
    done
}

sh config/demo/run.sh --keep >"$TMPDIR/said" 2>&1 &
script_pid=$!
if wait_for 'kill -HUP [0-9]+' && wait_for 'tail .*breachd\.log'; then
    sh -c "$(grep -E '^ +curl ' "$TMPDIR/said")" >"$TMPDIR/answer" 2>/dev/null
    grep -qF '"accepted":1' "$TMPDIR/answer" || complain "its curl was answered $(cat "$TMPDIR/answer")"
    wait_for '^21:45:00  EXERCISE  BREACH .*DVPO-2020-0113/home/2'
fi
evening="$evening
$(cat "$TMPDIR/said")"
kill -TERM "$script_pid"
wait "$script_pid"
code=$?
script_pid=''
[ "$code" -eq 143 ] || complain "--keep ended with $code"
nothing_is_left

# Before the page, as fast as it goes; where breachd was built without it, that is said.
if [ -x "$(dirname "$BREACHD")/breachd-web" ]; then
    PAGE_PORT=$((20000 + $$ % 20000))
    export PAGE_PORT
    PACE=0 sh config/demo/run.sh --web </dev/null >"$TMPDIR/said" 2>&1 &
    script_pid=$!
    if wait_for '^The evening is over'; then
        says "^The control room's page: http://127\.0\.0\.1:$PAGE_PORT$"
        says '^    name sergeant, password [0-9a-f]{16}$'
        curl -s --noproxy '*' "http://127.0.0.1:$PAGE_PORT/" | grep -q '<title>breachd</title>' ||
            complain "--web serves no page"
    fi
    kill -TERM "$script_pid"
    wait "$script_pid"
    script_pid=''
    nothing_is_left
fi

# A line that is cut ends in an ellipsis there.
sed -n 's/^ *\([0-9:]\{8\}  EXERCISE .*\)$/\1/p' README.md | sed 's/ …$//' >"$TMPDIR/shown"
[ "$(wc -l <"$TMPDIR/shown")" -ge 5 ] || complain "README.md shows little of it: has its form changed?"
while IFS= read -r line; do
    case "$evening" in *"$line"*) ;; *) complain "README.md shows what was not said: $line" ;; esac
done <"$TMPDIR/shown"
exit $bad
