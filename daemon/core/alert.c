/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alert.h"

#include <math.h>
#include <string.h>

/* Short, so that a row is read at one glance. */
#define NO  HAS_NEVER
#define MAY HAS_SOMETIMES
#define YES HAS_ALWAYS

/*
 * In the order of enum alert_type, so that none is left out: name, severity; `open`, `todo`; zone,
 * device, ping; traits; meaning.
 */
static const struct alert_spec specs[] = {
    { "approach", SEVERITY_WARNING, EFFECT_OPEN, TODO_OPEN, YES, YES, YES, TRAIT_JUDGED,
      "in the warning ring and coming nearer; not a breach" },
    { "possible", SEVERITY_HIGH, EFFECT_OPEN, TODO_OPEN, YES, YES, YES,
      TRAIT_JUDGED | TRAIT_CONTESTED,
      "perhaps inside, or the way led through the zone, or the map gave no answer" },
    { "breach", SEVERITY_CRITICAL, EFFECT_OPEN, TODO_OPEN, YES, YES, YES,
      TRAIT_JUDGED | TRAIT_ALARM | TRAIT_CONTESTED,
      "inside, beyond the threshold of proof, while the order was in force" },
    { "update", SEVERITY_CRITICAL, EFFECT_OPEN, TODO_OPEN, YES, YES, YES,
      TRAIT_JUDGED | TRAIT_AS_INCIDENT, "it went on" },
    { "cleared", SEVERITY_INFO, EFFECT_CLOSE, TODO_UNTIL_TAKEN, YES, MAY, MAY, TRAIT_JUDGED,
      "it ended" },
    { "retrospective", SEVERITY_HIGH, EFFECT_NONE, TODO_OPEN, YES, YES, YES,
      TRAIT_JUDGED | TRAIT_PAST, "a ping that came late shows that he had been inside" },
    { "silent", SEVERITY_HIGH, EFFECT_NONE, TODO_OPEN, NO, YES, MAY, TRAIT_JUDGED | TRAIT_GRAVE,
      "nothing was heard of the device" },
    { "heard", SEVERITY_INFO, EFFECT_NONE, TODO_CLOSE, NO, YES, YES, TRAIT_JUDGED,
      "the device was heard again" },
    { "tamper", SEVERITY_HIGH, EFFECT_NONE, TODO_OPEN, NO, YES, MAY, TRAIT_JUDGED | TRAIT_GRAVE,
      "the device was tampered with, or it is deceived" },
    { "battery", SEVERITY_WARNING, EFFECT_NONE, TODO_OPEN, NO, YES, MAY, TRAIT_JUDGED,
      "the battery of the device is low" },
    { "clock", SEVERITY_WARNING, EFFECT_NONE, TODO_OPEN, NO, MAY, MAY,
      TRAIT_JUDGED | TRAIT_NO_INCIDENT, "a clock cannot be right: the device's, or breachd's own" },
    { "blind", SEVERITY_CRITICAL, EFFECT_OPEN, TODO_OPEN, NO, NO, NO, TRAIT_ALARM,
      "nobody watched: no ping could be judged and kept" },
    { "sighted", SEVERITY_INFO, EFFECT_CLOSE, TODO_CLOSE, NO, NO, NO, 0, "breachd watched again" },
    { "acked", SEVERITY_INFO, EFFECT_NONE, TODO_HELD, MAY, MAY, NO, TRAIT_CONTROL_ROOM,
      "somebody in the control room took it" },
    { "closed", SEVERITY_INFO, EFFECT_CLOSE, TODO_CLOSE, MAY, MAY, NO, TRAIT_CONTROL_ROOM,
      "the control room closed it" },
    { "escalated", SEVERITY_CRITICAL, EFFECT_OPEN, TODO_OPEN, MAY, MAY, NO, TRAIT_CONTROL_ROOM,
      "nobody had taken it" },
    { "doubt", SEVERITY_WARNING, EFFECT_NONE, TODO_OPEN, NO, YES, MAY, TRAIT_JUDGED,
      "what the device says cannot be taken as it is" },
    { "unjudged", SEVERITY_HIGH, EFFECT_NONE, TODO_WHILE_OPEN, NO, MAY, NO, 0,
      "something about this respondent could not be judged or kept" },
    { "chain", SEVERITY_INFO, EFFECT_NONE, TODO_NONE, NO, NO, NO, TRAIT_NO_INCIDENT,
      "the newest link of the chain of evidence" },
    { "trouble", SEVERITY_HIGH, EFFECT_NONE, TODO_OPEN, NO, NO, NO, 0,
      "something around breachd was wrong, though it watched" },
    { "mended", SEVERITY_INFO, EFFECT_NONE, TODO_CLOSE, NO, NO, NO, 0,
      "what was wrong around breachd is over" },
    { "rules", SEVERITY_HIGH, EFFECT_NONE, TODO_WHILE_OPEN, NO, NO, NO, 0,
      "settings and orders came into force, or were refused, or no order is in force" },
    { "handed", SEVERITY_INFO, EFFECT_NONE, TODO_HELD, MAY, MAY, NO, TRAIT_CONTROL_ROOM,
      "the control room gave it to somebody else" },
    { "shelved", SEVERITY_INFO, EFFECT_NONE, TODO_HELD, MAY, MAY, NO, TRAIT_CONTROL_ROOM,
      "the control room keeps it quiet for a while, or does so no more" },
};
_Static_assert(sizeof specs / sizeof *specs == ALERT_TYPES, "a row for each type");

