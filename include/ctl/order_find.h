/* SPDX-License-Identifier: Apache-2.0 */
/* order_find.h - which file of the folder a section stands in. */
#ifndef CTL_ORDER_FIND_H
#define CTL_ORDER_FIND_H

#include "ctl/order_place.h"

/*
 * The text of the first file, by name, that has `[SECTION]`, and its name; the caller frees. NULL
 * and why: there is none, or one that could not be read may have it.
 */
char *order_find_file(const struct order_place *place, const char *section,
                      char name[ORDER_FILE_NAME_MAX], struct fault *why);

#endif
