/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_acks.h - the control room's side of incidents: who has which, who closed it, and which
 * nobody has taken in time. Part of the pipeline, as it changes what is known and tells alerts.
 */
#ifndef APP_PIPELINE_ACKS_H
#define APP_PIPELINE_ACKS_H

#include "adapter/redis/acks.h"
#include "core/agenda.h"
#include "core/alert.h"
#include "core/corrections.h"
#include "core/custody.h"
#include "core/table.h"

struct pipeline;
struct row;

/* Refused acks kept as evidence in an hour: whoever sends more of them fills no disk. */
enum { PIPELINE_ACKS_REFUSED_AN_HOUR = 600 };

/*
 * Who has which incident is known of each, for as long as we run and in the ledger for ever: an ack
 * of an old one must be weighed as one of a new one, and the ids of what is then told go on from
 * custody.alerts. 800 bytes each, so 1,000 a day are 300 MB a year. Only those that wait, or are
 * shelved, are looked at by the clock.
 */
struct pipeline_acks {
    struct table custodies; /* by incident */
    struct agenda due;      /* those that nobody has taken, or are shelved: by when that matters */
    const struct corrections *corrections; /* those of our clock */
    size_t scan_next; /* this one is looked at next for them, and for its due */
    int64_t remind_ms;
    char last_ack_id[ENTRY_ID_MAX]; /* of the newest ack, as it is on disk or about to be, */
    uint64_t last_ack_in;           /* in this commit; */
    char kept[ENTRY_ID_MAX];        /* and as it is on disk */
    int64_t hour;                   /* since 1970, and how many acks were refused in it */
    uint32_t refused;
    char later[ENTRY_ID_MAX]; /* one that could not be kept, */
    unsigned tries;           /* so often */
};

/* Borrows the moves of our clock. */
void pipeline_acks_init(struct pipeline_acks *acks, const struct corrections *corrections);
void pipeline_acks_fini(struct pipeline_acks *acks);

/* Forgets everything, to be told again row by row as the ledger has it. */
void pipeline_acks_forget(struct pipeline_acks *acks);
bool pipeline_acks_recall_row(struct pipeline_acks *acks, const struct row *row);

/* Of who is forgotten: that custody loses its note, as its row has, and takes no word any more. */
void pipeline_acks_end(struct pipeline_acks *acks, const struct row *row);

/*
 * Beside a new alert: that nobody can have said anything of a new incident yet, and that a critical
 * one waits for somebody, is put, and *out is who has the incident then (zeroed: nobody); false
 * when memory is out. Once all of the change is put, the second call has the incident wait.
 */
bool pipeline_acks_put_alarm(struct pipeline *pipeline, const struct alert *alert,
                             const char *incident, struct custody *out);
void pipeline_acks_alarm(struct pipeline *pipeline, const struct alert *alert);

/*
 * From now on what nobody has taken is escalated after so long; and our clock has been set right,
 * so that who has what since when moves with it. Both are done to one incident a call; false when
 * they were done to all. To one that is due before, then. What was recalled:
 * roster_correct_recalled.
 */
void pipeline_acks_adopt(struct pipeline_acks *acks, int64_t remind_ms);
void pipeline_acks_scan_again(struct pipeline_acks *acks);
bool pipeline_acks_scan_next(struct pipeline *pipeline);
void pipeline_acks_correct_recalled(struct pipeline_acks *acks,
                                    const struct correction *correction);

/* Custody number `nth` goes through the moves of our clock; true when it has moved. */
bool pipeline_acks_correct(struct pipeline_acks *acks, size_t nth);

/* The custody of `incident`, by our clock as it is now; NULL: there is none. */
struct custody *pipeline_acks_known(struct pipeline_acks *acks, const char *incident);

/*
 * The custody of `incident`, made if there is none, or NULL; to be given to `settle` when changed.
 */
struct custody *pipeline_acks_take(struct pipeline_acks *acks, const char *incident);
void pipeline_acks_settle(struct pipeline_acks *acks, const char *incident);

/* When custody number `nth` is escalated next, or is shelved no more. */
struct utc pipeline_acks_due_of(size_t nth, const struct pipeline_acks *acks);

/* Somebody has taken or closed the incident of this id, so that it waits for nobody. */
bool pipeline_is_seen_to(const struct pipeline *pipeline, const char *incident);

/* Somebody has closed it: of an incident that goes on, what follows belongs to another one. */
bool pipeline_is_done(const struct pipeline *pipeline, const char *incident);

#endif
