/* SPDX-License-Identifier: Apache-2.0 */
/* assessment.c - asks decide(), and turns its verdict into incidents and alerts. */
#include "core/assessment_parts.h"

#include "core/evidence.h"
#include "core/motion.h"
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
    track_wake(track);
    return (struct assessment){ .watch = watch,
                                .who = who,
                                .track = track,
                                .nth = nth,
                                .exclusion = who->exclusions[nth],
                                .incident = track->incidents[nth],
                                .alone = NAN,
                                .before = NAN,
                                .inside = NAN,
                                .closing = NAN,
                                .earliest = NAN };
}

double assessment_alone(struct assessment *assessment)
{
    if (isnan(assessment->alone))
        assessment->alone =
            evidence_inside(assessment->distance,
                            motion_accuracy(assessment->watch->detect, assessment->at.accuracy));
    return assessment->alone;
}

/* An incident begins, or the open one becomes graver. */
static void begin(struct assessment *assessment, enum phase phase, enum alert_type type, int rule,
                  struct outcome *out)
{
    struct incident *incident = assessment->incident;

    if (incident->phase == PHASE_NONE) {
        assessment_remember_span(incident, incident->before_from, incident->before_until);
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
    assessment_tell(assessment, type, rule, out);
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
    assessment_tell(assessment, ALERT_CLEARED, rule, out);
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->inside_by &= ~INSIDE_BY_REMOVED;
    incident->ended = assessment->when;
}

/* An interval has passed; but a device may use only so much of what is told again. */
static void tell_again(struct assessment *assessment, int rule, struct outcome *out)
{
    assessment->incident->authorised =
        assessment->situation.permitted; // an approach may have outlived one
    if (!assessment->watch->frugal &&
        assessment_may_tell(assessment,
                            &assessment->track->devices[assessment->device_nth]->updates))
        assessment_tell(assessment, ALERT_UPDATE, rule, out);
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
        assessment_tell_past(assessment, decision.rule, out);
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
