/* SPDX-License-Identifier: Apache-2.0 */
/* kept.h - what the ledger keeps, as values: rows, and what is asked of them. */
#ifndef ADAPTER_LEDGER_KEPT_H
#define ADAPTER_LEDGER_KEPT_H

#include "core/alert.h"
#include "core/arena.h"
#include "core/custody.h"
#include "core/track.h"

/* An alert as it is kept: the event lacks only its sequence. */
struct kept_alert {
    uint64_t sequence;
    struct utc received;                                /* when we knew */
    const char *respondent;                             /* "": breachd itself */
    const char *id, *type, *area, *severity, *incident; /* area, incident: "" for none */
    enum alert_effect effect;
    enum alert_effect todo; /* OPEN: its incident needs somebody; CLOSE: no more */
    bool passing;           /* of a device, and no evidence: `retention` takes it away in time */
    bool judged;            /* it came of a question to core: judging again must tell it again */
    const char *event;
    const char *by, *note; /* what stands in `todo` beside it; NULL or "" for none */
};

/* A link of the chain of evidence: what was asked of core, by which texts, what came of it. */
struct kept_entry {
    /*
     * "ping", "time", "rules", "withdrawn", "order", "settings", "texts", "started",
     * "reload", "ack", "access", "published"; the store's own are "evidence", "retention",
     * "forgotten", "renumbered", "state", "migrated".
     */
    const char *kind;
    struct utc at;          /* our clock */
    const char *respondent; /* "": nobody's */
    bool evidence;          /* false: `retention` takes the body away in time */
    bool start;             /* the body holds what was known before: judging again can begin here */
    bool once;              /* the same body of that kind is kept once */
    bool lasts;             /* the body stays until the commit is over, so it is not copied */
    const char *body;       /* JSON */
};

enum row_kind {
    ROW_DEVICE,
    ROW_INCIDENT,
    ROW_CUSTODY,
    ROW_LAST_ACK, /* the newest ack of the control room that was read: `name` is its id */
    ROW_READ,     /* the newest entry of the ping stream that was read: `name` says which */
    ROW_ALERT,
    ROW_ENTRY,
    ROW_EVIDENCE,
    ROW_STATE /* a link that says what all that is known comes to */
};

/* Only the value of its kind is there: a row is copied by whoever knows of it as a whole. */
struct row {
    struct row *next;
    struct row *next_alert; /* of an alert, within one commit */
    enum row_kind kind;
    const char *name; /* the device's id, the incident's subject, the respondent's id */
    bool spoilt;      /* restored, but not as it was: see known.h and store_salvage.h */
    union {
        struct {
            struct known_device device; /* shows no estimate: that is the next */
            struct estimate estimate;
        };
        struct incident incident;
        struct custody custody; /* `name` is the incident */
        struct kept_alert alert;
        struct kept_entry entry;
        struct {
            struct utc now; /* our clock */
            /* ROW_EVIDENCE: what was kept since, and back to the start before, is evidence */
            struct utc since;
            bool check_rows; /* ROW_STATE: were the rows themselves changed? */
        };
    };
};

/* All alerts; or of each incident that is open, or that needs somebody, the newest that says so. */
enum fetch_of { FETCH_ALERTS, FETCH_OPEN, FETCH_TODO };

/* What the publisher asks of the ledger: alerts after this sequence, at most so many. */
struct fetch {
    enum fetch_of of;
    uint64_t after;
    unsigned limit; /* 0: nothing is asked */
};

/* What is listed for people: no more than `limit` alerts. */
enum listing_of {
    LISTING_OPEN, /* of each incident that is open, or needs somebody, the newest that says so, */
    LISTING_TODO, /* those after the sequence `at`, rising */
    LISTING_ALL, /* of each incident the newest that is not the control room's, falling from `at` */
    LISTING_ONE, /* all of one incident before `at`, falling; */
    LISTING_MAP  /* so, and the pings around it */
};

struct listing {
    enum listing_of of;
    const char *incident; /* of LISTING_ONE and LISTING_MAP */
    uint64_t at;          /* of those that fall: 0, from the newest on */
    unsigned limit;
};

/* What came of it: alerts, and where the next ones are asked for; 0: there are no more. */
struct listed {
    struct row *alerts;
    struct row *pings; /* entries of LISTING_MAP, as they came */
    bool more_pings;   /* than it has */
    uint64_t next;
};

/* What is kept for `keep_ms` and is no evidence may go; and evidence after so long, 0: never. */
struct retention {
    struct utc now; /* our clock */
    int64_t keep_ms, evidence_ms;
};

/* Somebody is to be forgotten. */
struct forgetting {
    const char *respondent;
    const char *record; /* a JSON object: who wants it, and why (ledger_request.h) */
    struct utc now;
};

/* What is known of devices and custodies as it is since, for who has it in memory. */
struct forgotten {
    struct arena *arena; /* of the rows */
    struct row *rows;
};

#endif
