# SPDX-License-Identifier: Apache-2.0
# A loop has a bound that is written beside it: its head counts, walks a text to its NUL or names a limit; or the
# comment beside or above it says what ends it, or the first line of its body names the limit.
{ lines[FNR] = $0 }

function code(text) {
    sub(/\/\/.*/, "", text)
    gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
    return text
}

# The head of the loop that begins at line `at`, to its last bracket; sets `last`, its last line.
function head_of(at,    head, n, open, i) {
    head = ""
    for (last = at; last <= FNR; last++) {
        head = head " " code(lines[last])
        n = open = 0
        for (i = 1; i <= length(head); i++) {
            if (substr(head, i, 1) == "(") { open++; n++ }
            if (substr(head, i, 1) == ")") open--
            if (n > 0 && open == 0) return substr(head, 1, i)
        }
        if (head ~ /^ *do \{/) return head
    }
    return head
}

function counts(head) {
    if (head ~ /-- *\)/ || head ~ /'\\0'/) return 1
    gsub(/->/, "", head)
    gsub(/> 0/, "", head) # of what is read
    return head ~ / (<|>|<=|>=) / && head !~ /while .*\.ms <= /
}

END {
    limit = "_(MAX|LIMIT|MOST|TURN|UNITS|PATIENCE_MS)([^A-Z_]|$)"
    for (at = 1; at <= FNR; at++) {
        if (lines[at] !~ /^[ \t]*(while|for) \(/ && lines[at] !~ /^[ \t]*do \{/ && lines[at] !~ /_(FOREACH|foreach)\(/)
            continue
        head = head_of(at)
        above = at > 1 ? lines[at - 1] : ""
        if (counts(head) || head ~ limit || lines[last + 1] ~ limit || lines[last + 1] ~ /\/\// || lines[at] ~ /\/\// || above ~ /\/\/|\*\/$/)
            continue
        print "loops: " FILENAME ":" at ": nothing beside it says what ends it: " lines[at]
    }
}
