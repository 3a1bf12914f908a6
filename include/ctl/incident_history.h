/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident_history.h - one incident as a ledger tells it: the pings from ten minutes before its
 * first alert to ten minutes after its last, each measured by the rules of its time, its alerts,
 * and what the control room said.
 */
#ifndef CTL_INCIDENT_HISTORY_H
#define CTL_INCIDENT_HISTORY_H

#include "adapter/json/input.h"
#include "ctl/rejudge.h"

#include <jansson.h>

enum { STORY_AROUND_MS = 10 * 60 * 1000 };

struct history_ping {
    uint64_t entry;
    struct ping ping;
    struct utc when;    /* by which it was judged: its own time, if its clock was right */
    double accuracy;    /* metres, 68 % radius, as it was judged; the ping's is as told */
    double percentile;  /* per cent, at which that was */
    double distance;    /* metres to the edge, negative inside; NaN: not known */
    double probability; /* of being inside, by all pings up to it, or by itself; NaN: not known */
    enum device_clock clock;
    const char *class; /* "new", "late", "implausible", …; NULL: not known */
};

/* An alert, or a word of the control room. */
struct history_ack {
    uint64_t entry;
    struct utc at; /* when it was known */
    json_t *json;  /* the event; of a word its body */
    bool is_alert;
};

struct incident_history {
    const char *incident;
    char subject[INPUT_SUBJECT_MAX];
    struct read_span span;
    struct history_ping *pings;
    size_t n_pings, room_pings;
    struct history_ack *acks;
    size_t n_acks, room_acks;
    struct rejudge *rejudge; /* the replay in it is the incident's respondent, as last judged */
    const struct respondent_replay *replay;
    const struct exclusion *exclusion; /* of the replay's rules, or NULL */
    struct kept_question *kept;        /* room to read one */
    bool broken;                       /* out of memory */
};

/* `incident` is borrowed. False, with the reason, when there is none or it cannot be read. */
bool incident_history_read(struct ledger_reader *reader, const char *incident,
                           struct incident_history *out, struct fault *why);
void incident_history_fini(struct incident_history *history); /* zeroed is fine */

#endif
