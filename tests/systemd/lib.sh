# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# What inside.sh says, waits for and asks; one line a check.
checks=0
bad=0
began=$(date +%s)

# check WHAT SEEN COMMAND...: ok when the command is.
check() {
    what=$1 seen=$2
    shift 2
    checks=$((checks + 1))
    if "$@" >/dev/null 2>&1; then
        echo "ok $checks - $what: $seen"
    else
        echo "not ok $checks - $what: $seen"
        # shellcheck disable=SC2034 # inside.sh ends with it
        bad=1
    fi
}

# is WHAT SEEN WANTED
is() {
    check "$1" "${2:-nothing}" [ "$2" = "$3" ]
}

# like WHAT SEEN PATTERN: one of grep -E, of the whole.
like() {
    # shellcheck disable=SC2016 # that shell's own arguments
    check "$1" "${2:-nothing}" sh -c 'printf "%s" "$1" | grep -qE -e "$2"' sh "$2" "$3"
}

# until_true SECONDS COMMAND...
until_true() {
    tries=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}

# property NAME: of the unit, as systemd has it.
property() {
    systemctl show --value -p "$1" breachd.service
}

# Its process; to kill 0 would be to kill ourselves.
main_pid() {
    property MainPID | sed 's/^0$/none/'
}

said_in_journal() {
    journalctl --no-pager -q -o cat --since "@$began" | grep -qE -e "$1"
}

uptime_ms() {
    awk '{ printf "%d", $1 * 1000 }' /proc/uptime
}

# ping DEVICE LAT LON: what breachd answers to one of now.
ping() {
    curl -s -m 10 -d "{\"device\":\"$1\",\"time\":$(date +%s),\"lat\":$2,\"lon\":$3,\"accuracy\":8}" \
        http://127.0.0.1:8750/v1/pings
}

# told TYPE: so many alerts of it stand in the stream.
told() {
    redis-cli XRANGE '{breachd}:alerts' - + | grep -cx "$1"
}

told_at_least() {
    [ "$(told "$1")" -ge "$2" ]
}

# The sequence of all that stands in the stream: 1 2 3 and so on when nothing is lost or told twice.
sequence() {
    redis-cli XRANGE '{breachd}:alerts' - + | grep '^{' | jq -r .sequence | tr '\n' ' '
}

in_order() {
    [ -n "$1" ] && [ "$1" = "$(seq -s ' ' "$(echo "$1" | wc -w)") " ]
}
