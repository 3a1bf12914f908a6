/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident_log.h - every incident that a ledger tells of, by its alerts and the control room's
 * words: what happened, who had it, what came of it. No place is in it.
 */
#ifndef CTL_INCIDENT_LOG_H
#define CTL_INCIDENT_LOG_H

#include "adapter/ledger/ledger_reader.h"
#include "core/alert.h"
#include "core/custody.h"

enum { LOGGED_INCIDENT_MAX = 288, LOGGED_AREA_MAX = 72, LOGGED_OUTCOME_MAX = 24 };

/* Instants are our clock's, as alerts have them as `received`; 0: not. */
struct logged_incident {
    char incident[LOGGED_INCIDENT_MAX]; /* comes first, for the tree */
    char area[LOGGED_AREA_MAX];         /* "": of none */
    struct utc began;                   /* as its first alert has it; not behind `first` */
    struct utc first, last;             /* alerts of it; the control room's are none here */
    struct utc called;                  /* the first critical one, or high of a device; else 0 */
    struct utc taken, closed, ended;
    struct utc touched;       /* the newest of all this, words too */
    enum alert_type gravest;  /* the first alert of the gravest severity, */
    enum severity worst;      /* and that */
    bool open;                /* it goes on, as far as alerts say so; */
    bool needed;              /* and somebody is, as `todo` has it */
    bool permitted, exercise; /* a permit allowed all of it; an exercise's */
    unsigned alerts;
    char by[CUSTODY_BY_MAX]; /* who has it, or had it; "": nobody */
    char outcome[LOGGED_OUTCOME_MAX];
    char note[CUSTODY_NOTE_MAX]; /* the newest */
    struct utc shelved;          /* until when; 0: it is not, as what is over is not */
    char shelved_by[CUSTODY_BY_MAX];
    char reason[ALERT_REASON_MAX]; /* of the newest alert */
};

/* An alert to look at: of severity warning or more, and not the control room's. */
struct logged_alert {
    struct utc at;
    bool authorised;
};

struct incident_log {
    struct logged_incident **of; /* by when they began */
    size_t n;
    struct logged_alert *alerts; /* from `since` on, as they came */
    size_t n_alerts, room;
    struct utc newest; /* alert: in an exercise, what time it is there */
    bool exercise;     /* the ledger is an exercise's */
    /* while it is read: */
    void *tree;
    struct utc since;
    const char *area;
    bool broken;
};

/*
 * Alerts of before `since` are not kept (UTC_ALWAYS: all are), nor incidents of another area than
 * `area` (NULL: all; what is of none stays). False when the ledger cannot be read.
 */
bool incident_log_read(struct ledger_reader *reader, struct utc since, const char *area,
                       struct incident_log *out, struct fault *why);
void incident_log_fini(struct incident_log *log); /* zeroed is fine */

/* What time it is: in an exercise that of its newest alert. */
struct utc incident_log_now(const struct incident_log *log);

/* "open", "ended", "closed". */
const char *logged_state(const struct logged_incident *one);

bool logged_is_closed(const struct logged_incident *one);
bool logged_is_taken(const struct logged_incident *one);   /* somebody has it; not closed */
bool logged_is_untaken(const struct logged_incident *one); /* somebody is needed, nobody has it */
bool logged_is_shelved(const struct logged_incident *one);
bool logged_is_of_device(const struct logged_incident *one);

#endif
