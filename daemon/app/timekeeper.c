/* SPDX-License-Identifier: Apache-2.0 */
#include "app/timekeeper.h"

#include "adapter/clock.h"
#include "adapter/log.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void explain(enum skew_news news, int64_t apart, char out[ALERT_REASON_MAX])
{
    char by[DURATION_TEXT_MAX];
    const char *way = apart > 0 ? "ahead" : "back";

    duration_print(llabs(apart), by);
    if (news == SKEW_JUMPED)
        snprintf(out, ALERT_REASON_MAX,
                 "the clock on the wall has jumped, it is %s %s: not followed, the time of alerts "
                 "is counted on from before",
                 by, way);
    else if (news == SKEW_CAME_BACK)
        snprintf(out, ALERT_REASON_MAX, "the clock on the wall is right again");
    else
        snprintf(out, ALERT_REASON_MAX,
                 "the pings agree with the clock on the wall: followed, %s %s", by, way);
}

/* Puts the alert; false when it must be tried again. */
static bool tell(struct timekeeper *timekeeper)
{
    struct incident *site = pipeline_clock_incident(timekeeper->pipeline);
    struct utc now = pipeline_now(timekeeper->pipeline);
    struct changes_place begin = ledger_begin(timekeeper->ledger);
    struct alert alert = { .type = ALERT_CLOCK,
                           .severity =
                               timekeeper->news == SKEW_JUMPED ? SEVERITY_WARNING : SEVERITY_INFO,
                           .time = now,
                           .received = now,
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN };

    if (site == NULL)
        return false;
    alert.nth = ++site->alerts;
    explain(timekeeper->news, timekeeper->apart, alert.reason);
    if (pipeline_tell(timekeeper->pipeline, &alert) &&
        ledger_put_incident(timekeeper->ledger, "clock", site))
        return true;
    ledger_drop(timekeeper->ledger, &begin);
    site->alerts--;
    return false;
}

static void look(struct timekeeper *timekeeper)
{
    int64_t apart;
    enum skew_news news = clock_look(&apart);
    char reason[ALERT_REASON_MAX];

    if (news == SKEW_QUIET)
        return;
    timekeeper->news = news;
    timekeeper->apart = apart;
    timekeeper->told_in = 0;
    timekeeper->stats->clock_jumps += news == SKEW_JUMPED;
    explain(news, apart, reason);
    log_warning("clock: %s", reason);
}

void timekeeper_tick(struct timekeeper *timekeeper)
{
    if (pipeline_closed(timekeeper->pipeline) != NULL) {
        timekeeper->told_in = 0; // what was not committed is given up
        return;
    }
    if (timekeeper->told_in != 0 && ledger_committed(timekeeper->ledger) >= timekeeper->told_in) {
        timekeeper->news = SKEW_QUIET;
        timekeeper->told_in = 0;
    }
    look(timekeeper);
    if (timekeeper->news == SKEW_QUIET || timekeeper->told_in != 0 || !tell(timekeeper))
        return;
    timekeeper->told_in = ledger_gathering(timekeeper->ledger);
    ledger_flush(timekeeper->ledger);
}
