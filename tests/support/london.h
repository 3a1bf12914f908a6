/* SPDX-License-Identifier: Apache-2.0 */
/* london.h - Europe/London in 2020 written by hand, and instants as text. */
#ifndef SUPPORT_LONDON_H
#define SUPPORT_LONDON_H

#include "core/civil.h"

#include "support/test.h"

/* Forward on 29 March, back on 25 October, both at 01:00Z. */
static const struct civil london_2020 = {
    .n = 3,
    .change = { { { INT64_MIN }, 0 }, { { 1585443600000 }, 3600 }, { { 1603587600000 }, 0 } },
};

static inline struct utc utc_of(const char *text)
{
    struct utc at;

    if (!utc_parse(text, &at))
        fail_msg("%s is no instant", text);
    return at;
}

#endif
