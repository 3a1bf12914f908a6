/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_state.h"

#include "adapter/clock.h"
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

const char *pipeline_shut(const struct pipeline *pipeline)
{
    if (pipeline->closed != NULL)
        return pipeline->closed;
    return ledger_full(pipeline->ledger) ? "too much waits for the disk" : NULL;
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

/* ---- devices ---- */

const struct known_device *pipeline_device(const struct pipeline *pipeline, const char *device)
{
    return roster_find_device(pipeline->roster, device);
}
