/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places.h - a device that is at two places at once. One receiver cannot leap there and back again
 * and again: some of its pings are made up, and nobody knows which. So neither place is believed
 * alone: the one that it can have come to is its own, and the other is looked at beside it.
 */
#ifndef CORE_PLACES_H
#define CORE_PLACES_H

#include "core/track.h"

enum {
    PLACES_AGREE = 3,                  /* pings of the other place that agree make two places; */
    PLACES_GAP_MS = 15 * 60 * 1000,    /* those farther apart in time do not belong together */
    PLACES_LEAPS = 6,                  /* so do so many leaps away from its own place and back */
    PLACES_LEAPS_MS = 120 * 60 * 1000, /* within this, wherever to */
    PLACES_TORN_MS = 20 * 60 * 1000,   /* it is at one place again, when none came for so long, */
    PLACES_QUIET_MS = 2 * 60 * 1000,   /* and at the other, when the first was quiet for so long; */
    PLACES_COMES_MS = 6 * 60 * 1000    /* who came and went has gone, when he did not for so long */
};

/* A ping from where the device can have come to. */
void places_here(struct known_device *device);

/*
 * A ping of where it cannot have come to: three that agree with each other, with one of the first
 * place among them, make two places, and so do six leaps from the first place to anywhere, or from
 * anywhere on to anywhere else. Several of one instant count as one. (Three with none of the first
 * place among them are a device that has been carried there: arrival.h.)
 */
void places_elsewhere(struct known_device *device, const struct position *at);

/*
 * Whether both fixes are of one kind: neither tells PLACES_KINDS times the accuracy of the other. A
 * phone has the satellites' place, and that of a network's router, which may be a mile off: two
 * places of two kinds are as likely that as made up, and are told as a doubt; of one kind they are
 * told as `tamper`. Either way each counts.
 */
#define PLACES_KINDS 2.0
bool places_are_alike(const struct position *a, const struct position *b);

/*
 * It was inside at the newest position, and is now, by three pings that agree, where nobody gets so
 * soon from there: the newest is the other place from now on. A tracker whose first fixes are wrong
 * leaps so too, but was not inside.
 */
void places_leap(struct known_device *device, const struct position *at);

/* Found to be at two places now, of one kind or not. */
void places_tear(struct known_device *device, struct utc when, bool alike);

/* Whether two places of late were of one kind. */
bool places_torn_alike(const struct known_device *device, struct utc when);

/* Whether the device was at two places lately: as of `when`, a time by which pings are judged. */
bool places_torn(const struct known_device *device, struct utc when);

#endif
