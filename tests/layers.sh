#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Arrows only point down: core knows core, adapter knows core, app, ctl and web know both but not each
# other; adapter's rooms know each other as they are listed here; each library has its place.
cd "$1" || exit 2
bad=0

# refuse PATTERN WHERE... : no include may match there.
refuse() {
    pattern=$1
    shift
    if grep -nE "^#include [\"<]($pattern)" "$@"; then
        echo "layers: '$pattern' may not be included there"
        bad=1
    fi
}

# sources LAYER...: its files, with those in its rooms.
sources() {
    find "$@" -name '*.[ch]'
}

# shellcheck disable=SC2046 # no name of ours has a blank
{
    refuse 'adapter/|app/|event2/|hiredis|sqlite3|jansson|ini\.h|openssl|systemd|pthread|proj\.h|sys/socket' $(sources daemon/core include/core)
    refuse 'app/|web/' $(sources daemon/adapter include/adapter)
    refuse 'ctl/|web/' $(sources daemon/core include/core daemon/adapter include/adapter daemon/app include/app)
    refuse 'app/|ctl/|adapter/ledger|core/watch|hiredis|sqlite3|ini\.h|openssl|geos_c|systemd' $(sources daemon/web include/web)
    refuse 'web/' $(sources daemon/ctl include/ctl)
    refuse 'hiredis|sqlite3|jansson|ini\.h|openssl|geos_c' $(sources daemon/app include/app)
    refuse 'app/|hiredis|sqlite3|ini\.h|openssl|geos_c|systemd' $(sources daemon/ctl include/ctl)
}

# room NAME MAY: of the other rooms of adapter it knows those headers, and the ground floor.
rooms='conf http json ledger mqtt ping redis'
room() {
    here=$1
    may=$2
    for other in $rooms; do
        [ "$other" = "$here" ] && continue
        found=$(grep -rnE "^#include \"adapter/$other/" "daemon/adapter/$here" "include/adapter/$here" |
            grep -vE "\"adapter/($may)")
        if [ -n "$found" ]; then
            echo "layers: adapter/$here may not know adapter/$other: $found"
            bad=1
        fi
    done
}
room conf 'nothing'
room http 'nothing'
room mqtt 'nothing'
room ping 'nothing'
room json 'conf/'
room ledger 'json/'
room redis 'ledger/kept\.h|json/|ping/'
if grep -nE '^#include "adapter/[a-z]+/' daemon/adapter/*.c include/adapter/*.h; then
    echo "layers: the ground floor of adapter knows no room"
    bad=1
fi
for name in daemon/adapter/* include/adapter/*; do
    case " $rooms " in
    *" ${name##*/} "*) ;;
    *) [ -d "$name" ] && echo "layers: $name is no room" && bad=1 ;;
    esac
done

