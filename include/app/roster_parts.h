/* SPDX-License-Identifier: Apache-2.0 */
/* roster_parts.h - what a roster is made of; for roster*.c. */
#ifndef APP_ROSTER_PARTS_H
#define APP_ROSTER_PARTS_H

#include "app/roster.h"
#include "core/agenda.h"
#include "core/pressed.h"
#include "core/safe_region.h"
#include "core/table.h"

#include <limits.h>

/*
 * A device at rest. What few have unlike a blank one, from KNOWN_DEVICE_RARE on, is kept of those
 * few: of 100,000 who are far that is half of all that is known.
 */
struct seat {
    unsigned char *rare; /* NULL: as roster->blank has it */
    unsigned char common[KNOWN_DEVICE_RARE];
};

/* A device that is looked at, as a whole. */
struct opened {
    struct seat *seat; /* NULL: none is */
    bool blank;        /* the rare part is as roster->blank has it */
    struct known_device device;
};

/*
 * An incident. Of a zone it is at rest: of who is far it has ten words of a hundred. One of
 * breachd's own, and of who has more than VICINITY_ALL zones, is there as a whole and stays there.
 */
struct resting {
    struct incident *whole; /* NULL: it is at rest, */
    struct pressed pressed; /* as one of nothing ever */
};

/* Of who has more than VICINITY_ALL zones. */
struct wide {
    struct surroundings around;
    struct incident *incidents[]; /* NULL: of that zone nothing was ever known */
};

struct slot {
    struct seat **seats;      /* of each of his devices */
    struct resting **resting; /* of each of his incidents, which can be at rest; or NULL, */
    struct wide *wide;        /* as they cannot: else this is */
    struct safety *safety;    /* NULL for him too */
    struct rate *rates;       /* `senders` a device */
    struct utc saved;
    uint64_t unsaved;
    struct record record;
    struct unjudged unjudged;
    uint32_t corrected; /* he went through so many moves of our clock */
    uint32_t round;     /* the newest in which he was judged */
    unsigned char n_devices, n_resting;
    unsigned char senders; /* that there is room for: none, one, or ROSTER_SENDERS */
    bool taken;            /* seats and incidents are set */
};
_Static_assert(VICINITY_ALL <= UCHAR_MAX, "that many can be at rest");

/* For one rulebook. */
struct slots {
    struct arena views; /* what slots point to */
    struct agenda due;  /* by respondent */
    size_t n;
    struct slot each[];
};

/* Those of one respondent are open, and another one that was asked for by name. */
enum { OPENED_BY_NAME = RESPONDENT_DEVICES_MAX, OPENED };

struct roster {
    struct table devices, incidents; /* for ever: the seats, and those resting */
    struct known_device blank;       /* as one never heard of, by the numbering in force */
    struct opened opened[OPENED];
    struct known_device *views[RESPONDENT_DEVICES_MAX]; /* of the first of those, for tracks */
    struct slot *open;                                  /* whose they are; NULL: nobody's, */
    struct track track;                                 /* and his track */
    struct rest rest; /* of his incidents: awake they are these, or whole */
    struct incident woken[VICINITY_ALL];
    struct incident *shown[VICINITY_ALL]; /* asleep: NULL each */
    struct resting *named;                /* one that was asked for by name; NULL: none is */
    struct incident named_incident;
    struct slots *slots;
    struct corrections corrections;
    struct estimate *spare; /* lent for a question, or nobody's; never NULL */
    size_t estimates;       /* that devices have, beside it */
    uint32_t round;
    uint32_t numbered_after, epoch;
    bool has_numbering;
};

/* For roster*.c: the devices of one respondent are open from now on, and no others. */
void roster_open_devices(struct roster *roster, struct slot *slot);
void roster_close_devices(struct roster *roster);

/* It too is open, until the next one or another respondent is. */
struct known_device *roster_open_device(struct roster *roster, struct seat *seat);

/* A blank device is another one from now on, and so are all that are like it. */
void roster_set_blank(struct roster *roster, const struct known_device *blank);

/* Nothing is known of any device; the names are kept. */
void roster_seats_blank(struct roster *roster);

/* Else it is of breachd's own: such a name has no slash. */
bool roster_is_of_zone(const char *subject);

/* None is known, and his whose devices are open are asleep; and the end. */
void roster_incidents_init(struct roster *roster);
void roster_incidents_sleep(struct roster *roster);
bool roster_incidents_keep(struct roster *roster); /* for roster_keep() */
void roster_incidents_blank(struct roster *roster);
void roster_incidents_fini(struct roster *roster);

/*
 * What rests for a slot whose track can rest; and of one that cannot the incident as a whole, made
 * if it is to be: false when memory is out, NULL where there never was one.
 */
bool roster_hold(struct roster *roster, const char *subject, struct resting **out);
bool roster_hold_whole(struct roster *roster, const char *subject, bool make,
                       struct incident **out);

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
