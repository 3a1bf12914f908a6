/* SPDX-License-Identifier: Apache-2.0 */
/* assessment_parts.h - how an assessment tells; for assessment*.c. */
#ifndef CORE_ASSESSMENT_PARTS_H
#define CORE_ASSESSMENT_PARTS_H

#include "core/assessment.h"

/* The next alert of `out`; incident->phase is already the new one. */
void assessment_tell(const struct assessment *assessment, enum alert_type type, int rule,
                     struct outcome *out);

/* Whether the day's budget of the device has room for one more; else that is counted. */
bool assessment_may_tell(struct assessment *assessment, struct allowance *allowance);

/* What was told of the zone, so that an upload that comes again tells it no second time. */
void assessment_remember_span(struct incident *incident, struct utc from, struct utc until);

/*
 * A breach in the past gets an incident number of its own; the present one is not touched. Who
 * makes up hundreds of them a day, each at another time, hides the true one: they are counted.
 */
void assessment_tell_past(struct assessment *assessment, int rule, struct outcome *out);

#endif
