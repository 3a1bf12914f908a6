/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testimony.h - what a device's pings say of a zone by themselves, whatever is believed of it: a
 * cumulative sum (E. S. Page, Continuous inspection schemes, Biometrika 41, 1954). The belief takes
 * minutes in the zone for an error of who rests beside it, as they mostly are, and each ping from
 * where he rested for the proof of that; so one made up among ten true ones hid him for good. What
 * most of its pings say for minutes is where he may be, and then is. The rows, each tried in
 * tests/core/testimony_test.c:
 *
 *  1. A ping inside by itself to TESTIMONY_SURE adds TESTIMONY_IN, up to TESTIMONY_MOST. The
 *     first, and one TESTIMONY_GAP_MS after the last, begins it.
 *  2. One likelier outside takes TESTIMONY_OUT: all that one or two said, and not what three did.
 *     So more than two of three have to be inside for anything to come of it.
 *  3. One likelier outside that is poor, of TESTIMONY_POOR_M and worse, or doubted, takes half of
 *     it and a half: no lone one ends it.
 *  4. What is not sure either way is no word, nor what is late, implausible, or a coarse fix of
 *     where he may still be. The very same place again is none inside; outside it is, as a tracker
 *     that is parked holds its place, and whoever left would be inside for as long.
 *  5. Another device of his is not heard while this one's lasts, but after TESTIMONY_GAP_MS.
 *  6. It has lasted when its pings inside are TESTIMONY_LASTS_MS apart: he is probably inside, and
 *     while any of it is left no ping ends what is open; but TESTIMONY_GAP_MS after the last of
 *     them time does, as a phone may tell nothing better for hours than that it is at home.
 *  7. It proves that he is when they are TESTIMONY_PROVES_MS apart, and it is as full as can be.
 *  8. One that has not lasted is no more than a word: it opens nothing, but a poor or doubted ping
 *     ends nothing while any of it is left.
 *  9. Beside all that: a ping no likelier outside than inside is a hint and adds one, up to
 *     TESTIMONY_HINTS; one likelier outside takes TESTIMONY_NO_HINT; a doubted one inside, and the
 *     very same place again, do nothing. Hints have lasted as 6. says while they are
 *     TESTIMONY_HINTED at least, and TESTIMONY_HINTED_MS apart, and prove nothing. Each of the two
 *     ends by its own time. So whose fixes are all poor, none of them sure, is not hidden by a
 *     sharp one from beside now and then, be it made up.
 *
 * Of one decoy for each true ping, or for two, nothing comes: those are for observation_alone.c, by
 * which the third coming is possible. Where nobody lies it changes nothing that is told but when an
 * incident ends: ENGINES.md of tests/bench/detect.
 */
#ifndef CORE_TESTIMONY_H
#define CORE_TESTIMONY_H

#include "core/track.h"

enum {
    TESTIMONY_IN = 3,
    TESTIMONY_OUT = 6,
    TESTIMONY_MOST = 8,
    TESTIMONY_LASTS_MS = 60 * 1000,
    TESTIMONY_PROVES_MS = 3 * 60 * 1000,
    TESTIMONY_GAP_MS = 35 * 60 * 1000, /* some tags send each half an hour */
    TESTIMONY_HINTS = 6,
    TESTIMONY_HINTED = 3,
    TESTIMONY_NO_HINT = 3,
    TESTIMONY_HINTED_MS = 5 * 60 * 1000
};
#define TESTIMONY_SURE   0.9  /* 0..1 */
#define TESTIMONY_HINT   0.5  /* 0..1: at 0.25 still phones 30 m beside a zone hint for minutes */
#define TESTIMONY_POOR_M 50.0 /* metres: rather a network's fix than one of satellites */

/* A ping's own word: how probably it is inside, 0..1, see evidence.h. */
struct testimony_word {
    uint32_t device; /* name_mark() */
    struct utc when;
    double inside, accuracy; /* metres, of 68 % */
    bool doubted;            /* it is coarse, or a leap that nobody was seen to be capable of */
    bool again;              /* the very same place as in the ping before */
};

/* True when the word is that he is inside, and counts. */
bool testimony_hear(struct testimony *testimony, const struct testimony_word *word);

/* By 6.: when time takes away what is left, UTC_NEVER: nothing is; true when it just has. */
struct utc testimony_due(const struct testimony *testimony);
bool testimony_expire(struct testimony *testimony, struct utc now);

/* Whether the word, poor or doubted, has left something of what its device said: by 8. */
bool testimony_outweighs(const struct testimony *testimony, const struct testimony_word *word);

bool testimony_has_lasted(const struct testimony *testimony);
struct utc testimony_since(const struct testimony *testimony); /* of one that has */
bool testimony_proves(const struct testimony *testimony);

/* Whether no ping has changed it. */
bool testimony_is_as(const struct testimony *a, const struct testimony *b);

/* Whether it is one that can have come of pings; none is. */
bool testimony_settle(const struct testimony *testimony);

#endif
