/* SPDX-License-Identifier: Apache-2.0 */
/* alert.h - what there is to say, as a value, and its words. */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include "core/decide.h"

/* For a new one tests/README.md lists what else it is to be told in. */
enum alert_type {
    ALERT_APPROACH,
    ALERT_POSSIBLE,
    ALERT_BREACH,
    ALERT_UPDATE,
    ALERT_CLEARED,
    ALERT_RETROSPECTIVE,
    ALERT_SILENT,
    ALERT_HEARD,
    ALERT_TAMPER,
    ALERT_BATTERY,
    ALERT_CLOCK,
    ALERT_BLIND,
    ALERT_SIGHTED,
    ALERT_ACKED,
    ALERT_CLOSED,
    ALERT_ESCALATED,
    ALERT_DOUBT,
    ALERT_UNJUDGED,
    ALERT_CHAIN,
    ALERT_TROUBLE,
    ALERT_MENDED,
    ALERT_RULES,
    ALERT_HANDED,
    ALERT_SHELVED,
    ALERT_TYPES
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITIES };

enum { ALERT_REASON_MAX = 240 };

/* Texts are borrowed from the rulebook: say it or print it before the rulebook goes. */
struct alert {
    enum alert_type type;
    enum severity severity;
    const struct exclusion *exclusion; /* NULL: about a device, or about breachd itself */
    const char *respondent, *device;   /* NULL: breachd itself */
    /* Of breachd's own incidents that of this name, "redis-evicts", "senders"; NULL: blindness. */
    const char *own;
    const char *area; /* of an alert about a device; see alert_area */
    /* Number of the zone's incident; of the blindness; of the device's trouble, 0: of none. */
    uint32_t incident;
    enum trouble_kind trouble; /* of an alert about a device */
    uint32_t nth;              /* alert of that incident; of that device; else see event_id */
    struct utc time;           /* when it happened */
    struct utc received;       /* when we knew */
    bool authorised;
    const char *by;      /* of the control room's: who; NULL: nobody did it */
    const char *to;      /* of handed: who has it now; or NULL */
    struct utc until;    /* of shelved: until when; 0: it is so no more */
    const char *outcome; /* of closed: what came of it; of acked, or NULL */
    bool over;           /* of these, escalated and unjudged: the incident does not go on */
    double probability;  /* 0..1; NaN: does not apply */
    double depth;        /* metres inside, negative outside; NaN: does not apply */
    double eta;          /* seconds to the zone; NaN: does not apply */
    int rule;            /* of decide.c; 0: none */
    const char *cause;   /* a constant word: which kind of this type, "flood"; NULL: it has none */
    uint32_t count;      /* how often it has happened in its incident; 0: it is not counted */
    bool has_ping;
    struct position ping;
    char reason[ALERT_REASON_MAX];
};

/*
 * An alert of which no more is known than its type, which has the gravest severity, and when: it is
 * about breachd itself, and no number in it applies.
 */
struct alert alert_make(enum alert_type type, struct utc time, struct utc received);

/* Whom it is routed to: the area of its zone's order, or its device's; NULL: to nobody's. */
const char *alert_area(const struct alert *alert);

/* What opens or keeps open an incident of the `open` hash, what ends it, and what is not one. */
enum alert_effect { EFFECT_NONE, EFFECT_OPEN, EFFECT_CLOSE };

/* The same for `todo`, what still needs somebody: see alert_todo. */
enum todo_rule {
    TODO_NONE,        /* needs nobody, and ends no need */
    TODO_OPEN,        /* somebody is needed */
    TODO_CLOSE,       /* nobody is needed any more */
    TODO_UNTIL_TAKEN, /* it is over: somebody is needed until somebody has taken it */
    TODO_WHILE_OPEN,  /* somebody is needed as long as its incident goes on */
    TODO_HELD         /* so, by the alert that stands there, beside which is who has it now */
};

/* Whether the alerts of a type have a zone, a device, a ping. */
enum alert_has { HAS_NEVER, HAS_SOMETIMES, HAS_ALWAYS };

/* What else is peculiar to some types: bits of alert_spec.traits. */
enum alert_trait {
    /* The control room's: by what it said or did not; numbered by itself, has `by`, `outcome`. */
    TRAIT_CONTROL_ROOM = 1,
    TRAIT_JUDGED = 2, /* an answer of core's about a respondent, which can be judged again */
    /* Critical, waits for somebody and is escalated; whoever has its incident must look again. */
    TRAIT_ALARM = 4,
    TRAIT_PAST = 8,         /* of the past: `late` is true, and the present stays as it is */
    TRAIT_NO_INCIDENT = 16, /* about breachd itself it has no incident: numbered by its type */
    TRAIT_AS_INCIDENT = 32, /* its severity is that of its incident's phase */
    TRAIT_CONTESTED = 64,   /* its reason names another device of his that says something else */
    /* Of a device: when high, it waits for somebody and is escalated. */
    TRAIT_GRAVE = 128
};

/*
 * All that depends on the type of an alert alone, in one row. event_json, ctl, the schema
 * (config/schema), the manual (breachd-alerts(7)) and the tests are held against it.
 */
struct alert_spec {
    const char *name;       /* "breach" */
    enum severity severity; /* the gravest that it is told with */
    enum alert_effect open; /* see alert_effect */
    enum todo_rule todo;    /* see alert_todo */
    enum alert_has zone;    /* and with it order, kind and rules */
    enum alert_has device;
    enum alert_has ping;
    unsigned traits;     /* of enum alert_trait */
    const char *meaning; /* for who has not read the manual */
};

const struct alert_spec *alert_spec(enum alert_type type);
bool alert_is(enum alert_type type, enum alert_trait trait);
const char *alert_type_name(enum alert_type type); /* "breach" */
bool alert_type_of(const char *name, enum alert_type *out_type);

const char *severity_name(enum severity severity); /* "critical" */
bool severity_of(const char *name, enum severity *out_severity);

/* Severity of a zone's alert: a permit makes each an information. */
enum severity alert_severity(enum alert_type type, enum phase phase, bool authorised);

/* What an alert of a zone, or of breachd's blindness, does to `open`. */
enum alert_effect alert_effect(enum alert_type type);

/*
 * What an alert does to `todo`; `taken`: somebody in the control room has the
 * incident. What is over stays there until somebody has taken it, or closes it; but
 * what a permit allowed, a device that is heard again, a breachd that sees again and
 * what was mended around it need nobody any more.
 */
enum alert_effect alert_todo(const struct alert *alert, bool taken);

/* What an alert's words tell beside its own numbers. */
struct account {
    const struct situation *given;
    enum standing was;     /* how the zone stood just before, for CAUSE_TIME */
    double earliest;       /* seconds to the zone at the fastest; NaN: not known */
    int64_t gap_ms;        /* between the two pings of a way */
    const char *other;     /* a device that says something else, so many metres outside and */
    double other_distance; /* so long ago; NULL: none */
    int64_t other_ms;      /* before the alert; negative: after it */
    bool elsewhere;        /* it is of one of two places at which the device is at once */
};

/*
 * Writes alert->reason: a sentence of the numbers compared, without any place. Reads type, time,
 * received, authorised, depth, eta and ping of the alert, which is one of a zone: others get their
 * reasons where they are made.
 */
void alert_explain(struct alert *alert, const struct account *account);

/* "45 s", "3 min 41 s", "2 h 5 min", "3 d 4 h". Returns `text`. */
enum { DURATION_TEXT_MAX = 32 };
char *duration_print(int64_t ms, char text[DURATION_TEXT_MAX]);

#endif
