/* SPDX-License-Identifier: Apache-2.0 */
/* assessment.c - asks decide(), and turns its verdict into incidents and alerts. */
#include "core/assessment.h"

#include "core/device_watch.h"
#include "core/evidence.h"
#include "core/steps.h"
#include "core/testimony.h"

#include <math.h>

/* An incident is told again after a tenth of its age, so that a long one does not fill a screen. */
enum { UPDATES_GROW = 10 };

/*
 * Openings of one zone's incidents at once, and a day, beyond which one that a ping would end goes
 * on until it is as old as an update's interval. Nobody walks in and out so often; a device whose
 * places are made up can, 10 alerts a second, and a receiver beside an edge might. (ISA-18.2 calls
 * it a chattering alarm, and damps it likewise.)
 */
static const struct allowance_limit openings_limit = { 100, 100 };

/* Seconds to the zone below which an approach is not told again: the next ping tells. */
static const double eta_least = 15;

struct assessment assessment_of(const struct watch *watch, const struct respondent *who,
                                struct track *track, size_t nth)
{
    return (struct assessment){ .watch = watch,
                                .who = who,
                                .track = track,
                                .nth = nth,
                                .exclusion = who->exclusions[nth],
                                .incident = track->incidents[nth],
                                .before = NAN,
                                .inside = NAN,
                                .closing = NAN,
                                .earliest = NAN };
}

double assessment_score(const struct detect *detect, const struct incident *incident)
{
    bool likely = incident->elsewhere_by != 0 || testimony_has_lasted(&incident->testimony);
    double best = likely ? evidence_score(fmax(EVIDENCE_LIKELY, detect->possible)) : -EVIDENCE_SURE;

    if (testimony_proves(&incident->testimony))
        best = fmax(best, evidence_score(detect->breach));
    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++) {
        if (incident->scores[i] > 0 || (incident->inside_by >> i & 1) != 0)
            best = fmax(best, incident->scores[i]);
    }
    return best;
}

bool assessment_alive(const struct incident *incident)
{
    bool scored = incident->phase > PHASE_APPROACH && testimony_has_lasted(&incident->testimony);

    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++)
        scored |= incident->scores[i] > 0;
    return scored || (incident->inside_by & ~INSIDE_BY_REMOVED) != 0 || incident->elsewhere_by != 0;
}

enum zone_side assessment_side(const struct detect *detect, double score, bool alive)
{
    if (score >= evidence_score(detect->breach))
        return ZONE_INSIDE;
    if (alive && score >= evidence_score(detect->possible))
        return ZONE_PROBABLE;
    return alive ? ZONE_DOUBTFUL : ZONE_OUTSIDE;
}

/*
 * Of an incident that is more than an approach, by all its pings; of a way, that it led through;
 * else by this device's.
 */
static double sure_of(const struct assessment *assessment, enum alert_type type)
{
    const struct situation *situation = &assessment->situation;
    bool grave = assessment->incident->phase > PHASE_APPROACH && type != ALERT_CLEARED;

    if (type == ALERT_RETROSPECTIVE)
        return evidence_probability(assessment->incident->late_score);
    if (situation->way == WAY_WAS ? type == ALERT_BREACH && situation->side < ZONE_INSIDE
                                  : type == ALERT_POSSIBLE && situation->way != WAY_CLEAR &&
                                        situation->side < ZONE_PROBABLE)
        return assessment->way;
    if (grave && assessment_alive(assessment->incident))
        return evidence_probability(
            assessment_score(assessment->watch->detect, assessment->incident));
    return assessment->inside;
}

/* Another device of his that was heard of lately, and says something else than this alert. */
static void find_other(const struct assessment *assessment, const struct alert *alert,
                       struct account *account)
{
    const struct watch *watch = assessment->watch;

    if (!alert_is(alert->type, TRAIT_CONTESTED))
        return;
    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        const struct known_device *device = assessment->track->devices[i];
        int64_t age = assessment->when.ms - device->newest.time.ms;
        double distance;

        if (i == assessment->device_nth || !device->heard || age > watch->detect->late_ms)
            continue;
        distance = zone_distance(assessment->exclusion->zone, device->newest.at, INFINITY);
        if (!(distance > 2 * device_watch_accuracy(watch, assessment->who->devices[i],
                                                   device->newest.accuracy)))
            continue;
        account->other = assessment->who->devices[i];
        account->other_distance = distance;
        account->other_ms = age;
        return;
    }
}

/* Rounds the numbers before the reason is written, so that the reason has the same ones. */
static void take_steps(struct alert *alert, struct account *account)
{
    alert->depth = steps_depth(alert->depth);
    alert->eta = steps_seconds(alert->eta);
    alert->probability = steps_probability(alert->probability);
    account->earliest = steps_seconds(account->earliest);
    account->other_distance = steps_distance(account->other_distance);
}

/* Of an approach; 0 over the edge, where a ping in doubt may have him; NaN: not known. */
static double seconds_to(const struct assessment *assessment)
{
    return (assessment->distance <= 0 ? 0 : assessment->distance) / assessment->closing;
}

