/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert_row.h"

#include <stdlib.h>

/*
 * `open` is of zones and of our own blindness: never of a device or
 * of senders, nor of what ails us.
 */
static enum alert_effect effect_of(const struct alert *alert)
{
    bool about_device = alert->exclusion == NULL && alert->device != NULL;

    return alert->over || about_device || alert->own != NULL ? EFFECT_NONE
                                                             : alert_effect(alert->type);
}

bool alert_row_make(const struct alert *alert, const struct event_source *source,
                    const struct custody *custody, struct alert_row *out)
{
    const char *area = alert_area(alert);
    bool taken = custody != NULL && custody->taken;

    event_id(alert, source->site, out->id);
    event_incident(alert, out->incident);
    out->event = event_print(alert, source);
    out->kept = (struct kept_alert){
        .received = alert->received,
        .respondent = alert->respondent ? alert->respondent : "",
        .id = out->id,
        .type = alert_type_name(alert->type),
        .area = area ? area : "",
        .severity = severity_name(alert->severity),
        .incident = out->incident,
        .judged = alert->respondent != NULL && alert_is(alert->type, TRAIT_JUDGED),
        .effect = effect_of(alert),
        .todo = out->incident[0] != '\0' ? alert_todo(alert, taken) : EFFECT_NONE,
        .event = out->event,
        .by = taken ? custody->by : "",
        .note = custody != NULL ? custody->note : ""
    };
    return out->event != NULL;
}

void alert_row_fini(struct alert_row *row)
{
    free(row->event);
    row->event = NULL;
}
