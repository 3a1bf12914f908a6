#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Arrows only point down: core knows core, adapter knows core, app and ctl know both but not each
# other; each library has its place.
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

refuse 'adapter/|app/|event2/|hiredis|sqlite3|jansson|ini\.h|openssl|systemd|pthread|sys/socket' daemon/core/*.c include/core/*.h
refuse 'app/|systemd' daemon/adapter/*.c include/adapter/*.h
refuse 'ctl/' daemon/core/*.c include/core/*.h daemon/adapter/*.c include/adapter/*.h daemon/app/*.c include/app/*.h
refuse 'hiredis|sqlite3|jansson|ini\.h|openssl|geos_c' daemon/app/*.c include/app/*.h
refuse 'app/|hiredis|sqlite3|ini\.h|openssl|geos_c|systemd' daemon/ctl/*.c include/ctl/*.h

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

only 'geos_c' '(daemon/core/zone(_rings)?\.c|include/core/zone_parts\.h)'
only 'hiredis' '(daemon/adapter/redis|include/adapter/redis_reader)\.[ch]'
only 'sqlite3' '(daemon|include)/adapter/ledger_[a-z]*\.[ch]'
only 'jansson' '((daemon|include)/adapter/[a-z_]*_json\.[ch]|(daemon|include)/ctl/[a-z]*\.[ch])'
only 'expat' 'daemon/adapter/ping_gpx\.c'
only 'ini\.h' 'daemon/adapter/ini\.c'
only 'systemd' 'daemon/app/supervise\.c'
only 'seccomp' 'daemon/app/confine\.c'
only 'openssl' 'daemon/adapter/(basic_auth|chain|digest|signature|tls|tokens)\.c'
only 'event2/http' 'daemon/adapter/(osmand_query|query)\.c'

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
    grep -vE '^daemon/ctl/(svg|bookmark)\.c:' |
    grep -vE '^daemon/ctl/access\.c:[0-9]+:.*fprintf\(file,' |
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
