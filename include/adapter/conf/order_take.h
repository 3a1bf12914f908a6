/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_take.h - the values of a section's keys, one function a key's type; what is wrong with one
 * is complained of at its line. For order_draft.c.
 */
#ifndef ADAPTER_CONF_ORDER_TAKE_H
#define ADAPTER_CONF_ORDER_TAKE_H

#include "adapter/conf/order_draft.h"
#include "adapter/conf/units.h"

/* What each of them is given. */
struct order_take {
    const struct order_draft *draft;
    const struct civil *civil; /* of local instants */
    struct complaints *complaints;
};

/* Complains at the pair's line; false. */
bool order_take_refuse(const struct order_take *take, const struct pair *pair, const char *why);

/* Complains at the section's line that there is no such key; false. */
bool order_take_needs(const struct order_take *take, const char *key);

/* Each key is one of its kind of section, and stands there once. */
bool order_take_keys(const struct order_take *take);

/*
 * Each fills *out; with what stands for an absent key, or with NULL. False: it was wrong, or
 * needed and is not there. A text is of 1 to `max` bytes of UTF-8 without control characters; a
 * word is one of `list`, which blanks part.
 */
bool order_take_time(const struct order_take *take, const char *key, bool needed, struct utc absent,
                     struct utc *out);
bool order_take_text(const struct order_take *take, const char *key, size_t max, const char **out);
bool order_take_choice(const struct order_take *take, const char *key, const char *list,
                       bool needed, const char **out);
bool order_take_id(const struct order_take *take, const char *key, const char **out);
bool order_take_quantity(const struct order_take *take, const char *key, enum unit_kind unit,
                         double low, double high, double absent, double *out);

/* The names are `room`'s. */
bool order_take_devices(const struct order_take *take, struct arena *room,
                        struct order_values *out);

/* Windows of the week; *out_given is `room`, or NULL when there is no such key. */
bool order_take_windows(const struct order_take *take, const char *key, struct schedule *room,
                        const struct schedule **out_given);

#endif
