# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # of run.sh, which reads this in for --web: home, breachd, demo
# The evening before the control room's page: its settings, its people, and the pings, one a second.
web_door=http://127.0.0.1:${PAGE_PORT:-8760}
web_pid=''

# Before breachd starts: who may ask for a map, and who may hand in pings, which is this script.
web_settings() {
    breachctl=$(cd "$(dirname "$breachd")" && pwd)/breachctl
    [ -x "$breachctl" ] || breachctl=breachctl
    "$breachctl" token page --map >"$home/made.map"
    "$breachctl" token tags --any >"$home/made.any"
    sed -n 's/^line for the tokens file: //p' "$home/made.map" "$home/made.any" >"$home/tokens"
    sed -n 's/^token, shown once: //p' "$home/made.map" >"$home/page.token"
    printf 'header = "Authorization: Bearer %s"\n' \
        "$(sed -n 's/^token, shown once: //p' "$home/made.any")" >"$home/curl"
    chmod 600 "$home/tokens" "$home/page.token" "$home/curl"
    sed -i 's/^listen .*/&\ntokens     = tokens/' "$home/breachd.conf"
    password=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$password" | "$breachctl" user add sergeant --role map "$home/users" >/dev/null
    cat >"$home/web.conf" <<CONF
[web]
listen     = ${web_door#http://}
page       = $(web_page)
users      = users
[redis]
url        = unix:redis.sock
[door]
url        = unix:http.sock
token-file = page.token
CONF
}

# The folder of the page: beside a breachd that was built, or where it was installed.
web_page() {
    built=$(cd "$(dirname "$breachd")" && pwd)/page
    installed=$(cd "$(dirname "$breachd")/.." && pwd)/share/breachd/web
    if [ -d "$built" ]; then echo "$built"; else echo "$installed"; fi
}

web_start() {
    web=$(dirname "$breachd")/breachd-web
    [ -x "$web" ] || give_up "$web is missing: built without the page?"
    setsid "$web" -c "$home/web.conf" >"$home/breachd-web.log" 2>&1 &
    web_pid=$!
    wait_for breachd-web "$web_pid" curl -sf --noproxy '*' "$web_door/"
    cat <<TXT

The control room's page: $web_door
    name sergeant, password $password
All of it lives, and ends with this, in
    D=$home
The evening begins when you press Enter, a ping each second; Ctrl-C ends it.
TXT
}

web_play() {
    read -r _ || :
    while [ "$sent" -lt "$(wc -l <"$demo/evening.ndjson")" ]; do
        tail -n +$((sent + 1)) "$demo/evening.ndjson" | head -n 1 >"$home/ping"
        http -K "$home/curl" -d @"$home/ping" -o "$home/answer" http://localhost/v1/pings ||
            give_up "a ping was not taken: $(cat "$home/ping")" "$home/answer"
        sent=$((sent + 1))
        sleep "${PACE:-1}"
    done
    echo "The evening is over; the page goes on until Ctrl-C."
}
