/* SPDX-License-Identifier: Apache-2.0 */
/* taken.h - what a reader hands over, as lines that a table can hold. */
#ifndef ADAPTER_TAKEN_H
#define ADAPTER_TAKEN_H

#include "adapter/ping/ping_reader.h"

/*
 * A line each: "0 tag-1 2020-06-23T20:14:05.000Z 51.57012 0.45901", or "untimed", with accuracy,
 * speed, course, battery, tamper, battery-low, no-fix and alarm when they were said;
 * "1 lat: missing"; or "2 ignored".
 */
struct taken {
    char text[4096];
    size_t length;
};

/* A ping_taker; `arg` is a struct taken. */
void taken_add(const struct ping *ping, size_t index, const char *why, void *arg);

/* The lines of a whole body, or the reason why it cannot be read. */
void taken_all(ping_reader *reader, const struct ping_body *body, struct taken *out);

/* A table of bodies, each with what must come of it; how many did not, with their names printed. */
struct taken_row {
    const char *says, *body, *want;
};
int taken_count_wrong(ping_reader *reader, const struct taken_row *rows, size_t n);

#define taken_hold(reader, rows)                                                                   \
    assert_int_equal(taken_count_wrong(reader, rows, sizeof(rows) / sizeof *(rows)), 0)

#endif
