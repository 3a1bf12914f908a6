#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# comments.sh ROOT: comments as STYLE has them; clang-format leaves their text alone.
cd "$1" || exit 2
export LC_ALL=C
find daemon include tests -name '*.[ch]' -exec awk -f tests/checks/comments.awk {} +
