/* SPDX-License-Identifier: Apache-2.0 */
/* order_sheet.h - orders and their zones on their way into an order file. */
#ifndef CTL_ORDER_SHEET_H
#define CTL_ORDER_SHEET_H

#include "core/arena.h"
#include "core/fault.h"
#include "core/index.h"
#include "ctl/order_keys.h"

/* Of some 300 bytes each beside what their keys say: some 600 MB of a million. */
enum { ORDER_SHEET_SECTIONS_MAX = 1000000 };

/* [order ID], or with `of` [zone ID/NAME]. */
struct sheet_section {
    const char *id, *name; /* name NULL: an order */
    struct sheet_section *of;
    const char *values[ORDER_KEYS]; /* NULL: not given */
    /* Of a zone whose table says a circle that its drawing is not; else NULL: */
    const char *said_centre, *said_radius;
    const char *drawn; /* what the drawing is, to be told once it has moved */
    struct sheet_section *next;
    struct sheet_section *first_zone, *last_zone, *next_zone; /* of an order; of a zone the next */
};

/* Zeroed is empty. */
struct order_sheet {
    struct arena arena;
    struct sheet_section *first, *last;
    struct sheet_section **of; /* by number, as by_name has them */
    struct index by_name;
    size_t n, room;
};

void order_sheet_fini(struct order_sheet *sheet);

/* The order of that id, or its zone of that name (of != NULL), new or known. NULL: no room. */
struct sheet_section *order_sheet_section(struct order_sheet *sheet, struct sheet_section *of,
                                          const char *name);

/* The order `ID`, or the zone `ID/NAME`; NULL: there is none. */
struct sheet_section *order_sheet_find(const struct order_sheet *sheet, const char *subject);

/*
 * Gives the section a value; NULL and "" give none. False and why, `key: why`: it was given another
 * one before, or it cannot stand in an order file as it is (a line end, a `;` that would begin a
 * comment).
 */
bool order_sheet_put(struct order_sheet *sheet, struct sheet_section *section, size_t key,
                     const char *value, struct fault *why);

/* A long value with lines of its own, parted by \n, broken at commas; the caller frees. */
char *order_sheet_fold(const char *value);

/* The file, each order before its zones; long shapes over several lines. The caller frees. */
char *order_sheet_print(const struct order_sheet *sheet);

#endif
