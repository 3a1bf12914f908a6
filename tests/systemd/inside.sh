#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# inside.sh CONF: the installed unit under a real systemd, as its process 1 has it; see boot.sh.
set -u
# shellcheck source=tests/systemd/lib.sh
. "${0%/*}/lib.sh"
conf=$1
folder=${conf%/*}

# as_itself COMMAND...: by its user, with the files that it sees.
as_itself() {
    nsenter --target "$(main_pid)" --mount --wd=/ \
        setpriv --reuid=breachd --regid=breachd --clear-groups "$@"
}

# another_life RESTARTS: it was started once more, and is ready.
# shellcheck disable=SC2317 # check and until_true call it
another_life() {
    [ "$(property NRestarts)" -gt "$1" ] && [ "$(property ActiveState)" = active ]
}

starts() {
    is 'process 1' "$(cat /proc/1/comm)" systemd
    systemd-sysusers
    chown -R root:breachd "$folder" && chmod -R u=rwX,g=rX,o= "$folder"
    systemctl start breachd.service
    is 'systemctl start, which waits for READY=1' "exit $?" 'exit 0'
    is 'it is' "$(property ActiveState) by $(property Type)" 'active by notify'
    like 'STATUS=' "$(property StatusText)" '^watching'
    is 'GET /readyz' "$(curl -s http://127.0.0.1:8750/readyz)" ready
    is 'the same through its unix socket' \
        "$(curl -s --unix-socket /run/breachd/http.sock http://breachd/readyz)" ready
    like 'a ping in the zone' "$(ping tag-1 51.5631 0.4551)" '"accepted":1'
    until_true 10 told_at_least breach 1
    is 'breaches in Redis' "$(told breach)" 1
}

# The unit's filter lets through what breachd asks; each line that complains of it is shown.
is_let() {
    journalctl -q -o cat -u breachd.service | grep 'confine: '
    is 'it may confine itself' "exit $?" 'exit 1'
}

# A word for breachd: what systemd-timedated says of the clock.
clock() {
    curl -s http://127.0.0.1:8750/v1/status | jq -r .clock
}

# shellcheck disable=SC2317 # until_true calls it
clock_is() {
    [ "$(clock)" = "$1" ]
}

# The kernel tells breachd nothing, and the clock is what it tells systemd-timedated, and then what the test has
# it tell. Without a bus nobody says anything; that it is back is found by a breachd that runs.
tells_the_clock() {
    check 'ProtectClock=: adjtimex' 'refused' said_in_journal '^clock: adjtimex is refused, Operation not permitted'
    kernel=$(timedatectl show --value -p NTPSynchronized)
    is "the clock, of which systemd-timedated says $kernel" "$(clock)" \
        "$(echo "$kernel" | sed -e 's/^yes$/synchronised/' -e 's/^no$/unproven/')"

    mkdir -p /etc/systemd/system/systemd-timedated.service.d
    printf '[Service]\nEnvironment=LD_PRELOAD=%s WALLCLOCK_KERNEL=/etc/kernel-says\n' /checks/*wallclock.so \
        >/etc/systemd/system/systemd-timedated.service.d/word.conf
    systemctl daemon-reload
    for word in no:unproven yes:synchronised; do
        echo "${word%:*}" >/etc/kernel-says
        systemctl stop systemd-timedated.service
        systemctl restart breachd.service
        is "the kernel says ${word%:*}" "$(clock)" "${word#*:}"
    done
    said_in_journal 'systemd-timedated does not tell'
    is 'complaints of systemd-timedated' "exit $?" 'exit 1'

    systemctl stop dbus.socket dbus.service 2>/dev/null
    systemctl restart breachd.service
    is 'starts without a bus' "exit $?" 'exit 0'
    is 'the clock without a bus' "$(clock)" unproven
    like 'a ping without a bus' "$(ping tag-1 51.5632 0.4551)" '"accepted":1'
    systemctl start dbus.socket
    until_true 60 clock_is synchronised
    is 'the clock when the bus is back' "$(clock)" synchronised
    is 'complaints of the bus, in all' "$(journalctl -q -o cat -u breachd.service | grep -c 'systemd-timedated does not tell')" 1
}

reloads() {
    mv "$folder/second.conf" "$folder/orders.d/"
    systemctl reload breachd.service
    is 'systemctl reload, a second order' "exit $?" 'exit 0'
    like 'a ping of its device' "$(ping tag-2 51.5900 0.5200)" '"accepted":1'

    echo 'radius = wide' >>"$folder/orders.d/second.conf"
    why=$(systemctl reload breachd.service 2>&1)
    is 'systemctl reload, bad orders' "exit $?" 'exit 1'
    like 'who typed it is told' "$(echo "$why" | head -n 1)" 'failed'
    like 'STATUS=' "$(property StatusText)" '^watching; reload refused, .*radius'
    check 'the journal says why' 'second.conf:14' said_in_journal 'second\.conf:14: radius: '
    is 'it goes on' "$(property ActiveState)" active
    like 'by the rules of before' "$(ping tag-2 51.5901 0.5200)" '"accepted":1'

    sed -i '$d' "$folder/orders.d/second.conf"
    systemctl reload breachd.service
    is 'systemctl reload, mended' "exit $?" 'exit 0'
    is 'STATUS= has forgotten' "$(property StatusText | grep -c refused)" 0
}

hangs_and_dies() {
    lives=$(property NRestarts) since=$(uptime_ms)
    kill -STOP "$(main_pid)"
    until_true 60 another_life "$lives"
    check 'SIGSTOP: the watchdog speaks, a new one is ready' "$(($(uptime_ms) - since)) ms" another_life "$lives"
    check 'the journal' 'Watchdog timeout' said_in_journal 'breachd\.service: Watchdog timeout'

    lives=$(property NRestarts) since=$(uptime_ms)
    kill -KILL "$(main_pid)"
    until_true 60 another_life "$lives"
    check 'kill -9: a new one is ready' "$(($(uptime_ms) - since)) ms" another_life "$lives"
    is 'what was open is open' "$(redis-cli HKEYS '{breachd}:open')" RO-1/home/1
}

# of_all_threads FIELD: its values in /proc, each once.
of_all_threads() {
    sed -n "s/^$1:[[:space:]]*//p" "/proc/$(main_pid)/task"/*/status | sort -u | tr '\n' ' '
}

