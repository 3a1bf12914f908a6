/* SPDX-License-Identifier: Apache-2.0 */
/* spec.h - an alert is as the row of its type has it. */
#ifndef SUPPORT_SPEC_H
#define SUPPORT_SPEC_H

#include "core/alert.h"

#include "support/test.h"

static inline void spec_holds_one(const struct alert_spec *spec, const char *what,
                                  enum alert_has wanted, bool has)
{
    if ((wanted == HAS_ALWAYS && !has) || (wanted == HAS_NEVER && has))
        fail_msg("%s: has %s %s", spec->name, has ? "a" : "no", what);
}

static inline void spec_holds(const struct alert *alert)
{
    const struct alert_spec *spec = alert_spec(alert->type);

    spec_holds_one(spec, "zone", spec->zone, alert->exclusion != NULL);
    spec_holds_one(spec, "device", spec->device, alert->device != NULL);
    spec_holds_one(spec, "ping", spec->ping, alert->has_ping);
    if (alert->severity > spec->severity)
        fail_msg("%s: graver than any: %s", spec->name, severity_name(alert->severity));
    if (!alert_is(alert->type, TRAIT_CONTROL_ROOM) && (alert->by != NULL || alert->outcome != NULL))
        fail_msg("%s: the control room has no part in it", spec->name);
}

#endif
