# SPDX-License-Identifier: Apache-2.0
# members.awk -v TABLE=FILE -v WHOLE='STRUCT:ROOT:PATH …' HEADER... FILE: FILE is a table of offsets as
# the preprocessor leaves it; each member of STRUCT has its row there, offsetof(struct ROOT, PATH…),
# however deep it lies in structs of those headers.

# A header: the members of each struct, as "type name" with [ behind an array, * before a pointer.
FNR == 1 { flush_struct(); in_table = FILENAME == TABLE }
!in_table {
    sub(/\/\/.*/, "")
    text = text " " $0
    next
}
{ table = table " " $0 }

function flush_struct(    part, body, name, at) {
    while (match(text, /\/\*([^*]|\*+[^*\/])*\*+\//))
        text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
    while (match(text, /struct [a-z_]+ \{[^}]*\}/)) {
        part = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        at = index(part, "{")
        name = substr(part, 8, at - 9)
        body = substr(part, at + 1, length(part) - at - 1)
        members[name] = body
    }
    text = ""
}

# What is not kept, and why.
function is_left_out(of, name) {
    return of == "known_device" && name == "estimate" || # a pointer: a table of its own
           of == "ping" && name == "device" ||           # a text, which known.c prints by itself
           of == "detect" && name == "clock"             # of a kind of devices, all of which is printed
}

function has_row(path) {
    return index(rows, " " path " ") > 0
}

# walk STRUCT ROOT BEFORE: each of its members, of which BEFORE is what leads to it.
function walk(of, root, before,    n, i, m, k, statements, names, type, name, array) {
    if (!(of in members)) {
        print "members: no struct " of
        bad = 1
        return
    }
    n = split(members[of], statements, ";")
    for (i = 1; i <= n; i++) {
        gsub(/^[ \t]+|[ \t]+$/, "", statements[i])
        if (statements[i] == "")
            continue
        m = split(statements[i], names, ",")
        type = names[1]
        sub(/[ *]+[a-z_0-9]+(\[[^]]*\])*$/, "", type)
        for (k = 1; k <= m; k++) {
            name = names[k]
            array = name ~ /\[/ ? "[0]" : ""
            gsub(/\[[^]]*\]/, "", name)
            sub(/.*[ *]/, "", name)
            if (!is_left_out(of, name))
                hold(type, root, before name, array)
        }
    }
}

function hold(type, root, path, array) {
    if (has_row(root "," path)) # of one value, or of an array of them
        return
    if (type ~ /^struct / && type !~ /\*/) {
        walk(substr(type, 8), root, path array ".")
        return
    }
    print "members: struct " root ": " path " has no row in the table"
    bad = 1
}

END {
    flush_struct()
    gsub(/[ \t]+/, "", table)
    while (match(table, /offsetof\(struct[a-z_]+,[^)]*\)/)) {
        rows = rows " " substr(table, RSTART + 15, RLENGTH - 16) " "
        table = substr(table, RSTART + RLENGTH)
    }
    n = split(WHOLE, whole, " ")
    for (i = 1; i <= n; i++) {
        split(whole[i], of, ":")
        walk(of[1], of[2], of[3])
    }
    exit bad
}
