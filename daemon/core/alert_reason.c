/* SPDX-License-Identifier: Apache-2.0 */
/* alert_reason.c - why a zone's alert is told: its numbers, in a sentence. */
#include "core/alert.h"

#include "core/radius.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 };

char *duration_print(int64_t ms, char text[DURATION_TEXT_MAX])
{
    long long s = (ms + 500) / 1000;

    if (s < 60)
        snprintf(text, DURATION_TEXT_MAX, "%lld s", s);
    else if (s < 3600)
        snprintf(text, DURATION_TEXT_MAX, "%lld min %lld s", s / 60, s % 60);
    else if (s < 86400)
        snprintf(text, DURATION_TEXT_MAX, "%lld h %lld min", s / 3600, s % 3600 / 60);
    else
        snprintf(text, DURATION_TEXT_MAX, "%lld d %lld h", s / 86400, s % 86400 / 3600);
    return text;
}

/* As the device told it; it says at which percentile, when that is not the alert's own. */
static const char *accuracy_print(const struct position *at, char text[TEXT_MAX])
{
    double reported = radius_reported(at->accuracy, at->percentile);

    if (isnan(reported))
        snprintf(text, TEXT_MAX, "accuracy unknown");
    else if (at->percentile == 0)
        snprintf(text, TEXT_MAX, "accuracy %.0f m", reported);
    else // by micrometres: there and back, 8.5 m need not be 8.5 m to the last bit
        snprintf(text, TEXT_MAX, "accuracy %.0f m (%.6g %%)", round(reported * 1e6) / 1e6,
                 at->percentile);
    return text;
}

/* "inside by 42 m, accuracy 8 m" */
static const char *place_print(const struct alert *alert, char text[2 * TEXT_MAX])
{
    char accuracy[TEXT_MAX];

    accuracy_print(&alert->ping, accuracy);
    if (!alert->has_ping)
        snprintf(text, 2 * TEXT_MAX, "no device that he carries now has been heard");
    else if (isnan(alert->depth))
        snprintf(text, 2 * TEXT_MAX, "the map gave no answer, %s", accuracy);
    else if (alert->depth >= 0)
        snprintf(text, 2 * TEXT_MAX, "inside by %.0f m, %s", fabs(alert->depth), accuracy);
    else
        snprintf(text, 2 * TEXT_MAX, "%.0f m outside, %s", -alert->depth, accuracy);
    return text;
}

/* Why a zone that was silent speaks now, or the other way round. */
static const char *turn_name(enum standing was, enum standing now, bool permitted)
{
    switch (now) {
    case ENDED:
        return "order ended";
    case NOT_BEGUN:
        return "order not begun";
    case NOT_SERVED:
        return "order not served";
    case OFF_SCHEDULE:
        return "schedule ended";
    case IN_FORCE:
        break;
    }
    switch (was) {
    case NOT_BEGUN:
        return "order began";
    case NOT_SERVED:
        return "order served";
    case OFF_SCHEDULE:
        return "schedule began";
    case IN_FORCE:
    case ENDED:
        break;
    }
    return permitted ? "permit began" : "permit ended";
}

/* ", 3 pings in 30 s", when there is more than one to speak of. */
static const char *pings_print(const struct alert *alert, const struct incident *incident,
                               char text[TEXT_MAX])
{
    char lasted[DURATION_TEXT_MAX];

    text[0] = '\0';
    if (incident->pings > 1 && alert->time.ms >= incident->run.ms)
        snprintf(text, TEXT_MAX, ", %u pings in %s", incident->pings,
                 duration_print(alert->time.ms - incident->run.ms, lasted));
    return text;
}

/* What stands before the place of the newest ping, where all pings together say something else. */
static const char *sure_print(const struct alert *alert, const struct situation *given)
{
    if (given->side == ZONE_PROBABLE)
        return "may be inside: ";
    return given->side == ZONE_INSIDE && alert->depth < 0
               ? "inside by all pings together, of which the newest is "
               : "";
}

/* What a ping showed that opened something: inside, perhaps so, or on a way through. */
static void explain_ping(struct alert *alert, const struct account *account, const char *place)
{
    const struct situation *given = account->given;
    char pings[TEXT_MAX], gap[DURATION_TEXT_MAX];

    duration_print(account->gap_ms, gap);
    if (given->way == WAY_WAS && given->side < ZONE_INSIDE)
        snprintf(alert->reason, sizeof alert->reason,
                 "inside by the ping before, %s ago, from where he went on; now %s", gap, place);
    else if (given->side >= ZONE_PROBABLE || given->way == WAY_CLEAR)
        snprintf(alert->reason, sizeof alert->reason, "%s%s%s", sure_print(alert, given), place,
                 pings_print(alert, given->incident, pings));
    else if (given->way == WAY_SINCE)
        snprintf(alert->reason, sizeof alert->reason,
                 "on the way between two pings %s apart he may have been inside; now %s", gap,
                 place);
    else
        snprintf(alert->reason, sizeof alert->reason,
                 "as he went on, he may have been inside between the two pings before, %s apart; "
                 "now %s",
                 gap, place);
}