/* The next alert of `out`; incident->phase is already the new one. */
static void tell(const struct assessment *assessment, enum alert_type type, int rule,
                 struct outcome *out)
{
    struct incident *incident = assessment->incident;
    struct alert *alert = &out->alerts[out->n++];
    bool coming = incident->phase == PHASE_APPROACH && type != ALERT_CLEARED;
    struct account account = { .given = &assessment->situation,
                               .was = assessment->was,
                               .earliest = assessment->earliest,
                               .gap_ms = assessment->gap_ms,
                               .elsewhere = assessment->elsewhere };

    *alert = (struct alert){
        .type = type,
        .severity = alert_severity(type, incident->phase, incident->authorised),
        .exclusion = assessment->exclusion,
        .respondent = assessment->who->id,
        .device = assessment->device,
        .incident = incident->number,
        .nth = ++incident->alerts,
        .time = assessment->when,
        .received = assessment->now,
        .authorised = incident->authorised,
        .probability = assessment->device != NULL ? sure_of(assessment, type) : NAN,
        .depth = 0 - assessment->distance, // on the edge 0, not -0
        .eta = coming ? seconds_to(assessment) : NAN,
        .rule = rule,
        .has_ping = assessment->device != NULL,
        .ping = assessment->at,
    };
    incident->alerted = assessment->when;
    if (coming)
        incident->eta_alerted = alert->eta;
    find_other(assessment, alert, &account);
    if (assessment->watch->stepped)
        take_steps(alert, &account);
    alert_explain(alert, &account);
}

static void remember_span(struct incident *incident, struct utc from, struct utc until)
{
    if (from.ms == 0 || from.ms == UTC_NEVER.ms)
        return;
    incident->older[incident->older_next] = (struct span){ from, until };
    incident->older_next = (incident->older_next + 1) % INCIDENT_OLDER;
}

/* An incident begins, or the open one becomes graver. */
static void begin(struct assessment *assessment, enum phase phase, enum alert_type type, int rule,
                  struct outcome *out)
{
    struct incident *incident = assessment->incident;

    if (incident->phase == PHASE_NONE) {
        remember_span(incident, incident->before_from, incident->before_until);
        incident->before_from = incident->entered;
        incident->before_until = incident->ended;
        incident->number = ++incident->numbers;
        incident->alerts = 0;
        allowance_take(&incident->openings, openings_limit, 1, assessment->now);
        incident->inside_by &= ~INSIDE_BY_REMOVED;
        incident->closed = false;
        incident->opened = assessment->when;
        incident->ended = incident->entered = UTC_NEVER;
    }
    if (phase > PHASE_APPROACH && incident->entered.ms == UTC_NEVER.ms)
        incident->entered = assessment->when;
    // A way through the zone is as good as being probably inside, until the pings say otherwise.
    if (phase > PHASE_APPROACH && assessment->situation.way != WAY_CLEAR) {
        incident->scores[assessment->device_nth] =
            fmax(incident->scores[assessment->device_nth],
                 evidence_score(assessment->watch->detect->possible));
        incident->inside_by |= 1U << assessment->device_nth;
    }
    incident->phase = phase;
    incident->authorised = assessment->situation.permitted;
    tell(assessment, type, rule, out);
}

/* Whether a ping ends too young an incident of too many: the next ones may. */
static bool chatters(const struct assessment *assessment)
{
    const struct incident *incident = assessment->incident;
    const struct situation *situation = &assessment->situation;

    return situation->cause == CAUSE_PING && situation->standing == IN_FORCE &&
           situation->permitted == incident->authorised &&
           assessment->when.ms - incident->opened.ms < assessment->watch->detect->update_ms &&
           !allowance_has(&incident->openings, openings_limit, 1, assessment->now);
}

static void end(struct assessment *assessment, int rule, struct outcome *out)
{
    struct incident *incident = assessment->incident;

    // The reason tells what the incident was, so it is written before the incident is over.
    tell(assessment, ALERT_CLEARED, rule, out);
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->inside_by &= ~INSIDE_BY_REMOVED;
    incident->ended = assessment->when;
}

/* Whether the day's budget of the device has room for one more; else that is counted. */
static bool may_tell(struct assessment *assessment, struct allowance *allowance)
{
    struct known_device *device = assessment->track->devices[assessment->device_nth];
    double day = assessment->watch->detect->device_day;

    if (day <= 0 ||
        allowance_take(allowance, (struct allowance_limit){ day, day }, 1, assessment->now))
        return true;
    device->held_back += device->held_back < UINT32_MAX;
    return false;
}

/*
 * A breach in the past gets an incident number of its own; the present one is not touched. Who
 * makes up hundreds of them a day, each at another time, fills the disk and hides the true one.
 */
