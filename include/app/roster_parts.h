/* SPDX-License-Identifier: Apache-2.0 */
/* roster_parts.h - what a roster is made of; for roster*.c. */
#ifndef APP_ROSTER_PARTS_H
#define APP_ROSTER_PARTS_H

#include "app/roster.h"
#include "core/agenda.h"
#include "core/safe_region.h"
#include "core/table.h"

struct slot {
    struct track track;
    struct utc saved;
    uint64_t unsaved;
    struct record record;
    struct unjudged unjudged;
    struct rate *rates; /* ROSTER_SENDERS a device; NULL: none was heard so far */
    size_t n_devices;
    struct surroundings *around; /* NULL: he has no more than VICINITY_ALL zones */
    bool taken;                  /* the track's pointers are set */
    uint32_t corrected;          /* its track went through so many moves of our clock */
    uint32_t round;              /* the newest in which he was judged */
};

/* For one rulebook. */
struct slots {
    struct arena views; /* the tracks' pointers */
    struct agenda due;  /* by respondent */
    size_t n;
    struct slot each[];
};

struct roster {
    struct table devices, incidents; /* for ever */
    struct slots *slots;
    struct corrections corrections;
    struct estimate *spare; /* lent for a question, or nobody's; never NULL */
    size_t estimates;       /* that devices have, beside it */
    uint32_t round;
    uint32_t numbered_after, epoch;
    bool has_numbering;
};

/* No number is given twice: what is known counts on from where the ledger's numbers start. */
void roster_raise_incident(const struct roster *roster, const char *subject,
                           struct incident *incident);
void roster_raise_device(const struct roster *roster, struct known_device *device);

/* For roster.c: false when memory is out; every device without; and the end. */
bool roster_estimates_init(struct roster *roster);
void roster_estimates_drop(struct roster *roster);
void roster_estimates_fini(struct roster *roster);

/* What was believed of the device when it was kept. False when memory is out: nothing, then. */
bool roster_believe(struct roster *roster, struct known_device *device,
                    const struct estimate *estimate);

#endif
