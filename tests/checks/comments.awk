# SPDX-License-Identifier: Apache-2.0
# What clang-format, which never touches the text of a comment, does not hold. Bytes are counted, but
# for those that go on with a character of UTF-8: run it with LC_ALL=C.

function complain(line, what) {
    printf "%s:%d: %s\n", FILENAME, line, what
    bad = 1
}

function columns(text) {
    gsub(/[\200-\277]/, "", text)
    return length(text)
}

# Where a comment begins outside of "strings" and 'c'haracters; 0: nowhere.
function comment_at(line, at, rest) {
    at = 1
    rest = line
    while (match(rest, /"([^"\\]|\\.)*"|'([^'\\]|\\.)+'|\/\/|\/\*/)) {
        at += RSTART - 1
        if (substr(line, at, 1) == "/")
            return at
        at += RLENGTH
        rest = substr(line, at)
    }
    return 0
}

# Of a comment of several lines: a paragraph's longest line, and whether one in its middle is alone.
function end_paragraph(i, most) {
    for (i = 1; i <= words_n; i++)
        if (columns(paragraph[i]) > most)
            most = columns(paragraph[i])
    for (i = 1; i < words_n; i++)
        if (2 * columns(paragraph[i]) < most && paragraph[i] !~ /[:;.]$/ &&
            (split(paragraph[i], words, " ") <= 3))
            complain(paragraph_at + i - 1, "a line of few words amid a comment: " paragraph[i])
    words_n = 0
}

function take_text(text) {
    sub(/^ *\*? ?/, "", text)
    if (text == "" || text ~ /^ /) {
        end_paragraph()
        indented = text != ""
        return
    }
    if (text ~ /^([0-9]+\.|[-*]) /) { # an item of a list goes on below its text, indented
        end_paragraph()
        indented = 1
        return
    }
    if (indented && text ~ /^[a-z(]/)
        complain(FNR, "goes on with a list or a table without its indent: " text)
    indented = 0
    if (words_n == 0)
        paragraph_at = FNR
    paragraph[++words_n] = text
}

# The first and only line of text, which began at column `margin`, would have fit beside its marks.
function check_short() {
    if (FNR == began + 2 && margin + columns(only) + 6 <= 100)
        complain(began, "a comment of one line on three: " only)
}

FNR == 1 {
    header = FILENAME ~ /\.h$/
    inside = 0
}

inside {
    if (columns($0) > 100)
        complain(FNR, "a comment of over 100 columns")
    if ((end = index($0, "*/")) == 0) {
        only = $0
        sub(/^ *\*? ?/, "", only)
        take_text($0)
        next
    }
    inside = 0
    last = ""
    end_paragraph()
    if ($0 !~ /^ *\*\/$/)
        complain(FNR, "the */ of a comment of several lines stands alone")
    else
        check_short()
    next
}

(at = comment_at($0)) > 0 {
    before = substr($0, 1, at - 1)
    is_own = before ~ /^ *$/
    mark = substr($0, at, 2)
    end = index(substr($0, at + 2), "*/")
    if (columns($0) > 100)
        complain(FNR, "a comment of over 100 columns")
    if (before ~ /^\}[^{]*;? *$/ && !is_own)
        complain(FNR, "the remark on a whole enum or struct stands above it")
    if (!is_own && last ~ /^ +[a-z_0-9 ]+$/ && last !~ /^ +(else|do)$/)
        complain(FNR, "a declaration that its remark has broken in two")
    if (mark == "//" && header)
        complain(FNR, "a header has /* */, no //")
    if (mark == "//" && !header && is_own && before == "")
        complain(FNR, "/* */ above functions; // is for inside")
    if (mark == "/*" && !header && end > 0 && (!is_own || before != "") &&
        substr($0, at + 2 + end + 1) == "")
        complain(FNR, "// for a remark inside; /* */ is for above functions and for headers")
    if (mark == "/*" && end == 0) {
        if (!is_own || substr($0, at) != "/*")
            complain(FNR, "the /* of a comment of several lines stands alone")
        if (!header && before != "")
            complain(FNR, "// for a remark inside; /* */ is for above functions and for headers")
        inside = 1
        began = FNR
        margin = length(before)
        indented = words_n = 0
    }
}

{ last = $0 }

END { exit bad }
