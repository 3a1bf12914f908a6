/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input_json.h - what core was asked, and by which texts, as bodies of the ledger's entries; and
 * back, to ask it again. The forms are told in breachctl(1).
 */
#ifndef ADAPTER_INPUT_JSON_H
#define ADAPTER_INPUT_JSON_H

#include "adapter/event_json.h"
#include "adapter/settings.h"
#include "core/question.h"

enum { INPUT_ORDERS_MAX = RESPONDENT_ZONES_MAX };

/* "ping", "time", "rules": the kind of the question's entry. */
const char *input_kind(enum cause cause);

/* Bodies. The caller frees; NULL when memory is out. */

/* What was known, and under which settings: judging again can begin here. */
struct input_before {
    const struct memory *memory;
    const char *settings; /* digest of their body, 64 hex digits */
    bool exercise;
};

char *input_print(const struct question *question, const struct respondent *who,
                  const struct input_before *before); /* NULL: what the entry before left */
char *input_print_order(const struct order *order);
char *input_print_settings(const struct settings *settings);

/* The zone is in no order any more; `order` may be NULL: it was withdrawn before we started. */
char *input_print_withdrawn(const struct exclusion *gone, const struct incident *before,
                            struct utc now);

/* The distinct orders of a respondent's zones, in their order; at most INPUT_ORDERS_MAX. */
size_t input_orders(const struct respondent *who, const struct order *out[INPUT_ORDERS_MAX]);

#endif
