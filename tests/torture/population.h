/* SPDX-License-Identifier: Apache-2.0 */
/*
 * population.h - some hundred respondents, each in an acre of their own, and how
 * each of them moves. What a respondent does is thrown from the seed alone; only the
 * time of each report is the wall's.
 */
#ifndef TORTURE_POPULATION_H
#define TORTURE_POPULATION_H

#include "core/ping.h"
#include "support/dice.h"
#include "support/testbed.h"

enum { POPULATION_RESIDENTS_MAX = 400, RESIDENT_DEVICES_MAX = 2, JOURNAL_ROOM = 64 };

/*
 * Chosen so that the judgement of what was acknowledged depends on nothing that a crash may forget.
 * A ping far from every zone and ring is not stored, so after a restart the newest position, the
 * pace and the weight of the next ping are those of an older one. So everybody stays within a ring
 * of 600 m, and every ping that moves anything is stored:
 * - in the RING somebody walks: approaches with their speed, late pings, leaps of a receiver;
 * - at the EDGE somebody steps in and out of a zone: nothing late; health of the device, and its
 *   clock, which is wrong only while he is out;
 * - PAIR: the same with two devices, each stepping as it likes;
 * - TWINS: two zones that overlap, a circle and a polygon.
 */
enum habit { HABIT_RING, HABIT_EDGE, HABIT_PAIR, HABIT_TWINS, HABITS };

/* One ping as it was made; it may be sent many times. */
struct report {
    struct ping ping;
    struct utc made;
    bool by_arrival; /* its clock is wrong: it is judged by when it came; see arrival.h */
    bool restless;   /* late, or a leap: the ledger keeps it only around an incident */
};

struct carried_device {
    char id[32];
    double x, y, to_x, to_y; /* metres east and north of the resident's centre; where it heads */
    struct utc last;         /* time of the newest report that is not late */
    bool restless;           /* RING: a late or leaping ping is due next to this one */
    int64_t due;             /* of now_ms() */
};

struct resident {
    enum habit habit;
    char respondent[32], order[32];
    struct lonlat centre;
    struct dice dice;
    struct carried_device devices[RESIDENT_DEVICES_MAX];
    size_t n_devices;
    struct report *journal; /* all reports, in the order in which they are sent */
    size_t n, room;
};

struct population {
    size_t n;
    struct resident residents[POPULATION_RESIDENTS_MAX];
};

struct population *population_create(size_t n, unsigned long seed);
void population_destroy(struct population *population); /* NULL is fine */

/* Every resident's order file, into orders.d; and an interval that makes updates frequent. */
void population_write(const struct population *population, const struct testbed *testbed);

/* The device's next report, added to the journal; the index there. False: memory is out. */
bool resident_report(struct resident *resident, size_t device, struct utc now, size_t *out_index);

/* The report as the JSON that breachd reads. */
enum { REPORT_JSON_MAX = 256 };
void report_print(const struct report *report, char out[REPORT_JSON_MAX]);

#endif
