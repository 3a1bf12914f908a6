/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_edit.h - some keys of one section of an order file are written anew, and every other byte
 * of the file stays as somebody has written it.
 */
#ifndef CTL_ORDER_EDIT_H
#define CTL_ORDER_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct order_edit_line {
    const char *key, *value; /* a value may have lines of its own, parted by \n */
};

/* Whether `[SECTION]`, as `zone A/home`, begins in the text; `name` is the file's. */
bool order_edit_has(const char *text, const char *name, const char *section);

/*
 * The text without the keys `gone` (NULL ends them) of that section, and with these lines where the
 * first of them was, or behind the key `behind`, which is there; laid out as that key is. The
 * caller frees; NULL when memory is out.
 */
char *order_edit(const char *text, const char *name, const char *section, const char *const *gone,
                 const char *behind, const struct order_edit_line *lines, size_t n_lines);

/* The lines of the section, the caller frees; NULL: it is not there, or memory is out. */
char *order_edit_section(const char *text, const char *name, const char *section);

#endif
