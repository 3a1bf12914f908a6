/* SPDX-License-Identifier: Apache-2.0 */
/* order_find.h - which files of the folder there are, and which one a section stands in. */
#ifndef CTL_ORDER_FIND_H
#define CTL_ORDER_FIND_H

#include "ctl/order_place.h"

/*
 * Hands on each file of orders that can be read, by name; `at` of `n`. False, with *why untouched,
 * once `on_file` has said so; one that cannot be read is passed over, and the last such is in
 * *out_unread ("": there is none).
 */
bool order_find_each(const struct order_place *place,
                     bool (*on_file)(const char *name, const char *text, size_t at, size_t n,
                                     void *arg),
                     void *arg, struct fault *out_unread);

/*
 * The text of the first file, by name, that has `[SECTION]`, and its name; the caller frees. NULL
 * and why: there is none, or one that could not be read may have it.
 */
char *order_find_file(const struct order_place *place, const char *section,
                      char name[ORDER_FILE_NAME_MAX], struct fault *why);

#endif
