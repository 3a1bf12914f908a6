/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster.h - what is known of everybody, in memory: kept by names, so that it outlives any
 * rulebook, and seen through a track a respondent for the rulebook in force.
 */
#ifndef APP_ROSTER_H
#define APP_ROSTER_H

#include "adapter/ledger/kept.h"
#include "adapter/pace.h"
#include "app/unjudged.h"
#include "core/corrections.h"
#include "core/vicinity.h"

struct roster;

struct roster *roster_create(void); /* NULL when memory is out */
void roster_destroy(struct roster *roster);

/*
 * Room for the tracks of a rulebook's respondents. It knows of no roster, so it may be made, and
 * destroyed, by another thread. NULL when memory is out.
 */
struct slots;
struct slots *slots_create(const struct rulebook *rules);
void slots_destroy(struct slots *slots); /* NULL is fine */

/* These are in force from now on, with nobody loaded; the old ones are the caller's. */
struct slots *roster_swap(struct roster *roster, struct slots *fresh);

/*
 * Seats `who`, if that was not done: his track shows what is known under the names of his devices
 * and zones, or nothing yet. `unsaved` is the commit that gathers now: what is known of him may
 * wait for it, or for the one before. False when memory is out.
 */
bool roster_load(struct roster *roster, size_t respondent, const struct respondent *who,
                 uint64_t unsaved);
bool roster_is_loaded(const struct roster *roster, size_t respondent);

/* Everybody is to be judged again: whether that was done for this one. */
void roster_begin_round(struct roster *roster);
bool roster_judged(const struct roster *roster, size_t respondent);
void roster_set_judged(struct roster *roster, size_t respondent);

/*
 * The track of a respondent who is loaded. It shows the devices of whose track was asked for last:
 * there is one that is open. Who has more than VICINITY_ALL zones has NULL in it for
 * those of which nothing was ever known and that no question was about.
 */
struct track *roster_track(struct roster *roster, size_t respondent);

/*
 * Which of his zones the question is about, and with what is known of those: see vicinity.h. False
 * when memory is out. After the question what goes on in them is noted for the next one.
 */
bool roster_choose(struct roster *roster, size_t respondent, const struct watch *watch,
                   const struct respondent *who, const struct question *question,
                   struct vicinity *out);
void roster_note(struct roster *roster, size_t respondent, const struct vicinity *vicinity,
                 struct utc now);

/*
 * The zone's newest incident; NULL: there never was one. It is there until another zone's, or
 * another respondent's track, is asked for.
 */
struct incident *roster_find_incident(struct roster *roster, const char *subject);

/*
 * What is known of a device, under an order or not; NULL: nothing ever was. It is there until
 * another device, or another respondent's track, is asked for.
 */
struct known_device *roster_find_device(struct roster *roster, const char *device);

/* Every device known, in no order, each for as long; false past the last. */
bool roster_nth_device(struct roster *roster, size_t nth, const char **out_id,
                       struct known_device **out_device);

/*
 * By name, made when it is not there; NULL when memory is out. A zone's is there as long as above;
 * one of breachd's own stays where it is for ever.
 */
struct incident *roster_incident(struct roster *roster, const char *subject);

/*
 * Whether there is room for what was changed of devices that are open, and of incidents. When
 * memory is out there may be none: then it is put back as it was, or forgotten when others are
 * asked for.
 */
bool roster_keep(struct roster *roster);

/* Every incident known, in no order, each for as long; false past the last. */
bool roster_nth_incident(struct roster *roster, size_t nth, const char **out_subject,
                         struct incident **out_incident);

/*
 * The moves of our clock. What is taken, found or loaded here has gone through all of them; who was
 * loaded before the newest has not, until that is said. After a recall everything that is known
 * goes through those that the disk has, and through *correction: as many as rows were just read.
 */
struct corrections *roster_corrections(struct roster *roster);
bool roster_is_corrected(const struct roster *roster, size_t respondent);
void roster_set_corrected(struct roster *roster, size_t respondent);
void roster_correct_recalled(struct roster *roster, const struct correction *correction);

