#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# completion.sh ROOT BREACHCTL bash|zsh: what a shell offers after TAB.
set -u
root=$1 shell=$3
PATH=$(dirname "$2"):$PATH
bad=0

# is WORDS... = OFFERS: the last word is completed; the offers in the shell's order, sorted.
is() {
    local words=() want
    while [ "$1" != = ]; do words+=("$1"); shift; done
    # shellcheck disable=SC2086 # a list of words
    want=$(printf '%s\n' ${2} | sort -u)
    got=$(complete_words "${words[@]}" | sort -u)
    if [ "$got" != "$want" ]; then
        printf 'completion of [%s]: wanted\n%s\ngot\n%s\n' "${words[*]}" "$want" "$got"
        bad=1
    fi
}

if [ "$shell" = zsh ]; then
    command -v zsh >/dev/null || { echo "completion.sh: no zsh here"; exit 77; }
    zsh -n "$root/config/completion/_breachctl" || exit 1
    # What zsh offers is asked of the same two functions that the file calls.
    complete_words() {
        zsh -f -c 'compdef() { :; }; source "$1"; shift; __breachctl_offers "$@"' zsh \
            "$root/config/completion/_breachctl" "$@"
    }
else
    . "$root/config/completion/breachctl.bash"
    complete_words() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        _breachctl
        [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
    }
fi

is breachctl re = 'reload replay report'
is breachctl st = 'status'
is breachctl incidents --state t = 'taken'
is breachctl help exp = 'explain export'
is breachctl close --reason a = 'arrested attended authorised'
is breachctl watch --severity h = 'high'
is breachctl watch --se = '--severity'
is breachctl ack --b = '--by'
is breachctl status --r = '--redis'
is breachctl verify --red = ''
is breachctl reload -- = '--json --ledger --really'
is breachctl replay --against = '--against --against-conf'
is breachctl report -- = '--csv --exercise --from --json --ledger --orders --to'
is breachctl order ch = 'check'
is breachctl order new --mon = '--monitoring'
is breachctl order end --a = '--age --area --ask --at'
is breachctl init --tls '' = 'self-signed none'
is breachctl init --tls- = '--tls-certificate --tls-key'
is breachctl init --y = '--yes'
is breachctl user re = 'remove'
is breachctl user add --role r = 'room'
is breachctl order import --d = '--devices --dry-run'
exit $bad
