/* SPDX-License-Identifier: Apache-2.0 */
#include "app/told.h"

#include <stdlib.h>

bool told_make(const struct alert *alert, const struct event_source *source, struct told *out)
{
    const char *area = alert_area(alert);

    event_id(alert, source->site, out->id);
    event_incident(alert, out->incident);
    out->event = event_print(alert, source);
    out->kept =
        (struct kept_alert){ .received = alert->received,
                             .respondent = alert->respondent ? alert->respondent : "",
                             .id = out->id,
                             .type = alert_type_name(alert->type),
                             .area = area ? area : "",
                             .severity = severity_name(alert->severity),
                             .incident = out->incident,
                             .judged = alert->respondent != NULL && !alert_of_desk(alert->type),
                             .effect = alert->over ? EFFECT_NONE : alert_effect(alert->type),
                             .todo = EFFECT_NONE,
                             .event = out->event,
                             .by = "",
                             .note = "" };
    return out->event != NULL;
}

void told_fini(struct told *told)
{
    free(told->event);
    told->event = NULL;
}
