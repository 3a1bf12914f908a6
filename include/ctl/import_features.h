/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_features.h - the features of a GeoJSON text one after the other, so that of a large map
 * one feature at a time is in memory beside its text.
 */
#ifndef CTL_IMPORT_FEATURES_H
#define CTL_IMPORT_FEATURES_H

#include "core/fault.h"

#include <jansson.h>

struct import_features {
    json_t *root; /* with an empty list of features, if it has one */
    const char *text, *at, *end;
    bool listed; /* it has one */
};

/* The text stays. False and why: it cannot be read as JSON. */
bool import_features_open(struct import_features *features, const char *text, size_t n,
                          struct fault *why);

/* The next one, the caller's; NULL at the end, or with *ok false and why. */
json_t *import_features_next(struct import_features *features, bool *ok, struct fault *why);

void import_features_close(struct import_features *features); /* zeroed is fine */

#endif
