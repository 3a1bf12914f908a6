/* SPDX-License-Identifier: Apache-2.0 */
/* order_sheet.h - orders and their zones on their way into an order file. */
#ifndef CTL_ORDER_SHEET_H
#define CTL_ORDER_SHEET_H

#include "core/arena.h"
#include "core/fault.h"
#include "ctl/order_keys.h"

enum { ORDER_SHEET_SECTIONS_MAX = 20000 };

/* [order ID], or with `of` [zone ID/NAME]. */
struct sheet_section {
    const char *id, *name; /* name NULL: an order */
    struct sheet_section *of;
    const char *values[ORDER_KEYS]; /* NULL: not given */
    struct sheet_section *next;
};

/* Zeroed is empty. */
struct order_sheet {
    struct arena arena;
    struct sheet_section *first, *last;
    size_t n;
};

void order_sheet_fini(struct order_sheet *sheet);

/* The order of that id, or its zone of that name (of != NULL), new or known. NULL: no room. */
struct sheet_section *order_sheet_section(struct order_sheet *sheet, struct sheet_section *of,
                                          const char *name);

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
