/* SPDX-License-Identifier: Apache-2.0 */
/* zone_set.h - some of the zones that a question is about, by number. Zeroed is none. */
#ifndef CORE_ZONE_SET_H
#define CORE_ZONE_SET_H

#include "core/rulebook.h"

struct zone_set {
    uint64_t words[QUESTION_ZONES_MAX / 64];
};

void zone_set_add(struct zone_set *set, size_t nth); /* below QUESTION_ZONES_MAX */
bool zone_set_has(const struct zone_set *set, size_t nth);
bool zone_set_any(const struct zone_set *set);

#endif
