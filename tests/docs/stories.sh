#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# stories.sh ROOT: tests/scenario/README.md explains each word and each option that a story may have, and no
# other.
set -u
cd "$1" || exit 2
# shellcheck source=tests/docs/same.sh
. tests/docs/same.sh
page=tests/scenario/README.md

# The rows of story_verbs.c: { "zone", 4, 4, "of warn schedule", "", take_zone, false },
awk '/ verbs\[\] = / { on = 1; next } /^};/ { on = 0 } on' tests/scenario/story_verbs.c | tr '\n' ' ' |
    sed 's/{/\n/g' | awk -F '"' 'NF > 5 {
        print $2
        n = split($4 " " $6, options, " ")
        for (i = 1; i <= n; i++) print $2, options[i] }' >"$folder/words"

# The headings: ### `zone NAME EAST NORTH RADIUS [of second] [warn METRES] [schedule TEXT]`
# shellcheck disable=SC2016 # marks of Markdown
sed -n 's/^### `\(.*\)`$/\1/p' "$page" | awk '{
    print $1
    for (i = 2; i <= NF; i++) if ($i ~ /^\[[a-z]/) { gsub(/[][]/, "", $i); print $1, $i } }' \
    >"$folder/headings"
same "words of the headings of $page" "$folder/words" "$folder/headings"

# The rows under them: | `warn METRES` | the width of its warning ring |
awk '/^### / { verb = $2; gsub(/`/, "", verb); print verb }
    /^## / { verb = "" }
    verb != "" && /^\| `/ { gsub(/`/, "", $2); print verb, $2 }' "$page" >"$folder/rows"
same "options explained in $page" "$folder/words" "$folder/rows"

exit "$bad"
