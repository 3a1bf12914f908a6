/* SPDX-License-Identifier: Apache-2.0 */
#include "app/strangers.h"

#include "adapter/log.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <string.h>

static const char cause[] = "no-order";

/* Never by phase, which is of zones and of blindness: those alone stand in `open`. */
bool strangers_go_on(const struct incident *incident)
{
    return incident->opened.ms > incident->ended.ms;
}

bool strangers_close(struct pipeline *pipeline, struct incident *incident, struct utc now)
{
    struct incident closed = *incident;

    if (!strangers_go_on(incident))
        return true;
    closed.ended = now.ms > closed.opened.ms ? now : closed.opened;
    if (!ledger_put_incident(pipeline->ledger, STRANGERS_SUBJECT, &closed))
        return false;
    *incident = closed;
    return true;
}

/* Our clock may have been set back meanwhile: then it is time. */
static bool is_past(struct utc since, struct utc now, int64_t ms)
{
    return now.ms < since.ms || now.ms - since.ms >= ms;
}

/* ---- the alert ---- */

/* "no order here is about tag-A, tag-9 and others: …", as many as fit. */
static void explain(const struct strangers *strangers, char out[ALERT_REASON_MAX])
{
    static const char tail[] = " and others", end[] = ": their pings are refused";
    int room = ALERT_REASON_MAX - (int)(sizeof tail + sizeof end), n;
    size_t i;

    n = snprintf(out, (size_t)room, "no order here is about ");
    for (i = 0; i < strangers->n && n + 2 + (int)strlen(strangers->of[i].id) < room; i++)
        n += sprintf(out + n, "%s%s", i > 0 ? ", " : "", strangers->of[i].id);
    sprintf(out + n, "%s%s", i < strangers->n || strangers->more ? tail : "", end);
}

static void begin(struct incident *incident, struct utc now)
{
    if (strangers_go_on(incident))
        return;
    incident->number = ++incident->numbers;
    incident->alerts = 0;
    incident->opened = now;
    incident->ended = (struct utc){ 0 };
}

static struct alert make_alert(const struct strangers *strangers, struct incident *incident,
                               struct utc now)
{
    struct alert alert = alert_make(ALERT_UNJUDGED, now, now);

    alert.own = STRANGERS_SUBJECT;
    alert.incident = incident->number;
    alert.nth = ++incident->alerts;
    alert.cause = cause;
    alert.count = (uint32_t)strangers->n;
    if (strangers->n > 0) {
        explain(strangers, alert.reason);
        return alert;
    }
    alert.over = true;
    alert.severity = SEVERITY_INFO;
    snprintf(alert.reason, sizeof alert.reason,
             "every device that sends is under an order now, or was not heard for a day");
    return alert;
}

/* All of it, or nothing. */
static bool put(struct pipeline *pipeline, struct incident *incident, struct utc now)
{
    struct incident before = *incident;
    struct changes_place place = ledger_begin(pipeline->ledger);
    struct alert alert;

    if (pipeline->strangers.n > 0)
        begin(incident, now);
    alert = make_alert(&pipeline->strangers, incident, now);
    if (pipeline_tell(pipeline, &alert) &&
        (alert.over ? strangers_close(pipeline, incident, now)
                    : ledger_put_incident(pipeline->ledger, STRANGERS_SUBJECT, incident)))
        return true;
    ledger_drop(pipeline->ledger, &place);
    *incident = before;
    return false;
}

static void tell(struct pipeline *pipeline, struct utc now)
{
    struct strangers *strangers = &pipeline->strangers;
    struct incident *incident;

    // An exercise has no time before its first ping.
    if (pipeline->closed != NULL || now.ms <= 0 || ledger_full(pipeline->ledger) ||
        (strangers->n > 0 && strangers->reported.ms != 0 &&
         !is_past(strangers->reported, now, STRANGERS_AGAIN_MS)))
        return;
    incident = roster_incident(pipeline->roster, STRANGERS_SUBJECT);
    if (incident == NULL || !put(pipeline, incident, now))
        return; // tried a second later
    strangers->owed = false;
    strangers->reported = now;
}

/* ---- who they are ---- */

static struct stranger *find(struct strangers *strangers, const char *device)
{
    for (size_t i = 0; i < strangers->n; i++) {
        if (strcmp(strangers->of[i].id, device) == 0)
            return &strangers->of[i];
    }
    return NULL;
}

static void add(struct strangers *strangers, const char *device, struct utc now)
{
    if (strangers->n == STRANGERS_MAX) {
        strangers->owed |= !strangers->more;
        strangers->more = true;
        return;
    }
    strangers->of[strangers->n] = (struct stranger){ .heard = now };
    strcpy(strangers->of[strangers->n++].id, device); // whoever read it has checked it
    strangers->owed = strangers->ever = true;
    log_warning("%s: sends and is under no order here: refused, and told", device);
}

void strangers_note(struct pipeline *pipeline, const char *device)
{
    struct strangers *strangers = &pipeline->strangers;
    struct utc now = pipeline_now(pipeline);
    struct stranger *known = find(strangers, device);

    if (known != NULL)
        known->heard = now;
    else
        add(strangers, device, now);
    if (strangers->owed)
        tell(pipeline, now);
}

static bool is_under_order(const struct pipeline *pipeline, const char *device)
{
    size_t respondent, nth;

    return rulebook_find_device(pipeline->config->rules, device, &respondent, &nth);
}

/* Who has an order goes at once, and that is told; who is quiet for a day just goes. */
static void forget(struct pipeline *pipeline, struct utc now)
{
    struct strangers *strangers = &pipeline->strangers;
    size_t kept = 0;

    for (size_t i = 0; i < strangers->n; i++) {
        bool bound = is_under_order(pipeline, strangers->of[i].id);

        strangers->owed |= bound;
        if (!bound && !(now.ms - strangers->of[i].heard.ms >= STRANGERS_DAY_MS))
            strangers->of[kept++] = strangers->of[i];
    }
    strangers->n = kept;
    strangers->more &= kept > 0;
}

/* Those of before a restart have a day to be heard again. */
static bool is_over(const struct pipeline *pipeline, struct utc now)
{
    const struct strangers *strangers = &pipeline->strangers;
    const struct incident *incident = roster_find_incident(pipeline->roster, STRANGERS_SUBJECT);

    return strangers->n == 0 && incident != NULL && strangers_go_on(incident) &&
           (strangers->ever || is_past(strangers->since, now, STRANGERS_DAY_MS));
}

void strangers_tick(struct pipeline *pipeline)
{
    struct strangers *strangers = &pipeline->strangers;
    struct utc now = pipeline_now(pipeline);

    if (strangers->since.ms == 0)
        strangers->since = now;
    forget(pipeline, now);
    if (strangers->n > 0 ? strangers->owed : is_over(pipeline, now))
        tell(pipeline, now);
}

void strangers_recall(struct pipeline *pipeline)
{
    pipeline->strangers.owed = pipeline->strangers.n > 0;
}
