/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resp_filter.h - what a Redis says, on its way to hiredis, which takes memory for any length that
 * it is told: what is too large is left out before it. Pure.
 */
#ifndef ADAPTER_REDIS_RESP_FILTER_H
#define ADAPTER_REDIS_RESP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESP_FILTER_HEAD_MAX = 24 }; /* bytes of the line that says a length */

struct resp_filter_limits {
    int64_t texts;   /* bytes of all texts behind one list's head, up to the next one's */
    int64_t members; /* of a list */
};

/* Zeroed but for the limits is one that has seen nothing. */
struct resp_filter {
    struct resp_filter_limits limits;
    enum { RESP_FILTER_HEAD, RESP_FILTER_LINE, RESP_FILTER_PASS, RESP_FILTER_SKIP } state;
    char head[RESP_FILTER_HEAD_MAX];
    size_t n;      /* bytes of the head so far */
    uint64_t left; /* bytes of a text to pass or skip, with its line end */
    uint64_t drop; /* values of lists that are left out, still to come */
    int64_t texts; /* bytes since the newest list's head */
};

/*
 * Puts at most `room` bytes into `out` and says how many of the `n` it has done with; call it again
 * with the rest. A text that is too large becomes a nil, a list with too many members an empty one.
 * False when a length is none: what follows cannot be understood. `room` is at least
 * RESP_FILTER_HEAD_MAX.
 */
bool resp_filter_feed(struct resp_filter *filter, const char *bytes, size_t n, size_t *out_done,
                      char *out, size_t room, size_t *out_n);

#endif
