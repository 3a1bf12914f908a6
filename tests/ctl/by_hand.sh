#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# by_hand.sh PAGE FOLDER FILE KEY: runs, in FOLDER, the commands that PAGE gives for checking an export.
# They are told of FILE and KEY just as somebody who types them would fill them in.
set -u
script=$(mktemp) || exit 2
trap 'rm -f "$script"' EXIT
awk '/^\.Sh / { on = $0 == ".Sh CHECKING BY HAND" }
    on && /^\.Bd / { take = 1; next }
    /^\.Ed/ { take = 0 }
    take' "$1" | sed 's/\\e/\\/g' >"$script"
grep -q sha256sum "$script" || { echo "by_hand.sh: $1 gives no commands"; exit 2; }
cd "$2" || exit 2
EVIDENCE=$3 KEY=$4 sh "$script" 2>&1
