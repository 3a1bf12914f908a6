/* SPDX-License-Identifier: Apache-2.0 */
/* known_parts.h - what is known as tables of members; for known_*.c. */
#ifndef ADAPTER_JSON_KNOWN_PARTS_H
#define ADAPTER_JSON_KNOWN_PARTS_H

#include "adapter/json/known.h"

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

/*
 * Zeroes all `size` bytes of `to`, then fills in each member that is what it should be; false when
 * one is not, or `object` is none: then what was filled in is what there is.
 */
bool known_fill(const struct known_table *table, const json_t *object, void *to, size_t size);

#endif