static void explain_start(struct alert *alert, const struct account *account, const char *place)
{
    const struct situation *given = account->given;
    char age[DURATION_TEXT_MAX];
    size_t length;

    if (given->cause == CAUSE_PING)
        explain_ping(alert, account, place);
    else
        snprintf(alert->reason, sizeof alert->reason, "%s: last known position, %s old, %s",
                 given->cause == CAUSE_RULES
                     ? "zone changed"
                     : turn_name(account->was, given->standing, given->permitted),
                 duration_print(alert->time.ms - alert->ping.time.ms, age), place);
    length = strlen(alert->reason);
    if (account->other != NULL)
        snprintf(alert->reason + length, sizeof alert->reason - length,
                 "; but %.*s was %.0f m outside %s %s", NAME_MAX_CHARS, account->other,
                 account->other_distance, duration_print(llabs(account->other_ms), age),
                 account->other_ms < 0 ? "later" : "ago");
    length = strlen(alert->reason);
    if (account->elsewhere)
        snprintf(alert->reason + length, sizeof alert->reason - length,
                 given->cause != CAUSE_PING && alert->depth < 0
                     ? "; the other of two places that the device tells is inside"
                     : "; one of two places that the device tells");
    length = strlen(alert->reason);
    if (alert->authorised && given->cause == CAUSE_PING)
        snprintf(alert->reason + length, sizeof alert->reason - length, ", by permit");
}

static void explain_end(struct alert *alert, const struct account *account, const char *place)
{
    const struct situation *given = account->given;
    const struct incident *incident = given->incident;
    char lasted[DURATION_TEXT_MAX];
    const char *what;

    // A breach has lasted since he stepped in, not since he came near.
    duration_print(alert->time.ms - (incident->phase > PHASE_APPROACH ? incident->entered.ms
                                                                      : incident->opened.ms),
                   lasted);
    if (given->standing != IN_FORCE)
        what = turn_name(account->was, given->standing, false);
    else if (given->side != ZONE_OUTSIDE)
        what = given->permitted ? "permit began" : "permit ended";
    else if (given->cause == CAUSE_RULES)
        what = "zone changed";
    else if (incident->phase > PHASE_APPROACH)
        what = "left the zone";
    else // it may have been told from far outside the ring
        what = alert->exclusion != NULL && -alert->depth > 2 * alert->exclusion->warn
                   ? "turned away"
                   : "left the warning ring";
    snprintf(alert->reason, sizeof alert->reason, "%s: %s, after %s", what, place, lasted);
    // One poor fix does not say where all of them together have him.
    if (given->side == ZONE_OUTSIDE && given->standing == IN_FORCE &&
        incident->phase > PHASE_APPROACH && alert->depth >= 0)
        snprintf(alert->reason, sizeof alert->reason, "%s: outside by all pings together, after %s",
                 what, lasted);
}

static void explain_approach(struct alert *alert, const struct account *account, const char *place)
{
    char eta[DURATION_TEXT_MAX], earliest[DURATION_TEXT_MAX], accuracy[TEXT_MAX];

    if (alert->depth >= 0) { // told again: what he was before is no incident of its own
        snprintf(alert->reason, sizeof alert->reason, "%s, by a ping that is in doubt", place);
        return;
    }
    snprintf(alert->reason, sizeof alert->reason,
             "%.0f m from the zone, closing at %.1f m/s, there in %s, at the earliest in %s, %s",
             -alert->depth, -alert->depth / alert->eta,
             duration_print((int64_t)(alert->eta * 1000), eta),
             duration_print((int64_t)(account->earliest * 1000), earliest),
             accuracy_print(&alert->ping, accuracy));
}

/* Also when nothing but what most of its pings said holds it: testimony.h, row 6. */
static const char *still_print(const struct alert *alert, const struct incident *incident)
{
    bool held = (incident->inside_by & ~INSIDE_BY_REMOVED) != 0 || incident->elsewhere_by != 0;

    if (alert->depth >= 0)
        return "still";
    return held ? "may still be inside:" : "left, if another ping says so too:";
}

static void explain_update(struct alert *alert, const struct incident *incident, const char *place)
{
    char pings[TEXT_MAX], lasts[DURATION_TEXT_MAX];

    duration_print(alert->time.ms - incident->entered.ms, lasts);
    pings_print(alert, incident, pings);
    snprintf(alert->reason, sizeof alert->reason, "%s %.100s%s%s", still_print(alert, incident),
             place, pings[0] != '\0' ? pings : ", for ", pings[0] != '\0' ? "" : lasts);
}

/* What was told on a ping that came late. */
static void explain_past(struct alert *alert, const char *place)
{
    char age[DURATION_TEXT_MAX];

    snprintf(alert->reason, sizeof alert->reason, "a ping that came %s late was %s",
             duration_print(alert->received.ms - alert->time.ms, age), place);
}

void alert_explain(struct alert *alert, const struct account *account)
{
    char place[2 * TEXT_MAX];

    place_print(alert, place);
    if (!isnan(alert->eta)) {
        explain_approach(alert, account, place);
        return;
    }
    switch (alert->type) {
    case ALERT_APPROACH:
    case ALERT_POSSIBLE:
    case ALERT_BREACH:
        explain_start(alert, account, place);
        return;
    case ALERT_UPDATE:
        explain_update(alert, account->given->incident, place);
        return;
    case ALERT_CLEARED:
        explain_end(alert, account, place);
        return;
    case ALERT_RETROSPECTIVE:
        explain_past(alert, place);
        return;
    case ALERT_SILENT:
    case ALERT_HEARD:
    case ALERT_TAMPER:
    case ALERT_BATTERY:
    case ALERT_CLOCK:
    case ALERT_BLIND:
    case ALERT_SIGHTED:
    case ALERT_ACKED:
    case ALERT_CLOSED:
    case ALERT_ESCALATED:
    case ALERT_DOUBT:
    case ALERT_UNJUDGED:
    case ALERT_CHAIN:
    case ALERT_TROUBLE:
    case ALERT_MENDED:
    case ALERT_RULES:
    case ALERT_HANDED:
    case ALERT_SHELVED:
    case ALERT_TYPES:
        return; // not of a zone by a look at it
    }
}