is_confined() {
    user=$(id -u breachd)
    is 'Uid' "$(of_all_threads Uid | tr '\t' ' ')" "$user $user $user $user "
    is 'Seccomp' "$(of_all_threads Seccomp)" '2 '
    is 'NoNewPrivs' "$(of_all_threads NoNewPrivs)" '1 '
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
        is "$set" "$(of_all_threads $set)" '0000000000000000 '
    done
    # In /proc are its own; what cannot be looked at is not written either. /tmp is nobody else's.
    is 'folders that it can write' "$(as_itself find / -path /proc -prune -o -type d -writable -print 2>/dev/null |
        sort | tr '\n' ' ')" '/run/breachd /tmp /var/lib/breachd /var/tmp '
    is 'files outside of them' "$(as_itself find / \( -path /proc -o -path /run/breachd -o -path /var/lib/breachd \) \
        -prune -o -type f -writable -print 2>/dev/null)" ''
    check 'its ledger, by itself' 'can be read' as_itself test -r /var/lib/breachd/ledger.db
    check 'its settings, by itself' 'cannot be written' as_itself test ! -w "$conf"
    is '/home, /root' "$(as_itself ls /home /root 2>&1 | grep -c 'Permission denied')" 2
    check '/tmp' 'is not that of others' [ "$(as_itself stat -c %i /tmp)" != "$(stat -c %i /tmp)" ]
    is 'block devices' "$(as_itself find /dev -type b 2>/dev/null | wc -l)" 0
}

loses_redis() {
    before=$(told breach)
    systemctl stop redis-server.service
    is 'Redis is' "$(systemctl is-active redis-server.service)" inactive
    is 'breachd is' "$(property ActiveState)" active
    # Of a device not heard before: tag-2 would have to have driven there in the time that this took.
    like 'a breach of another, meanwhile' "$(ping tag-3 51.5800 0.4900)" '"new":1'
    systemctl start redis-server.service
    until_true 60 told_at_least breach $((before + 1))
    is 'Redis is back, breaches in it' "$(told breach)" $((before + 1))
    all=$(sequence)
    check 'all alerts, each once' "$all" in_order "$all"
}

# exposed WORDS TENTHS: by systemd's own account of the unit that runs.
exposed() {
    systemd-analyze security --no-pager --threshold="$2" breachd.service >/checks/table
    is "$1, at most $2 tenths" "exit $?, $(tail -n 1 /checks/table)" \
        "exit 0, $(tail -n 1 /checks/table)"
}

stops() {
    since=$(uptime_ms)
    systemctl stop breachd.service
    is 'systemctl stop' "exit $?" 'exit 0'
    took=$(($(uptime_ms) - since))
    check 'within 10 s' "$took ms" [ $took -lt 10000 ]
    is 'how it ended' "$(property Result), status $(property ExecMainStatus)" 'success, status 0'
    is 'the heartbeat says stopped' "$(redis-cli GET '{breachd}:heartbeat' | jq -r .stopped)" true
}

# of_web COMMAND...: by the page's user, with the files that it sees.
of_web() {
    nsenter --target "$(systemctl show --value -p MainPID breachd-web.service)" --mount --wd=/ \
        setpriv --reuid=breachd-web --regid=breachd-web --clear-groups "$@"
}

