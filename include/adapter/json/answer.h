/* SPDX-License-Identifier: Apache-2.0 */
/* answer.h - what a sender is told of its pings; what status and heartbeat say (CONTRACT 5, 7). */
#ifndef ADAPTER_JSON_ANSWER_H
#define ADAPTER_JSON_ANSWER_H

#include "adapter/redis_memory.h"
#include "core/arrival.h"
#include "core/fault.h"
#include "core/instant.h"
#include "core/revision.h"

#include <stddef.h>

/* A body of rubbish must not cost us an answer twenty times its size. */
enum { ANSWER_REJECTED_MAX = 1000 /* rejections that an answer lists; past it they are counted */ };

#define ANSWER_FORBIDDEN "not allowed"

struct json_t;

enum { ANSWER_PLAIN_MAX = 512 }; /* bytes of an answer that refuses nothing */

/* All of it is answer.c's own. */
struct answer {
    size_t accepted, refused, forbidden, held; /* the last two are among the refused */
    bool tells_classes, lacks_memory;
    size_t classes[ARRIVALS];     /* of those accepted */
    size_t rejections;            /* of single messages: listed or, past the limit, counted */
    struct fault first;           /* why the first one was refused */
    struct json_t *rejected;      /* NULL: none so far */
    struct json_t *error;         /* NULL: none */
    char *printed;                /* with what was refused; NULL: not yet, */
    char plain[ANSWER_PLAIN_MAX]; /* or nothing was */
};

/*
 * Classes are told to who may speak for any device: what a ping was worth says how a respondent is
 * judged.
 */
void answer_init(struct answer *answer, bool tells_classes);
void answer_fini(struct answer *answer);
void answer_accept(struct answer *answer, enum arrival class);
void answer_reject(struct answer *answer, size_t index, const char *why);
void answer_forbid(struct answer *answer, size_t index); /* not the sender's device */
void answer_throttled(struct answer *answer, size_t index,
                      const char *why);                    /* too many of its device */
void answer_error(struct answer *answer, const char *why); /* the body as a whole */

/*
 * 200; or when nothing was accepted and something was refused, 400, or 403 if all was forbidden, or
 * 429 if anything was held back.
 */
int answer_code(const struct answer *answer);

/* Why the first one was refused; NULL when none was. Borrowed. */
const char *answer_first_refusal(const struct answer *answer);

/*
 * {"accepted":2,"classes":{"new":1,"late":1},"rejected":[…]}, and "rejected_more":7 past the limit.
 * The answer's own, until answer_fini; needs no memory when nothing was refused. NULL when memory
 * is, or was, out.
 */
const char *answer_print(struct answer *answer);

/* {"error":"…"} */
char *answer_print_error(const char *why);

/*
 * Why not all that the files say is in force: the newest reload, or the start, refused it; zeroed:
 * nothing was.
 */
enum { REFUSAL_FIRST_MAX = 400, REFUSAL_REALLY_MAX = 13, REFUSAL_STAYS_MAX = 100 };
struct refusal {
    size_t complaints; /* 0: nothing was refused */
    struct utc at;
    char first[REFUSAL_FIRST_MAX];   /* of the complaints, without what no log may see */
    char really[REFUSAL_REALLY_MAX]; /* the digest by which it can be wanted all the same, or "" */
    const char *cause;               /* "refused", "held", "last-good": constants */
    char stays[REFUSAL_STAYS_MAX];   /* what is in force: "the old rules stay" */
};

/* Which texts are in force. */
struct rules_text {
    const char *from;   /* "files", "by-file", "last-good" */
    const char *digest; /* of all of them, "" when it is not known */
    struct utc read;    /* from files */
    bool kept;          /* for a start with bad files */
};

/*
 * What somebody should see to, though pings are judged and kept: constant words, so many that they
 * fit. "acks": the control room's acks are not read; "redis-memory": Redis's memory is nearly
 * full; "redis-evicts": it may throw alerts away; "redis-rights": our user lacks a right there;
 * "reload-refused": not all that the files say is in force; "rules-not-kept": what is in force
 * could not be kept for a start with bad files; "no-orders": no order is in force.
 */
struct troubles {
    const char *words[7];
    size_t n;
};

struct status {
    const char *site, *version;
    struct utc started, now, loaded;
    bool exercise, blind;
    const char *disk; /* "ample", "tight", "dire": see room.h */
    size_t orders, respondents, devices, zones, in_force, open;
    struct revision_counts revised; /* by the newest reload that was taken */
    const struct refusal *refused;
    struct rules_text text;
    bool saving; /* something is judged and not on disk yet: sequence may still rise by it */
    uint64_t sequence, published;
    const char *redis;     /* "connected", or "away: why" */
    const char *mqtt;      /* "off", "subscribed", or "away: why" */
    const char *pings;     /* of the stream: "off", "reading", "waits: why" or "away: why" */
    const char *clock;     /* "synchronised", "agreed", "counted", "unproven" or "in doubt: why" */
    uint64_t redis_losses; /* times that it had lost data */
    const char *acks;      /* "heard", or "deaf: why" */
    uint64_t redis_disbelieved;
    struct redis_memory memory;
    struct troubles troubles;
    uint64_t ledger_bytes;
    double ledger_growth; /* bytes a day; NaN: not known yet */
};

char *answer_print_status(const struct status *status);

/*
 * What the heartbeat key holds: how far the stream is, how far behind, what is open, blind or not;
 * by which rules since when, and what the newest reload changed of them.
 */
struct heartbeat {
    const char *site;
    struct utc now, loaded;
    int64_t interval_ms; /* to the next regular one */
    size_t orders;
    struct revision_counts revised;
    const struct refusal *refused;
    struct rules_text text;
    uint64_t sequence;
    int64_t lag_ms;
    size_t open;
    bool blind, exercise;
    bool stopped; /* the last one of a breachd that was stopped */
    struct troubles troubles;
    const char *disk; /* as in the status, and so are these */
    uint64_t ledger_bytes;
    double ledger_growth;
};

char *answer_print_heartbeat(const struct heartbeat *heartbeat);

/* What whoever reloads should know beside what was refused. */
struct reload_notes {
    size_t in_force;               /* orders that bind now */
    size_t passed_over;            /* files in the folder of orders that are not read; */
    char first[REFUSAL_FIRST_MAX]; /* what is said of the first */
};

/* What `breachctl reload` is answered, a line: {"result":"done",…}; or "partly", or "refused". */
char *answer_print_reload(size_t orders, const struct revision_counts *revised,
                          const struct refusal *refused, const struct reload_notes *notes);

#endif
