#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# journal.sh BREACHD: breachd -n shows an operator where a refused zone lies, and does not write it into
# systemd's journal, where ExecStartPre= would leave it for good.
set -u
cd "$(dirname "$0")/../golden" || exit 2
said=$(mktemp) || exit 2
trap 'rm -f "$said"' EXIT
bad=0

"$1" -n -c manual/breachd.conf 2>"$said"
grep -q 'swapped, here or in region? (latitude 0.47120' "$said" ||
    { echo "journal.sh: an operator is not shown the place"; bad=1; }

# systemd.exec(5): the device and inode of the stream that is the journal.
stream=$(stat -c %d:%i "$said")
JOURNAL_STREAM=$stream "$1" -n -c manual/breachd.conf 2>"$said"
grep -q 'swapped, here or in region?: breachd -n says where' "$said" ||
    { echo "journal.sh: the journal is not told of the complaint"; bad=1; }
if grep -E '0\.4712|51\.57|0\.475' "$said"; then
    echo "journal.sh: that is a place"
    bad=1
fi
exit $bad
