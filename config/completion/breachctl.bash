# SPDX-License-Identifier: Apache-2.0
# bash completion of breachctl: commands and options are those that `breachctl help` tells.

# _breachctl_offers COMMAND BEFORE: what may follow the word BEFORE.
_breachctl_offers() {
    local usage
    case $2 in
    breachctl | help) breachctl help | sed -n 's/^  \([a-z]*\) .*/\1/p'; return ;;
    --severity) printf '%s\n' info warning high critical; return ;;
    --state) printf '%s\n' open ended taken untaken shelved closed; return ;;
    --role) printf '%s\n' view room map; return ;;
    --tls) printf '%s\n' self-signed none; return ;;
    --reason)
        case $1 in
        ack | close)
            printf '%s\n' drift authorised reasonable-excuse victim-approached attended arrested \
                prosecuted fined imprisoned other
            ;;
        esac
        return
        ;;
    esac
    usage=$(breachctl help "$1" 2>/dev/null | head -n 1)
    case $usage in
    *'[REDIS]'*) printf '%s\n' --redis --password-file --prefix --tls-ca --tls-certificate --tls-key ;;
    esac
    printf '%s\n' "$usage" | grep -oE -e '--[a-z-]+' | sort -u
    case $1 in
    order)
        printf '%s\n' new check import end --orders --file --dry-run
        breachctl help | grep '^KEYS are' | grep -oE -e '--[a-z-]+'
        ;;
    user) printf '%s\n' add list remove ;;
    esac
    case $usage in
    *INCIDENT)
        breachctl open --json 2>/dev/null | sed -n 's/.*"incident": *"\([^"]*\)".*/\1/p'
        ;;
    esac
}

_breachctl() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    case $before in
    -c | -o | --ledger | --orders | --against | --against-conf | --anchors | --svg | --html | --password-file | \
        --tls-ca | --tls-certificate | --tls-key)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    *)
        [ "$COMP_CWORD" -ne 1 ] || before=breachctl
        mapfile -t COMPREPLY < <(compgen -W "$(_breachctl_offers "${COMP_WORDS[1]}" "$before")" \
            -- "$word")
        ;;
    esac
}

complete -o default -F _breachctl breachctl
