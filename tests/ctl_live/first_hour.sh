#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# first_hour.sh ROOT BREACHCTL: each command of THE FIRST HOUR in breachd(8), as it stands there but for the port, ends
# in an alert. What stands there as printed is what is printed, but for times and ages.
set -u
root=$1
for tool in redis-server curl; do
    command -v "$tool" >/dev/null || { echo "first_hour.sh: no $tool here"; exit 77; }
done
home=$(mktemp -d) || exit 2
cd "$home" || exit 2
mkdir bin sbin # as it is installed: breachd is in no user's PATH
ln -s "$2" bin && ln -s "$(dirname "$2")/breachd" sbin || exit 2
PATH=$home/bin:/usr/local/bin:/usr/bin:/bin
unset BREACHCTL_REDIS BREACHCTL_PASSWORD_FILE BREACHCTL_PREFIX http_proxy https_proxy
export XDG_STATE_HOME=$home/state TZ=UTC

clean_up() {
    status=$?
    exec 2>/dev/null
    for pid in $(jobs -p); do kill "$pid"; done
    wait
    rm -rf "$home"
    exit "$status"
}
trap clean_up EXIT

give_up() {
    echo "first_hour.sh: $1"
    tail -n 50 said first/breachd.log first/redis.log 2>/dev/null
    exit 1
}

# A port that nobody has: bound and let go by the kernel's own choice would need a program; one of a
# range that is not given out is tried.
port=$((20000 + $$ % 10000))
while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done

# The blocks of the section: those that are not indented are commands, the others what is said.
block() {
    awk -v begin="$1" '/^\.Sh / { on = $0 == ".Sh THE FIRST HOUR" }
        !on { next }
        /^\.Bd/ { block = $0 == begin; next }
        /^\.Ed/ { block = 0; next }
        block { gsub(/\\e/, "\\"); print }' "$root/daemon/breachd.8"
}
block '.Bd -literal' |
    sed "s|/usr/sbin|$home/sbin|; s/localhost:8750/localhost:$port/; s/init first/init first --listen 127.0.0.1:$port/" >lines
grep -q '^breachctl init first' lines || give_up "no first hour in breachd(8): has its form changed?"

# is_whole TEXT: no quote is open, and no line goes on.
is_whole() {
    case $1 in *\\) return 1 ;; esac
    bash -n -c "$1" 2>/dev/null
}

# watch_until WORDS COMMAND: it goes on for ever, as a person sees it; Ctrl-C when he has seen enough.
watch_until() {
    local line found=no
    mkfifo shown
    bash -c "exec $2" >shown 2>>said &
    local pid=$!
    while [ $found = no ] && read -r -t 20 line; do
        echo "$line" >>said
        case $line in *"$1"*) found=yes ;; esac
    done <shown
    kill -INT "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ $found = yes ] || give_up "$2: does not show $1"
}

# as_each COMMAND: by the settings, so as breachd, and as each user that the room has.
as_each() {
    local user
    env -u BREACHCTL_REDIS -u BREACHCTL_PASSWORD_FILE breachctl "$1" -c first/breachd.conf >>said 2>&1 ||
        give_up "breachctl $1 -c first/breachd.conf fails"
    for user in room wall; do
        breachctl "$1" --redis "unix://$user@$PWD/first/redis.sock" \
            --password-file "first/secrets/$user.password" >>said 2>&1 || give_up "breachctl $1 as $user fails"
    done
}

SECONDS=0
command='' told=0
while IFS= read -r line; do
    command=$command${command:+$'\n'}$line
    is_whole "$command" || continue
    told=$((told + 1))
    case $command in
    *'breachctl watch'*) watch_until 'TRIAL-1/home/1: inside by 200 m' "$command" ;;
    'breachctl open') as_each open; as_each status ;;&
    *) eval "$command" >>said 2>&1 </dev/null || give_up "failed: $command" ;;
    esac
    command=''
done <lines
[ "$(command -v breachd)" = "$home/sbin/breachd" ] || give_up "breachd is another one"
[ "$told" -ge 10 ] || give_up "only $told commands in the first hour"

[ -z "$command" ] || give_up "no whole command: $command"

# Of what breachd(8) shows, all but the times.
block '.Bd -literal -offset indent' | sed -e 's/^[0-9:]*  //' -e 's/, *\\$//' -e 's/^ .*//' -e '/^$/d' >shows
[ "$(wc -l <shows)" -ge 2 ] || give_up "breachd(8) does not show what is said"
while IFS= read -r line; do
    grep -qF -e "$line" said || give_up "never said: $line"
done <shows
grep -qF 'TRIAL-1/home/1: taken by me' said || give_up "it is not taken"
! grep -qE 'NOPERM|WRONGPASS|NOAUTH|not shown' said first/breachd.log || give_up "Redis refuses something"
wait # both were told to end; else this comes to no end
echo "first_hour.sh: an own alert, $told commands, $SECONDS s"