# login CODE: what the desk's log-in is answered.
# shellcheck disable=SC2317 # check and until_true call it
login() {
    [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Origin: http://127.0.0.1:8760' -H 'Content-Type: application/json' \
        -d '{"name":"desk","password":"correct horse battery"}' http://127.0.0.1:8760/login)" = "$1" ]
}

# The page's own unit: it serves, and sees of breachd's what is meant for it.
serves_the_page() {
    mkdir -p "$folder/web/page"
    echo page >"$folder/web/page/index.html"
    printf '[web]\npage = web/page\n' >"$folder/web.conf"
    echo 'correct horse battery' | breachctl user add desk --role room "$folder/web/users" >/dev/null
    chown -R root:breachd-web "$folder/web" "$folder/web.conf"
    chmod -R u=rwX,g=rX,o= "$folder/web" "$folder/web.conf"
    systemctl start breachd-web.service
    is 'systemctl start breachd-web' "exit $?" 'exit 0'
    is 'GET / of the page' "$(curl -s http://127.0.0.1:8760/)" page
    check 'a log-in' 200 login 200
    is 'what it sees of the settings' "$(of_web ls "$folder" | tr '\n' ' ')" 'web web.conf '
    check 'the ledger' 'is out of its sight' of_web test ! -e /var/lib/breachd/ledger.db
    is 'folders that it can write' "$(of_web find / -path /proc -prune -o -type d -writable -print 2>/dev/null |
        sort | tr '\n' ' ')" '/tmp /var/tmp '
    journalctl -q -o cat -u breachd-web.service | grep -E 'confine: |clock: '
    is 'it may confine itself, and says nothing of the clock' "exit $?" 'exit 1'
    systemd-analyze security --no-pager --threshold=11 breachd-web.service >/checks/table
    is 'systemd-analyze security, at most 11 tenths' "exit $?, $(tail -n 1 /checks/table)" \
        "exit 0, $(tail -n 1 /checks/table)"
    breachctl user remove desk "$folder/web/users" >/dev/null
    until_true 10 login 401
    check 'a user who was removed' 401 login 401
    systemctl reload breachd-web.service
    is 'systemctl reload breachd-web' "exit $?" 'exit 0'
    systemctl stop breachd-web.service
    is 'how it ended' "$(systemctl show --value -p Result breachd-web.service)" success
}

# Redis asks for a password that only root can read: systemd hands it in.
with_credential() {
    echo "$1" >/etc/redis/password
    chmod 600 /etc/redis/password
    redis-cli CONFIG SET requirepass "$1" >/dev/null
    export REDISCLI_AUTH="$1"
    sed -i '/^url = /a password-file = /run/credentials/breachd.service/redis' "$conf"
    mkdir -p /etc/systemd/system/breachd.service.d
    printf '[Service]\nLoadCredential=redis:/etc/redis/password\n' >/etc/systemd/system/breachd.service.d/password.conf
    systemctl daemon-reload
    before=$(told sighted)
    systemctl restart breachd.service
    until_true 10 told_at_least sighted $((before + 1))
    is 'a password by LoadCredential=, told in Redis' "$(told sighted)" $((before + 1))
    systemctl reload breachd.service
    is 'systemctl reload with it' "exit $?" 'exit 0'
}

# with_drop_in NAME TENTHS: it starts with it, and sends its alerts.
with_drop_in() {
    mkdir -p /etc/systemd/system/breachd.service.d
    cp "${0%/*}/$1.conf" /etc/systemd/system/breachd.service.d/site.conf
    systemctl daemon-reload
    before=$(told sighted)
    systemctl restart breachd.service
    is "starts with $1.conf" "exit $?" 'exit 0'
    until_true 10 told_at_least sighted $((before + 1))
    is 'tells in Redis that it sees again' "$(told sighted)" $((before + 1))
    exposed "with $1.conf" "$2"
}

with_sockets_only() {
    printf '%s\n' "requirepass $REDISCLI_AUTH" 'unixsocket /run/redis/redis-server.sock' 'unixsocketperm 770' >>/etc/redis/redis.conf
    systemctl restart redis-server.service
    sed -i -e 's|^listen = .*|listen = unix:/run/breachd/http.sock|' \
        -e 's|^url = .*|url = unix:/run/redis/redis-server.sock|' "$conf"
    with_drop_in sockets 2
    is 'its interfaces' "$(nsenter --target "$(main_pid)" --net cat /proc/net/dev | sed -n 's/^ *\(.*\): .*/\1/p')" lo
    is 'GET /readyz' "$(curl -s --unix-socket /run/breachd/http.sock http://breachd/readyz)" ready
    is 'the clock' "$(curl -s --unix-socket /run/breachd/http.sock http://breachd/v1/status | jq -r .clock)" synchronised
    all=$(sequence)
    check 'all alerts, each once' "$all" in_order "$all"
    systemctl stop breachd.service
}

starts
is_let
tells_the_clock
reloads
hangs_and_dies
is_confined
loses_redis
exposed 'systemd-analyze security' 11
systemctl cat breachd-web.service >/dev/null 2>&1 && serves_the_page
with_credential correct-horse
with_drop_in loopback 9
stops
with_sockets_only
[ "$bad" -eq 0 ] || journalctl --no-pager -q -o short-monotonic -u breachd.service -u redis-server.service -u init.scope
exit "$bad"
