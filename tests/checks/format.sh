#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# format.sh ROOT: every source and header is as clang-format has it.
cd "$1" || exit 2
command -v clang-format >/dev/null || { echo "format.sh: skipped: no clang-format here"; exit 77; }
find daemon include tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
