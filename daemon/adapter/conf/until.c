/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/until.h"

#include "adapter/conf/units.h"
#include "core/custody.h"

bool until_parse(const char *text, struct utc now, struct utc *out, struct fault *why)
{
    static const double longest_ms = CUSTODY_SHELF_MS + CUSTODY_SHELF_SLACK_MS;
    double ms;

    if (utc_parse(text, out))
        return true;
    if (!unit_parse(UNIT_DURATION, text, 1, longest_ms, &ms, why))
        return fault_set(why,
                         "until: \"%.40s\" is neither a time (2020-06-23T20:00:00Z) nor a "
                         "duration of up to 8h",
                         text);
    *out = utc_plus(now, (int64_t)ms);
    return true;
}
