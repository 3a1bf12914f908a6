#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh layers_built.sh SOURCE BUILD: who knows whom, by what the compiler read for each source, so that no
# way of writing an include, nor a header in between, slips past. See layers.sh for the reasons.
# What it read for each header alone is held against the same rules.
root=$(cd "$1" && pwd) && cd "$2" || exit 2
[ -f .ninja_deps ] || exit 77
build=$(pwd)

# "daemon/core/zone.c include/core/zone.h", "… /usr/include/geos_c.h": of our libraries and headers.
ninja -t deps | awk -v root="$root/" -v build="$build/" '
    function plain(path) {
        if (index(path, "/") != 1)
            path = build path
        while (sub("/[^/]+/\\.\\./", "/", path)) {
        }
        return index(path, root) == 1 ? substr(path, length(root) + 1) : path
    }
    /#deps/ {
        sub(":$", "", $1)
        sub(".*CMakeFiles/(core|adapter|app|ctl|web|breachd|breachctl|breachd-web)[.]dir/", "", $1)
        from = $1 ~ "^daemon/.*[.]c[.]o$" ? substr($1, 1, length($1) - 2) : ""
        if (sub(".*headers_alone[.]dir/headers/", "", $1) && sub("[.]h[.]c[.]o$", "", $1))
            from = "header " $1
        next
    }
    from != "" && /^ / {
        to = plain($1)
        # of a header alone the first of ours that is read is that header
        if (from ~ "^header ") {
            if (to !~ "^include/")
                next
            from = to
        }
        if (from != to)
            print from, to
    }' >pairs.layers
trap 'rm -f "$build/pairs.layers"' EXIT

awk '
    BEGIN {
        may["conf"] = may["http"] = may["mqtt"] = may["ping"] = "nothing"
        may["json"] = "conf/"
        may["ledger"] = "json/|conf/"
        may["redis"] = "ledger/kept[.]h|json/|ping/|conf/"
        all = "include/(adapter|app|ctl|web)/|/usr/include/(event2/|hiredis/|sqlite3[.]h|jansson[.]h|" \
              "ini[.]h|(x86_64-linux-gnu/)?openssl/|systemd/|pthread[.]h|proj[.]h|expat[.]h|zlib[.]h|" \
              "seccomp[.]h)|/sys/socket[.]h"
        not["core"] = all
        not["adapter"] = "^include/(app|ctl|web)/"
        not["app"] = "^include/(ctl|web)/|" \
                     "/(hiredis/|sqlite3[.]h|jansson[.]h|openssl/|geos_c[.]h)"
        not["ctl"] = "^include/(app|web)/|/(hiredis/|sqlite3[.]h|openssl/|geos_c[.]h|systemd/)"
        not["web"] = "^include/(app|ctl|adapter/ledger|core/watch)|" \
                     "/(hiredis/|sqlite3[.]h|openssl/|geos_c[.]h|systemd/)"
        only["/geos_c[.]h$"] = "(daemon|include)/core/zone"
        only["/hiredis/"] = "(daemon|include)/adapter/redis/(redis|resp_reader)[.][ch]"
        only["/sqlite3[.]h$"] = "(daemon|include)/adapter/ledger/"
        only["/proj[.]h$"] = "daemon/ctl/projection[.]c"
        only["/expat[.]h$"] = "daemon/adapter/ping/ping_gpx[.]c"
        only["/zlib[.]h$"] = "daemon/adapter/gzip[.]c"
        only["/seccomp[.]h$"] = "daemon/adapter/confine[.]c"
        only["/usr/include/ini[.]h$"] = "daemon/adapter/conf/ini[.]c"
        only["/systemd/"] = "daemon/(adapter/supervise|app/timedate)[.]c"
    }
    function refuse(why) {
        print "layers: " $1 " knows " $2 ": " why
        bad = 1
    }
    {
        pairs++
        split($1, at, "/")
        layer = at[2]
        if (layer in not && $2 ~ not[layer])
            refuse("no business of " layer)
        if (layer == "adapter" && $2 ~ "^include/adapter/[a-z]+/") {
            room = $1 ~ "^[a-z]+/adapter/[a-z]+/" ? at[3] : ""
            split($2, other, "/")
            if (room == "")
                refuse("the ground floor knows no room")
            else if (room != other[3] && $2 !~ "^include/adapter/(" may[room] ")")
                refuse("a room that " room " may not know")
        }
        if ($2 ~ "_parts[.]h$") {
            home = $2
            sub("^include/", "", home)
            sub("/[^/]*$", "", home)
            if ($1 !~ "^(daemon|include)/" home "/[^/]*$")
                refuse("that is for " home " alone")
        }
        for (library in only)
            if ($2 ~ library && $1 !~ "^" only[library])
                refuse("that library belongs elsewhere")
    }
    END {
        if (pairs < 10000) {
            print "layers: " pairs + 0 " dependencies read: too few to say anything"
            bad = 1
        }
        exit bad
    }' pairs.layers
