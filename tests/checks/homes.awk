# SPDX-License-Identifier: Apache-2.0
# Functions that a source gives to others, "NAME FILE" a line: what begins a line, is not static, and
# has a body.
FNR == 1 { text = "" }
/^[a-z].*[(;{]/ && !/^(static|typedef|struct [a-z_]+ \{|enum|extern|union)/ { text = $0 }
/^\{/ && text != "" {
    sub(/\(.*/, "", text)
    sub(/.*[ *]/, "", text)
    print text, FILENAME
    text = ""
}
/;[ \t]*$/ && !/^[ \t]/ { text = "" }
