/* SPDX-License-Identifier: Apache-2.0 */
/*
 * safe_region.h - a disc around a device's place in which no ping can matter to any zone (Prabhakar
 * et al., Query indexing and velocity constrained indexing, 2002): so far from all rings that no
 * horizon of the model reaches one. While nothing goes on either in any of his zones, a ping there
 * is shown to none of them, and costs the same with one zone and with thirty.
 */
#ifndef CORE_SAFE_REGION_H
#define CORE_SAFE_REGION_H

#include "core/observation.h"

/* A cap in metres, within which the plane of a zone is right by far less than the margin. */
enum { SAFE_REGION_MAX = 20000 };

struct safe_region {
    struct lonlat centre;
    float free; /* no zone's ring begins within so many metres; 0: not known */
    bool home;  /* the first zone is so near that whoever is in it is about one: doubt.h */
};

/*
 * Of one respondent, all of whose zones each question is about, by one rulebook. Zeroed: nothing is
 * known. `quiet`: in no zone anything goes on, and none of its incidents has changed since that was
 * seen.
 */
struct safety {
    bool quiet;
    struct safe_region regions[]; /* a device each */
};

size_t safety_size(size_t n_devices);

/* Call before any of his incidents changes: from here on nothing is safe until it is seen anew. */
void safe_region_stir(const struct respondent *who, struct track *track);

/* Whether in no zone of his anything goes on, as far as was looked. */
bool safe_region_quiet(const struct track *track);

/*
 * Whether this ping of the present, if it is shown to every zone, changes nothing and is near none.
 */
bool safe_region_holds(const struct track *track, size_t device_nth,
                       const struct observation *observation);

/* Whether it is near enough to his zones for its latitude and longitude not to look swapped. */
bool safe_region_home(const struct track *track, size_t device_nth, struct lonlat at);

/* The ping was shown to every zone, and mattered to none: notes what follows, if anything. */
void safe_region_note(const struct respondent *who, struct track *track, size_t device_nth,
                      const struct observation *observation);

#endif
