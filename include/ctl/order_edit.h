/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_edit.h - some keys of some sections of an order file are written anew, and every other byte
 * of the file stays as somebody has written it.
 */
#ifndef CTL_ORDER_EDIT_H
#define CTL_ORDER_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct order_edit_line {
    const char *key, *value; /* a value may have lines of its own, parted by \n */
};

/*
 * Of `[SECTION]`, as `zone A/home`, the keys `gone` (NULL ends them) go, and these lines come where
 * the first of them was, or behind the key `behind`, which is there; laid out as that key is.
 */
struct order_edit {
    const char *section;
    const char *const *gone;
    const char *behind;
    const struct order_edit_line *lines;
    size_t n_lines;
};

/* Whether `[SECTION]` begins in the text; `name` is the file's. */
bool order_edit_has(const char *text, const char *name, const char *section);

/* The text with all of them, each section there and once. The caller frees; NULL: no memory. */
char *order_edit(const char *text, const char *name, const struct order_edit *edits, size_t n);

/*
 * Calls `show` with the lines of each of those sections, in the order of the text. False when
 * memory is out.
 */
bool order_edit_show(const char *text, const char *name, const struct order_edit *edits, size_t n,
                     void (*show)(const char *section));

#endif