/*
 * After this number the ledger counts incidents and what it tells of devices (core/numbering.h): no
 * number up to it is one of this ledger's. It is recalled as the row "birth"; whether it was. To
 * be called after a recall too. Looks at all of them; false when memory is out: nothing changes.
 */
bool roster_start_numbering(struct roster *roster, uint32_t after);
uint32_t roster_numbered_after(const struct roster *roster);
bool roster_has_numbering(const struct roster *roster);

/*
 * An older copy of the ledger was put back, and what it lacks was told: what is new is numbered
 * above this one. What goes on keeps its number, and its alerts are counted from there. It is
 * recalled as the row "epoch". 0: that never happened.
 */
bool roster_begin_epoch(struct roster *roster, uint32_t epoch); /* as above */
uint32_t roster_epoch(const struct roster *roster);

/* How many zones have an incident open: after a recall, as many looks as rows were just read. */
size_t roster_open(struct roster *roster);

/* Forgets everything, to be told again row by row as the ledger has it. */
void roster_forget(struct roster *roster);

/* False when memory was out for it, or for where the device was believed to be. */
bool roster_recall_row(struct roster *roster, const struct row *row);

/*
 * Room for what is believed of a device, which whoever is far has not. Before a ping is asked about
 * the device is lent some; what it then needs it keeps, or false, when memory is out for that; and
 * after the question, whatever came of it, all that is empty is taken back, and what was lent.
 */
void roster_lend(struct roster *roster, struct known_device *device);
bool roster_keep_lent(struct roster *roster, const struct known_device *device);
void roster_take_back(struct roster *roster, const struct respondent *who,
                      const struct track *track);

/* So many devices have some; and so many have more than what every device has. */
size_t roster_estimates(const struct roster *roster);
size_t roster_rare(const struct roster *roster);

/*
 * When time next changes something for a respondent; UTC_NEVER when it does not, and in new slots.
 */
struct utc roster_due(const struct roster *roster, size_t respondent);
void roster_set_due(struct roster *roster, size_t respondent, struct utc due);

/* Who is first of all, and when, at no cost; false: time changes nothing for anybody. */
bool roster_first_due(const struct roster *roster, size_t *out_respondent, struct utc *out_due);

/* What the ledger has of a respondent as evidence; for journal.c. Zeroed is nothing. */
struct record {
    bool current;       /* its newest entry left them as they are known now */
    bool texts;         /* the orders in force are kept */
    struct utc started; /* the newest entry that says what was known */
    struct utc until;   /* what comes is evidence until then; 0: none */
    uint64_t zones;     /* which those entries are about: struct vicinity's mark */
};

struct record *roster_record(struct roster *roster, size_t respondent);

/* What could not be judged or kept of a respondent: outlives roster_forget. For unjudged.c. */
struct unjudged *roster_unjudged(struct roster *roster, size_t respondent);

/* When the respondent's devices were last saved though they were far; 0: not since the start. */
struct utc roster_saved(const struct roster *roster, size_t respondent);
void roster_set_saved(struct roster *roster, size_t respondent, struct utc now);

/*
 * How fast pings of a device come by one sender: a token, a broker, the stream; since the rulebook
 * came into force.
 */
struct rate {
    uintptr_t sender; /* 0: free */
    struct pace pace;
    uint64_t asked; /* the newest turn of his in which a ping of it came, */
    bool held;      /* and whether those are held back */
};

/*
 * Of a device so many senders are remembered; the one that has spent the least of `rate` pings a
 * second, as of `now`, makes room for one that is new. NULL when memory is out. To find one takes
 * no room: NULL when it is not remembered.
 */
enum { ROSTER_SENDERS = 4 };

struct rate *roster_rate(struct roster *roster, size_t respondent, size_t device, uintptr_t sender,
                         double rate, struct tick now);
const struct rate *roster_find_rate(const struct roster *roster, size_t respondent, size_t device,
                                    uintptr_t sender);

/* The commit that will hold what was last learnt of a respondent; 0: nothing waits. */
uint64_t roster_unsaved(const struct roster *roster, size_t respondent);
void roster_set_unsaved(struct roster *roster, size_t respondent, uint64_t commit);

#endif
