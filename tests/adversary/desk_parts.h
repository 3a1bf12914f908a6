/* SPDX-License-Identifier: Apache-2.0 */
/* desk_parts.h - what desk*.c share, and they alone. */
#ifndef ADVERSARY_DESK_PARTS_H
#define ADVERSARY_DESK_PARTS_H

#include "desk.h"

/* A request as it is printed: never beyond CLIENTS_QUESTION_MAX; what does not fit is left out. */
struct printed {
    char *out;
    size_t n;
};

void printed_add(struct printed *to, const char *text);
void printed_add_many(struct printed *to, char what, size_t n);

bool desk_one_in(struct desk *desk, unsigned n);
const char *desk_one_of(struct desk *desk, const char *const *texts, size_t n);
#define ONE_OF(desk, texts) desk_one_of(desk, texts, sizeof(texts) / sizeof *(texts))

/* One of what was told, or `none`. */
const char *desk_one_known(struct desk *desk, const struct desk_known *of, const char *none);

/* desk_target.c: the path, and maybe a query. */
void desk_add_target(struct desk *desk, struct printed *to, enum desk_path path);

#endif
