/* SPDX-License-Identifier: Apache-2.0 */
/* codes.h - of so many cases, how many were answered by which status code: a line to print. */
#ifndef SUPPORT_CODES_H
#define SUPPORT_CODES_H

#include <stdio.h>

#include "support/test.h"

enum { CODES = 600 };

struct codes {
    int cases, with[CODES]; /* 0: without an answer */
};

static inline void codes_add(struct codes *codes, int code)
{
    assert_in_range(code, 0, CODES - 1);
    codes->cases++;
    codes->with[code]++;
}

/* "WHAT: 72 cases: 400 70, 501 2" */
static inline void codes_print(const struct codes *codes, const char *what)
{
    char line[512];
    int n = snprintf(line, sizeof line, "%s: %d cases:", what, codes->cases);
    const char *comma = "";

    for (int code = 1; code < CODES; code++) {
        if (codes->with[code] > 0 && n < (int)sizeof line) {
            n += snprintf(line + n, sizeof line - (size_t)n, "%s %d %d", comma, code,
                          codes->with[code]);
            comma = ",";
        }
    }
    if (codes->with[0] > 0 && n < (int)sizeof line)
        snprintf(line + n, sizeof line - (size_t)n, "%s no answer %d", comma, codes->with[0]);
    print_message("%s\n", line);
}

#endif
