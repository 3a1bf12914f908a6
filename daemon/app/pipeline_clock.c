/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_clock.c - what our clock does to what is known: it may be in doubt, and set right. */
#include "adapter/clock.h"
#include "app/pipeline_parts.h"

bool pipeline_doubts(const struct pipeline *pipeline, const struct respondent *who,
                     const struct ping *ping)
{
    if (pipeline->rehearse)
        return false;
    if (!ping->no_fix) // an outdated fix has an outdated time
        clock_hear(who->id, ping->time);
    return clock_doubts(who->id);
}

static bool right_respondent(struct pipeline *pipeline, size_t nth, const struct righting *righting,
                             bool keep)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct record *record = roster_record(pipeline->roster, nth);
    bool ok = roster_seat(pipeline->roster, nth, who, ledger_gathering(pipeline->ledger));
    struct track *track = roster_track(pipeline->roster, nth);

    // What was kept of them as evidence no longer leads to what is known: the next entry begins.
    record->current = false;
    record->until = utc_earlier(record->until, utc_plus(righting->now, JOURNAL_AROUND_MS));
    roster_set_saved(pipeline->roster, nth, (struct utc){ 0 });
    for (size_t i = 0; ok && i < who->n_devices; i++) {
        struct known_device *device = track->devices[i];

        // Of everybody else a start forgets when he was heard, and he is saved within a minute.
        if (righting_device(righting, device) && keep && (device->near || device->silent != 0))
            ok = ledger_put_device(pipeline->ledger, who->devices[i], device);
    }
    return ok;
}

/* Also those that stand in no order any more, and breachd's own. */
static bool right_incidents(struct pipeline *pipeline, const struct righting *righting, bool keep)
{
    struct incident *incident;
    const char *subject;
    bool ok = true;

    for (size_t i = 0; ok && roster_nth_incident(pipeline->roster, i, &subject, &incident); i++) {
        if (righting_incident(righting, incident) && keep)
            ok = ledger_put_incident(pipeline->ledger, subject, incident);
    }
    return ok;
}

static bool right_all(struct pipeline *pipeline, struct righting *righting, bool keep)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;
    bool ok = true;

    righting->late_ms = pipeline->watch.detect->late_ms;
    for (size_t i = 0; ok && i < n; i++)
        ok = right_respondent(pipeline, i, righting, keep);
    return ok && right_incidents(pipeline, righting, keep) && desk_right(pipeline, righting, keep);
}

bool pipeline_right(struct pipeline *pipeline, struct righting righting)
{
    righting.now = pipeline_now(pipeline);
    pipeline->ticked = righting.now; // everybody is judged again after it: see went_back
    return right_all(pipeline, &righting, true);
}

void pipeline_right_recalled(struct pipeline *pipeline)
{
    struct righting righting = { .from = UTC_NEVER,
                                 .until = UTC_ALWAYS,
                                 .now = pipeline_now(pipeline) };

    if (!pipeline->rehearse)
        right_all(pipeline, &righting, false);
}
