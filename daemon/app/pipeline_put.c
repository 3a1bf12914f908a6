/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_put.c - what everything else of the pipeline stands on: what time it is, whether
 * anything is taken at all, and one alert, or one device, as rows of the commit that gathers. Of
 * the pipeline it knows only who has which incident (pipeline_acks.c).
 */
#include "adapter/clock.h"
#include "app/alert_row.h"
#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

struct utc pipeline_now(const struct pipeline *pipeline)
{
    return pipeline->rehearse ? pipeline->rehearsal.now : clock_utc();
}

void pipeline_close(struct pipeline *pipeline, const char *why)
{
    pipeline->closed = why;
}

const char *pipeline_closed(const struct pipeline *pipeline)
{
    return pipeline->closed;
}

const struct event_source *pipeline_source(const struct pipeline *pipeline)
{
    return &pipeline->source;
}

/* ---- incidents ---- */

size_t pipeline_open_incidents(const struct pipeline *pipeline)
{
    return pipeline->open;
}

struct incident *pipeline_own_incident(struct pipeline *pipeline, const char *subject)
{
    return roster_incident(pipeline->roster, subject);
}

struct incident *pipeline_site_incident(struct pipeline *pipeline)
{
    return roster_incident(pipeline->roster, "blind");
}

struct incident *pipeline_clock_incident(struct pipeline *pipeline)
{
    return roster_incident(pipeline->roster, "clock");
}

const struct exclusion *pipeline_exclusion(const struct rulebook *old, const char *subject,
                                           struct stub *stub)
{
    const char *slash = strchr(subject, '/');
    size_t nth;

    if (old != NULL && rulebook_find_exclusion(old, subject, &nth))
        return rulebook_exclusion(old, nth);
    *stub = (struct stub){ .exclusion = { .subject = subject,
                                          .name = slash ? slash + 1 : subject,
                                          .order = &stub->order },
                           .order = { .id = stub->id } };
    snprintf(stub->id, sizeof stub->id, "%.*s", (int)strcspn(subject, "/"), subject);
    return &stub->exclusion;
}

/* ---- rows ---- */

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

const struct known_device *pipeline_device(const struct pipeline *pipeline, const char *device)
{
    return roster_find_device(pipeline->roster, device);
}
