/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_put.h"

#include "app/alert_row.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_parts.h"

bool pipeline_put_alert(struct pipeline *pipeline, const struct alert *alert, bool evidence)
{
    char incident[EVENT_ID_MAX];
    struct custody custody;
    struct alert_row row;
    bool ok;

    event_incident(alert, incident);
    // First: whoever took the incident when it was less grave has it no more.
    if (!pipeline_acks_put_alarm(pipeline, alert, incident, &custody))
        return false;
    ok = alert_row_make(alert, &pipeline->source, &custody, &row);
    row.kept.passing = alert->exclusion == NULL && !evidence;
    ok = ok && ledger_put_alert(pipeline->ledger, &row.kept);
    alert_row_fini(&row);
    return ok;
}

bool pipeline_tell(struct pipeline *pipeline, const struct alert *alert)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (pipeline_put_alert(pipeline, alert, true)) {
        pipeline_acks_alarm(pipeline, alert);
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    return false;
}

bool pipeline_put_device(struct pipeline *pipeline, const char *id,
                         const struct known_device *device)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (ledger_put_device(pipeline->ledger, id, device))
        return true;
    ledger_drop(pipeline->ledger, &begin);
    return false;
}
