/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrival.h - what a ping is worth before any zone is asked. No ping is dropped: each has a class.
 */
#ifndef CORE_ARRIVAL_H
#define CORE_ARRIVAL_H

#include "core/detect.h"
#include "core/track.h"

enum arrival {
    ARRIVED_NEW,
    ARRIVED_AGAIN,       /* same device, time and position as one of the last eight, no better */
    ARRIVED_LATE,        /* of the past: held up, or older than the newest one of its device */
    ARRIVED_FUTURE,      /* its clock is wrong: judged by ours */
    ARRIVED_IMPLAUSIBLE, /* needs over 70 m/s, whatever both err by, or no receiver says that */
    ARRIVED_NO_FIX,      /* nobody vouches for its position: the device talks, from wherever */
    ARRIVED_REFUSED,     /* no ping at all: the sender is told why */
    ARRIVALS
};

enum {
    ARRIVAL_AGREE = 3,      /* implausible pings in a row that agree are believed, */
    ARRIVAL_APART_MS = 100, /* each so much later than the one before: a burst is one mistake */
    ARRIVAL_HURRY_MS = 20 * 1000 /* a clock that gains so much from one ping to the next is wrong */
};

/* "new", "again", … as metrics and status name them. */
const char *arrival_name(enum arrival arrival);

/* What a ping is, and by what instant it is judged. */
struct reception {
    enum arrival class;
    struct utc when; /* its own time, or what lag.h makes of it, up to 120 s ahead; or our clock */
    double moved;    /* metres from the newest position, as far as anybody asked; else 0 */
    bool guessed;    /* when that is by our clock: it may have been a little earlier */
    bool older;      /* late: older than the newest one, not only on its arrival */
    bool coarse;     /* too coarse to prove a breach, */
    bool idle;       /* and says nothing against the newest position: he may still be there; */
    bool adrift;     /* or so, but that one is coarse itself: he may be anywhere about */
    bool agreed;     /* the third in a row of a place where it was not: it has been carried there */
    bool elsewhere;  /* it proves nothing, as of a device at two places: looked at all the same */
    bool resettled;  /* pings in a row of which no estimate has heard agree that it is there */
    bool leapt;      /* the third in a row, where nobody gets so soon from the newest position */
    /*
     * Proves no breach alone: a leap that he was not seen to be capable of, one so coarse that it
     * says he is elsewhere, or held up and of where he cannot have been.
     */
    bool doubtful;
};

/*
 * A coarse fix of a device that was heard before; the first that applies:
 *
 * 1. Within twice its accuracy of a newest position that is good: idle, he may still be there. It
 *    is shown to no zone, unless it leaves no doubt by itself. So is each whose accuracy is not
 *    told, and is coarse by its kind: no model takes it for that.
 * 2. The same of a newest position that is coarse itself: adrift. It is shown to the zones as any
 *    coarse one, and is the newest from then on; but no position to believe.
 * 3. The third in a row of elsewhere that agree with each other, where the newest is coarse: so
 *    too, and what was made of those before it begins anew.
 * 4. Elsewhere: doubtful; implausible where he cannot have got there.
 *
 * A place within 1e-4 degrees of 0,0 is none, nor is one over 89.9 degrees north or south. One
 * whose latitude or longitude is 0 to the last digit, or whose two are the same, over 1 km from the
 * newest position, is implausible and never believed, however many agree; inside a zone it counts
 * as elsewhere.
 *
 * lasses a ping and remembers it in `device` (not as newest: that is for whoever judges it), and
 * learns of its clock, see lag.h. Older than the newest one, or older than `late_ms`, is late;
 * but the newest is no younger than its arrival, and when that was judged by our clock one that
 * is up to 120 s older is judged at `now`. One that is farther ahead of `now` than the newest
 * was when that came, by ARRIVAL_HURRY_MS and more, is of its arrival: its clock has given it
 * time. While our own clock is in doubt nothing is learnt, and what looks old is judged by
 * `now`. Of a clock that creeps, under a second from one ping to the next, the way is weighed by
 * the time between arrivals. Three implausible or doubtful pings in a row that agree with each
 * other are believed: the third is new.
 */
struct reception arrival_of(struct known_device *device, const struct ping *ping, struct utc now,
                            const struct detect *detect);

#endif
