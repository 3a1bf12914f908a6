/* SPDX-License-Identifier: Apache-2.0 */
/* instant.h - two clocks, two types: utc (what devices say), tick (what time-outs use). */
#ifndef CORE_INSTANT_H
#define CORE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z, no leap seconds. */
struct utc {
    int64_t ms;
};

/* Milliseconds of the monotonic clock; only differences mean anything. */
struct tick {
    int64_t ms;
};

#define UTC_ALWAYS ((struct utc){ INT64_MIN }) /* before every instant: "not given" for a start */
#define UTC_NEVER  ((struct utc){ INT64_MAX }) /* after every instant: "open-ended" */

/* 2201-01-01T00:00:00Z: what is read and kept lies before it. */
#define UTC_END ((struct utc){ 7289654400000 })

enum { UTC_TEXT_MAX = 32 };

/*
 * Reads RFC 3339 from the whole of `text`: 2020-06-23T20:14:05.250+01:00; `T`, `t` or a
 * blank between date and time, `Z`, `z` or an offset after it; digits past the millisecond
 * are cut. Years 1970 to 2200. False, with *out_utc untouched, for anything else; a leap
 * second (:60) is the next second.
 */
bool utc_parse(const char *text, struct utc *out_utc);

/*
 * An instant outside 1970 to 2200, of a clock that was never set or runs wild, as one of the first
 * 366 days or the last 365 days of that: not the true one, but as far from now as anybody has to
 * know, and another for another. Any else is itself. `ms` is a finite number.
 */
struct utc utc_within(double ms);

/*
 * utc_parse, or a text like it of a year outside those, of up to nine digits with a sign or without
 * (0000-00-00T00:00:00Z, 41315701-04-17T21:18:47Z): utc_within of that.
 */
bool utc_parse_any(const char *text, struct utc *out_utc);

/*
 * Reads `2020-06-23 20:14` or `2020-06-23 20:14:05`, what a clock on a wall shows, in milliseconds
 * since that clock showed 1970. The years and the untouched output are those of utc_parse.
 */
bool wall_parse(const char *text, int64_t *out_ms);

/*
 * What is wrong with a text that neither utc_parse nor wall_parse takes, to be put behind it; NULL
 * for one that utc_parse takes.
 */
const char *utc_flaw(const char *text);

/* Writes 2020-06-23T20:14:05.000Z; "always" and "never" for the two ends. Returns `text`. */
char *utc_print(struct utc at, char text[UTC_TEXT_MAX]);

static inline struct utc utc_earlier(struct utc a, struct utc b)
{
    return a.ms < b.ms ? a : b;
}

static inline struct utc utc_later(struct utc a, struct utc b)
{
    return a.ms > b.ms ? a : b;
}

static inline struct utc utc_plus(struct utc at, int64_t ms)
{
    return (struct utc){ at.ms + ms };
}

#endif
