/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rules_alerts.h"

#include "adapter/ledger/ledger.h"
#include "app/ailments.h"
#include "app/pipeline_state.h"
#include "core/rulebook.h"

#include <stdio.h>

static void tell_owed(struct rules_alerts *alerts)
{
    struct ailment_text words = { .cause = alerts->cause,
                                  .count = alerts->count,
                                  .reason = alerts->reason };

    if (pipeline_closed(alerts->pipeline) == NULL)
        alerts->owed = !ailment_tell_rules(alerts->pipeline, alerts->ledger, AILMENT_RULES,
                                           alerts->refused, &words);
}

void rules_alerts_result(struct rules_alerts *alerts, bool refused, const char *cause,
                         size_t complaints, const char *reason)
{
    if (alerts->pipeline == NULL) // an exercise: nothing of breachd's own is told
        return;
    alerts->owed = true;
    alerts->refused = refused;
    alerts->cause = cause;
    alerts->count = complaints < UINT32_MAX ? (uint32_t)complaints : UINT32_MAX;
    snprintf(alerts->reason, sizeof alerts->reason, "%s", reason);
    tell_owed(alerts);
}

void rules_alerts_begin(struct rules_alerts *alerts, const char *reason)
{
    if (alerts->pipeline != NULL && ailment_goes_on(alerts->pipeline, AILMENT_RULES))
        rules_alerts_result(alerts, false, "applied", 0, reason);
}

/* True once it is known, of all orders, whether one is in force. */
static bool scan(struct rules_alerts *alerts, const struct rulebook *rules, struct utc now)
{
    size_t n = rulebook_counts(rules).orders;

    for (size_t i = 0; i < RULES_ALERTS_SCAN_MAX && alerts->passed < n; i++, alerts->passed++) {
        size_t nth = (alerts->at + alerts->passed) % n;

        if (!order_in_force(rulebook_order(rules, nth), now))
            continue;
        alerts->at = nth; // the first to be asked the next time
        alerts->passed = 0;
        alerts->none = false;
        return true;
    }
    if (alerts->passed < n)
        return false;
    alerts->passed = 0;
    alerts->none = true;
    return true;
}

void rules_alerts_adopt(struct rules_alerts *alerts, const struct rulebook *rules)
{
    alerts->at = alerts->passed = 0;
    if (alerts->pipeline == NULL)
        return;
    while (!scan(alerts, rules, pipeline_now(alerts->pipeline)))
        ; // whoever asks for the reload asks for the status next
}

static void tell_none(struct rules_alerts *alerts)
{
    struct ailment_text words = { "no-orders", 0,
                                  alerts->none ? "no order is in force: nobody is protected"
                                               : "an order is in force again" };

    if (alerts->none != ailment_goes_on(alerts->pipeline, AILMENT_NO_ORDERS))
        ailment_tell_rules(alerts->pipeline, alerts->ledger, AILMENT_NO_ORDERS, alerts->none,
                           &words); // or else a second later
}

void rules_alerts_tick(struct rules_alerts *alerts, const struct rulebook *rules)
{
    if (alerts->pipeline == NULL || pipeline_closed(alerts->pipeline) != NULL)
        return;
    if (alerts->owed)
        tell_owed(alerts);
    if (scan(alerts, rules, pipeline_now(alerts->pipeline)))
        tell_none(alerts);
}
