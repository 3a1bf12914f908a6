/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doubt.h - when the word of a device cannot be taken as it is: two places at once, latitude and
 * longitude swapped, an accuracy far worse than its habit. Each is a trouble of its own and is
 * told; two places of one kind of fix as `tamper`, see places.h. Pings are judged all the same, but
 * for swapped ones, which are taken for no fix.
 */
#ifndef CORE_DOUBT_H
#define CORE_DOUBT_H

#include "core/arrival.h"
#include "core/watch.h"

/*
 * An accuracy is far worse than the habit (the geometric mean of what it told before) when it is
 * eight times that and 100 m at least; it is told after ten pings in a row of which that is true,
 * over a quarter of an hour. Who tells such a one for a day has another habit.
 */
enum {
    DOUBT_SWAPS = 3,  /* pings in a row that look swapped are told */
    DOUBT_HABIT = 20, /* pings that make a habit */
    DOUBT_WORSE = 10,
    DOUBT_WORSE_MS = 15 * 60 * 1000,
    DOUBT_HABIT_MS = 24 * 60 * 60 * 1000
};
#define DOUBT_TIMES  8.0
#define DOUBT_METRES 100.0

/*
 * Whether it is nowhere near any of his zones as it is told, and near one when latitude and
 * longitude are swapped: then nobody knows where it is, and it ends nothing.
 */
bool doubt_looks_swapped(const struct respondent *who, const struct ping *ping);

/*
 * The same, and the zone that says so: the first that the ping is about, which is why it does not
 * look swapped; else the first that it would be about. As many as he has: none.
 */
size_t doubt_decided_by(const struct respondent *who, const struct ping *ping, bool *out_swapped);

/* The first of them alone: what a ping itself makes of its device, once it is the newest. */
void doubt_check_places(const struct watch *watch, const struct respondent *who,
                        struct known_device *device, size_t nth, const struct ping *ping,
                        const struct reception *arriving, struct utc now, struct outcome *out);

/* Takes the ping into account, and tells what is to be told. Not for a ping that comes again. */
void doubt_check(const struct watch *watch, const struct respondent *who,
                 struct known_device *device, size_t nth, const struct ping *ping,
                 const struct reception *arriving, struct utc now, struct outcome *out);

#endif
