/* SPDX-License-Identifier: Apache-2.0 */
/* order_draft_key.c - one table of keys a kind of section. */
#include "adapter/conf/order_draft.h"

static const char *const order_keys[] = { "kind",   "clause", "respondent", "devices",
                                          "area",   "age",    "monitoring", "from",
                                          "served", "until",  NULL };
static const char *const zone_keys[] = { "centre", "radius", "wkt",      "geojson",
                                         "buffer", "warn",   "schedule", NULL };
static const char *const permit_keys[] = { "zones", "from", "until", "every", "by", "why", NULL };

const char *order_draft_key(enum order_draft_kind kind, const char *key)
{
    static const char *const *const keys[] = { order_keys, zone_keys, permit_keys };
    _Static_assert(sizeof keys / sizeof *keys == ORDER_DRAFT_KINDS, "keys for each kind");
    const char *const *at = keys[kind];

    // A list that ends with NULL.
    while (*at != NULL && ((*at)[0] != key[0] || strcmp(*at, key) != 0))
        at++;
    return *at;
}
