/* SPDX-License-Identifier: Apache-2.0 */
/* revision.h - what is otherwise in a rulebook than in the one before it. */
#ifndef CORE_REVISION_H
#define CORE_REVISION_H

#include "core/rulebook.h"

enum revision_kind {
    REVISION_ADDED,      /* an order */
    REVISION_ENDED,      /* it stands there no more */
    REVISION_CHANGED,    /* its text is another */
    REVISION_ZONE_ADDED, /* to an order that stood there before; so the next two */
    REVISION_ZONE_ENDED,
    REVISION_ZONE_MOVED, /* by `metres`, 1 mm at least */
};

struct revision {
    enum revision_kind kind;
    const struct order *order; /* as it is now; of what ended, as it was */
    const char *was;           /* digest of the text before; NULL: there was none */
    const char *zone;          /* subject; NULL: the order as a whole */
    double metres;             /* zone_moved(); NaN: the map gave no answer */
};

/* `200.0 m`; of less than a decimetre `0.012 m`, as nothing that moved has moved by 0.0 m. */
enum { REVISION_METRES_MAX = 32 };
const char *revision_metres(double metres, char text[REVISION_METRES_MAX]);

struct revision_counts {
    size_t added, ended, changed, moved;
    size_t zones_ended; /* of orders that stand in both */
    size_t unserved;    /* orders that were served, and are no more by what they say now */
    size_t kinds;       /* of devices, in the settings: differences, see settings_kinds_compare */
    size_t settings;    /* keys that say something else, see settings_compare; less kinds */
    double farthest;    /* metres, of those that moved */
};

/* ", 4 zones ended, 1 no longer served", to stand behind the rest; "" where nothing was lost so. */
enum { REVISION_LOST_MAX = 96 };
const char *revision_lost(const struct revision_counts *counts, char text[REVISION_LOST_MAX]);

/* "; kinds of devices changed; 2 settings changed", to stand behind that; "" where none did. */
enum { REVISION_SETTINGS_MAX = 64 };
const char *revision_settings(const struct revision_counts *counts,
                              char text[REVISION_SETTINGS_MAX]);

/*
 * Hands over each difference. `old` may be in use by another thread meanwhile: it is only looked
 * at, and by means of GEOS's that are the caller's own.
 */
void revision_compare(const struct rulebook *old, const struct rulebook *fresh,
                      void (*on_one)(const struct revision *one, void *arg), void *arg,
                      struct revision_counts *out);

/* How many zones an order of these rules has. */
size_t revision_zones(const struct rulebook *rules, const struct order *order);

/* What becomes of an order that had not ended. */
enum revision_fate {
    REVISION_STAYS,     /* its `until` may have come: that is how an order ends */
    REVISION_GONE,      /* it stands there no more */
    REVISION_ZONELESS,  /* it had zones, and has none */
    REVISION_NOT_SERVED /* it was in force; now it begins or is served later, or never */
};

/* Of `was`, an order of `old`, at `at`. */
enum revision_fate revision_fate(const struct rulebook *old, const struct rulebook *fresh,
                                 const struct order *was, struct utc at);

/*
 * Of the orders that had not ended by `at`: how many stood there, and how many do no more or bind
 * nobody; of those that stand there still, how many zones they had, and by how many they have less.
 */
struct revision_loss {
    size_t stood, gone;
    size_t zones_stood, zones_gone;
};

struct revision_loss revision_loss(const struct rulebook *old, const struct rulebook *fresh,
                                   struct utc at);

/*
 * Whether so many orders or zones are gone that nobody is believed to have meant it: all of them,
 * or half. Of 2 orders 1 is half, of 3 it is not.
 */
bool revision_is_landslide(struct revision_loss loss);

#endif
