/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_clock.h"

#include "adapter/clock.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

bool pipeline_doubts(const struct pipeline *pipeline, const struct respondent *who,
                     const struct ping *ping)
{
    if (pipeline->rehearse)
        return false;
    // An outdated fix has an outdated time, and what has none has got ours.
    if (ping->no_fix || ping->untimed ||
        device_clock(pipeline->watch.kinds, ping->device) == CLOCK_UNTRUSTED)
        return clock_hear(who->id, UTC_NEVER);
    return clock_hear(who->id, ping->time);
}

/* When anybody else was heard is forgotten at a start, and saved again within a minute. */
static bool is_worth_a_row(const struct known_device *device)
{
    return device->near || device->silent != 0;
}

/*
 * What does not fit now goes through the moves of our clock again when it is recalled: it is not
 * put again, and it is nobody's trouble.
 */
void pipeline_correct_incident(struct pipeline *pipeline, const char *subject,
                               struct incident *incident)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (corrections_incident(roster_corrections(pipeline->roster), incident) &&
        !ledger_put_incident(pipeline->ledger, subject, incident))
        ledger_drop(pipeline->ledger, &begin);
}

void pipeline_correct_respondent(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    const struct corrections *corrections = roster_corrections(pipeline->roster);
    struct record *record = roster_record(pipeline->roster, nth);
    struct track *track = roster_track(pipeline->roster, nth);

    if (roster_is_corrected(pipeline->roster, nth))
        return;
    roster_set_corrected(pipeline->roster, nth);
    // What was kept of them as evidence no longer leads to what is known: the next entry begins.
    record->current = false;
    record->until = utc_earlier(record->until, utc_plus(pipeline_now(pipeline), JOURNAL_AROUND_MS));
    roster_set_saved(pipeline->roster, nth, (struct utc){ 0 });
    for (size_t i = 0; i < who->n_devices; i++) {
        if (corrections_device(corrections, track->devices[i]) && is_worth_a_row(track->devices[i]))
            pipeline_put_device(pipeline, who->devices[i], track->devices[i]);
    }
    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (track->incidents[i] != NULL)
            pipeline_correct_incident(pipeline, who->exclusions[i]->subject, track->incidents[i]);
    }
}

bool pipeline_correct_clock(struct pipeline *pipeline, struct correction correction)
{
    struct corrections *corrections = roster_corrections(pipeline->roster);
    char name[CORRECTIONS_NAME_MAX];
    struct incident kept;

    correction.now = pipeline_now(pipeline);
    correction.late_ms = pipeline->watch.detect->late_ms;
    pipeline->ticked = correction.now; // everybody is judged again after it: see went_back
    corrections_add(corrections, &correction);
    pipeline_acks_scan_again(&pipeline->acks);
    kept = corrections_keep(corrections, name);
    return ledger_put_incident(pipeline->ledger, name, &kept);
}

void pipeline_correct_recalled(struct pipeline *pipeline)
{
    struct correction correction = { .from = UTC_NEVER,
                                     .until = UTC_ALWAYS,
                                     .late_ms = pipeline->watch.detect->late_ms,
                                     .now = pipeline_now(pipeline) };

    if (pipeline->rehearse)
        return;
    roster_correct_recalled(pipeline->roster, &correction);
    pipeline_acks_correct_recalled(&pipeline->acks, &correction);
}