# What a module is made of is for its own room, or layer where there is none.
all_parts=$(find include -name '*_parts.h')
for parts in $all_parts; do
    name=${parts#include/}
    found=$(grep -rlF "#include \"$name\"" daemon include | grep -vE "^(daemon|include)/${name%/*}/[^/]*$")
    if [ -n "$found" ]; then
        echo "layers: $name is for ${name%/*} alone, not for: $found"
        bad=1
    fi
done

# one library, one place
only() {
    library=$1
    allowed=$2
    found=$(grep -rlE "^#include <($library)" daemon include | grep -vE "^($allowed)$")
    if [ -n "$found" ]; then
        echo "layers: <$library> belongs into $allowed, not into: $found"
        bad=1
    fi
}

only 'geos_c' '(daemon/core/zone(_rings|_edge)?\.c|include/core/zone_parts\.h)'
only 'hiredis' '(daemon|include)/adapter/redis/(redis|resp_reader)\.[ch]'
only 'sqlite3' '(daemon|include)/adapter/ledger/[a-z_]*\.[ch]'
only 'jansson' '(daemon|include)/(adapter/(json|ping|conf)/[a-z_]*|adapter/memory_json|(ctl|web)/[a-z_]*)\.[ch]'
only 'proj\.h' 'daemon/ctl/projection\.c'
only 'expat' 'daemon/adapter/ping/ping_gpx\.c'
only 'zlib' 'daemon/adapter/gzip\.c'
only 'ini\.h' 'daemon/adapter/conf/ini\.c'
only 'systemd' 'daemon/(adapter/supervise|app/timedate)\.c'
only 'seccomp' 'daemon/adapter/confine\.c'
only 'openssl' 'daemon/adapter/(http/(basic_auth|scrypt|tokens)|json/known_(un)?pack|ledger/signature|certificate(_make)?|chain|digest|secret|tls)\.c'
only 'event2/http' '(daemon/adapter/ping/osmand_query|daemon/adapter/query)\.c'
if grep -rnE '^#include <event2/' daemon/adapter/ping daemon/adapter/json daemon/adapter/conf \
    include/adapter/ping include/adapter/json include/adapter/conf | grep -vE '<event2/(http|keyvalq_struct)'; then
    echo "layers: no event loop in ping, json and conf"
    bad=1
fi

# core never asks for the time, and says nothing to anybody
if grep -nE '\b(clock_gettime|gettimeofday|time|printf|fprintf|getenv)\(' daemon/core/*.c; then
    echo "layers: core has no clock, no log, no environment"
    bad=1
fi

# What people read goes through print.h, which shows what stands in it and does not obey it. What may
# be written past it: texts of ours, our colours, an XML that escapes for itself, and files. line_json
# is for JSON.
writers='(v?f?printf|v?dprintf|fputs|fputs_unlocked|puts|putchar|fputc|putc|fwrite|write|perror|json_dumpf|json_dumpfd)'
if grep -nE "(^|[^a-z_])$writers\(" daemon/ctl/*.c daemon/app/*.c daemon/adapter/log.c daemon/adapter/print.c |
    grep -vE ':[0-9]+:.*[^a-z_](puts|fputs)\("([^"\]|\\.)*"( BREACHD_VERSION)?[,)]' |
    grep -vE "putchar\('..?'\)|fputc\('..?', out\)" |
    grep -vE '^daemon/app/main\.c:[0-9]+:.*fputs\(usage, std(out|err)\)' |
    grep -vE '^daemon/ctl/line\.c:[0-9]+:.*fputs\(colour' |
    grep -vE '^daemon/ctl/(svg(_[a-z]+)?|cursor|handover_html)\.c:' |
    grep -vE '^daemon/ctl/access\.c:[0-9]+:.*fprintf\(file,' |
    grep -vE '^daemon/ctl/(order_(sheet|kept|edit)|import_[a-z]+)\.c:[0-9]+:.*(fprintf\((keeping->)?file,|fputc\(.*, file\)|fputs\(.*, file\))' |
    grep -vE '^daemon/ctl/init_(files|redis|text|value)\.c:[0-9]+:.*(fprintf\(file,|fputs\(.*, file\))' |
    grep -vE '^daemon/ctl/init_stage\.c:[0-9]+:.*fwrite\(text,' |
    grep -vE '^daemon/ctl/order_place\.c:[0-9]+:.*fwrite\(text,' |
    grep -vE '^daemon/ctl/user_file\.c:[0-9]+:.*fprintf\(writing->file,' |
    grep -vE '^daemon/ctl/export\.c:[0-9]+:.*fwrite\(text,' |
    grep -vE '^daemon/adapter/log\.c:[0-9]+:.*, prefix, shown\)|^daemon/adapter/print\.c:[0-9]+:.*fputs\(piece, out\)'; then
    echo "layers: printed past adapter/print.h"
    bad=1
fi

# the root holds what was agreed and nothing else
extra=$(find . -mindepth 1 -maxdepth 1 ! -name '.*' ! -name daemon ! -name include ! -name config \
    ! -name systemd ! -name tests ! -name build ! -name CMakeLists.txt ! -name README.md ! -name LICENSE)
if [ -n "$extra" ]; then
    echo "layers: not agreed at the top: $extra"
    bad=1
fi
exit $bad