const struct alert_spec *alert_spec(enum alert_type type)
{
    return &specs[type];
}

bool alert_is(enum alert_type type, enum alert_trait trait)
{
    return (specs[type].traits & (unsigned)trait) != 0;
}

const char *alert_type_name(enum alert_type type)
{
    return specs[type].name;
}

bool alert_type_of(const char *name, enum alert_type *out_type)
{
    for (int i = 0; i < ALERT_TYPES; i++) {
        if (strcmp(specs[i].name, name) == 0) {
            *out_type = (enum alert_type)i;
            return true;
        }
    }
    return false;
}

static const char *const severities[] = { "info", "warning", "high", "critical" };
_Static_assert(sizeof severities / sizeof *severities == SEVERITIES, "a name for each severity");

const char *severity_name(enum severity severity)
{
    return severities[severity];
}

bool severity_of(const char *name, enum severity *out_severity)
{
    for (int i = 0; i < SEVERITIES; i++) {
        if (strcmp(severities[i], name) == 0) {
            *out_severity = (enum severity)i;
            return true;
        }
    }
    return false;
}

struct alert alert_make(enum alert_type type, struct utc time, struct utc received)
{
    return (struct alert){ .type = type,
                           .severity = specs[type].severity,
                           .time = time,
                           .received = received,
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN };
}

const char *alert_area(const struct alert *alert)
{
    return alert->exclusion != NULL ? alert->exclusion->order->area : alert->area;
}

static enum severity phase_severity(enum phase phase)
{
    switch (phase) {
    case PHASE_NONE:
    case PHASE_APPROACH:
        break;
    case PHASE_POSSIBLE:
        return SEVERITY_HIGH;
    case PHASE_BREACH:
        return SEVERITY_CRITICAL;
    }
    return SEVERITY_WARNING;
}

enum severity alert_severity(enum alert_type type, enum phase phase, bool authorised)
{
    if (authorised)
        return SEVERITY_INFO;
    return alert_is(type, TRAIT_AS_INCIDENT) ? phase_severity(phase) : specs[type].severity;
}

enum alert_effect alert_effect(enum alert_type type)
{
    return specs[type].open;
}

enum alert_effect alert_todo(const struct alert *alert, bool taken)
{
    switch (specs[alert->type].todo) {
    case TODO_NONE:
        break;
    case TODO_OPEN:
        return EFFECT_OPEN;
    case TODO_CLOSE:
        return EFFECT_CLOSE;
    case TODO_UNTIL_TAKEN:
        return taken || alert->authorised ? EFFECT_CLOSE : EFFECT_OPEN;
    case TODO_WHILE_OPEN:
        return alert->over ? EFFECT_CLOSE : EFFECT_OPEN;
    case TODO_HELD:
        return alert->over ? EFFECT_CLOSE : EFFECT_NONE;
    }
    return EFFECT_NONE;
}
