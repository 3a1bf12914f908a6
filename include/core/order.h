/* SPDX-License-Identifier: Apache-2.0 */
/* order.h - who must keep out of which zone, from when until when, and what excuses it. */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include "core/schedule.h"
#include "core/zone.h"

enum { DIGEST_CHARS = 12 };

/*
 * An authorised absence from the rule: in force from `from` until just before `until`, and with
 * `every` only in those windows of the week within them.
 */
struct permit {
    const char *id; /* "court" */
    struct utc from, until;
    const struct schedule *every; /* NULL: all the time between the two */
    const char *by, *why;         /* who allowed it, and for what */
    const char *zones; /* names of the order's, parted by blanks or commas; NULL: all of them */
};

/*
 * A Domestic Violence Protection Notice must come before a court within 48 hours, an Order is in
 * force for 14 to 28 days (Crime and Security Act 2010, s.27 and s.28); a Domestic Abuse Protection
 * Order as long as the court says (Domestic Abuse Act 2021, s.38).
 */
struct order {
    const char *id;
    const char *kind; /* DVPN DVPO DAPN DAPO non-molestation restraining bail other */
    const char *clause;
    const char *respondent;
    const char *area;
    const char *monitoring;
    struct utc from;
    struct utc served; /* nothing before it is a breach; UTC_NEVER: not enforceable yet */
    struct utc until;  /* UTC_NEVER: open-ended */
    const char *text;  /* the order as it was written, or NULL: see order_text() */
    char digest[DIGEST_CHARS + 1]; /* of that */
    signed char age;               /* years; -1 unknown */
};

/* One zone of one order, with all that says when being inside it counts. Part of a rulebook. */
struct exclusion {
    const char *subject; /* "DVPO-2020-0113/home" */
    const char *name;    /* "home": the end of `subject` */
    const struct order *order;
    struct zone *zone;
    int64_t shape; /* a digest of where it lies, its ring, and the respondent's devices */
    int64_t place; /* the same without the devices */
    double warn;   /* metres outside the edge in which an approach is told; 0: none */
    const struct schedule *schedule; /* NULL: always */
    const struct permit **permits;   /* of this zone */
    size_t n_permits;
};

/*
 * The order as it was written, with its zones and permits, which a rulebook keeps packed; the
 * caller frees. NULL when there is none, or memory is out.
 */
char *order_text(const struct order *order);

/* Begun, served and not ended: whatever its schedules say. */
bool order_in_force(const struct order *order, struct utc at);

enum standing { IN_FORCE, NOT_BEGUN, NOT_SERVED, ENDED, OFF_SCHEDULE };

/* Whether it binds at `at`, or the first reason why not. */
enum standing exclusion_standing(const struct exclusion *exclusion, const struct civil *civil,
                                 struct utc at);

/* The permit in force at `at`, or NULL. */
const struct permit *exclusion_permit(const struct exclusion *exclusion, const struct civil *civil,
                                      struct utc at);

/* An instant after `at` before which neither of the two above changes. */
struct utc exclusion_next(const struct exclusion *exclusion, const struct civil *civil,
                          struct utc at);

/*
 * What is lawful but seldom meant: length out of the Act's range, not
 * served. Returns how many doubts.
 */
enum { ORDER_DOUBTS_MAX = 2 };
size_t order_doubts(const struct order *order, struct fault doubts[ORDER_DOUBTS_MAX]);

/* Whether `permit` names the zone `name`. */
bool permit_covers(const struct permit *permit, const char *name);

#endif
