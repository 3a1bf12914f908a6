/* SPDX-License-Identifier: Apache-2.0 */
/* known_parts.h - what is known as tables of members; for known_*.c. */
#ifndef ADAPTER_JSON_KNOWN_PARTS_H
#define ADAPTER_JSON_KNOWN_PARTS_H

#include "adapter/json/known.h"

#include <string.h>

/*
 * FLAG bool, COUNT uint32_t, CHOICE an enum, WHOLE an instant, WIDE any
 * int64_t, REAL double (null: NaN), TEXT.
 */
enum kind { FLAG, COUNT, CHOICE, WHOLE, WIDE, REAL, TEXT };

struct field {
    const char *name;
    enum kind kind;
    size_t offset, n, stride; /* n 0: a single value; else an array of n */
    /* COUNT, CHOICE: from there on it is no value; 0: none. TEXT: bytes. */
    uint32_t limit;
};

struct known_table {
    const struct field *fields;
    size_t n;
};

extern const struct known_table known_devices, known_estimates, known_incidents, known_custodies,
    known_pings;

/* Whether the member is left out: it is zero, or each of its array is. */
bool known_is_zero(const struct field *field, const char *at);

/* Of one value. Here, as a near ping asks it a thousand times. -0 is not left out. */
static inline bool known_value_is_zero(enum kind kind, const void *at)
{
    int64_t bits;

    switch (kind) {
    case FLAG:
        return !*(const bool *)at;
    case COUNT:
    case CHOICE:
        return *(const uint32_t *)at == 0;
    case WHOLE:
    case WIDE:
    case REAL:
        memcpy(&bits, at, sizeof bits);
        return bits == 0;
    case TEXT:
        return *(const char *)at == '\0';
    }
    return false;
}

/* Whether milliseconds since 1970 can have been kept by us, or are one of the ends of time. */
bool known_is_instant(int64_t ms);

/*
 * The members of `from` that are not zero, behind what stands on the page; `only`: NULL, or for
 * each row of the table whether it may be written.
 */
void known_put_members(struct page *page, const struct known_table *table, const void *from,
                       const bool *only);

/* A struct and the table of its members. */
struct known_whole {
    const struct known_table *table;
    void *to;
};

/*
 * Fills in what known_pack.h has packed, of all of these; false, having filled in what it could,
 * when something is not what it should be.
 */
bool known_unpack(const char *text, const struct known_whole *wholes, size_t n);

/*
 * Zeroes all `size` bytes of `to`, then fills in each member that is what it should be; false when
 * one is not, or `object` is none: then what was filled in is what there is.
 */
bool known_fill(const struct known_table *table, const json_t *object, void *to, size_t size);

/* The same without the zeroes: what the object does not name stays as it is. */
bool known_fill_over(const struct known_table *table, const json_t *object, void *to);

#endif
