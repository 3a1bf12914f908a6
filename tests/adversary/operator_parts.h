/* SPDX-License-Identifier: Apache-2.0 */
/* operator_parts.h - what operator*.c share, and they alone. */
#ifndef ADVERSARY_OPERATOR_PARTS_H
#define ADVERSARY_OPERATOR_PARTS_H

#include "operator.h"

/* A request as it is printed: never beyond CLIENTS_QUESTION_MAX; what does not fit is left out. */
struct printed {
    char *out;
    size_t n;
};

void printed_add(struct printed *to, const char *text);
void printed_add_many(struct printed *to, char what, size_t n);

bool operator_one_in(struct operator_view *operator, unsigned n);
const char *operator_one_of(struct operator_view *operator, const char * const * texts, size_t n);
#define ONE_OF(operator, texts) operator_one_of(operator, texts, sizeof(texts) / sizeof *(texts))

/* One of what was told, or `none`. */
const char *operator_one_known(struct operator_view *operator, const struct operator_known * of,
                               const char *none);

/* operator_target.c: the path, and maybe a query. */
void operator_add_target(struct operator_view *operator, struct printed * to,
                         enum operator_path path);

#endif
