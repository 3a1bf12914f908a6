/* SPDX-License-Identifier: Apache-2.0 */
#include "app/blindness.h"

#include "adapter/ledger/ledger.h"
#include "adapter/log.h"
#include "app/alert_row.h"
#include "app/pipeline_put.h"
#include "app/pipeline_recall.h"
#include "app/pipeline_round.h"
#include "app/pipeline_state.h"

#include <stdio.h>

/* About breachd itself: a critical `blind`, an informing `sighted`. */
static struct alert make_alert(enum alert_type type, struct incident *incident, struct utc time,
                               struct utc now)
{
    struct alert alert = alert_make(type, time, now);

    alert.incident = incident->number;
    alert.nth = ++incident->alerts;
    return alert;
}

static struct alert blind_alert(const struct blindness *blindness, struct incident *incident)
{
    struct alert alert;

    incident->number = ++incident->numbers;
    incident->alerts = 0;
    incident->phase = PHASE_BREACH;
    incident->opened = blindness->since;
    alert = make_alert(ALERT_BLIND, incident, blindness->since, pipeline_now(blindness->pipeline));
    snprintf(alert.reason, sizeof alert.reason, "no ping can be judged and kept: %.180s",
             blindness->why);
    return alert;
}

static struct alert sighted_alert(struct incident *incident, struct utc now)
{
    struct alert alert = make_alert(ALERT_SIGHTED, incident, now, now);
    char lasted[DURATION_TEXT_MAX];
    int64_t ms = now.ms - incident->opened.ms; // which may lie ahead of a clock that was set back

    incident->phase = PHASE_NONE;
    incident->ended = now;
    snprintf(alert.reason, sizeof alert.reason, "nobody watched for %s",
             duration_print(ms > 0 ? ms : 0, lasted));
    return alert;
}

/* The end of the blindness before never reached the disk, where it still lasts: it goes on. */
static bool goes_on(struct blindness *blindness)
{
    struct incident *kept = pipeline_site_incident(blindness->pipeline);

    if (kept == NULL || blindness->ending <= ledger_committed(blindness->ledger))
        return false;
    *kept = blindness->before;
    return true;
}

static void put_by_reserve(struct blindness *blindness)
{
    struct incident *kept = pipeline_site_incident(blindness->pipeline);
    struct incident incident = kept ? *kept : (struct incident){ 0 };
    struct alert alert = blind_alert(blindness, &incident); // of a copy: not on disk yet
    struct alert_row row;

    if (alert_row_make(&alert, pipeline_source(blindness->pipeline), NULL, &row))
        ledger_put_by_reserve(blindness->ledger, "blind", &incident, &row.kept);
    alert_row_fini(&row);
}

void blindness_begin(struct blindness *blindness, const char *why)
{
    if (blindness->now)
        return;
    blindness->now = true;
    log_error("blind: %s", why);
    pipeline_close(blindness->pipeline, "the ledger cannot commit: send it again");
    if (!goes_on(blindness)) {
        blindness->alert_kept = false;
        blindness->since = pipeline_now(blindness->pipeline);
        snprintf(blindness->why, sizeof blindness->why, "%s", why);
    }
    blindness->ending = 0;
    if (!blindness->alert_kept)
        put_by_reserve(blindness);
}

void blindness_on_reserve_put(struct blindness *blindness, bool ok)
{
    blindness->alert_kept = ok;
    if (!ok)
        log_error("blind: not even that can be written: it is told when it is over");
}

/* Puts the alerts that are owed: `blind` where it was never kept, then `sighted`. */
static void tell_end(struct blindness *blindness)
{
    struct incident *incident = pipeline_site_incident(blindness->pipeline);
    struct changes_place begin = ledger_begin(blindness->ledger);
    struct alert alert;
    bool ok = incident != NULL;

    if (ok)
        blindness->before = *incident;
    blindness->ending = ledger_gathering(blindness->ledger);
    if (ok && !blindness->alert_kept) {
        alert = blind_alert(blindness, incident);
        ok = pipeline_tell(blindness->pipeline, &alert);
    }
    if (ok) {
        alert = sighted_alert(incident, pipeline_now(blindness->pipeline));
        ok = pipeline_tell(blindness->pipeline, &alert) &&
             ledger_put_incident(blindness->ledger, "blind", incident);
    }
    blindness->owed = !ok;
    if (!ok) { // nobody goes unwatched for that
        ledger_drop(blindness->ledger, &begin);
        blindness->ending = 0;
        if (incident != NULL)
            *incident = blindness->before;
    }
    ledger_flush(blindness->ledger);
}

void blindness_tick(struct blindness *blindness)
{
    if (blindness->now)
        ledger_probe(blindness->ledger);
    else if (blindness->owed && pipeline_closed(blindness->pipeline) == NULL)
        tell_end(blindness);
}

void blindness_probed(struct blindness *blindness, bool ok)
{
    struct fault why;

    if (!ok)
        return;
    blindness->now = false;
    pipeline_close(blindness->pipeline, NULL);
    if (!pipeline_recall(blindness->pipeline, &why)) {
        ledger_give_up(blindness->ledger, why.text);
        return;
    }
    // Told first, so that it stands before whatever the next look finds to say.
    tell_end(blindness);
    pipeline_judge_all(blindness->pipeline);
    log_info("sighted: the ledger commits again");
}

void blindness_recall(struct blindness *blindness, struct utc alive)
{
    const struct incident *incident = pipeline_site_incident(blindness->pipeline);

    blindness->alert_kept = incident != NULL && incident->phase != PHASE_NONE;
    if (blindness->alert_kept) {
        blindness->since = incident->opened;
        tell_end(blindness);
    } else if (alive.ms != UTC_ALWAYS.ms) {
        // A clock that was set back meanwhile makes no gap that ends before it begins.
        blindness->since = utc_earlier(alive, pipeline_now(blindness->pipeline));
        snprintf(blindness->why, sizeof blindness->why, "breachd was not running");
        tell_end(blindness);
    }
}
