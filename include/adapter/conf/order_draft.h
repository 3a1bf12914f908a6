/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_draft.h - the sections of order files as they stand there,
 * and their values. For orderfile.c.
 */
#ifndef ADAPTER_CONF_ORDER_DRAFT_H
#define ADAPTER_CONF_ORDER_DRAFT_H

#include "adapter/complaints.h"
#include "adapter/source.h"
#include "core/arena.h"
#include "core/index.h"
#include "core/rulebook.h"

#include <string.h>

enum order_draft_kind {
    ORDER_DRAFT_ORDER,
    ORDER_DRAFT_ZONE,
    ORDER_DRAFT_PERMIT,
    ORDER_DRAFT_KINDS
};
const char *order_draft_kind_name(enum order_draft_kind kind); /* "zone" */

/* A text for ever that says the same as `key`; NULL: sections of that kind have no such key. */
const char *order_draft_key(enum order_draft_kind kind, const char *key);

struct pair {
    struct pair *next;
    const char *key;
    int line;
    char value[]; /* and behind its NUL the comment of windows, which might not be meant as one */
};

/* "" where there is none. */
static inline const char *pair_comment(const struct pair *pair)
{
    return pair->value + strlen(pair->value) + 1;
}

/* [order ID], [zone ORDER/NAME] or [permit ORDER/NAME], in arena memory. */
struct order_draft {
    enum order_draft_kind kind;
    int line;
    const char *file;
    char *order;                   /* the order's id */
    char *name;                    /* of the zone or permit; NULL for an order */
    bool refused;                  /* it was complained of */
    const char *shape, *shape_why; /* text of its GeoJSON file, or why it has none */
    int64_t ping_interval_ms;      /* of a zone: of the device that sends most often */
    struct pair *pairs;
    struct order_draft *next;          /* in the order of reading */
    struct order_draft *next_of_order; /* of those that belong to one order */
};

/*
 * Reads the zone's GeoJSON file, if it names one, into draft->shape or shape_why, of arena memory.
 */
void order_draft_read_shape(struct order_draft *draft, const struct sources *sources,
                            struct arena *arena);

/* The pair of that key, or NULL. */
static inline const struct pair *order_draft_find(const struct order_draft *draft, const char *key)
{
    const struct pair *pair = draft->pairs;

    /* The keys of one section, most of which begin otherwise. */
    while (pair != NULL && (pair->key[0] != key[0] || strcmp(pair->key, key) != 0))
        pair = pair->next;
    return pair;
}

/*
 * The values of a section. Every value that is wrong, unknown, repeated or missing is
 * complained of; false when there was any. Then a harmless value stands in for it, so that all
 * the rest can be checked too; only a shape may be missing (order_draft_has_shape). What is
 * filled borrows from the draft, and from `room`.
 */
struct order_values {
    struct order order;
    const char *devices[RESPONDENT_DEVICES_MAX];
    size_t n_devices;
};

struct order_take; /* order_take.h: the draft, and what goes with it */

bool order_draft_order(const struct order_take *take, struct arena *room, struct order_values *out);

/* `schedule` and `every` are where the windows go when there are any. */
bool order_draft_zone(const struct order_take *take, struct schedule *schedule,
                      struct zone_draft *out);
bool order_draft_has_shape(const struct zone_draft *values); /* good or not */
bool order_draft_permit(const struct order_take *take, struct schedule *every, struct permit *out);

#endif
