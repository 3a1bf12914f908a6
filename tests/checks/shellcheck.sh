#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every script below ROOT (the argument), but those for zsh, which it does not know.
cd "$1" || exit 2
command -v shellcheck >/dev/null || { echo "shellcheck.sh: skipped: no shellcheck here"; exit 77; }
find .ci config daemon systemd tests \( -name '*.sh' -o -name '*.bash' -o -path .ci/run \) \
    -exec shellcheck -x {} +