static void tell_past(struct assessment *assessment, int rule, struct outcome *out)
{
    struct incident *present = assessment->incident;
    struct incident past = { .phase = PHASE_BREACH,
                             .authorised = assessment->situation.permitted,
                             .late_score = present->late_score,
                             .opened = assessment->when };

    if (!may_tell(assessment, &assessment->track->devices[assessment->device_nth]->past))
        return;
    past.number = ++present->numbers;
    remember_span(present, present->late_from, present->late_until);
    present->late_from = present->late_until = assessment->when;
    assessment->incident = &past;
    tell(assessment, ALERT_RETROSPECTIVE, rule, out);
    assessment->incident = present;
}

/* An interval has passed; but a device may use only so much of what is told again. */
static void tell_again(struct assessment *assessment, int rule, struct outcome *out)
{
    assessment->incident->authorised =
        assessment->situation.permitted; // an approach may have outlived one
    if (!assessment->watch->frugal &&
        may_tell(assessment, &assessment->track->devices[assessment->device_nth]->updates))
        tell(assessment, ALERT_UPDATE, rule, out);
}

/*
 * True when the zone may have to be assessed again at once: an incident ended, another may begin.
 */
static bool act(struct assessment *assessment, struct decision decision, struct outcome *out)
{
    switch (decision.verdict) {
    case VERDICT_QUIET:
        return false;
    case VERDICT_APPROACHES:
        begin(assessment, PHASE_APPROACH, ALERT_APPROACH, decision.rule, out);
        return false;
    case VERDICT_POSSIBLE:
        begin(assessment, PHASE_POSSIBLE, ALERT_POSSIBLE, decision.rule, out);
        return false;
    case VERDICT_BREACHES:
        begin(assessment, PHASE_BREACH, ALERT_BREACH, decision.rule, out);
        return false;
    case VERDICT_GOES_ON:
        tell_again(assessment, decision.rule, out);
        return false;
    case VERDICT_ENDS:
        if (chatters(assessment))
            return false;
        end(assessment, decision.rule, out);
        return true;
    case VERDICT_WAS_INSIDE:
        tell_past(assessment, decision.rule, out);
        return false;
    }
    return false;
}

/* Whether it is this device that keeps the incident open. */
static bool keeps_open(const struct assessment *assessment)
{
    const struct incident *incident = assessment->incident;

    return assessment->elsewhere || incident->scores[assessment->device_nth] > 0 ||
           (incident->inside_by >> assessment->device_nth & 1) != 0 ||
           (testimony_has_lasted(&incident->testimony) &&
            incident->testimony.device == incident->carriers[assessment->device_nth]);
}

/* Whether it is time to tell again: of an approach when the time left has halved. */
static bool update_due(const struct assessment *assessment)
{
    const struct incident *incident = assessment->incident;
    int64_t age = assessment->when.ms - incident->opened.ms,
            alerted = assessment->when.ms - incident->alerted.ms;
    double eta = assessment->distance / assessment->closing;

    if (incident->phase == PHASE_APPROACH)
        return eta >= eta_least && eta <= incident->eta_alerted / 2;
    // While another device keeps the incident open, this one has nothing to add to it.
    return alerted >= assessment->watch->detect->update_ms && alerted >= age / UPDATES_GROW &&
           (keeps_open(assessment) || assessment->situation.side == ZONE_UNSURE);
}

/* Whether neither order, schedule nor permit turns just now. */
static bool is_unturned(const struct assessment *assessment)
{
    const struct situation *situation = &assessment->situation;
    bool before = exclusion_permit(assessment->exclusion, assessment->watch->civil,
                                   utc_plus(assessment->when, -1)) != NULL;

    // New rules may have turned anything; but what was closed by the same zone stays so.
    if (situation->cause == CAUSE_RULES)
        return assessment->incident->closed && !assessment->moved;
    return situation->cause == CAUSE_TIME && assessment->was == situation->standing &&
           situation->permitted == before;
}

/* Standing, permit and interval at the instant judged; the sides are the caller's to say. */
static void survey(struct assessment *assessment)
{
    const struct watch *watch = assessment->watch;
    struct situation *situation = &assessment->situation;

    assessment->was =
        exclusion_standing(assessment->exclusion, watch->civil, utc_plus(assessment->when, -1));
    situation->standing = exclusion_standing(assessment->exclusion, watch->civil, assessment->when);
    situation->permitted =
        exclusion_permit(assessment->exclusion, watch->civil, assessment->when) != NULL;
    situation->unturned = is_unturned(assessment);
    situation->update_due = update_due(assessment);
    situation->incident = assessment->incident;
}

bool assessment_settle_once(struct assessment *assessment, struct outcome *out)
{
    survey(assessment);
    return assessment_settle_anew(assessment, out);
}

bool assessment_settle_anew(struct assessment *assessment, struct outcome *out)
{
    size_t before = out->n;
    bool ended = act(assessment, decide(&assessment->situation), out);

    if (out->n != before)
        zone_set_add(&out->incidents_changed, assessment->nth);
    return ended;
}

void assessment_settle(struct assessment *assessment, struct outcome *out)
{
    if (assessment_settle_once(assessment, out))
        assessment_settle_anew(assessment, out);
}
